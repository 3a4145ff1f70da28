"""The charts of effects must draw what is named, and their words must follow the intervals."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from smq.charts import effects as charts
from smq.charts import effects_curve as curves
from smq.effects import wording
from smq.statistics.estimates import Estimate
from tests.smq.charts.pictures import assert_fits
from tests.smq.effects.test_estimate import found


def test_the_event_study_draws_both_series_and_nothing_adjusted_before_entry() -> None:
    chart = charts.event_study(found())
    assert_fits(chart.figure)
    drawn = [np.asarray(line.get_ydata(), dtype=float).tolist() for line in chart.figure.axes[0].lines]
    assert found().events["plain"].tolist() in drawn
    adjusted = found().events.query("event >= 0")["effect"].tolist()
    assert adjusted in drawn
    assert chart.data.columns[0] == "event_year"


def test_the_words_say_the_finding_with_its_interval() -> None:
    chart = charts.event_study(found())
    assert chart.message == "Waits over four hours in A&E: better after entry than at comparable trusts"
    assert wording.with_interval(found(), found().headline) in chart.alt
    assert chart.alt != charts.event_caption(found())


def test_the_curve_has_a_row_for_each_specification_and_counts_the_clear_ones() -> None:
    chart = curves.specification_curve(found())
    assert_fits(chart.figure)
    labels = [label.get_text().replace("\n", " ") for label in chart.figure.axes[0].get_yticklabels()]
    table = wording.specification_table(found())
    assert labels == [name.removesuffix(", same past") for name in table["specification"]]
    clear = int((table["high"] < 0).sum())
    assert chart.message in {
        f"All {clear} specifications show a clear improvement",
        f"Of {int((table['reason'] == '').sum())} specifications, {clear} show a clear improvement and "
        f"{int((table['high'] >= 0).sum())} show no clear effect",
    }
    assert chart.message in chart.alt


def test_a_specification_without_an_estimate_keeps_its_row_and_says_so() -> None:
    figure = curves.specification_curve(found()).figure
    written = [text.get_text() for text in figure.axes[0].texts]
    assert written.count("cannot be given") == sum(one.estimate is None for one in found().specifications) > 0


def test_specifications_that_disagree_are_counted_each_way() -> None:
    signs = {"headline": 5.0, "cohorts": -5.0}
    mixed = [
        replace(one, estimate=Estimate(signs.get(one.name, 0.1), 1.0, 11, 12)) if one.estimate else one
        for one in found().specifications
    ]
    shown = sum(one.estimate is not None for one in mixed)
    assert wording.curve_message(replace(found(), specifications=mixed)) == (
        f"Of {shown} specifications, {shown - 2} show no clear effect, 1 shows a clear worsening and "
        "1 shows a clear improvement"
    )


def test_no_clear_specification_is_said_so() -> None:
    wide = [
        replace(one, estimate=replace(one.estimate, error=99.0) if one.estimate else None)
        for one in found().specifications
    ]
    chart = curves.specification_curve(replace(found(), specifications=wide))
    assert re.fullmatch(r"All \d+ specifications show no clear effect", chart.message)


def test_an_interval_beyond_the_picture_ends_in_an_arrow_and_keeps_its_numbers() -> None:
    far = replace(found().specifications[1], estimate=Estimate(1.0, 500.0, 11, 12))
    changed = [found().specifications[0], far, *found().specifications[2:]]
    figure = curves.specification_curve(replace(found(), specifications=changed)).figure
    assert_fits(figure)
    arrows = [line.get_marker() for line in figure.axes[0].lines if line.get_marker() in ("<", ">")]
    assert sorted(map(str, arrows)) == ["<", ">"]
    assert any(text.get_text().startswith("1.0 (−1099") for text in figure.axes[0].texts)


def test_simulated_data_say_so_in_the_picture() -> None:
    for draw in (charts.event_study, curves.specification_curve):
        figure = draw(replace(found(), origin="simulated")).figure
        assert any("Simulated data about fictional trusts" in text.get_text() for text in figure.texts)
        assert not any("Simulated" in text.get_text() for text in draw(found()).figure.texts)
