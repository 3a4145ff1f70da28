"""The typefaces of the documents: Source Sans Pro and Source Serif Pro, static cuts from their wheels."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

from press.publish.errors import PublishError

SANS, SERIF = "Source Sans Pro", "Source Serif Pro"
_WHEELS = {SANS: "font_source_sans_pro", SERIF: "font_source_serif_pro"}


@dataclass(frozen=True)
class Cut:
    """One cut of a family: CSS weight, style, and the end of the file's name."""

    family: str
    weight: int
    italic: bool

    @property
    def path(self) -> Path:
        """The TTF file in the wheel. Raises `PublishError` where the wheel is not installed."""
        spec = find_spec(_WHEELS[self.family])
        if spec is None or spec.origin is None:
            raise PublishError(
                f"the typeface {self.family} is not installed. Set the environment up again (make report)."
            )
        weight = {400: "Regular", 600: "Semibold", 700: "Bold"}[self.weight]
        style = {("Regular", True): "It"}.get((weight, self.italic), weight + ("It" if self.italic else ""))
        name = f"{self.family.replace(' ', '')}-{style}.ttf"
        found = sorted(Path(spec.origin).parent.rglob(name))
        if not found:
            raise PublishError(
                f"the wheel {_WHEELS[self.family]} has no file {name}. Install the locked version."
            )
        return found[0]


CUTS = tuple(
    Cut(family, weight, italic)
    for family in (SANS, SERIF)
    for weight, italic in ((400, False), (400, True), (600, False), (600, True))
)
TITLE_CUT = Cut(SERIF, 600, italic=False)
_for_typst: list[tempfile.TemporaryDirectory[str]] = []


@cache
def typst_fonts() -> typst.Fonts:
    """Give Typst the TTF files alone; the folders of the wheels hold OTF twins that would get mixed in."""
    folder = tempfile.TemporaryDirectory(prefix="press-fonts-")
    _for_typst.append(folder)  # kept until the process ends: Typst reads a font when a page first needs it
    for cut in CUTS:
        shutil.copyfile(cut.path, Path(folder.name) / cut.path.name)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder.name])
