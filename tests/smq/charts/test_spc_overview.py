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
    # 12 of 24 months before, 4 of 40 in special measures, none of 12 after.
    assert chart.message == (
        "Special cause concern is flagged in 50% of months in the year before entry, 10% of months in "
        "special measures, 0% of months in the year after exit"
    )
    assert "concern at 0, improvement at 1 and common cause at 1" in chart.alt
    assert "60% of 40 months in special measures" in chart.alt
    assert charts.message(found, gap=True).startswith("Against England, special cause concern")
    assert charts.caption(found, gap=False) != charts.caption(found, gap=True)


def test_where_no_spell_can_be_counted_the_last_points_are_the_message() -> None:
    found = described()
    empty = found.tables["period_table"].assign(months=0)
    bare = replace(found, tables=found.tables | {"period_table": empty})
    assert charts.message(bare, gap=False) == "The last month is special cause concern at 0 trusts"
    assert "nan" not in charts.alt(bare, gap=False)


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


def test_every_column_of_a_table_has_a_heading() -> None:
    found = described()
    labels = charts.table_labels(found)
    for name, table in found.tables.items():
        assert set(labels[name]) == set(table.columns)
        assert set(charts.table_formats(found)[name]) <= set(table.columns)
        assert charts.table_captions(found)[name]
