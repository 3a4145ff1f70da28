"""What every picture must keep to: nothing cut off, no type too small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from matplotlib.text import Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def assert_fits(figure: Figure) -> None:
    """Assert that every text is inside the picture and at least 7 points high at the width of the page."""
    figure.draw_without_rendering()
    width, height = figure.canvas.get_width_height()
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(160)
    undrawn = _undrawn_tick_labels(figure)
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and id(text) not in undrawn]
    texts = [text for text in found if text.get_text() and text.get_visible()]
    assert texts
    for text in texts:
        box = text.get_window_extent()
        assert float(text.get_fontsize()) >= 7
        assert box.x0 >= -1, text.get_text()
        assert box.x1 <= width + 1, text.get_text()
        assert box.y0 >= -1, text.get_text()
        assert box.y1 <= height + 1, text.get_text()


def _undrawn_tick_labels(figure: Figure) -> set[int]:
    """Labels of ticks beyond the ends of their axis, which are kept but not drawn."""
    beyond = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(float(end) for end in axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if not axes.axison or not low <= float(tick.get_loc()) <= high:
                    beyond |= {id(tick.label1), id(tick.label2)}
    return beyond
