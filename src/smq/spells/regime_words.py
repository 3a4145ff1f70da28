"""Words of the notebook `describe_regime`: what is known of uncertain dates, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq import naming
from smq.spells import follow_up, reconciliation, regime

if TYPE_CHECKING:
    from datetime import date

    from smq.statistics.survival import Estimate


def date_notes(ranges: pd.DataFrame, spells: pd.DataFrame, last: date) -> tuple[str, ...]:
    """Say which uncertain dates cannot matter, and which belong to a spell of high confidence.

    `ranges` is of `reference.load_date_ranges`, `spells` the list, `last` the last day that counts.
    """
    both = ranges.merge(
        spells[["ods_code", "entered_on", "trust_name", "confidence"]],
        on=["ods_code", "entered_on"],
        validate="many_to_one",
    )
    notes = []
    late = both[both["earliest"] > pd.Timestamp(last)]
    if len(late):
        notes.append(
            f"After {naming.long_date(last)} in any case, so that no figure here moves with it, and listed "
            f"because the list of spells has the day: {_dates(late)}."
        )
    high = both[both["confidence"] == "high"]
    if len(high):
        notes.append(
            "The list states one confidence for both dates of a spell. It is high, though the day of one "
            f"date is not confirmed: {_dates(high)}."
        )
    return tuple(notes)


def found(
    observed: pd.DataFrame,
    last: date,
    verdicts: dict[str, int],
    search: str,
    sensitivity: pd.DataFrame | None,
) -> list[str]:
    """Say in sentences what the notebook found.

    `verdicts` is of `reconciliation.verdict_counts`, `search` of `exit_definitions.search_sentence` and
    `sensitivity` of `date_uncertainty.table`.
    """
    status = observed["status"].value_counts()
    left, merged, still_in = (int(status.get(name, 0)) for name in ("left", "merged", "open"))
    within = regime.exits_within(observed, 24)
    shares = regime.shares_at(observed, 24)
    median = regime.length_of_stay(observed)["median_months"]
    repeat = follow_up.repeat_spells(observed)
    by_then = f"by {naming.long_date(last)}"
    said = [
        f"{_counted(len(observed), 'spell')} at {_counted(observed['ods_code'].nunique(), 'trust')}: {left} "
        f"had led to an exit {by_then}, {merged} had ended because the trust merged into another, and "
        f"{still_in} had not ended.",
        f"Within 24 months {within.exits} of {_counted(within.spells, 'spell')} had led to an exit "
        f"({within.share:.1f}%).",
    ]
    if within.eligible_share is not None:
        said.append(
            f"Of the {_counted(within.eligible, 'spell')} begun at least 24 months before, "
            f"{within.exits_of_eligible} had ({within.eligible_share:.1f}%)."
        )
    exit_share, left_share = shares["km_exit_24m"], shares["left_24m"]
    if exit_share is not None and left_share is not None:
        said.append(
            f"Estimated share with an exit within 24 months: {_percent(exit_share)} by Kaplan–Meier, which "
            f"censors mergers; {_percent(left_share)} as cumulative incidence, in which a merger is another "
            "way out."
        )
    said.append(
        f"Fewer than half of the spells had led to an exit {by_then}."
        if median is None
        else "Half of the spells led to an exit within an estimated "
        f"{median.value:.1f} months{_interval(median)}."
    )
    if len(repeat):
        again = int((repeat["status"] == "left").sum())
        said.append(
            f"{_counted(repeat['ods_code'].nunique(), 'trust')} came back after an exit; of "
            f"{_counted(len(repeat), 'repeat spell')}, {again or 'none'} had led to an exit."
        )
    said += [search, reconciliation.compared_sentence(verdicts)]
    if sensitivity is not None:
        said.append(f"Over all days that the uncertain dates can be: {_ranges(sensitivity)}.")
    return said


def _dates(rows: pd.DataFrame) -> str:
    names = zip(rows["trust_name"], rows["which"], strict=True)
    return "; ".join(f"{naming.short_name(name)} ({which})" for name, which in names)


def _ranges(sensitivity: pd.DataFrame) -> str:
    known = sensitivity.dropna(subset=["lowest", "highest"])
    parts = []
    for row in known.to_dict("records"):
        form = ".0f" if row["measure"].startswith("exits") else ".1f"
        low, high = format(row["lowest"], form), format(row["highest"], form)
        name = row["figure"][:1].lower() + row["figure"][1:]
        parts.append(f"{name} {low}" if low == high else f"{name} {low} to {high}")
    return "; ".join(parts)


def _percent(share: Estimate) -> str:
    return f"{share.value:.1f}%{_interval(share)}"


def _interval(estimate: Estimate) -> str:
    if estimate.interval is None:
        return ""
    low, high = estimate.interval
    return f" (95% interval {low:.1f} to {high:.1f})"


def _counted(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
