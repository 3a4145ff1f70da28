"""Charts of the regime: the numbers drawn are the numbers of the table, and the words follow from them."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import pytest

from smq import reference
from smq.charts import Chart, style
from smq.charts import regime as charts
from smq.spells import follow_up, regime

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.patches import Rectangle

SPELLS = Path(__file__).parents[3] / "data" / "reference" / "smq_spells.csv"
LAST = date(2020, 12, 31)


@pytest.fixture(scope="module")
def observed() -> pd.DataFrame:
    return follow_up.at_cutoff(reference.load_spells(SPELLS), LAST)


def every_chart(observed: pd.DataFrame, last: date) -> list[Chart]:
    return [
        charts.flow_by_year(regime.flow_by_year(observed, last), last),
        charts.swimmer(observed, last),
        charts.time_to_exit(regime.time_to_exit(observed), regime.ways_out(observed), last),
    ]


def svg_of(chart: Chart) -> str:
    stream = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none"}):
        chart.figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue().decode()


def test_bars_of_the_flow_are_as_high_as_the_table(observed: pd.DataFrame) -> None:
    flow = regime.flow_by_year(observed, LAST)
    chart = charts.flow_by_year(flow, LAST)
    bars: list[Rectangle] = list(chart.figure.axes[0].patches)  # type: ignore[arg-type]
    heights = [bar.get_height() for bar in bars]
    assert heights == [*flow["entries"], *flow["exits"], *flow["mergers"]]
    assert chart.data is flow
    assert chart.message == "14 of 42 entries came in 2013; 33 spells had led to an exit by 31 December 2020"
    assert "2019, 0 in and 6 out" in chart.alt
    # 14 in at the end of 2013, 4 more, 5 out and 1 merged: 12 at the end of 2014.
    assert "2014, 4 in and 5 out, and 1 merged" in chart.alt
    assert "16, were in at that of 2016" in chart.alt


def test_swimmer_draws_each_spell_on_the_row_of_its_trust(observed: pd.DataFrame) -> None:
    chart = charts.swimmer(observed, LAST)
    axes = chart.figure.axes[0]
    assert len(chart.data) == 42
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert len(labels) == len(set(labels)) == 38
    ends = [line for line in axes.lines if len(line.get_xdata()) == 1]  # type: ignore[arg-type]
    assert len(ends) == 42
    marks = [str(line.get_marker()) for line in ends]
    assert {mark: marks.count(mark) for mark in "oD>"} == {"o": 33, "D": 1, ">": 8}
    goole = labels.index("Northern Lincolnshire and Goole")
    assert [line.get_ydata()[0] for line in ends].count(goole) == 2  # type: ignore[index]


def test_time_to_exit_shows_the_curve_of_the_estimate(observed: pd.DataFrame) -> None:
    curve = regime.time_to_exit(observed)
    chart = charts.time_to_exit(curve, regime.ways_out(observed), LAST)
    assert chart.message == (
        "An estimated 33.3% of spells led to an exit within 24 months (Kaplan–Meier), half within 29.8 months"
    )
    assert "20.9% to 50.4%" in chart.alt
    drawn = chart.figure.axes[0].lines[0]
    assert list(drawn.get_ydata()) == [100 * share for share in chart.data["still_in"]]  # type: ignore[arg-type]
    moves = chart.data[chart.data["months"].isin(curve.times)]
    assert moves["still_in"].tolist() == curve.survival.tolist()
    assert chart.data["merged"].iloc[-1] == pytest.approx(1 / 41)
    below = {text.get_text() for text in chart.figure.axes[1].texts}
    assert {"42", "34", "26", "13", "5", "24"} <= below


def test_ticks_and_the_part_on_few_spells_are_explained_in_the_picture(observed: pd.DataFrame) -> None:
    words = svg_of(every_chart(observed, LAST)[2])
    assert "Seen until here: still in, or trust merged (censored)" in words
    assert "Fewer than 10" in words


def test_years_without_a_merger_show_no_merger(observed: pd.DataFrame) -> None:
    with_one = svg_of(charts.flow_by_year(regime.flow_by_year(observed, LAST), LAST))
    assert "Ended by merger" in with_one
    early = date(2014, 6, 30)
    seen = follow_up.at_cutoff(reference.load_spells(SPELLS), early)
    without = svg_of(charts.flow_by_year(regime.flow_by_year(seen, early), early))
    assert "merge" not in without


def test_words_are_text_in_the_svg_and_the_same_in_every_run(observed: pd.DataFrame) -> None:
    for first, second in zip(every_chart(observed, LAST), every_chart(observed, LAST), strict=True):
        words = svg_of(first)
        assert words == svg_of(second)
        # A long message is broken into lines.
        assert first.message.split(",")[0] in words
        assert "Source Sans Pro" in words


@pytest.mark.parametrize(
    "last", [date(2013, 7, 16), date(2013, 12, 31), date(2014, 12, 31), date(2021, 7, 13)]
)
def test_charts_can_be_drawn_at_any_cutoff(last: date) -> None:
    for chart in every_chart(follow_up.at_cutoff(reference.load_spells(SPELLS), last), last):
        assert chart.message.split(".")[0] in chart.alt
        assert "nan" not in chart.alt


def test_no_text_leaves_the_picture_or_is_smaller_than_seven_points(observed: pd.DataFrame) -> None:
    for chart in every_chart(observed, LAST):
        figure = chart.figure
        figure.draw_without_rendering()
        width, height = figure.canvas.get_width_height()
        assert figure.get_size_inches()[0] * 25.4 == pytest.approx(160)
        texts = [
            text
            for text in figure.findobj(mpl.text.Text)
            if isinstance(text, mpl.text.Text) and text.get_text() and text.get_visible()
        ]
        assert texts
        for text in texts:
            box = text.get_window_extent()
            assert float(text.get_fontsize()) >= 7
            assert box.x0 >= -1, text.get_text()
            assert box.x1 <= width + 1, text.get_text()
            assert box.y0 >= -1, text.get_text()
            assert box.y1 <= height + 1, text.get_text()


def test_a_hostile_name_is_drawn_as_it_is_written(observed: pd.DataFrame) -> None:
    hostile = observed.copy()
    hostile.loc[0, "trust_name"] = r"$\frac{1}{0}$ <script>alert(1)</script> " + "x" * 200
    words = svg_of(charts.swimmer(hostile, LAST))
    assert "<script" not in words
    assert r"$\frac{1}{0}$ &lt;script" in words


def test_a_long_message_is_broken_to_the_width_of_the_figure() -> None:
    figure, axes = style.new_figure(60)
    style.title(axes, "word " * 60, "and a subtitle")
    message = figure.texts[0]
    width = figure.canvas.get_width_height()[0]
    assert "\n" in message.get_text()
    assert 0.9 * width <= message.get_window_extent().x1 <= width
