"""The fetched files of the world `public`: where each lies, and whether it is the one that is pinned.

`config/sources.yaml` pins them; `press fetch` brings them. They are checked again here, because a
file may have been changed since.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from smq.readers.errors import DataFolderError
from smq.worlds.tidy_folder import SOURCE_COLUMNS
from smq.yamlfile import load_model

FETCH = "Run: press fetch"
_ASIDE = re.compile(r" \([^()]*\)$")
"""What a title says of the form of the file."""


class _Pinned(BaseModel):
    """What is used here of an entry; all of it is described in the configuration page."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(min_length=1)
    sha256: str
    layout: str = Field(min_length=1)
    title: str = ""
    licence: str = ""


def pinned_files(folder: Path, sources: Path) -> dict[str, Path]:
    """Give the path of each source by its id, in the order of `sources.yaml`.

    Raises `DataFolderError` where one is missing or is not as pinned.
    """
    entries = _entries(sources)
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


def source_table(sources: Path) -> pd.DataFrame:
    """Give what each source and its file are called: columns `SOURCE_COLUMNS`."""
    return pd.DataFrame(
        [
            (entry.id, Path(entry.layout).name, _ASIDE.sub("", entry.title), entry.licence)
            for entry in sorted(_entries(sources), key=lambda entry: entry.id)
        ],
        columns=SOURCE_COLUMNS,
    )


def _entries(sources: Path) -> list[_Pinned]:
    return load_model(sources, list[_Pinned])
