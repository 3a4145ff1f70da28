"""The study's description must be complete: dates in order, each indicator once, directions known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from smq.config import load_study
from smq.readers.errors import MappingError

STUDY = Path(__file__).parents[2] / "config" / "study.yaml"


def test_the_study_as_designed() -> None:
    study = load_study(STUDY)
    assert {indicator.id: indicator.better for indicator in study.indicators} == {
        "ae_4h": "down",
        "rtt_18w": "up",
        "cancer_62d": "up",
        "shmi": "down",
        "dtoc": "down",
        "sickness": "down",
        "agency": "down",
        "turnover": "down",
        "survey_work": "up",
        "survey_care": "up",
        "survey_stress": "down",
    }
    assert study.regime.start == date(2013, 7, 16)
    assert study.regime.end == date(2021, 7, 13)
    assert (study.window, study.window_years, study.months_lost) == (24, 1, 3)
    assert "October to December" in study.indicator("survey_care").note
    assert study.indicator("ae_4h").difference_unit == "percentage points"


def test_an_unknown_indicator_names_the_nearest() -> None:
    with pytest.raises(MappingError, match="no indicator 'ae_4'.*Did you mean 'ae_4h'"):
        load_study(STUDY).indicator("ae_4")


def test_a_supporting_series_is_known_but_is_no_indicator() -> None:
    study = load_study(STUDY)
    assert study.series("beds_available").unit == "beds"
    assert study.series("ae_4h").label == "waits over four hours in A&E"
    with pytest.raises(MappingError, match="no series 'beds_availible'.*Did you mean 'beds_available'"):
        study.series("beds_availible")
    with pytest.raises(MappingError, match="no indicator 'beds_available'"):
        study.indicator("beds_available")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("end: 2021-07-13", "end: 2013-01-01", "follow each other"),
        ("window: 24", "window: 0", "window"),
        ("window_years: 1", "window_years: 0", "window_years"),
        ("months_lost: 3", "months_lost: 13", "months_lost"),
        ("id: rtt_18w", "id: ae_4h", "an id of its own"),
        ("id: loans_count", "id: shmi", "an id of its own"),
        ("better: down", "better: lower", "indicators.0.better"),
        ("months: 96", "monhts: 96", "comparators.monhts"),
        ("{ae_4h: 3000}", "{ae_4h: -1}", "comparators.median_denominator.ae_4h"),
        ("{ae_4h: 3000}", "{ae_5h: 3000}", "median_denominator names a series that is not there: ae_5h"),
    ],
)
def test_a_wrong_study_names_the_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(STUDY.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        load_study(path)
    assert said in str(caught.value)
