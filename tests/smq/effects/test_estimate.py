"""What is named of an effect must be there or say why not, find what was planted, and say no more."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from smq.config import load_study
from smq.effects import checks, tables, wording
from smq.effects.cohorts import blocks
from smq.effects.estimate import NAMES, Effects, effects
from smq.effects.group_time import NEVER
from smq.effects.source import Source, source
from smq.effects.specifications import Specification
from smq.panel import arrange
from smq.performance.indicator import Lacking
from smq.performance.timescale import Timescale
from smq.statistics.estimates import Estimate
from tests.smq.indicator_cases import PROJECT, months, panel, spells, study, years

if TYPE_CHECKING:
    from smq.config import Study

TRUSTS, PLANTED = 60, -4.0


def yearly_study() -> Study:
    whole = load_study(PROJECT / "config" / "study.yaml")
    limits = whole.comparators.model_copy(update={"months": 12, "median_denominator": {}})
    return whole.model_copy(update={"comparators": limits})


@cache
def world() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sixty trusts by year; three of the worst third enter each year, and fall by 4 points for good."""
    generator = np.random.default_rng(5)
    length = 9
    values = np.empty((TRUSTS, length))
    level = generator.normal(40, 3, TRUSTS)
    rest = generator.normal(0, 3, TRUSTS)
    for year in range(length):
        rest = 0.6 * rest + generator.normal(0, 2.4, TRUSTS)
        values[:, year] = level + rest
    entries: dict[int, int] = {}
    for year in range(2, 6):
        worst = [unit for unit in np.argsort(-values[:, year - 1])[:20] if unit not in entries]
        entries |= dict.fromkeys(generator.permutation(worst)[:3].tolist(), year)
    for unit, year in entries.items():
        values[unit, year + 1 :] += PLANTED
    codes = [f"R{chr(65 + unit // 26)}{chr(65 + unit % 26)}" for unit in range(TRUSTS)]
    shares = {code: list(map(float, row)) for code, row in zip(codes, values, strict=True)}
    known = panel(shares, starts=years(2011, 2019), length="year")  # type: ignore[arg-type]
    stays = spells(
        *(
            (codes[unit], f"{2011 + year}-07-16", f"{2014 + year}-07-20")
            for unit, year in sorted(entries.items(), key=lambda one: one[1])
        )
    )
    return known, stays.assign(re_entered="no")


@cache
def found() -> Effects:
    known, stays = world()
    result = effects(known, stays, yearly_study(), "ae_4h", window=24, permutations=199, seed=1)
    assert isinstance(result, Effects)
    return result


def test_every_name_is_there_or_absent_and_none_is_both() -> None:
    given = {*tables.numbers(found()), *tables.texts(found()), *tables.tables(found())}
    given |= {"event_study", "specification_curve"}
    assert given | set(found().absent) == set(NAMES)
    assert not given & set(found().absent)
    assert all(found().absent.values())


def test_every_number_is_listed_with_what_it_means() -> None:
    listed = tables.estimates(found())
    assert listed.index.tolist() == list(tables.numbers(found()))
    assert (listed["meaning"].str.len() > 5).all()
    low, high = (str(listed.loc["effect", side]) for side in ("95% interval from", "to"))
    assert f"{low} to {high}" in wording.with_interval(found(), found().headline)
    assert listed.loc["p_value", "value"] == "p = 0.005"


def test_the_level_shown_is_that_of_the_year_before_entry() -> None:
    known, stays = world()
    by_year = known.set_index(["unit", known["period"].dt.year])["value"]
    entries = zip(stays["ods_code"], stays["entered_on"], strict=True)
    before = [by_year[trust, day.year - 1] for trust, day in entries]
    shown = tables.scale(found())[""]
    assert float(shown["at trusts that enter, the year before"]) == pytest.approx(sum(before) / 12, abs=0.06)
    never = known[~known["unit"].isin(stays["ods_code"])]["value"].mean()
    assert float(shown["at trusts that never enter, all the time"]) == pytest.approx(never, abs=0.06)
    assert shown["better"] == "lower"


def test_the_planted_effect_is_found_where_the_unadjusted_one_is_misled() -> None:
    headline = found().headline
    assert headline.interval[0] < PLANTED < headline.interval[1]
    assert headline.clusters == 12
    assert found().numbers["p_value"] == 1 / 200
    assert wording.effect_word(found()) == "better"
    # Entry follows a bad year, so that the unadjusted estimate takes return towards the mean for an effect.
    assert found().estimates["cs_not_yet"].value < headline.value - 1
    assert found().numbers["mean_reversion"] < -1


def test_neither_interval_nor_chance_alone_makes_an_effect() -> None:
    chance = replace(found(), numbers=found().numbers | {"p_value": 0.2})
    assert wording.effect_word(chance) == "no different"
    assert wording.sure_words(chance).startswith("interval and randomisation disagree")
    unclear = Estimate(-1.0, 2.0, 11, 12)
    other = replace(found(), estimates=found().estimates | {"effect": unclear})
    assert wording.effect_word(other) == "no different"
    assert wording.message(other) == "Waits over four hours in A&E: no clear effect of entry"


def test_an_effect_that_only_one_comparison_shows_is_none() -> None:
    # Adjusted and unadjusted bracket the truth: where one of them shows nothing, neither is believed.
    unclear = found().estimates | {"cs_not_yet": Estimate(1.0, 2.0, 11, 12)}
    other = replace(found(), estimates=unclear)
    assert wording.effect_word(other) == "no different"
    assert wording.sure_words(other).startswith("it is clear only among trusts of the same past")


def test_yearly_figures_have_no_half_years_and_say_so() -> None:
    for name in ("quarters", "before_2020", "cs_dip_6", "its", "its_ml"):
        assert found().absent[name].endswith("are by year")
    assert wording.window_words(found()) == "2 calendar years"
    assert found().events["event"].tolist() == [-2, -1, 0, 1, 2]


def test_the_threats_name_the_results_and_no_threat_is_left_empty() -> None:
    table = wording.threats(found())
    assert table.columns.tolist() == ["threat", "check", "result"]
    assert (table["result"].str.len() > 0).all()
    assert "p = 0.005" in table["result"].tolist()
    assert table["result"].str.contains("cannot be given: ").any()
    # Two trusts have an interval of several dozen points, which says nothing that "too few" does not.
    pair = replace(found(), estimates=found().estimates | {"matched": Estimate(1.0, 4.0, 1, 2)})
    assert "1.0 (two trusts, too few for an interval)" in wording.threats(pair)["result"].tolist()


def test_too_few_trusts_have_no_effect() -> None:
    known, stays = world()
    result = effects(known, stays.head(4), yearly_study(), "ae_4h", window=24, permutations=19, seed=1)
    assert isinstance(result, Lacking)
    assert "entry of 4 trusts" in result.reason
    nothing = effects(known, stays, yearly_study(), "dtoc", window=24, permutations=19, seed=1)
    assert isinstance(nothing, Lacking)
    assert "no data file holds figures" in nothing.reason


def test_a_trust_whose_first_entry_is_not_covered_is_left_out_altogether() -> None:
    known, stays = world()
    early = stays["ods_code"].iloc[-1]
    more = pd.concat(
        [spells((early, "2011-02-01", "2011-09-01")).assign(re_entered="yes"), stays], ignore_index=True
    )
    chosen = source(known, more, yearly_study(), "ae_4h", 24)
    assert isinstance(chosen, Source)
    assert len(chosen.entries) == 11
    assert early not in {*chosen.entries.index, *chosen.comparators}


def test_half_years_are_means_of_whole_half_years() -> None:
    shares: dict[str, list[float | None]] = {
        "RAA": [1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7, 13],
        "RBB": [None, *range(1, 12)],
    }
    rows = panel(shares, starts=months("2015-01-01", 12))
    rows["period"] = pd.to_datetime(rows["period"])
    rows = rows[rows["value"].notna()]
    entries = pd.Series(pd.to_datetime(["2015-08-09"]), index=["RAA"])
    laid_out = blocks(rows, entries, ["RBB"], Timescale("month", 24), "half-year", 24)
    assert laid_out.units == ("RAA", "RBB")
    assert laid_out.outcomes[0].tolist() == [3.5, 8.0]
    assert np.isnan(laid_out.outcomes[1, 0])
    assert laid_out.start.tolist() == [1.0, NEVER]
    assert (laid_out.label(1), laid_out.window, laid_out.lags) == ("July to December 2015", 4, 2)


def test_a_placebo_date_looks_at_nothing_from_entry_on() -> None:
    laid_out = found().blocks
    changed = laid_out.outcomes.copy()
    for unit in np.flatnonzero(laid_out.treated):
        changed[unit, int(laid_out.start[unit]) :] = 1e6
    moved = replace(laid_out, outcomes=changed)
    assert checks.placebo_date(moved, 1).value == pytest.approx(checks.placebo_date(laid_out, 1).value)


def test_what_lasts_after_exit_shows_no_change_at_exit() -> None:
    low, high = found().estimates["exit_1y"].interval
    assert low < 0 < high


def test_leaving_one_trust_out_surrounds_the_headline() -> None:
    numbers = found().numbers
    assert numbers["leave_one_low"] < found().headline.value < numbers["leave_one_high"]


def test_a_specification_that_cannot_be_estimated_gives_its_reason() -> None:
    reasons = {one.name: one.reason for one in found().specifications if isinstance(one, Specification)}
    assert reasons["full_record"] == "0 trusts enter; at least 5 are needed"
    assert "full_record" in found().absent


def test_the_panel_of_these_tests_is_one() -> None:
    assert len(arrange(world()[0])) == TRUSTS * 9
    assert study().comparators.months == 5
