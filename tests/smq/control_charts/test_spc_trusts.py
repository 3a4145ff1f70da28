"""Points must be counted in the period of the spell that they belong to, whatever months are missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from smq.config import StepChange, Study, load_study
from smq.control_charts.spc_trusts import TrustChart, chart_trust, choose, count_by_spell
from smq.performance import trajectories
from smq.readers.errors import MappingError
from tests.smq.spc_cases import CALM, ENTRIES, PROJECT, RAA, RBB, spells, waits, whole_study

if TYPE_CHECKING:
    from pathlib import Path


def chart(
    code: str,
    values: list[float],
    entries: pd.DataFrame = ENTRIES,
    study: Study | None = None,
    start: str = "2012-01-01",
) -> TrustChart:
    rows = trajectories.of_indicator(waits({code: values}, start), "ae_4h")
    return chart_trust(rows, code, "value", entries, study or whole_study())


def test_points_are_counted_by_hand() -> None:
    # RAA: in from July 2013 to July 2014; its one special month is July 2014.
    counted = count_by_spell([chart("RAA", RAA)], "down", whole_study()).iloc[0]
    assert [counted[period] for period in ("before", "during", "after")] == [12, 13, 12]
    assert [counted[f"{period}_concern"] for period in ("before", "during", "after")] == [0, 1, 0]
    assert counted["during_common cause"] == 12
    # RBB: 24 months above the mean (all concern), then 24 below; in from October 2013 on.
    counted = count_by_spell([chart("RBB", RBB)], "down", whole_study()).iloc[0]
    assert (counted["before"], counted["before_concern"]) == (12, 12)
    assert (counted["during"], counted["during_concern"], counted["during_improvement"]) == (27, 3, 24)
    assert counted["after"] == 0


def test_a_spell_that_outlasts_the_regime_ends_with_it() -> None:
    end = pd.Timestamp(whole_study().regime.end)
    assert end == pd.Timestamp(2021, 7, 13)
    late = spells(("RAA", "2020-06-01", "2022-03-17"))
    one = chart("RAA", CALM, late, start="2018-01-01")
    assert one.spells["exited_on"].isna().all()
    counted = count_by_spell([one], "down", whole_study()).iloc[0]
    # June 2020 to July 2021.
    assert (counted["during"], counted["after"]) == (14, 0)


def test_the_trust_that_is_drawn_has_most_months_and_entered_first() -> None:
    entries = spells(("RAA", "2013-07-16", ""), ("RBB", "2013-07-16", ""), ("RCC", "2013-01-01", ""))
    charts = [chart("RBB", CALM, entries), chart("RAA", CALM, entries), chart("RCC", CALM[:40], entries)]
    assert choose(charts) == "RAA"
    entries.loc[1, "entered_on"] = pd.Timestamp(2013, 7, 1)
    assert choose([chart("RBB", CALM, entries), chart("RAA", CALM, entries)]) == "RBB"


def test_a_step_change_begins_new_limits_for_its_trust_alone() -> None:
    step = StepChange(
        indicator="ae_4h", month=date(2014, 1, 1), cause="a cause", source="a source", trust="RBB"
    )
    study = whole_study().model_copy(update={"step_changes": (step,)})
    stepped = chart("RBB", RBB, study=study).chart
    assert stepped.group.tolist() == [0] * 24 + [1] * 24
    assert (stepped.mean[0], stepped.mean[-1]) == (21, 5)
    assert not stepped.special.any()
    assert set(chart("RAA", RAA, study=study).chart.group) == {0}


def test_a_missing_month_is_passed_over() -> None:
    table = waits({"RAA": CALM})
    rows = trajectories.of_indicator(table[table["period"] != pd.Timestamp(2013, 3, 1)], "ae_4h")
    one = chart_trust(rows, "RAA", "value", ENTRIES, whole_study())
    assert len(one.months) == 47
    counted = count_by_spell([one], "down", whole_study()).iloc[0]
    assert counted["before"] == 11


def test_the_points_are_a_table_with_rule_and_limits() -> None:
    points = chart("RAA", RAA).points("down")
    special = points[points["point"] != "common cause"]
    assert special["period"].tolist() == [pd.Timestamp(2014, 7, 1)]
    assert special[["value", "rule", "point"]].to_numpy().tolist() == [
        [30.0, "outside the limits", "concern"]
    ]


def test_autocorrelation_by_hand() -> None:
    # 10 and 12 in turn: distances −1 and 1, so −47 of 48.
    assert chart("RAA", CALM).autocorrelation() == pytest.approx(-47 / 48)
    assert chart("RAA", [5.0] * 20).autocorrelation() == 0


def test_a_step_change_of_an_unknown_series_is_refused(tmp_path: Path) -> None:
    text = (PROJECT / "config" / "study.yaml").read_text(encoding="utf-8")
    step = "step_changes: [{indicator: ae_5h, month: 2015-06-01, cause: a cause, source: a source}]"
    assert "step_changes: []" in text
    path = tmp_path / "study.yaml"
    path.write_text(text.replace("step_changes: []", step), encoding="utf-8")
    with pytest.raises(MappingError, match="names a series that is not there: ae_5h"):
        load_study(path)
