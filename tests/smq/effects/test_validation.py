"""What is told of planted effects must follow from them: inside or not, and why not."""

from __future__ import annotations

import pandas as pd
import pytest

from press.record import Result
from smq.effects.study import SUMMARY
from smq.effects.validation import REAL, Validation, validate
from smq.performance.indicator import Lacking
from tests.smq.effects.test_estimate import PLANTED, world, yearly_study
from tests.smq.effects.test_planted import NOTHING, truth

LACKING = {"effect": Result(name="effect", kind="absent", reason="not here")}


def accepted(bias: float, bias_error: float = 0.1) -> pd.DataFrame:
    """A study of one indicator, with effects and without."""
    shared = {"indicator": "ae_4h", "worlds": 500, "trusts": 20.0, "spread": 1.0, "error": 1.0}
    shares = {"covered": 91.0, "rejected": 5.0, "claimed": 80.0, "unadjusted_rejected": 90.0}
    row = {**shared, **shares, "bias": bias, "bias_error": bias_error, "before_after_rejected": 60.0}
    rows = [{**row, "planted": True, "truth": -4.0}, {**row, "planted": False, "truth": 0.0}]
    table = pd.DataFrame(rows)[list(SUMMARY)]
    return table.assign(first_seed=1, last_seed=500, world_trusts=160, draws=199)


def validated(low: float, high: float, study: pd.DataFrame) -> Validation:
    known, stays = world()
    entered = stays.set_index("ods_code")["entered_on"].dt.year
    effects = {(unit, year): PLANTED for unit, first in entered.items() for year in range(first + 1, 2020)}
    effect = Result(
        name="effect",
        kind="number",
        value=(low + high) / 2,
        display="an estimate",
        interval=(low, high),
        interval_display="low to high",
    )
    records = {one.id: LACKING for one in yearly_study().indicators} | {"ae_4h": {"effect": effect}}
    found = validate(known, stays, truth(effects), study, yearly_study(), records, window=24)
    assert isinstance(found, Validation)
    return found


def test_an_interval_that_holds_the_planted_effect_is_inside() -> None:
    found = validated(PLANTED - 1, PLANTED + 0.01, accepted(0.0))
    (line,) = found.table.to_dict("records")
    assert (line["planted"], line["inside"], line["why"]) == ("−4.0", "yes", None)
    assert line["estimate"] == "an estimate (low to high)"
    assert found.numbers["planted_inside"] == found.numbers["planted_shown"] == 1
    assert found.numbers["inside_expected"] == pytest.approx(0.91)
    assert "missed" in found.absent


@pytest.mark.parametrize(
    ("bias", "said"),
    [
        (0.5, "estimates are off to this side by 0.50 on average; 9% of intervals miss in 500 worlds"),
        (-0.5, "chance: 9% of intervals miss in 500 worlds, and the bias, −0.50, does not explain this one"),
        (0.1, "chance: 9% of intervals miss in 500 worlds, and the bias, 0.10, does not explain this one"),
    ],
)
def test_a_miss_is_put_down_to_bias_only_where_the_study_shows_it_to_that_side(
    bias: float, said: str
) -> None:
    found = validated(PLANTED + 1, PLANTED + 2, accepted(bias))
    (line,) = found.table.to_dict("records")
    assert (line["inside"], line["why"]) == ("no", said)
    assert found.texts["message"] == "0 of 1 planted effects lie inside their intervals"
    assert found.texts["missed"] == "waits over four hours in A&E"


def test_an_indicator_outside_the_study_says_so() -> None:
    other = accepted(0.0).assign(indicator="shmi")
    (line,) = validated(PLANTED + 1, PLANTED + 2, other).table.to_dict("records")
    assert line["why"] == "not in the accepted study"


def test_targets_that_are_missed_are_named_with_what_was_found() -> None:
    found = validated(PLANTED - 1, PLANTED + 1, accepted(0.0))
    assert found.texts["size_words"] == "between 3% and 7% for 1 of 1 indicators"
    assert found.texts["coverage_words"] == (
        "between 92% and 98% for 0 of 1 indicators; outside: waits over four hours in A&E (91%)"
    )
    (line,) = found.study.to_dict("records")
    assert (line["covered"], line["rejected_none"], line["found"]) == ("91.0", "5.0", "80.0")


def test_real_figures_have_no_known_truth() -> None:
    known, stays = world()
    records = {one.id: LACKING for one in yearly_study().indicators}
    found = validate(known, stays, pd.DataFrame(NOTHING), accepted(0), yearly_study(), records, window=24)
    assert isinstance(found, Lacking)
    assert found.reason == REAL
