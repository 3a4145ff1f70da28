"""The effects of entry on one indicator: everything that `estimate_effects` names.

Headline: the mean over the window after entry of the group-time effects of trusts against those still at
risk, adjusted for what came before entry, averaged over events; its p-value is that of randomisation
inference. Controls, path and strata were chosen on simulated worlds in which the worst trusts enter. That the
unadjusted estimate must agree was added after the results on the staff survey had been seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq import wording
from smq.effects import checks, event_study, library, overalls, permutation, reviewed
from smq.effects.source import source
from smq.effects.specifications import Specification, specifications, time_series
from smq.effects.standing import standings
from smq.performance.indicator import Lacking
from smq.spells.follow_up import last_day
from smq.statistics.estimates import LEVEL
from smq.statistics.threads import one_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from smq.config import Indicator, Study
    from smq.effects.cohorts import Blocks
    from smq.effects.source import Source
    from smq.statistics.estimates import Estimate

SPECIFIED = (
    "own_year",
    "cohorts",
    "calendar",
    "quarters",
    "cs_path_not_yet",
    "cs_path_never",
    "matched",
    "no_first_cohort",
    "full_record",
    "before_2020",
    "cs_not_yet",
    "cs_never",
    "cs_dip_6",
    "cs_dip_12",
    "sun_abraham",
    "imputation",
    "synthetic",
    "its",
)
ESTIMATES = (
    "effect",
    *SPECIFIED,
    "its_ml",
    "placebo_12",
    "placebo_24",
    "placebo_indicator",
    "exit_1y",
    "exit_2y",
    "reviewed_placed",
    "reviewed_not_placed",
)
NUMBERS = (
    *ESTIMATES,
    "p_value",
    "permutations",
    "seed",
    "strata",
    "detectable",
    "spread",
    "pretrend_p",
    "mean_reversion",
    "leave_one_low",
    "leave_one_high",
    "twfe",
    "twfe_forbidden",
    "trusts",
    "trusts_ever",
    "comparators",
    "cohort_count",
    "spells",
)
TEXTS = (
    "label",
    "better",
    "effect_word",
    "window_words",
    "block_word",
    "sure_words",
    "curve_words",
    "survivor_words",
    "conclusion",
)
TABLES = ("events", "cohort_table", "specification_table", "bends", "magnitudes", "threats")
FIGURES = ("event_study", "specification_curve")
_MOVES = {"bends": "bends", "magnitudes": "changes"}
NAMES = (*NUMBERS, *TEXTS, *TABLES, *FIGURES)
"""Every result of the notebook `estimate_effects`: each is present, or absent with a reason."""


@dataclass(frozen=True, eq=False)
class Effects:
    """What is reported of the effects on one indicator.

    estimates: by name, with intervals; numbers: other values by name; absent: names that cannot be given,
    with the reason; events, bends, magnitudes: as of `smq.effects.event_study`.
    """

    indicator: Indicator
    origin: str
    source: Source
    blocks: Blocks
    estimates: dict[str, Estimate]
    numbers: dict[str, float]
    specifications: list[Specification]
    events: pd.DataFrame
    cohorts: pd.DataFrame
    bends: pd.DataFrame
    magnitudes: pd.DataFrame
    placebo_label: str
    absent: dict[str, str] = field(default_factory=dict)

    @property
    def headline(self) -> Estimate:
        """The headline estimate."""
        return self.estimates["effect"]

    @property
    def by_chance(self) -> bool:
        """Whether the headline's interval holds no effect, or randomisation often gives as much."""
        return not wording.sign(self.headline.interval) or self.numbers["p_value"] > 1 - LEVEL

    @property
    def bracketed(self) -> bool:
        """Whether the unadjusted estimate is clearly on the same side as the headline.

        Where trusts enter after a bad run, adjusted and unadjusted estimate err to different sides,
        according to which of their assumptions fails, and the truth lies between them (Ding and Li 2019,
        Political Analysis 27(4)).
        """
        other = self.estimates.get("cs_not_yet")
        return other is not None and wording.sign(other.interval) == wording.sign(self.headline.interval)

    @property
    def sure(self) -> bool:
        """Whether interval, randomisation and the unadjusted estimate agree that there is an effect."""
        return not self.by_chance and self.bracketed


@one_thread()
def effects(
    panel: pd.DataFrame,
    spells: pd.DataFrame,
    study: Study,
    name: str,
    *,
    window: int,
    permutations: int,
    seed: int,
    placebo: str = "",
) -> Effects | Lacking:
    """Estimate the effects of entry on an indicator.

    `panel` as of `smq.panel`, `spells` as of the reference; window in months; placebo: a series that the
    regime should not move, or nothing. Raises `MappingError` for an unknown indicator and `ValueError`
    for a window below 6 months.
    """
    if window < 6:
        raise ValueError("the window must be at least 6 months")
    indicator = study.indicator(name)
    known = standings(panel, study, last_day(study.regime.cutoff, study.regime.end))
    chosen = source(panel, spells, study, name, window, known)
    if isinstance(chosen, Lacking):
        return chosen
    blocks = chosen.blocks()
    found = Effects(
        indicator=indicator,
        origin=str(chosen.rows["origin"].iloc[0]),
        source=chosen,
        blocks=blocks,
        estimates={},
        numbers={},
        specifications=specifications(chosen, blocks, seed),
        events=pd.DataFrame(),
        cohorts=_cohorts(blocks),
        bends=pd.DataFrame(),
        magnitudes=pd.DataFrame(),
        placebo_label=study.series(placebo).label if placebo else "",
    )
    for one in found.specifications:
        key = "effect" if one.name == "headline" else one.name
        if one.estimate is None:
            found.absent[key] = one.reason
        else:
            found.estimates[key] = one.estimate
    if "effect" not in found.estimates:
        return Lacking(f"no effect on {indicator.label} can be estimated: {found.absent['effect']}")
    done = {*found.estimates, *found.absent}
    yearly = f"the figures on {indicator.label} are by year"
    found.absent.update({key: yearly for key in SPECIFIED if key not in done})

    def attempt(key: str, estimate: Callable[[], Estimate]) -> None:
        try:
            found.estimates[key] = estimate()
        except ValueError as error:
            found.absent[key] = str(error)

    if "its" in found.estimates:
        attempt("its_ml", lambda: time_series(chosen, likelihood=True).estimate)
    else:
        found.absent["its_ml"] = found.absent["its"]
    for months in (12, 24):
        attempt(
            f"placebo_{months}",
            lambda shift=months // blocks.months: checks.placebo_date(blocks, shift),  # type: ignore[misc]
        )
    if placebo:
        _placebo_indicator(found, source(panel, spells, study, placebo, window, known))
    else:
        found.absent["placebo_indicator"] = "no series is declared that the regime could not have moved"
    exits = chosen.exits(blocks)
    for years in (1, 2):
        attempt(f"exit_{years}y", lambda years=years: checks.after_exit(blocks, exits, years))  # type: ignore[misc]
    _reviewed(found)
    _randomise(found, permutations, seed)
    low, high = checks.leave_one_out(blocks)
    found.numbers.update(
        {
            "detectable": overalls.minimum_detectable(found.headline),
            "spread": float(np.nanmean(np.nanstd(blocks.outcomes[~blocks.treated], axis=0, ddof=1))),
            "leave_one_low": low,
            "leave_one_high": high,
            "trusts": found.headline.clusters,
            "trusts_ever": len(chosen.first),
            "comparators": len(chosen.comparators),
            "cohort_count": len(found.cohorts),
            "spells": len(chosen.spells),
        }
    )
    if "full_record" in found.absent:
        found.absent["survivor_words"] = found.absent["full_record"]
    _two_way(found)
    return _before_entry(found, seed)


def _before_entry(found: Effects, seed: int) -> Effects:
    """Add the effects by event, and what the trend before entry says of them."""
    blocks = found.blocks
    plain = event_study.unadjusted(blocks)
    pretrend = event_study.pretrend(plain)
    if pretrend is None:
        found.absent["pretrend_p"] = "too few trusts for the number of blocks before entry"
    else:
        found.numbers["pretrend_p"] = pretrend
    bends = event_study.bends(blocks, plain)
    magnitudes = event_study.magnitudes(blocks, plain, seed)
    for name, table in (("bends", bends), ("magnitudes", magnitudes)):
        if table.empty:
            found.absent[name] = f"too few blocks before entry to see how much the trend {_MOVES[name]}"
    return replace(found, events=event_study.table(blocks, plain, seed), bends=bends, magnitudes=magnitudes)


def _placebo_indicator(found: Effects, chosen: Source | Lacking) -> None:
    """Estimate the headline on a series that the regime should not move, in percent of its level."""
    if isinstance(chosen, Lacking):
        found.absent["placebo_indicator"] = chosen.reason
        return
    positive = chosen.rows[chosen.rows["value"] > 0]
    logs = positive.assign(value=100 * np.log(positive["value"]))
    laid_out = replace(chosen, rows=logs).blocks()
    found.estimates["placebo_indicator"] = overalls.dynamic(
        checks.adjusted(laid_out), 1, laid_out.window
    ).estimate


def _reviewed(found: Effects) -> None:
    first = found.source.first
    placed = first.index[first["entered_on"] == pd.Timestamp(reviewed.REVIEW_ENTRY)].tolist()
    others = [code for code in reviewed.NOT_PLACED if code not in first.index]
    keys = ("reviewed_placed", "reviewed_not_placed")
    if found.origin == "simulated":
        found.absent.update(dict.fromkeys(keys, "no review came before the simulated entries"))
        return
    try:
        pair = checks.not_placed(found.blocks, placed, others)
    except ValueError:
        reason = "fewer than two of the reviewed trusts in a group have the figures"
        found.absent.update(dict.fromkeys(keys, reason))
        return
    found.estimates.update(dict(zip(keys, pair, strict=True)))


def _randomise(found: Effects, draws: int, seed: int) -> None:
    blocks = found.blocks
    result = permutation.randomise(blocks, permutation.STRATA, draws, seed)
    found.numbers.update(
        {
            "p_value": result.p_value,
            "permutations": draws,
            "seed": seed,
            "strata": permutation.STRATA,
            "mean_reversion": permutation.mean_reversion(blocks, result.starts),
        }
    )


def _cohorts(blocks: Blocks) -> pd.DataFrame:
    cohorts, counts = np.unique(blocks.start[blocks.treated].astype(int), return_counts=True)
    names = [blocks.label(int(cohort)) for cohort in cohorts]
    return pd.DataFrame({"cohort": names, "trusts": counts})


def _two_way(found: Effects) -> None:
    parts = library.bacon(found.blocks)
    if parts is None:
        reason = "fewer than two trusts that enter have figures in every block"
        found.absent.update({"twfe": reason, "twfe_forbidden": reason})
    else:
        found.numbers.update({"twfe": parts.estimate, "twfe_forbidden": parts.forbidden})
