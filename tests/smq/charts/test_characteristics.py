"""Chart of who enters: marks stand where the table says, and words follow the intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from smq.charts import characteristics as charts
from smq.entry.balance import Group, Measure, Pair, Spread
from smq.entry.characteristics import Baseline
from smq.entry.entrants import Comparison
from smq.statistics.standardised_difference import Difference, Distance
from tests.smq.charts.test_regime import svg_of

if TYPE_CHECKING:
    from matplotlib.lines import Line2D


def pair(name: str, label: str, value: float, error: float) -> Pair:
    group = Group(known=30, missing=2, level=5.0, spread=1.0, count=30)
    return Pair(Measure(name, label, "mean", "%", ".1f", "2012"), group, group, Difference(value, error))


def comparison(*pairs: Pair, spread: bool = False, origin: str = "official statistics") -> Comparison:
    region = Measure("region", "Region", "categories", "", ".2f", "newest list")
    counts = pd.DataFrame({"smq": [5, 6], "never": [20, 9]}, index=["London", "Midlands"])
    return Comparison(
        origin=origin,
        baseline=Baseline(pd.Timestamp("2012-04-01")),
        pool="non-specialist acute trusts",
        counts={},
        leads={},
        pairs={one.measure.id: one for one in pairs},
        spreads={"region": Spread(region, counts, Distance(0.55, 0.7))} if spread else {},
        later={},
        tables={},
        absent={},
    )


def place(line: Line2D) -> float:
    return float(np.asarray(line.get_xdata())[0])


HIGHER = pair("ae_4h", "Waits over four hours in A&E", 0.7, 0.2)
LOWER = pair("survey_care", "Staff who recommend the trust's care", -0.9, 0.2)
SAME = pair("beds", "Beds available overnight", -0.001, 0.2)


def test_marks_stand_in_order_of_size_where_the_table_says() -> None:
    chart = charts.differences(comparison(SAME, HIGHER, LOWER, spread=True))
    assert chart.data["label"].tolist() == [
        "Staff who recommend the trust's care",
        "Waits over four hours in A&E",
        "Beds available overnight",
        "Region",
    ]
    lines: list[Line2D] = list(chart.figure.axes[0].lines)
    circles = [line for line in lines if line.get_marker() == "o" and np.size(line.get_xdata())]
    assert [place(line) for line in circles] == [-0.9, 0.7, -0.001]
    # Filled only where the interval excludes 0, so that grey print tells them apart.
    assert [line.get_markerfacecolor() == "white" for line in circles] == [False, False, True]
    diamonds = [line for line in lines if line.get_marker() == "D" and np.size(line.get_xdata())]
    assert [place(line) for line in diamonds] == [0.55]
    labels = [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]
    assert labels[0] == "Staff who recommend the trust's care, %\n(30 v 30)"
    assert labels[3] == "Region\n(11 v 29)"


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([SAME], "None of 1 characteristic differed clearly before the first entry"),
        (
            [SAME, HIGHER],
            "1 of 2 characteristics differed clearly before the first entry; the largest difference: "
            "waits over four hours in A&E, higher in trusts that entered",
        ),
        (
            [LOWER, HIGHER],
            "2 of 2 characteristics differed clearly before the first entry; the largest difference: "
            "staff who recommend the trust's care, lower in trusts that entered",
        ),
    ],
)
def test_the_message_follows_the_intervals(pairs: list[Pair], message: str) -> None:
    chart = charts.differences(comparison(*pairs))
    assert chart.message == message
    assert chart.message in chart.alt


def test_what_rounds_to_nothing_has_no_sign_and_abbreviations_keep_their_capitals() -> None:
    chart = charts.differences(comparison(SAME, pair("ae", "A&E attendances a month", -0.9, 0.1)))
    assert "Beds available overnight 0.00 (−0.39 to 0.39)" in chart.alt
    assert "difference: A&E attendances a month, lower" in chart.message


def test_simulated_figures_are_marked_in_the_picture() -> None:
    assert "Simulated data about fictional trusts" in svg_of(
        charts.differences(comparison(HIGHER, origin="simulated"))
    )
    assert "Simulated" not in svg_of(charts.differences(comparison(HIGHER)))


def test_a_distance_is_said_to_have_no_direction() -> None:
    chart = charts.differences(comparison(HIGHER, spread=True))
    assert "Region, a distance without direction, 0.55 (chance alone would stay below 0.70" in chart.alt


def test_no_text_leaves_the_picture_or_is_smaller_than_seven_points() -> None:
    # As in the public world, in one without the SHMI, and in the demo.
    plain = replace(comparison(HIGHER), pool="trusts")
    for case in (
        comparison(HIGHER, LOWER, SAME, spread=True),
        plain,
        replace(plain, origin="simulated"),
    ):
        figure = charts.differences(case).figure
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


def test_notes_speak_only_of_what_is_there() -> None:
    real, simulated = comparison(HIGHER), comparison(HIGHER, origin="simulated")
    assert any("before 2016" in note for note in charts.notes(real))
    assert not any("before 2016" in note for note in charts.notes(simulated))
    assert not any("A&E" in note for note in charts.notes(replace(real, pairs={})))
