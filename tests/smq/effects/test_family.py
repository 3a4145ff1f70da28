"""Adjusted p-values must be those of the published example, and each family be adjusted on its own."""

from __future__ import annotations

import pytest
from statsmodels.stats.multitest import multipletests

from smq.effects.family import adjusted

# Benjamini and Hochberg (1995), section 4.1: fifteen p-values of a trial; at 5% their procedure finds four.
FIFTEEN = (
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
)


def test_the_example_of_benjamini_and_hochberg() -> None:
    table = adjusted({f"other_{place:02d}": value for place, value in enumerate(FIFTEEN)})
    assert (table["family"] == "secondary").all()
    assert int((table["adjusted"] <= 0.05).sum()) == 4
    # The paper: Bonferroni, and so Holm's first step, finds three.
    assert int((multipletests(FIFTEEN, method="holm")[1] <= 0.05).sum()) == 3


def test_the_primary_family_is_adjusted_by_holm_and_apart_from_the_others() -> None:
    table = adjusted({"shmi": 0.04, "ae_4h": 0.01, "dtoc": 0.03, "survey_work": 0.02, "sickness": 0.5})
    by_hand = {"ae_4h": 0.03, "dtoc": 0.06, "shmi": 0.06, "survey_work": 0.04, "sickness": 0.5}
    found = dict(zip(table["indicator"], table["adjusted"], strict=True))
    assert found == pytest.approx(by_hand)
    assert table["family"].tolist() == ["primary", "primary", "primary", "secondary", "secondary"]


def test_an_indicator_that_is_not_there_does_not_count() -> None:
    assert adjusted({"ae_4h": 0.03})["adjusted"].tolist() == [0.03]
    assert adjusted({}).empty
