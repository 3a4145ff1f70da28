"""A control chart must draw the points that are counted, each by its shape; its words must say them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from smq.charts import Chart, style
from smq.charts import spc as charts
from smq.control_charts.spc_results import Description, describe
from tests.smq.charts.pictures import assert_fits
from tests.smq.spc_cases import CALM, ENTRIES, described, waits, whole_study


def texts(chart: Chart) -> list[str]:
    return [text.get_text() for text in chart.figure.findobj(Text) if isinstance(text, Text)]


def test_each_point_is_drawn_once_by_the_shape_of_what_it_is() -> None:
    chart = charts.chart(described(trust="RBB"))
    axes = chart.figure.axes[0]
    drawn = {
        str(line.get_marker()): np.asarray(line.get_ydata(), dtype=float).tolist()
        for line in axes.lines
        if line.get_linestyle() == "None"
    }
    data = chart.data
    assert drawn["s"] == data.loc[data["point"] == "concern", "value"].tolist()
    assert drawn["D"] == data.loc[data["point"] == "improvement", "value"].tolist()
    assert drawn["o"] == []
    assert len(drawn["s"]) == len(drawn["D"]) == 24


def test_marks_have_a_dark_outline_because_their_fill_is_pale() -> None:
    axes = charts.chart(described()).figure.axes[0]
    marks = [line for line in axes.lines if line.get_linestyle() == "None"]
    assert len(marks) == 3
    assert {str(line.get_markeredgecolor()) for line in marks} == {"#1A1A1A"}


def test_the_words_say_what_is_drawn() -> None:
    chart = charts.chart(described())
    assert chart.message == (
        "Trust RAA: special cause concern in 1 and improvement in 0 of 48 months; the target was never met"
    )
    assert "mean 11.4%, limits 6.1% and 16.7%" in chart.alt
    assert "The last month, at 12.0%, is common cause." in chart.alt
    assert "outside the limits 1" in chart.alt
    assert "In special measures: July 2013 to July 2014." in chart.alt
    shown = texts(chart)
    assert {"Mean 11.4%", "Upper limit 16.7%", "Lower limit 6.1%", "Target 5%"} <= set(shown)
    assert "Variation, by the last month: common cause" in shown
    assert "Assurance: by its limits, misses the target consistently" in shown
    assert charts.chart_caption(described()) != chart.alt


def test_icons_follow_the_last_point_and_the_limits() -> None:
    shown = texts(charts.chart(described(trust="RBB")))
    assert "Variation, by the last month: special cause improvement (low)" in shown
    assert "L" in shown


def test_lines_are_limits_near_limits_and_target() -> None:
    chart = charts.chart(described())
    heights = {
        round(float(np.asarray(line.get_ydata(), dtype=float)[0]), 4)
        for line in chart.figure.axes[0].lines
        if line.get_linestyle() != "None"
    }
    row = chart.data.iloc[0]
    lines = ("mean", "lower", "upper", "near_lower", "near_upper")
    assert {round(float(row[name]), 4) for name in lines} | {5.0} <= heights


def test_a_lost_month_breaks_the_line() -> None:
    table = waits({"RAA": CALM, "RZZ": CALM})
    found = describe(table[table["period"] != pd.Timestamp(2013, 3, 1)], ENTRIES, whole_study(), "ae_4h")
    assert isinstance(found, Description)
    line = next(line for line in charts.chart(found).figure.axes[0].lines if line.get_linewidth() == 0.7)
    drawn = np.asarray(line.get_ydata(), dtype=float)
    assert len(drawn) == 48
    assert np.flatnonzero(np.isnan(drawn)).tolist() == [14]


def test_spells_are_shaded_and_named_and_never_where_there_is_none() -> None:
    assert any("special" in text for text in texts(charts.chart(described())) if text.startswith("In"))
    never = charts.chart(described(trust="RZZ"))
    assert not [text for text in texts(never) if text.startswith("In special")]
    assert "In special measures" not in never.alt


def test_the_pandemic_is_marked_where_the_figures_reach_it() -> None:
    assert "Pandemic" not in texts(charts.chart(described()))
    reaching = described(RAA=[*CALM, *CALM, 10.0, 12.0, 11.0])
    assert "Pandemic" not in texts(charts.chart(reaching))
    assert "Pandemic" in texts(charts.chart(described(RAA=[*CALM, *CALM, *CALM])))


def test_simulated_data_say_so_in_the_picture() -> None:
    found = described()
    assert any("Simulated data" in text for text in texts(charts.chart(replace(found, origin="simulated"))))
    assert not any("Simulated" in text for text in texts(charts.chart(found)))


def test_the_subtitle_says_that_seasons_are_not_removed() -> None:
    shown = " ".join(texts(charts.chart(described()))).replace("\n", " ")
    assert "Seasonality is not removed" in shown
    assert "all 48 months from January 2012 to December 2015" in shown


@pytest.mark.parametrize("trust", ["RAA", "RBB", "RZZ"])
def test_nothing_is_cut_off(trust: str) -> None:
    assert_fits(charts.chart(described(trust=trust)).figure)


def test_a_series_that_never_moves_can_be_drawn() -> None:
    chart = charts.chart(described(trust="RZZ", RZZ=[0.0] * 40))
    assert "special cause concern in 0" in chart.message
    assert_fits(chart.figure)


def test_labels_of_lines_that_meet_stand_apart() -> None:
    places = charts._spread([10.0, 10.0, 11.0, 60.0])
    assert all(np.diff(places) >= charts._LABEL_POINTS - 0.1)
    assert style.SMALL < charts._LABEL_POINTS
