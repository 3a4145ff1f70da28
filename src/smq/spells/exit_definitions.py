"""How many left within a number of months, by every definition that somebody may have meant.

A definition says what is counted (spells, or trusts by their first spell), what becomes of trusts that came
back and of a trust that ended by merger, on which day the list is looked at, and what the share is taken of.
The published share is looked for among them; none is preferred because it comes near.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pandas as pd

from smq.reference import REGIME_END
from smq.spells import follow_up, regime

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from smq.statistics.survival import Estimate

COUNTED = {
    "spells": "Every spell, re-entries too",
    "trusts": "Trusts, by their first spell",
    "never back": "Trusts that did not come back",
    "lasting": "Trusts; an exit that did not last is none",
}
MERGERS = {
    "no exit": "Merger is no exit",
    "exit": "Merger counts as an exit",
    "left out": "Merged trust left out",
}
MEASURES = {
    "all": "% of all",
    "eligible": "% of those begun early enough",
    "eligible, all exits": "All exits as % of those begun early enough",
    "kaplan-meier": "Kaplan–Meier, %",
    "incidence": "Cumulative incidence, %",
}
TOLERANCE = 0.05
"""Half a unit in the last place of a share printed with one decimal."""


def restated(observed: pd.DataFrame, counted: str, mergers: str) -> pd.DataFrame:
    """Restate the observed spells as a definition sees them: keys of `COUNTED` and of `MERGERS`."""
    back = set(observed.loc[observed["re_entered"] == "re-entry", "ods_code"])
    seen = observed if counted == "spells" else follow_up.first_spells(observed)
    if counted == "never back":
        seen = seen[~seen["ods_code"].isin(back)]
    seen = seen.copy()
    if counted == "lasting":
        undone = seen["ods_code"].isin(back)
        seen.loc[undone, "status"] = "open"
        seen.loc[undone, "months"] = seen.loc[undone, "months_possible"]
    if mergers == "exit":
        seen["status"] = seen["status"].replace("merged", "left")
    elif mergers == "left out":
        seen = seen[seen["status"] != "merged"]
    return seen.reset_index(drop=True)


def table(
    spells: pd.DataFrame,
    cutoffs: Sequence[date],
    limits: Sequence[int] = regime.LIMITS,
    *,
    regime_end: date = REGIME_END,
) -> pd.DataFrame:
    """Tabulate the exits within each limit, in percent, by every definition: one row a definition.

    Columns: `cutoff` (the last day that counts), `counted`, `mergers`, `measure` (keys of `COUNTED`,
    `MERGERS`, `MEASURES`), `number` (how many are counted), then `m12` and so on; NaN where nothing was
    observed for so long. The cumulative incidence has merger as a competing event, so it is given only where
    merger is no exit: otherwise it is one minus Kaplan-Meier. Raises `CutoffError`.
    """
    rows = []
    for cutoff in cutoffs:
        observed = follow_up.at_cutoff(spells, cutoff, regime_end=regime_end)
        for counted, mergers in product(COUNTED, MERGERS):
            seen = restated(observed, counted, mergers)
            for measure, share in _shares(seen, limits).items():
                if measure == "incidence" and mergers != "no exit":
                    continue
                rows.append(
                    {
                        "cutoff": follow_up.last_day(cutoff, regime_end),
                        "counted": counted,
                        "mergers": mergers,
                        "measure": measure,
                        "number": len(seen),
                        **{f"m{limit}": share(limit) for limit in limits},
                    }
                )
    return pd.DataFrame(rows).astype({f"m{limit}": float for limit in limits})


def spread(definitions: pd.DataFrame, limits: Sequence[int] = regime.LIMITS) -> pd.DataFrame:
    """Give the lowest and highest share of all definitions with the same measure, and of all.

    Columns: `measure` (words), `definitions`, then `m12_low`, `m12_high` and so on.
    """
    groups = [(words, definitions[definitions["measure"] == key]) for key, words in MEASURES.items()]
    rows = []
    for words, group in [*groups, ("All of these", definitions)]:
        ends = {}
        for limit in limits:
            ends[f"m{limit}_low"] = group[f"m{limit}"].min()
            ends[f"m{limit}_high"] = group[f"m{limit}"].max()
        rows.append({"measure": words, "definitions": len(group), **ends})
    return pd.DataFrame(rows)


def by_counting(
    definitions: pd.DataFrame, cutoff: date, limits: Sequence[int] = regime.LIMITS
) -> pd.DataFrame:
    """Give, at one cut-off, the share of all by what is counted and by what a merger is: one row each."""
    rows = definitions[(definitions["cutoff"] == cutoff) & (definitions["measure"] == "all")]
    named = rows.assign(counted=rows["counted"].map(COUNTED), mergers=rows["mergers"].map(MERGERS))
    return named[["counted", "mergers", "number", *(f"m{limit}" for limit in limits)]].reset_index(drop=True)


def matches(definitions: pd.DataFrame, share: float, limits: Sequence[int] = regime.LIMITS) -> pd.DataFrame:
    """Find the definitions and limits that give a published share to the decimal printed.

    Columns: `limit_months`, `share`, `cutoff`, `counted`, `mergers`, `measure` (words); no row if none does.
    """
    found = []
    for limit in limits:
        near = definitions[(definitions[f"m{limit}"] - share).abs() <= TOLERANCE]
        found.append(
            pd.DataFrame(
                {
                    "limit_months": limit,
                    "share": near[f"m{limit}"],
                    "cutoff": near["cutoff"],
                    "counted": near["counted"].map(COUNTED),
                    "mergers": near["mergers"].map(MERGERS),
                    "measure": near["measure"].map(MEASURES),
                }
            )
        )
    return pd.concat(found, ignore_index=True)


def distinct(definitions: pd.DataFrame) -> int:
    """Count the definitions apart from the days on which the list is looked at."""
    return len(definitions.drop_duplicates(["counted", "mergers", "measure"]))


def many(definitions: pd.DataFrame) -> str:
    """Say how many definitions there are, and on how many days: "52 on each of 5 days"."""
    days = definitions["cutoff"].nunique()
    return f"{distinct(definitions)} on " + ("one day" if days == 1 else f"each of {days} days")


def derivation(definitions: pd.DataFrame) -> str:
    """Say how the number of definitions comes about."""
    days, counted = definitions["cutoff"].nunique(), definitions["counted"].nunique()
    mergers = definitions["mergers"].nunique()
    measures = definitions.loc[definitions["measure"] != "incidence", "measure"].nunique()
    return (
        f"{len(definitions)} definitions: {days} {'day' if days == 1 else 'days'} × {counted} ways to say "
        f"what is counted × ({mergers} ways to take a merger × {measures} shares, and the cumulative "
        f"incidence for the one in which a merger is no exit). Apart from the days there are "
        f"{distinct(definitions)}."
    )


def search_sentence(definitions: pd.DataFrame, share: float, limit: int) -> str:
    """Say whether any definition gives a published share at the limit it was published for, or at another.

    A definition on two days counts twice; in brackets stands how many there are apart from the days.
    """
    found = matches(definitions, share)
    at_limit = int((found["limit_months"] == limit).sum())
    others = found.loc[found["limit_months"] != limit, "limit_months"]
    days = f" ({many(definitions)})" if len(set(definitions["cutoff"])) > 1 else ""
    of = f"of {len(definitions)} definitions{days}"
    first = f"{at_limit or 'None'} {of} {'gives' if at_limit < 2 else 'give'} {share}% within {limit} months"
    if others.empty:
        return f"{first}, and none within another number of months."
    elsewhere = "; ".join(
        f"{count} within {months} months{_apart_from_days(found[found['limit_months'] == months])}"
        for months, count in others.value_counts().sort_index().items()
    )
    guess = (
        "" if at_limit else " It may have been meant for another number of months: a guess, not a finding."
    )
    return f"{first}. Elsewhere it is found: {elsewhere}.{guess}"


def _apart_from_days(found: pd.DataFrame) -> str:
    apart = distinct(found)
    if apart == len(found):
        return ""
    return f" (one definition, on {len(found)} days)" if apart == 1 else f" ({apart} apart from the days)"


def _shares(observed: pd.DataFrame, limits: Sequence[int]) -> dict[str, Callable[[int], float]]:
    counts = {limit: regime.exits_within(observed, limit) for limit in limits}
    curve, ways = regime.time_to_exit(observed), regime.ways_out(observed)

    def all_exits(limit: int) -> float:
        eligible = counts[limit].eligible
        return 100 * counts[limit].exits / eligible if eligible else float("nan")

    def left(limit: int) -> float:
        still_in = curve.at(limit + follow_up.TOLERANCE_MONTHS)
        return _value(None if still_in is None else still_in.complement())

    return {
        "all": lambda limit: counts[limit].share,
        "eligible": lambda limit: counts[limit].eligible_share or _zero(counts[limit].eligible),
        "eligible, all exits": all_exits,
        "kaplan-meier": left,
        "incidence": lambda limit: _value(ways.at("left", limit + follow_up.TOLERANCE_MONTHS)),
    }


def _value(share: Estimate | None) -> float:
    return float("nan") if share is None else 100 * share.value


def _zero(eligible: int) -> float:
    return 0.0 if eligible else float("nan")
