"""The fetched files of the world `public`: where each lies, and whether it is the one that is pinned.

`config/sources.yaml` pins them; `press fetch` brings them. They are checked again here, because a
file may have been changed since.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from smq.readers.errors import DataFolderError, MappingError
from smq.yamlfile import load_yaml, validation_text

FETCH = "Run: press fetch"


class _Pinned(BaseModel):
    """What is used here of an entry; all of it is described in the configuration page."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(min_length=1)
    sha256: str
    layout: str = Field(min_length=1)


def pinned_files(folder: Path, sources: Path) -> dict[str, Path]:
    """Give the path of each source by its id, in the order of `sources.yaml`.

    Raises `DataFolderError` where one is missing or is not as pinned.
    """
    content = load_yaml(sources)
    try:
        entries = TypeAdapter(list[_Pinned]).validate_python(content)
    except ValidationError as error:
        raise MappingError(validation_text(sources, error)) from error
    missing, changed = [], []
    for entry in entries:
        try:
            digest = hashlib.sha256((folder / entry.layout).read_bytes()).hexdigest()
        except OSError:
            missing.append(entry.id)
            continue
        if digest != entry.sha256:
            changed.append(entry.id)
    lines = []
    if missing:
        lines.append(f"{folder}: not there: {', '.join(missing)}.")
    if changed:
        lines.append(f"{folder}: not the files that {sources} pins: {', '.join(changed)}.")
    if lines:
        raise DataFolderError("\n".join([*lines, FETCH]))
    return {entry.id: folder / entry.layout for entry in entries}
