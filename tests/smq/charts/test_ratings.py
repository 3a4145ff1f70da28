"""Charts of the ratings: what is drawn is what was counted, and the words hold at any cut-off."""

from __future__ import annotations

import re
from datetime import date

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from smq import ratings as cqc
from smq.charts import Chart
from smq.charts import ratings as charts
from tests.smq.charts.test_regime import svg_of
from tests.smq.test_ratings import at

LAST = date(2020, 12, 31)


def every_chart(cutoff: date) -> list[Chart]:
    rated = at(cutoff)
    return [
        charts.questions(cqc.at_entry(rated), cutoff),
        charts.entry_to_exit(cqc.transitions(rated), cutoff),
        charts.time_to_good(cqc.ways_out(rated), len(rated), cutoff),
    ]


def test_bars_of_each_question_are_as_long_as_its_counts() -> None:
    at_entry = cqc.at_entry(at(LAST))
    chart = charts.questions(at_entry, LAST)
    bars = [patch for patch in chart.figure.axes[0].patches if isinstance(patch, Rectangle)]
    lengths: dict[int, list[float]] = {}
    for bar in bars:
        lengths.setdefault(round(bar.get_y() + bar.get_height() / 2), []).append(bar.get_width())
    assert lengths[0] == [27, 1, 14]
    assert lengths[3] == [1, 2, 14, 25]
    assert {sum(parts) for parts in lengths.values()} == {42}
    assert (
        chart.message == "Safe and Well led were rated Inadequate at entry wherever known, Caring in 1 of 17"
    )


def test_squares_have_areas_in_proportion_and_hatches_by_direction() -> None:
    chart = charts.entry_to_exit(cqc.transitions(at(LAST)), LAST)
    squares = [patch for patch in chart.figure.axes[0].patches if isinstance(patch, Rectangle)]
    areas = sorted(square.get_width() * square.get_height() for square in squares)
    most = areas[-1]
    assert [round(13 * area / most, 6) for area in areas] == [1, 1, 1, 2, 5, 7, 12, 13]
    assert sum(square.get_hatch() == "////" for square in squares) == 2
    assert chart.message == (
        "18 of 18 exits with ratings known at both ends came with a better rating, 5 with Good"
    )
    assert "Inadequate at entry, left, rated Requires improvement: 13" in chart.alt


def test_the_curves_are_the_estimates() -> None:
    ways = cqc.ways_out(at(LAST))
    chart = charts.time_to_good(ways, 42, LAST)
    other, good = chart.figure.axes[0].lines
    assert list(good.get_ydata()) == chart.data["good"].tolist()  # type: ignore[arg-type]
    assert list(other.get_ydata()) == chart.data["other"].tolist()  # type: ignore[arg-type]
    assert chart.data["good"].iloc[-1] == pytest.approx(100 * ways.by_cause["good"].share[-1])
    assert "18% of spells led to an exit rated Good, 41%" in chart.message


@pytest.mark.parametrize("cutoff", [date(2013, 7, 16), date(2014, 5, 31), date(2016, 12, 31), LAST])
def test_words_hold_at_any_cutoff_and_stay_in_the_picture(cutoff: date) -> None:
    for chart in every_chart(cutoff):
        assert chart.message in chart.alt
        assert "nan" not in chart.alt
        assert not re.search(r"\b1 (spells|exits)", chart.alt)
        figure = chart.figure
        figure.draw_without_rendering()
        width, height = figure.canvas.get_width_height()
        for text in figure.findobj(mpl.text.Text):
            assert isinstance(text, mpl.text.Text)
            if text.get_text() and text.get_visible():
                box = text.get_window_extent()
                assert float(text.get_fontsize()) >= 7
                assert box.x0 >= -1, text.get_text()
                assert box.x1 <= width + 1, text.get_text()
                assert box.y0 >= -1, text.get_text()
                assert box.y1 <= height + 1, text.get_text()


def test_pictures_are_the_same_in_every_run() -> None:
    for first, second in zip(every_chart(LAST), every_chart(LAST), strict=True):
        assert svg_of(first) == svg_of(second)


@pytest.mark.parametrize(
    ("inadequate", "good", "message"),
    [
        ([0, 0], [0, 0], "No rating of a key question at entry is known"),
        ([2, 2], [2, 2], "No key question was rated Inadequate at entry more often than another"),
        ([3, 1], [1, 3], "Safe was most often rated Inadequate at entry, in 3 of 4 known, Caring in 1 of 4"),
        ([4, 0], [0, 4], "Safe was rated Inadequate at entry wherever known, Caring in 0 of 4"),
    ],
)
def test_the_message_about_questions_follows_the_counts(
    inadequate: list[int], good: list[int], message: str
) -> None:
    table = pd.DataFrame(
        {
            "question": ["Safe", "Caring"],
            "Outstanding": 0,
            "Good": good,
            "Requires improvement": 0,
            "Inadequate": inadequate,
            "Not known": [9 - bad - fine for bad, fine in zip(inadequate, good, strict=True)],
        }
    )
    assert charts.questions(table, LAST).message == message
