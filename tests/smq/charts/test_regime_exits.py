"""Charts of how spells end: drawn is what the estimates are, and the words follow from them."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pytest

from smq import reference
from smq.charts import Chart, regime_exits, regime_stock
from smq.spells import cutoffs, exit_definitions, follow_up, reentry, regime

if TYPE_CHECKING:
    import pandas as pd

SPELLS = Path(__file__).parents[3] / "data" / "reference" / "smq_spells.csv"
LAST = date(2020, 12, 31)


@pytest.fixture(scope="module")
def spells() -> pd.DataFrame:
    return reference.load_spells(SPELLS)


@pytest.fixture(scope="module")
def charts(spells: pd.DataFrame) -> dict[str, Chart]:
    return drawn(spells, LAST)


def drawn(spells: pd.DataFrame, last: date) -> dict[str, Chart]:
    observed = follow_up.at_cutoff(spells, last)
    first, repeat = follow_up.first_spells(observed), follow_up.repeat_spells(observed)
    since_exit = reentry.of_trusts(observed, last, "exit")
    charts = {
        "over_time": regime_stock.over_time(regime.over_time(observed, last), last),
        "ways_out": regime_exits.ways_out(
            regime.ways_out(observed),
            len(observed),
            last,
            regime.few_followed_from(regime.time_to_exit(observed)),
        ),
        "definitions": regime_exits.definitions(exit_definitions.table(spells, [last]), 15.8),
    }
    if len(repeat):
        charts["first_and_repeat"] = regime_exits.first_and_repeat(
            regime.time_to_exit(first), regime.time_to_exit(repeat), last
        )
    if since_exit is not None:
        charts["re_entry"] = regime_exits.re_entry(since_exit, last)
    return charts


def svg_of(chart: Chart) -> str:
    stream = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none"}):
        chart.figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue().decode()


def test_messages_say_what_the_list_says(charts: dict[str, Chart]) -> None:
    said = {name: chart.message for name, chart in charts.items()}
    assert said["over_time"] == (
        "Never more than 18 trusts were in at once (1 November 2016); 8 were on 31 December 2020"
    )
    assert said["ways_out"] == (
        "An estimated 32.5% of spells ended in an exit within 24 months (cumulative incidence), and 2.4% in "
        "a merger in all"
    )
    assert said["first_and_repeat"] == (
        "None of 4 repeat spells had led to an exit; half of the first spells had within 28.0 months"
    )
    assert said["re_entry"].startswith("4 of 33 trusts that left came back: an estimated 17 in every 100")
    assert said["definitions"].startswith(
        "None of 52 definitions gives the published 15.8% within 24 months;"
    )


def test_the_step_line_goes_through_the_number_of_each_day(charts: dict[str, Chart]) -> None:
    chart = charts["over_time"]
    line = chart.figure.axes[0].lines[0]
    assert list(line.get_ydata()) == chart.data["in_regime"].tolist()  # type: ignore[arg-type]
    rows = {label.get_text() for label in chart.figure.axes[1].get_yticklabels()}
    assert rows == {"Entries (42)", "Exits (33)", "Merger (1)"}
    assert "2018, 15" in chart.alt


def test_each_definition_is_one_mark_and_the_published_share_a_line(
    charts: dict[str, Chart], spells: pd.DataFrame
) -> None:
    chart = charts["definitions"]
    axes = chart.figure.axes[0]
    marks = [line for line in axes.lines if line.get_linestyle() == "None"]
    assert sum(np.size(line.get_xdata()) for line in marks) == len(chart.data) == 52 * 3
    (across,) = [line for line in axes.lines if line.get_linestyle() != "None"]
    assert set(across.get_ydata()) == {15.8}  # type: ignore[arg-type]
    everything = regime_exits.definitions(exit_definitions.table(spells, cutoffs.CUTOFFS), 15.8)
    assert "within 12 months from 10.5% to 22.2%, and 2 of them give 15.8%" in everything.alt
    subtitle = everything.figure.texts[1].get_text().replace("\n", " ")
    assert "52 on each of 5 days" in subtitle
    assert "Not drawn: within 36 months, 39% to 108%." in subtitle


def test_incidences_drawn_end_below_one_together(charts: dict[str, Chart]) -> None:
    data = charts["ways_out"].data
    assert (data["left"] + data["merged"] <= 1 + 1e-12).all()
    assert data["merged"].iloc[-1] == pytest.approx(1 / 41)
    assert data["left"].is_monotonic_increasing


def test_re_entries_drawn_are_those_of_the_estimate(charts: dict[str, Chart]) -> None:
    data = charts["re_entry"].data
    assert np.diff(data["per_100"]).astype(bool).sum() == 4
    assert data["followed"].iloc[0] == 33
    assert "7 to 42" in charts["re_entry"].alt


def test_words_are_text_in_the_svg_and_the_same_in_every_run(
    charts: dict[str, Chart], spells: pd.DataFrame
) -> None:
    for name, again in drawn(spells, LAST).items():
        words = svg_of(charts[name])
        assert words == svg_of(again)
        assert again.message.split(";")[0].split(",")[0] in words


@pytest.mark.parametrize(
    "last", [date(2013, 7, 16), date(2013, 12, 31), date(2014, 12, 31), date(2017, 4, 30), date(2021, 7, 13)]
)
def test_charts_can_be_drawn_at_any_cutoff(spells: pd.DataFrame, last: date) -> None:
    for chart in drawn(spells, last).values():
        assert chart.message in chart.alt
        assert "nan" not in chart.alt
        assert chart.alt.count(" 1 trusts") == 0
        svg_of(chart)


def test_no_text_leaves_the_picture_or_is_smaller_than_seven_points(charts: dict[str, Chart]) -> None:
    for name, chart in charts.items():
        figure = chart.figure
        figure.draw_without_rendering()
        width, height = figure.canvas.get_width_height()
        assert figure.get_size_inches()[0] * 25.4 == pytest.approx(160)
        for text in figure.findobj(mpl.text.Text):
            if not isinstance(text, mpl.text.Text) or not text.get_text() or not text.get_visible():
                continue
            box = text.get_window_extent()
            assert float(text.get_fontsize()) >= 7, name
            assert box.x0 >= -1, (name, text.get_text())
            assert box.x1 <= width + 1, (name, text.get_text())
            assert box.y0 >= -1, (name, text.get_text())
            assert box.y1 <= height + 1, (name, text.get_text())
