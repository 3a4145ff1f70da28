"""The charts of effects must draw what is named, and their words must follow the intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from smq.charts import effects as charts
from smq.effects import wording
from tests.smq.effects.test_estimate import found


def test_the_event_study_draws_both_series_and_nothing_adjusted_before_entry() -> None:
    chart = charts.event_study(found())
    drawn = [np.asarray(line.get_ydata(), dtype=float).tolist() for line in chart.figure.axes[0].lines]
    assert found().events["plain"].tolist() in drawn
    adjusted = found().events.query("event >= 0")["effect"].tolist()
    assert adjusted in drawn
    assert chart.data.columns[0] == "event_year"


def test_the_words_say_the_finding_with_its_interval() -> None:
    chart = charts.event_study(found())
    assert chart.message == (
        "Waits over four hours in A&E: after entry trusts did better than comparable trusts"
    )
    assert wording.with_interval(found(), found().headline) in chart.alt
    assert chart.alt != charts.event_caption(found())


def test_the_curve_has_a_row_for_each_specification_and_counts_the_clear_ones() -> None:
    chart = charts.specification_curve(found())
    labels = [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]
    table = wording.specification_table(found())
    assert labels == table.loc[table["reason"] == "", "specification"].tolist()
    clear = int((table["high"] < 0).sum())
    assert chart.message == f"Of {len(labels)} specifications {clear} show a clear improvement"
    assert chart.message in chart.alt


def test_no_clear_specification_is_said_so() -> None:
    wide = [
        replace(one, estimate=replace(one.estimate, error=99.0) if one.estimate else None)
        for one in found().specifications
    ]
    chart = charts.specification_curve(replace(found(), specifications=wide))
    assert chart.message.startswith("None of ")


def test_simulated_data_say_so_in_the_picture() -> None:
    for draw in (charts.event_study, charts.specification_curve):
        figure = draw(replace(found(), origin="simulated")).figure
        assert any("Simulated data about fictional trusts" in text.get_text() for text in figure.texts)
        assert not any("Simulated" in text.get_text() for text in draw(found()).figure.texts)
