"""The funnel must show the published limits and every trust, and its words must say what is outside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.text import Text

from smq.charts import funnel as charts
from smq.control_charts.shmi_funnels import Description, describe
from tests.smq.charts.pictures import assert_fits
from tests.smq.control_charts.test_shmi_funnels import ENTRIES, TRUSTS, described, panel
from tests.smq.spc_cases import whole_study


def of(trusts: dict[str, tuple[float, float]], published: str = "2013-04-01") -> Description:
    found = describe(panel(trusts, published=published), ENTRIES, whole_study())
    assert isinstance(found, Description)
    return found


def test_every_trust_is_drawn_by_the_shape_of_its_state() -> None:
    axes = charts.funnel(described()).figure.axes[0]
    drawn = {
        str(line.get_marker()): np.asarray(line.get_ydata(), dtype=float).tolist()
        for line in axes.lines
        if line.get_linestyle() == "None"
    }
    assert sorted(drawn["^"]) == [1.0, 1.2]
    assert sorted(drawn["o"]) == [0.85, 1.3]
    assert drawn["s"] == drawn["D"] == []


def test_the_limits_drawn_are_those_of_the_edition() -> None:
    axes = charts.funnel(described()).figure.axes[0]
    heights = [set(np.asarray(line.get_ydata(), dtype=float).tolist()) for line in axes.lines]
    assert {0.9} in heights
    assert {1.1} in heights


def test_only_trusts_ever_in_the_regime_are_named() -> None:
    figure = charts.funnel(described()).figure
    shown = [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]
    assert "Trust RAA" in shown
    assert not [text for text in shown if text in ("Trust RBB", "RCC", "RDD", "Trust RDD")]


@pytest.mark.parametrize(
    ("trusts", "published", "message"),
    [
        (
            TRUSTS,
            "2013-04-01",
            "2 of 4 trusts had higher mortality than expected; 1 of them entered special measures later",
        ),
        (
            TRUSTS,
            "2013-08-01",
            "2 of 4 trusts had higher mortality than expected; "
            "1 of them was in special measures at some time",
        ),
        (
            {"RAA": (1200.0, 1000.0)},
            "2013-04-01",
            "1 of 1 trust had higher mortality than expected; it entered special measures later",
        ),
        (
            {"RDD": (1200.0, 1000.0), "RAA": (1000.0, 1000.0)},
            "2013-04-01",
            "1 of 2 trusts had higher mortality than expected; it was never in special measures",
        ),
        ({"RAA": (1000.0, 1000.0)}, "2013-04-01", "0 of 1 trust had higher mortality than expected"),
    ],
)
def test_the_message_is_right_for_many_one_and_none(
    trusts: dict[str, tuple[float, float]], published: str, message: str
) -> None:
    chart = charts.funnel(of(trusts, published))
    assert chart.message == message
    assert chart.alt.startswith(message)
    assert_fits(chart.figure)


def test_the_alternative_text_names_the_trusts_outside() -> None:
    chart = charts.funnel(described())
    assert "Named, from the highest: Trust RAA 1.20." in chart.alt
    assert "Of 2 trusts ever in special measures, 1 higher, 1 as expected, 0 lower." in chart.alt
    assert charts.caption(described()) != chart.alt


def test_limits_of_ours_are_said_to_be_ours() -> None:
    many = {f"R{letter}A": (1000.0 + 20 * place, 1000.0) for place, letter in enumerate("ABCDEFGHJK")}
    found = describe(panel(many, limits=None), ENTRIES, whole_study())
    assert isinstance(found, Description)
    figure = charts.funnel(found).figure
    assert "our own 95% limits" in " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    simulated = charts.funnel(replace(found, origin="simulated")).figure
    assert any("Simulated data" in text.get_text() for text in simulated.texts)


def test_names_do_not_cover_each_other() -> None:
    close = {"RAA": (1201.0, 1000.0), "RBB": (1200.0, 1000.0), "RCC": (1000.0, 1100.0)}
    figure = charts.funnel(of(close)).figure
    figure.draw_without_rendering()
    boxes = [
        Text.get_window_extent(text) for text in figure.axes[0].texts if text.get_text().startswith("Trust")
    ]
    assert len(boxes) == 2
    assert not boxes[0].overlaps(boxes[1])


def test_every_column_of_a_table_has_a_heading() -> None:
    found = described()
    for name, table in found.tables.items():
        assert set(charts.table_labels()[name]) == set(table.columns)
        assert set(charts.table_formats()[name]) <= set(table.columns)
        assert charts.table_captions(found)[name]
