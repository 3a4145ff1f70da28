"""The truth file must say what was planted, and what follows from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from smq.simulation.calendar import place
from smq.simulation.indicators import BY_ID, PLANTED
from smq.simulation.truth import event_table, mean_effect, parameter_table

if TYPE_CHECKING:
    from smq.simulation.world import World


@pytest.fixture(scope="module")
def told(world: World) -> pd.Series[float]:
    return parameter_table(world).set_index(["indicator", "quantity"])["value"]


def test_every_indicator_is_told(files: Path) -> None:
    table = pd.read_csv(files / "truth" / "parameters.csv")
    assert table["indicator"].nunique() == 11
    assert not table.duplicated(["indicator", "quantity"]).any()
    wanted = {"level", "trend", "season", "peak", "pandemic", "spread", "swing", "effect", "kept", "watched"}
    assert wanted <= set(table["quantity"])


def test_an_effect_that_lasts_has_the_mean_by_hand(world: World, told: pd.Series[float]) -> None:
    # Twelve steps of a twelfth make 6.5, and twelve months at the full effect 12: 18.5 of 24.
    effect = told["ae_4h", "mean_effect_1_24"]
    again = any(
        spell.returned and world.figures["ae_4h"].reported[spell.trust].any() for spell in world.spells
    )
    expected = -3.0 * 18.5 / 24
    assert effect == pytest.approx(expected, abs=1e-9) if not again else effect <= expected


def test_null_controls_have_no_effect(told: pd.Series[float]) -> None:
    for indicator in ("rtt_18w", "cancer_62d", "survey_stress"):
        assert told[indicator, "effect"] == 0
        assert told[indicator, "mean_effect_1_24"] == 0


def test_event_time_begins_at_nothing_and_grows_by_twelfths(world: World) -> None:
    table = event_table(world)
    waits = table[table["indicator"] == "ae_4h"].set_index("month")["effect"]
    first = [spell for spell in world.spells if spell.entered == date(2013, 7, 18)]
    assert first
    for month in (1, 6, 12):
        rows = world.effects["ae_4h"][[spell.trust for spell in first], place(first[0].entered) + month]
        assert rows == pytest.approx([-3.0 * month / 12] * len(first))
    assert waits[12] <= waits[1] < 0
    assert set(table.loc[table["indicator"] == "rtt_18w", "effect"].dropna()) <= {0.0}
    assert np.isnan(mean_effect(world, "ae_4h", range(1, 200)))


def test_the_primary_family_has_the_signs_of_the_published_evaluation() -> None:
    """Waits, mortality and delayed transfers became better; the null controls did not change."""
    assert all(BY_ID[name].effect * BY_ID[name].better > 0 for name in ("ae_4h", "shmi", "dtoc"))
    assert {planted.id for planted in PLANTED if planted.effect == 0} == {
        "rtt_18w",
        "cancer_62d",
        "survey_stress",
    }
