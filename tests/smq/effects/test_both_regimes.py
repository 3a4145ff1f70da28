"""What is told of the list must be aggregates alone, say what it lacks, and follow from what is rounded."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
import pytest

from smq.charts import both_regimes as charts
from smq.config import load_study
from smq.effects import both_regimes as told_of
from smq.effects import both_regimes_tables as tables
from smq.effects.both_regimes import NAMES, Line, Told, put_together, tell
from smq.effects.disclosure import Released
from smq.performance.indicator import Lacking
from smq.readers.challenged_list import NONE
from tests.smq.effects import watched
from tests.smq.effects.test_estimate import yearly_study
from tests.smq.indicator_cases import PROJECT

INDICATORS = {one.id: one for one in load_study(PROJECT / "config/study.yaml").indicators}


def told(listed: pd.DataFrame) -> Told | Lacking:
    return tell(watched.panel(), watched.record(), listed, yearly_study(), window=24, permutations=49, seed=3)


@cache
def of(first: int, number: int) -> Told:
    found = told(watched.listed(watched.others()[first : first + number]))
    assert isinstance(found, Told)
    return found


def everything(found: Told) -> str:
    """All words and numbers that are named of it."""
    chart = charts.forest(found)
    frames = [*tables.tables(found).values(), chart.data]
    words = [chart.message, chart.alt, found.clear_list, str(found.absent), str(tables.notes(24, 49, 3))]
    return "\n".join([*(frame.to_csv() for frame in frames), *words, str(tables.numbers(found, 49, 3))])


def names(found: Told) -> set[str]:
    given = {*tables.numbers(found, 49, 3), *tables.tables(found), "forest"}
    return given if "clear_list" in found.absent else given | {"clear_list"}


def test_every_name_is_there_or_absent_and_none_is_both() -> None:
    found = of(0, 16)
    assert names(found) | set(found.absent) == set(NAMES)
    assert not names(found) & set(found.absent)


def test_without_a_list_the_reason_says_so() -> None:
    assert told(NONE) == Lacking(told_of.NO_LIST)
    assert "confidential" in told_of.NO_LIST


@pytest.mark.parametrize("number", [1, 9])
def test_of_a_list_of_fewer_than_ten_trusts_nothing_is_told_nor_how_many_they_are(number: int) -> None:
    found = told(watched.listed(watched.others()[:number]))
    assert found == Lacking(told_of.SHORT_LIST)
    assert re.findall(r"\d+", told_of.SHORT_LIST) == ["10"]


def test_stays_that_begin_after_the_cut_off_do_not_fill_a_list() -> None:
    rows = watched.listed(watched.others()[:12])
    assert told(rows.assign(on=pd.Timestamp("2021-03-01"))) == Lacking(told_of.SHORT_LIST)


def test_where_fewer_than_ten_have_figures_nothing_is_told_nor_how_many_they_are() -> None:
    codes = [*watched.others()[:9], "RZ1", "RZ2", "RZ3"]
    assert told(watched.listed(codes)) == Lacking(told_of.NO_FIGURES)
    assert re.findall(r"\d+", told_of.NO_FIGURES) == ["10"]


def test_a_world_tells_of_its_indicators_and_says_why_of_the_others() -> None:
    found = of(0, 16)
    assert found.origin == "confidential aggregate"
    assert found.listed == 15
    assert found.counts["indicators_total"] == 11
    assert found.counts["indicators_shown"] == found.counts["regime_shown"] == 1
    table = tables.tables(found)["list_table"].set_index("indicator")
    row = table.loc["Staff who would recommend the trust as a place to work (percentage points)"]
    assert row["trusts"] == "15"
    missing = table.loc["Staff turnover in a year (percentage points)", "finding"]
    assert missing == "No result: no data file holds figures"


def test_no_trust_is_named_and_no_number_of_trusts_is_exact() -> None:
    for found in (of(0, 16), of(20, 13)):
        said = everything(found)
        codes = {*watched.others(), *watched.record()["ods_code"]}
        assert [code for code in codes if re.search(rf"\b{code}\b", said)] == []
        trusts = [line.of_list.trusts for line in found.lines if line.of_list]
        assert {*trusts, found.listed} == {15}


def test_lists_of_the_same_length_differ_in_rounded_estimates_alone() -> None:
    one, other = of(0, 16), of(40, 16)

    def outline(found: Told) -> str:
        return re.sub(r"[−-]?\d+\.\d+", "x", everything(found))

    assert one.lines != other.lines
    assert outline(one) == outline(other)


def line(name: str, low: float, high: float, p_value: float, *, agrees: bool = True) -> Line:
    middle = Released((low + high) / 2, (low, high), 15, 1)
    return Line(INDICATORS[name], "official statistics", middle, agrees, p_value, spread=2.0)


# Holm among the three primary ones: 0.01 × 3 and 0.04 × 2; of the others by Benjamini-Hochberg: 0.02 × 3 / 1
# and 0.03 × 3 / 2 are both lowered to 0.045, 0.20 stays.
def test_an_effect_is_clear_where_interval_adjusted_p_and_unadjusted_estimate_agree() -> None:
    lines = [
        line("ae_4h", -2.4, -0.2, 0.01),
        line("shmi", -2.4, -0.2, 0.04),
        line("dtoc", -1.0, 0.0, 0.90),
        line("sickness", 0.2, 0.6, 0.02),
        line("survey_work", 0.5, 2.0, 0.03, agrees=False),
        line("survey_care", -0.5, 2.0, 0.20),
        Line(INDICATORS["turnover"], "", reason="no figures"),
    ]
    found = put_together(lines, 20)
    assert found.p_values == pytest.approx(
        {
            "ae_4h": 0.03,
            "shmi": 0.08,
            "dtoc": 0.9,
            "sickness": 0.045,
            "survey_work": 0.045,
            "survey_care": 0.2,
        }
    )
    assert {name: side for name, side in found.clear.items() if side} == {"ae_4h": 1, "sickness": -1}
    assert found.clear_list == "waits over four hours in A&E (better); staff sickness absence (worse)"
    shown = [found.counts[f"indicators_{name}"] for name in ("total", "shown", "clear", "better", "worse")]
    assert shown == [7, 6, 2, 1, 1]
    # Nothing is told of the regime without watched comparators.
    assert set(found.absent) == {"regime_shown", "regime_changed", "regime_table"}
    assert (
        charts.message(found)
        == "Of 6 indicators, 1 clearly improved and 1 clearly worsened after a trust came on the list"
    )


def test_both_estimates_of_the_regime_are_compared_as_they_are_told() -> None:
    def both(name: str, ends: tuple[float, float], other: tuple[float, float]) -> Line:
        without, everyone = (Released(sum(pair) / 2, pair, 20, 1) for pair in (ends, other))
        return Line(INDICATORS[name], "simulated", without=without, everyone=everyone)

    found = put_together(
        [both("ae_4h", (-2.0, 0.0), (-2.0, -0.2)), both("dtoc", (-2.0, -1.0), (-4.0, -1.0))], 20
    )
    assert (found.counts["regime_shown"], found.counts["regime_changed"]) == (2, 1)
    assert tables.tables(found)["regime_table"]["finding"].tolist() == ["no", "yes"]
    assert "list_table" in found.absent
    assert "indicators_shown" not in found.counts
    assert found.origin == "simulated"
    assert (
        charts.forest(found).message == "What watched comparators change in the effects of special measures"
    )


def test_the_figure_shows_improvements_to_the_right_in_standard_deviations() -> None:
    found = put_together([line("ae_4h", -2.6, -0.2, 0.01), line("survey_work", -1.0, 2.0, 0.9)], 20)
    data = charts.drawn(found).set_index("indicator")
    assert list(data.loc["Waits over four hours in A&E", ["low", "effect", "high"]]) == pytest.approx(
        [0.1, 0.7, 1.3]
    )
    assert data.loc["Staff who would recommend the trust as a place to work", "low"] == -0.5
    alt = charts.forest(found).alt
    assert "Waits over four hours in A&E: 0.7 (0.1 to 1.3)" in alt
    assert "(−0.5 to 1.0)" in alt


def test_nothing_that_rounds_to_zero_has_a_sign() -> None:
    assert tables.with_interval(Released(-0.0, (-0.04, 1.0), 10, 1)) == "0.0 (0.0 to 1.0)"
