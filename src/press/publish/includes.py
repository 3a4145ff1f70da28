"""Expands the includes of a document, and remembers the file and line behind every line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import nearest
from press.publish import blocks, scan
from press.publish.errors import at

if TYPE_CHECKING:
    from press.publish.errors import Place

_PAGE_BREAK = ("::: {.page-break}", ":::")


class Reader:
    """Expands includes depth first and remembers where each line came from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.places: list[Place] = []
        self.included: list[Path] = []
        self.problems: list[str] = []

    def read(self, path: Path, chain: tuple[Path, ...], wanted: Place | None) -> None:
        """Read a file that was included from `chain`; `wanted`: where, or None for the document itself."""
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            self.problems.append(f"{path}: not UTF-8 text (byte {error.start}). Save it as UTF-8.")
            return
        text = text.replace("\r\n", "\n").removesuffix("\n")
        self.included.append(path)
        if too_long := blocks.too_long(path, text):
            self.problems.append(too_long)
            return
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
        if not inside(self.folder, target):
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


def inside(folder: Path, path: Path) -> bool:
    """Say whether a path, links followed, lies inside a folder."""
    return path.resolve().is_relative_to(folder.resolve())
