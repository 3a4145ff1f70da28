"""Reads the metadata of a document: its front matter, the project file, and the files that this one names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from press.publish import glossary
from press.publish.errors import at
from press.publish.includes import inside

if TYPE_CHECKING:
    from pathlib import Path

    from press.publish.errors import Place

PROJECT_FILE = "_quarto.yml"
_NOT_METADATA = (
    "project", "format", "filters", "execute", "profile", "website", "book", "resources", "metadata-files",
)  # fmt: skip


@dataclass
class Metadata:
    """The metadata, the files that they come from, and where each entry of the glossary stands."""

    values: dict[str, Any] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    glossary: dict[str, Place] = field(default_factory=dict)


def read_project(folder: Path, problems: list[str]) -> Metadata:
    """Read `_quarto.yml` and the files that its `metadata-files` names, as Quarto does."""
    path = folder / PROJECT_FILE
    if not path.exists():
        return Metadata()
    values = mapping(path.read_text(encoding="utf-8"), path, problems)
    found = Metadata(files=(path,))
    for name in values.get("metadata-files") or []:
        given = folder / str(name)
        if not inside(folder, given) or not given.is_file():
            problems.append(f"{path}: metadata-files: there is no file {given} inside the report folder.")
            continue
        text = given.read_text(encoding="utf-8")
        found.values |= mapping(text, given, problems)
        found.files = (*found.files, given)
        if "glossary" in found.values and not found.glossary:
            found.glossary = glossary.check(text, given, problems)
    found.values |= {key: value for key, value in values.items() if key not in _NOT_METADATA}
    return found


def mapping(text: str, path: Path, problems: list[str]) -> dict[str, Any]:
    """Read a YAML mapping; what is wrong is added to `problems`, with its line."""
    try:
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 + (mark.line if mark else 0)
        problems.append(at((path, line), f"this is no YAML: {getattr(error, 'problem', error)}."))
        return {}
    if not isinstance(found, dict):
        problems.append(at((path, 1), "the metadata must be pairs 'name: value'."))
        return {}
    return found
