"""From the files of a world to its tidy data: folders of files, the pinned public files, organisations."""
