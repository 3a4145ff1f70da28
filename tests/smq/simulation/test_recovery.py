"""What is planted must come back out of the raw files, through the readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from smq.simulation.calendar import YEARS, place
from smq.simulation.figures import year_of
from smq.simulation.indicators import BY_ID, PLANTED, YEARLY, Planted
from smq.simulation.truth import effect_table
from tests.smq.simulation.readings import default_world, read

if TYPE_CHECKING:
    from pathlib import Path

    from smq.simulation.world import World
    from smq.worlds.tidy_folder import TidyData

NAMES = [planted.id for planted in PLANTED]
MONTHLY = [name for name in NAMES if name not in YEARLY]


@pytest.fixture(scope="module")
def without(made: TidyData) -> pd.DataFrame:
    """Figures of the world in which the regime does nothing."""
    return made.panel


def wide(rows: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Give values by period and unit."""
    chosen = rows[rows["indicator"] == indicator].astype({"unit": "str"})
    return chosen.set_index(["period", "unit"])["value"].unstack()  # noqa: PD010 - each pair once


def middle(planted: Planted, periods: pd.DatetimeIndex) -> np.ndarray:
    """Give years from January 2010 to the middle of the months that each figure is about."""
    years = periods.year.to_numpy() - 2010 + (periods.month.to_numpy() - 1) / 12
    if planted.id not in YEARLY:
        return np.asarray(years)
    # Twelve months from the period on; the survey is done from October to December.
    return np.asarray(years + (10 if planted.id.startswith("survey") else 5.5) / 12)


@pytest.mark.parametrize("name", NAMES)
def test_level_trend_and_season_are_recovered(without: pd.DataFrame, name: str) -> None:
    planted = BY_ID[name]
    national = wide(without, name).mean(axis=1)
    # The pandemic moves the courses, and differently through the years that hold its beginning.
    national = national[national.index < pd.Timestamp("2019-04-01" if name in YEARLY else "2020-03-01")]
    periods = pd.DatetimeIndex(national.index)
    angle = 2 * np.pi * periods.month.to_numpy() / 12
    columns = [np.ones(len(periods)), middle(planted, periods)]
    if name not in YEARLY:
        columns += [np.cos(angle), np.sin(angle)]
    found = np.linalg.lstsq(np.stack(columns, axis=1), national.to_numpy(), rcond=None)[0]
    scale = float(np.hypot(planted.spread, planted.swing))
    assert found[0] == pytest.approx(planted.level, abs=0.12 * scale)
    assert found[1] == pytest.approx(planted.trend, abs=0.02 * scale)
    if name not in YEARLY:
        assert np.hypot(found[2], found[3]) == pytest.approx(planted.season, abs=0.06 * scale)
        peak = np.arctan2(found[3], found[2]) * 6 / np.pi
        assert abs((peak - planted.peak + 6) % 12 - 6) < 1.0


@pytest.mark.parametrize("name", NAMES)
def test_trusts_differ_persistently(without: pd.DataFrame, name: str) -> None:
    values = wide(without, name)
    apart = values.sub(values.mean(axis=1), axis=0).to_numpy()
    now, then = apart[1:].ravel(), apart[:-1].ravel()
    both = ~np.isnan(now + then)
    assert np.corrcoef(now[both], then[both])[0, 1] >= 0.5
    planted = BY_ID[name]
    # Chance adds to what is planted; it never makes trusts more alike than 0.8 of it.
    assert np.nanstd(apart) >= 0.8 * np.hypot(planted.spread, planted.swing)


@pytest.mark.parametrize("name", MONTHLY)
def test_shares_are_more_dispersed_than_coins(without: pd.DataFrame, name: str) -> None:
    rows = without[(without["indicator"] == name) & (without["denominator"] > 0)]
    share = rows["value"] / (1000 if name == "dtoc" else 100)
    limits = share.groupby(rows["period"]).transform("mean")
    z: pd.Series[float] = (share - limits) / np.sqrt(limits * (1 - limits) / rows["denominator"])
    assert float((z**2).mean()) > 1.5


def test_the_truth_is_what_parts_the_files_of_the_two_worlds(
    world: World, files: Path, made: TidyData
) -> None:
    """Each figure that the truth names is moved by as much, up to chance; every other is the same."""
    key = ["unit", "period", "indicator"]
    both = [panel.astype({"unit": "str", "indicator": "str"}) for panel in (read(files).panel, made.panel)]
    pairs = both[0].merge(both[1], on=key, suffixes=("", "_without"))
    assert len(pairs) == len(both[0]) == len(both[1])
    moved = pairs.assign(moved=pairs["value"] - pairs["value_without"])
    told = moved.merge(effect_table(world).astype({"period": "datetime64[ms]"}), on=key, how="left")
    indicators = told[told["indicator"].isin(NAMES)]
    assert indicators.loc[indicators["effect"].isna(), "moved"].abs().max() == 0
    found = 0
    for (name, regime), rows in indicators.dropna(subset=["effect", "moved"]).groupby(
        ["indicator", "regime"]
    ):
        assert rows["moved"].mean() == pytest.approx(rows["effect"].mean(), rel=0.1), (name, regime)
        assert np.corrcoef(rows["moved"], rows["effect"])[0, 1] > 0.9, (name, regime)
        found += 1
    # Eight indicators have an effect of special measures, five of being watched.
    assert found == 13


def values(world: World, name: str) -> np.ndarray:
    """Give what the files hold of an indicator, NaN where there is no figure."""
    figures = world.figures[name]
    scale = {"shmi": 1, "dtoc": 1000}.get(name, 100)
    share = figures.numerator / np.maximum(figures.denominator, 1)
    return np.where(figures.reported, scale * share, np.nan)


@pytest.mark.parametrize("name", NAMES)
def test_the_effect_is_what_parts_the_two_worlds(name: str) -> None:
    """The draws are the same with and without effects: from a year after entry to exit it is all there."""
    world, without_effects = default_world(), default_world(effects=False)
    planted = BY_ID[name]
    moved = values(world, name) - values(without_effects, name)
    found: list[float] = []
    for spell in world.spells:
        inside = range(place(spell.entered) + 13, spell.months.stop)
        if name in YEARLY:
            years = (year_of(name, year) for year in YEARS)
            whole = [nth for nth, one in enumerate(years) if one.start in inside and one.stop - 1 in inside]
            found += list(moved[spell.trust, whole])
        else:
            found += list(moved[spell.trust, inside])
    if planted.effect == 0:
        assert np.nanmax(np.abs(moved)) == 0
        return
    assert np.count_nonzero(~np.isnan(found)) >= 10
    assert np.nanmean(found) == pytest.approx(planted.effect, rel=0.1)
    touched = {spell.trust for spell in (*world.spells, *world.challenged)}
    others = [trust for trust in range(len(world.trusts)) if trust not in touched]
    assert np.nanmax(np.abs(moved[others])) == 0
