"""Beside one another effects must be judged with account of how many there are, and none be left out."""

from __future__ import annotations

import pytest

from press.record import Result
from smq.charts import effects_forest
from smq.config import load_study
from smq.effects.comparison import NEEDED, NOTHING, Comparison, compare, names
from tests.smq.charts.pictures import assert_fits
from tests.smq.indicator_cases import PROJECT

STUDY = load_study(PROJECT / "config" / "study.yaml")
IDS = [one.id for one in STUDY.indicators]


def number(name: str, value: float, low: float | None = None, high: float | None = None) -> Result:
    interval = None if low is None or high is None else (low, high)
    return Result(
        name=name,
        kind="number",
        value=value,
        display=f"{value}",
        interval=interval,
        interval_display="" if interval is None else f"{low} to {high}",
        denominator=20,
        origin="official statistics",
    )


def record(
    effect: tuple[float, float, float], other: tuple[float, float, float], p_value: float, word: str
) -> dict[str, Result]:
    """Give what is read of one indicator; whatever a test does not speak of is absent."""
    given = {name: Result(name=name, kind="absent", reason="too few") for name in NEEDED}
    return given | {
        "effect": number("effect", *effect),
        "cs_not_yet": number("cs_not_yet", *other),
        "p_value": number("p_value", p_value),
        "detectable": number("detectable", 2.0),
        "spread": number("spread", 4.0),
        "exit_1y": number("exit_1y", -1.0, -2.0, 0.5),
        "effect_word": Result(name="effect_word", kind="text", value=word, origin="official statistics"),
    }


LACKING = {name: Result(name=name, kind="absent", reason="no data file holds figures") for name in NEEDED}
BETTER = record((-3, -4, -2), (-4, -5, -3), 0.001, "better")
UNCLEAR = record((-1, -3, 1), (-1, -3, 1), 0.4, "no different")
ONE_SIDED = record((-3, -4, -2), (0, -1, 1), 0.001, "no different")


def compared(**records: dict[str, Result]) -> Comparison:
    return compare(STUDY, dict.fromkeys(IDS, LACKING) | records)


def test_an_effect_that_does_not_outlast_the_number_of_indicators_is_not_clear() -> None:
    """Holm among two primary ones doubles the smaller p-value: 0.04 is not enough, 0.02 is."""
    weak = BETTER | {"p_value": number("p_value", 0.04)}
    assert compared(ae_4h=weak, shmi=UNCLEAR).verdicts == {"ae_4h": "unclear", "shmi": "unclear"}
    assert compared(ae_4h=weak).verdicts == {"ae_4h": "better"}
    strong = BETTER | {"p_value": number("p_value", 0.02)}
    assert compared(ae_4h=strong, shmi=UNCLEAR).verdicts["ae_4h"] == "better"


def test_comparisons_that_disagree_are_named_and_make_no_effect() -> None:
    found = compared(ae_4h=BETTER, survey_care=ONE_SIDED, shmi=UNCLEAR)
    assert found.verdicts == {"ae_4h": "better", "shmi": "unclear", "survey_care": "disputed"}
    assert found.counts == {
        "effects_total": 11,
        "effects_shown": 3,
        "effects_better": 1,
        "effects_worse": 0,
        "effects_disputed": 1,
    }
    texts = found.texts()
    assert texts["message"] == "Of 3 indicators, 1 clearly better after entry"
    assert texts["disputed_list"] == "staff who would recommend the trust's care"
    # Care is better the higher it is, so that three points less are worse.
    assert texts["disputed_side"] == "worse"
    assert compared(ae_4h=ONE_SIDED, survey_care=ONE_SIDED).texts()["disputed_side"] == "differently"
    assert texts["survey_care_direction"] == "no different"
    assert texts["survey_care_verdict"] == "no effect that holds in both comparisons"
    assert found.absent()["worse_list"] == "no indicator is one of these"


def test_every_result_is_given_or_absent_with_its_reason_and_none_is_both() -> None:
    for found in (compared(), compared(shmi=UNCLEAR)):
        texts, absent = found.texts(), found.absent()
        given = {
            *texts,
            *(() if found.origin is None else (*found.counts, "all_effects", "checks", "forest")),
        }
        given |= set() if found.after_exit.empty else {"after_exit"}
        assert given | set(absent) == set(names(IDS))
        assert not given & set(absent)
        assert all(absent.values())
    assert set(compared().absent().values()) == {NOTHING}


def test_an_indicator_without_an_estimate_keeps_its_row_and_its_reason() -> None:
    table = compared(shmi=UNCLEAR).table
    assert len(table) == 11
    assert table["finding"].tolist().count("No result: no data file holds figures") == 10
    assert table.loc[3, "finding"] == "not clearly different"
    assert table.loc[3, "effect"] == "-1 (-3 to 1)"


def test_better_lies_to_the_right_in_standard_deviations_whichever_way_is_better() -> None:
    # The A&E share improves downwards, the share who would recommend care upwards; both spreads are 4.
    data = compared(ae_4h=BETTER, survey_care=BETTER | {"effect_word": UNCLEAR["effect_word"]}).forest
    down, up = data.to_dict("records")
    assert (down["effect"], down["low"], down["high"]) == (0.75, 0.5, 1.0)
    assert (up["effect"], up["low"], up["high"]) == (-0.75, -1.0, -0.5)
    assert (down["other"], down["other_low"], down["other_high"]) == (1.0, 0.75, 1.25)


def test_one_indicator_alone_is_named_in_the_message() -> None:
    found = compared(shmi=UNCLEAR)
    assert found.message() == "Summary hospital-level mortality indicator: no clear effect of entry"
    assert (
        compared(shmi=UNCLEAR, ae_4h=UNCLEAR).message() == "No clear effect of entry on any of 2 indicators"
    )
    assert found.exit_message() == "no clear change in the one indicator"
    left = UNCLEAR | {"exit_1y": number("exit_1y", -2.0, -3.0, -1.0)}
    assert compared(shmi=left, ae_4h=UNCLEAR).exit_message() == "clearly better on 1 of 2 indicators"


@pytest.mark.parametrize("known", [("ae_4h",), ("survey_work",), tuple(IDS)])
def test_the_forest_fits_with_one_family_with_one_row_and_with_all(known: tuple[str, ...]) -> None:
    found = compared(**dict.fromkeys(known, ONE_SIDED))
    chart = effects_forest.forest(found)
    assert_fits(chart.figure)
    written = [text.get_text() for text in chart.figure.axes[0].texts]
    assert written.count("disagree") == len(known)
    assert written.count("-3 (-4 to -2)") == len(known)
    assert "hospital-level" in effects_forest.alt(compared(shmi=UNCLEAR))
