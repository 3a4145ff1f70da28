"""The rows must show where each special cause lies, and the words must be those of the tables."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from matplotlib.text import Text

from smq.charts import spc_overview as charts
from smq.charts.spc import day_number
from tests.smq.charts.pictures import assert_fits
from tests.smq.spc_cases import described


def test_concern_stands_above_the_line_and_improvement_below() -> None:
    chart = charts.overview(described(), gap=False)
    boxes = [path.get_extents() for blocks in chart.figure.axes[0].collections for path in blocks.get_paths()]
    july = day_number(pd.Timestamp(2014, 7, 1)), day_number(pd.Timestamp(2014, 8, 1))
    # Row 0 is RAA, which entered first; rows count downwards.
    assert any((box.x0, box.x1) == july and (box.y0, box.y1) == (-0.38, 0) for box in boxes)
    improved = day_number(pd.Timestamp(2014, 1, 1)), day_number(pd.Timestamp(2016, 1, 1))
    assert any((box.x0, box.x1) == improved and (box.y0, box.y1) == (1, 1.38) for box in boxes)


def test_rows_are_trusts_in_order_of_entry() -> None:
    figure = charts.overview(described(), gap=True).figure
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Trust RAA", "Trust RBB"]
    figure.draw_without_rendering()
    assert "2014" in [label.get_text() for label in axes.get_xticklabels()]


def test_the_words_are_those_of_the_table() -> None:
    found = described()
    chart = charts.overview(found, gap=False)
    # 24 of 48 months and 1 of 48; none and 24 of 48.
    assert chart.message == (
        "As reported, concern is marked in 50% of months in the earlier half (to December 2013) and in 2% in "
        "the later; improvement in 0% and 50%"
    )
    assert "concern at 0, improvement at 1 and common cause at 1" in chart.alt
    # RAA alone has all three periods; one of its 13 months inside is concern.
    assert (
        "Of 1 spell with all three periods, concern is marked in 0% of months in the year before entry, 8% "
        "in special measures and 0% in the year after exit." in chart.alt
    )
    assert charts.message(found, gap=True).startswith("Against England, concern is marked in")
    assert charts.caption(found, gap=False) != charts.caption(found, gap=True)


def test_where_no_spell_can_be_counted_no_period_is_compared() -> None:
    found = described()
    empty = found.tables["period_table"].assign(months=0)
    bare = replace(found, tables=found.tables | {"period_table": empty})
    assert "all three periods" not in charts.alt(bare, gap=False)
    assert "nan" not in charts.alt(bare, gap=False)


def test_figures_of_one_half_of_the_months_give_the_last_points_as_message() -> None:
    found = described()
    numbers = {name: number for name, number in found.numbers.items() if "early" not in name}
    bare = replace(found, numbers=numbers)
    assert charts.message(bare, gap=False) == (
        "As reported, the last month is special cause concern at 0 trusts"
    )


@pytest.mark.parametrize("gap", [False, True])
def test_the_picture_says_that_it_is_no_measure_of_an_effect(gap: bool) -> None:
    figure = charts.overview(described(), gap=gap).figure
    shown = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    assert "no measure of an effect of special measures" in shown


def test_the_target_stands_beside_the_figures_as_reported_only() -> None:
    for gap, expected in ((False, True), (True, False)):
        figure = charts.overview(described(), gap=gap).figure
        shown = [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]
        assert ("Target" in shown) == expected
        assert "Last month" in shown


def test_simulated_data_say_so_in_the_picture() -> None:
    figure = charts.overview(replace(described(), origin="simulated"), gap=False).figure
    assert any("Simulated data" in text.get_text() for text in figure.texts)


@pytest.mark.parametrize("gap", [False, True])
def test_nothing_is_cut_off(gap: bool) -> None:
    assert_fits(charts.overview(described(), gap=gap).figure)
