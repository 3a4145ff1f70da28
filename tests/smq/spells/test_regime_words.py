"""What the notebook says it found must be the published values of the list, and hold at any cut-off."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smq import reference
from smq.spells import date_uncertainty, follow_up, regime_words
from smq.spells.reconciliation import AGREES, BY_DEFINITION, DIFFERS, NOT_LISTED

if TYPE_CHECKING:
    import pandas as pd

REFERENCE = Path(__file__).parents[3] / "data" / "reference"
LAST = date(2020, 12, 31)
VERDICTS = {AGREES: 27, BY_DEFINITION: 15, DIFFERS: 2, NOT_LISTED: 17}


@pytest.fixture(scope="module")
def spells() -> pd.DataFrame:
    return reference.load_spells(REFERENCE / "smq_spells.csv")


@pytest.fixture(scope="module")
def ranges(spells: pd.DataFrame) -> pd.DataFrame:
    return reference.load_date_ranges(REFERENCE / "date_ranges.csv", spells=spells)


def test_the_sentences_hold_the_values_published_with_the_list(
    spells: pd.DataFrame, ranges: pd.DataFrame
) -> None:
    observed = follow_up.at_cutoff(spells, LAST)
    sensitivity = date_uncertainty.table(spells, ranges, LAST)
    said = regime_words.found(observed, LAST, VERDICTS, "Searched.", sensitivity)
    assert said[0] == (
        "42 spells at 38 trusts: 33 had led to an exit by 31 December 2020, 1 had ended because the trust "
        "merged into another, and 8 had not ended."
    )
    assert said[1] == "Within 24 months 13 of 42 spells had led to an exit (31.0%)."
    assert said[2] == "Of the 40 spells begun at least 24 months before, 13 had (32.5%)."
    assert "33.3% (95% interval 20.9 to 50.4) by Kaplan–Meier" in said[3]
    assert "within an estimated 29.8 months (95% interval" in said[4]
    assert said[5] == "4 trusts came back after an exit; of 4 repeat spells, none had led to an exit."
    assert said[6] == "Searched."
    assert "27 agree, 15 agree by another definition and 2 differ" in said[7]
    assert "exits within 12 months 4 to 5; exits within 24 months 13;" in said[8]


@pytest.mark.parametrize("last", [date(2013, 7, 16), date(2014, 6, 30), date(2017, 4, 30)])
def test_what_an_early_cutoff_cannot_know_is_not_said(spells: pd.DataFrame, last: date) -> None:
    said = " ".join(regime_words.found(follow_up.at_cutoff(spells, last), last, VERDICTS, "Searched.", None))
    assert "nan" not in said
    assert "uncertain dates" not in said
    assert ("Kaplan–Meier" in said) == (last > date(2015, 7, 16))
    assert ("repeat spell" in said) == (last > date(2017, 4, 6))


def test_a_date_that_cannot_matter_and_one_of_high_confidence_are_named(
    spells: pd.DataFrame, ranges: pd.DataFrame
) -> None:
    late, high = regime_words.date_notes(ranges, spells, LAST)
    assert late.endswith(": Isle of Wight (exit).")
    assert high.endswith(": Worcestershire Acute (entry).")
    kept = ranges[~ranges["ods_code"].isin(["R1F", "RWP"])]
    assert regime_words.date_notes(kept, spells, LAST) == ()
