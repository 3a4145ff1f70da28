"""The typefaces of the documents: Source Sans Pro and Source Serif Pro, static cuts from their wheels."""

from __future__ import annotations

import base64
import io
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from press.publish.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterable

SANS, SERIF = "Source Sans Pro", "Source Serif Pro"
_WHEELS = {SANS: "font_source_sans_pro", SERIF: "font_source_serif_pro"}
_LAYOUT_FEATURES = ["kern", "mark", "mkmk", "liga", "ccmp", "locl", "tnum", "lnum", "pnum", "sups"]


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


def cuts_for(families: Iterable[str], *, italic: bool) -> tuple[Cut, ...]:
    """Give the cuts of a page: regular and semibold, the italic if it has any, and the title's.

    A cut takes 0.2 s to prepare, so a browser slants the semibold italic itself.
    """
    wanted = [(400, False), (600, False), *([(400, True)] if italic else [])]
    chosen = {Cut(family, weight, slanted) for family in families for weight, slanted in wanted}
    return tuple(cut for cut in CUTS if cut in chosen or cut == TITLE_CUT)


def css(cuts: Iterable[Cut], text: str) -> str:
    """Give `@font-face` rules with the glyphs that `text` needs, as WOFF2 in data addresses."""
    letters = "".join(sorted({letter for letter in text if letter >= " "}))
    rules = []
    for cut in cuts:
        encoded = base64.b64encode(_woff2(cut, letters)).decode("ascii")
        rules.append(
            f'@font-face{{font-family:"{cut.family}";font-weight:{cut.weight};'
            f"font-style:{'italic' if cut.italic else 'normal'};font-display:swap;"
            f'src:url("data:font/woff2;base64,{encoded}") format("woff2")}}'
        )
    return "\n".join(rules)


@cache
def _woff2(cut: Cut, letters: str) -> bytes:
    from fontTools import subset

    options = subset.Options(
        flavor="woff2",
        hinting=False,
        desubroutinize=True,
        layout_features=_LAYOUT_FEATURES,
        notdef_outline=True,
        name_IDs=[1, 2],
        name_languages=[0x409],
        recalc_timestamp=False,
    )
    font = subset.load_font(str(cut.path), options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters)
    cutter.subset(font)
    stream = io.BytesIO()
    subset.save_font(font, stream, options)
    font.close()
    return stream.getvalue()
