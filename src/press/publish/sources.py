"""Reads the prose of a document: its includes, its metadata, the result keys and the files it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from press.errors import nearest
from press.publish import blocks, citations, scan
from press.publish.errors import Place as Place
from press.publish.errors import at, joined
from press.publish.includes import Reader, inside
from press.publish.metadata import PROJECT_FILE as PROJECT_FILE
from press.publish.metadata import mapping, read_project

FILTER = Path("_extensions/press/press.lua")
THEME = Path("theme")
_THEME_SUFFIXES = (".css", ".html", ".js", ".typ")


@dataclass(frozen=True)
class Document:
    """A document as its author wrote it, includes expanded.

    `text` has blank lines in the place of its front matter (`front`); `places` gives the file and the line
    behind each line of both; `glossary` gives them for each of its entries. Paths are as the caller gave the
    report folder, never resolved.
    """

    report_folder: Path
    source: Path
    front: str
    text: str
    places: tuple[Place, ...]
    metadata: dict[str, Any]
    included: tuple[Path, ...]
    images: tuple[str, ...] = field(default=())
    metadata_files: tuple[Path, ...] = field(default=())
    glossary: dict[str, Place] = field(default_factory=dict)

    @cached_property
    def uses(self) -> tuple[scan.Use, ...]:
        """Every quoted key with its line; those of the front matter come first."""
        return (*scan.uses(self.front), *scan.uses(self.text))

    @cached_property
    def citations(self) -> tuple[tuple[int, str], ...]:
        """Line and name of every `@name`: sources, and labels of figures and other things."""
        return (*scan.citations(self.front), *scan.citations(self.text))

    @property
    def keys(self) -> tuple[str, ...]:
        """All result keys that the document quotes or makes a condition of, sorted."""
        return tuple(sorted({use.key for use in self.uses}))

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that the document is made of, sorted: prose, references, theme, filter, pictures."""
        folder = self.report_folder
        own = [*self.included, *self.bibliography, *(folder / image for image in self.images)]
        own += self.metadata_files
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

    def find(
        self, words: str, *, last: bool = False, literal: bool = False, code: bool = False
    ) -> Place | None:
        """Give the first (or the last) place where the text holds `words`; see `scan.lines_with`."""
        lines = [
            *scan.lines_with(self.front, words, literal=literal, code=code),
            *scan.lines_with(self.text, words, literal=literal, code=code),
        ]
        return self.place(lines[-1 if last else 0]) if lines else None


def read_document(report_folder: Path, source: str) -> Document:
    """Read `source` (a path inside `report_folder`) and everything it includes.

    Raises `PublishError` that lists every problem: a missing or circular include, an include that leaves the
    report folder, an unknown shortcode, a block that is not closed, a paragraph too long to be read, a
    picture or bibliography that is not there, an incomplete entry of the glossary or of a bibliography, a
    citation without an entry, front matter that is no YAML mapping.
    """
    folder = Path(report_folder)
    reader = Reader(folder)
    start = folder / source
    if not inside(folder, start):
        raise joined([f"{start}: the document lies outside the report folder {folder}."])
    if not start.is_file():
        names = [path.name for path in folder.glob("*.qmd")]
        raise joined([f"{start}: there is no such document. {nearest(source, names)}"])
    reader.read(start, (), None)
    problems = reader.problems
    front, lines = _split_front_matter(reader, start)
    text = scan.strip_comments("\n".join(lines)) + "\n"
    project = read_project(folder, problems)
    own = mapping(scan.mark_lines(front), start, problems) if front else {}
    document = Document(
        report_folder=folder,
        source=start,
        front=front,
        text=text,
        places=tuple(reader.places),
        metadata={**project.values, **own},
        included=tuple(dict.fromkeys(reader.included)),
        images=_images(folder, text, reader),
        metadata_files=project.files,
        glossary=project.glossary,
    )
    problems += blocks.unclosed(text, reader.places)
    problems += _references(document)
    if problems:
        raise joined(problems)
    return document


def _split_front_matter(reader: Reader, source: Path) -> tuple[str, list[str]]:
    lines = reader.lines
    if not lines or lines[0].rstrip() != "---":
        return "", lines
    ends = [index for index, line in enumerate(lines) if index and line.rstrip() in ("---", "...")]
    if not ends:
        reader.problems.append(at((source, 1), "the front matter has no end: close it with a line '---'."))
        return "", lines
    # Blank lines keep the numbers of all others.
    return "\n".join(["", *lines[1 : ends[0]]]), [""] * (ends[0] + 1) + lines[ends[0] + 1 :]


def _references(document: Document) -> list[str]:
    missing = [
        at((document.source, 1), f"the bibliography or citation style {path} is not in the report folder.")
        for path in document.bibliography
        if not inside(document.report_folder, path) or not path.is_file()
    ]
    if "nocite" in document.metadata:
        missing.append(
            at((document.source, 1), "'nocite' lists what is not cited. Cite it, or leave it out.")
        )
    return missing or citations.check(document)


def _images(folder: Path, text: str, reader: Reader) -> tuple[str, ...]:
    found: list[str] = []
    for line, name in scan.images(text):
        path = folder / PurePosixPath(name)
        if "://" in name or not inside(folder, path) or not path.is_file():
            reader.problems.append(
                at(reader.places[line - 1], f"the picture '{name}' is not a file inside the report folder.")
            )
        else:
            found.append(name)
    return tuple(sorted(set(found)))
