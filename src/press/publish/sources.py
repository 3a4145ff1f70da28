"""Reads the prose of a document: its includes, its metadata, the result keys and the files it is made of."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from press.errors import nearest
from press.publish import scan
from press.publish.errors import at, joined

PROJECT_FILE = "_quarto.yml"
FILTER = Path("_extensions/press/press.lua")
THEME = Path("theme")
_THEME_SUFFIXES = (".css", ".html", ".typ")
_NOT_METADATA = ("project", "format", "filters", "execute", "profile", "website", "book", "resources")
_PAGE_BREAK = ("::: {.page-break}", ":::")

Place = tuple[Path, int]


@dataclass(frozen=True)
class Document:
    """A document as its author wrote it, includes expanded.

    `text` has blank lines in the place of its front matter (`front`); `places` gives the file and the line
    behind each line of both. Paths are as the caller gave the report folder, never resolved.
    """

    report_folder: Path
    source: Path
    front: str
    text: str
    places: tuple[Place, ...]
    metadata: dict[str, Any]
    included: tuple[Path, ...]
    images: tuple[str, ...] = field(default=())

    @cached_property
    def uses(self) -> tuple[scan.Use, ...]:
        """Every quoted key with its line; those of the front matter come first."""
        return (*scan.uses(self.front), *scan.uses(self.text))

    @property
    def keys(self) -> tuple[str, ...]:
        """All result keys that the document quotes or makes a condition of, sorted."""
        return tuple(sorted({use.key for use in self.uses}))

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that the document is made of, sorted: prose, references, theme, filter, pictures."""
        folder = self.report_folder
        own = [*self.included, *self.bibliography, *(folder / image for image in self.images)]
        project = folder / PROJECT_FILE
        if project.exists():
            own.append(project)
        own += (folder / FILTER).parent.glob("*.lua")
        own += (path for path in (folder / THEME).iterdir() if path.suffix in _THEME_SUFFIXES)
        return tuple(sorted(set(own)))

    @property
    def bibliography(self) -> tuple[Path, ...]:
        """The bibliographies and the citation style, if the metadata name any."""
        named = self.metadata.get("bibliography") or []
        names = [named] if isinstance(named, str) else list(named)
        if self.metadata.get("csl"):
            names.append(self.metadata["csl"])
        return tuple(self.report_folder / str(name) for name in names)

    def place(self, line: int | None) -> Place | None:
        """Give the file and line behind a line of `text`, counted from 1."""
        return self.places[line - 1] if line is not None and 0 < line <= len(self.places) else None

    def find(self, words: str, *, last: bool = False) -> Place | None:
        """Give the first (or the last) place outside code where the text holds `words`."""
        lines = [*scan.lines_with(self.front, words), *scan.lines_with(self.text, words)]
        return self.place(lines[-1 if last else 0]) if lines else None


def read_document(report_folder: Path, source: str) -> Document:
    """Read `source` (a path inside `report_folder`) and everything it includes.

    Raises `PublishError` that lists every problem: a missing or circular include, an include that leaves the
    report folder, an unknown shortcode, a picture or bibliography that is not there, front matter that is no
    YAML mapping.
    """
    folder = Path(report_folder)
    reader = _Reader(folder)
    start = folder / source
    if not _inside(folder, start):
        raise joined([f"{start}: the document lies outside the report folder {folder}."])
    if not start.is_file():
        names = [path.name for path in folder.glob("*.qmd")]
        raise joined([f"{start}: there is no such document. {nearest(source, names)}"])
    reader.read(start, (), None)
    front, lines = _split_front_matter(reader, start)
    text = scan.strip_comments("\n".join(lines)) + "\n"
    own = _mapping(scan.mark_lines(front), start, 1, reader) if front else {}
    document = Document(
        report_folder=folder,
        source=start,
        front=front,
        text=text,
        places=tuple(reader.places),
        metadata={**_project_metadata(folder, reader), **own},
        included=tuple(dict.fromkeys(reader.included)),
        images=_images(folder, text, reader),
    )
    for path in document.bibliography:
        if not _inside(folder, path) or not path.is_file():
            reader.problems.append(
                at((start, 1), f"the bibliography or citation style {path} is not in the report folder.")
            )
    if reader.problems:
        raise joined(reader.problems)
    return document


class _Reader:
    """Expands includes depth first and remembers where each line came from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.places: list[Place] = []
        self.included: list[Path] = []
        self.problems: list[str] = []

    def read(self, path: Path, chain: tuple[Path, ...], wanted: Place | None) -> None:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            self.problems.append(f"{path}: not UTF-8 text (byte {error.start}). Save it as UTF-8.")
            return
        text = text.replace("\r\n", "\n").removesuffix("\n")
        self.included.append(path)
        # Comments go first, so that an include inside one is not followed.
        lines = text.split("\n")
        codes: dict[int, tuple[str, str]] = {}
        for number, name, argument in scan.shortcodes(scan.strip_comments(text)):
            codes[number] = (name, argument)
        if wanted is not None and lines[0].strip() == "---":
            self.problems.append(
                at((path, 1), "an included file has no front matter of its own. Move it to the document.")
            )
        for number, line in enumerate(lines, start=1):
            place = (path, number)
            if number not in codes:
                self._add(line, place)
                continue
            name, argument = codes[number]
            if not scan.is_alone(line):
                self.problems.append(at(place, f"the shortcode '{name}' must stand alone on its line."))
            elif name == "pagebreak":
                for part in ("", *_PAGE_BREAK, ""):
                    self._add(part, place)
            elif name == "include":
                self._include(argument, place, (*chain, path))
            else:
                self.problems.append(
                    at(place, f"unknown shortcode '{name}'. {nearest(name, ['include', 'pagebreak'])}")
                )

    def _add(self, line: str, place: Place) -> None:
        self.lines.append(line)
        self.places.append(place)

    def _include(self, argument: str, place: Place, chain: tuple[Path, ...]) -> None:
        name = argument.strip("\"'")
        base = self.folder if name.startswith("/") else place[0].parent
        target = Path(os.path.normpath(base / name.lstrip("/")))
        if not _inside(self.folder, target):
            self.problems.append(
                at(place, f"'{name}' lies outside the report folder. Include only files of the report.")
            )
        elif not target.is_file():
            near = [path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.qmd")]
            self.problems.append(at(place, f"there is no file {target} to include. {nearest(name, near)}"))
        elif target in chain:
            circle = " → ".join(path.as_posix() for path in (*chain[chain.index(target) :], target))
            self.problems.append(at(place, f"circular include: {circle}. Take one of them out."))
        else:
            self._add("", place)
            self.read(target, chain, place)
            self._add("", place)


def _inside(folder: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _split_front_matter(reader: _Reader, source: Path) -> tuple[str, list[str]]:
    lines = reader.lines
    if not lines or lines[0].rstrip() != "---":
        return "", lines
    ends = [index for index, line in enumerate(lines) if index and line.rstrip() in ("---", "...")]
    if not ends:
        reader.problems.append(at((source, 1), "the front matter has no end: close it with a line '---'."))
        return "", lines
    # Blank lines keep the numbers of all others.
    return "\n".join(["", *lines[1 : ends[0]]]), [""] * (ends[0] + 1) + lines[ends[0] + 1 :]


def _project_metadata(folder: Path, reader: _Reader) -> dict[str, Any]:
    path = folder / PROJECT_FILE
    if not path.exists():
        return {}
    found = _mapping(path.read_text(encoding="utf-8"), path, 1, reader)
    return {key: value for key, value in found.items() if key not in _NOT_METADATA}


def _mapping(text: str, path: Path, first_line: int, reader: _Reader) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        reader.problems.append(at((path, line), f"this is no YAML: {getattr(error, 'problem', error)}."))
        return {}
    if not isinstance(found, dict):
        reader.problems.append(at((path, first_line), "the metadata must be pairs 'name: value'."))
        return {}
    return found


def _images(folder: Path, text: str, reader: _Reader) -> tuple[str, ...]:
    found: list[str] = []
    for line, name in scan.images(text):
        path = folder / PurePosixPath(name)
        if "://" in name or not _inside(folder, path) or not path.is_file():
            reader.problems.append(
                at(reader.places[line - 1], f"the picture '{name}' is not a file inside the report folder.")
            )
        else:
            found.append(name)
    return tuple(sorted(set(found)))
