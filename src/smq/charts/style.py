"""The look of every chart of the study: fonts, palette, sizes, titles.

Widths fit the text of an A4 page. Colours are the Analysis Function palette, each at least 3:1 against white;
a chart never tells two things apart by colour alone. The type is Source Sans Pro, from its wheel, so that
a picture looks the same on every machine.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

WIDTH_MM = 160.0
"""Text width of an A4 page."""
SMALL, NORMAL, LARGE = 7.5, 8.5, 11.0
"""Type sizes in points at full width: labels, text, the message."""

PALETTE = {
    "blue": "#12436D",
    "orange": "#F46A25",
    "turquoise": "#28A197",
    "pink": "#801650",
    "grey": "#3D3D3D",
    "purple": "#A285D1",
}
GRID = "#D9D9D9"
"""For lines that carry no meaning of their own."""

_MM_PER_INCH = 25.4
_POINTS_PER_INCH = 72.0
_FAMILY = "Source Sans Pro"
_FACES = ("Regular", "It", "Bold")
_LINE = 1.25
_HINTED = 1.025
"""How much wider hinted type can be in a PNG than it is measured without hinting."""
_MARGIN_PT = 3.0
_ENLARGED = 16


def use() -> None:
    """Apply the look to every figure made from here on."""
    _register_fonts()
    mpl.rcParams.update(
        {
            "font.family": [_FAMILY, "DejaVu Sans"],
            "font.size": NORMAL,
            "text.color": PALETTE["grey"],
            # A dollar sign in a trust's name is a dollar sign, not mathematics.
            "text.parse_math": False,
            "axes.labelsize": NORMAL,
            "axes.labelcolor": PALETTE["grey"],
            "axes.edgecolor": "#8C8C8C",
            "axes.linewidth": 0.6,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "axes.unicode_minus": True,
            "grid.color": GRID,
            "grid.linewidth": 0.5,
            "xtick.labelsize": SMALL,
            "ytick.labelsize": SMALL,
            "xtick.color": PALETTE["grey"],
            "ytick.color": PALETTE["grey"],
            "xtick.major.width": 0.6,
            "ytick.major.width": 0.0,
            "xtick.major.size": 2.5,
            "ytick.major.size": 0.0,
            "lines.linewidth": 1.6,
            "lines.markersize": 5.0,
            "patch.linewidth": 0.0,
            "hatch.linewidth": 0.6,
            "legend.frameon": False,
            "legend.fontsize": SMALL,
            "figure.facecolor": "white",
            "savefig.facecolor": "white",
            "svg.hashsalt": "smq",
            "svg.fonttype": "path",
        }
    )


def new_figure(height_mm: float) -> tuple[Figure, Axes]:
    """Give an empty figure of full text width with one pair of axes."""
    figure, (axes,) = new_panels(height_mm, [1.0])
    return figure, axes


def new_panels(height_mm: float, ratios: Sequence[float]) -> tuple[Figure, list[Axes]]:
    """Give a figure of full text width with panels one above the other that share their horizontal axis.

    `ratios` are the relative heights from the top down.
    """
    use()
    padding = _MARGIN_PT / _POINTS_PER_INCH
    figure = Figure(
        figsize=(WIDTH_MM / _MM_PER_INCH, height_mm / _MM_PER_INCH),
        layout=ConstrainedLayoutEngine(w_pad=padding, h_pad=padding, hspace=0.02),
    )
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(ratios), 1, sharex=True, height_ratios=list(ratios), squeeze=False)
    return figure, list(panels[:, 0])


def title(ax: Axes, message: str, subtitle: str = "") -> None:
    """Write the message of a figure at its top left, and in smaller type what is measured, where and when.

    Long lines are broken to the width of the figure; the axes make room. Call it once for a figure.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    width, height = (float(side) * _POINTS_PER_INCH for side in figure.get_size_inches())
    room = (width - 2 * _MARGIN_PT) / _HINTED
    top = _MARGIN_PT
    for words, size, weight in ((message, LARGE, "bold"), (subtitle, NORMAL, "regular")):
        if not words:
            continue
        lines = _broken(words, size, weight, room)
        figure.text(
            _MARGIN_PT / width,
            1 - top / height,
            "\n".join(lines),
            size=size,
            weight=weight,
            ha="left",
            va="top",
            linespacing=_LINE,
        )
        top += len(lines) * size * _LINE + 0.25 * size
    top += 0.35 * NORMAL
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0, 0, 1, 1 - top / height))


def _broken(words: str, size: float, weight: str, room: float) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size, weight) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def text_width(words: str, size: float, weight: str = "regular") -> float:
    """Width in points of a line of text in the type of the charts."""
    _register_fonts()
    font = font_manager.get_font(
        font_manager.findfont(font_manager.FontProperties(family=_FAMILY, weight=weight))
    )
    # Measured enlarged, where the hinting of small type does not round; FreeType counts in 64ths.
    font.set_size(size, _ENLARGED * _POINTS_PER_INCH)
    font.set_text(words)
    return float(font.get_width_height()[0]) / 64 / _ENLARGED


@cache
def _register_fonts() -> None:
    with as_file(files("font_source_sans_pro") / "files") as folder:
        for face in _FACES:
            font_manager.fontManager.addfont(folder / f"SourceSansPro-{face}.ttf")
