"""What stands under the tables and figures of an indicator: how they were made, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smq.performance.timescale import MONTHS

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from smq.config import Indicator, Study
    from smq.performance.timescale import Timescale

INTERVALS = (
    "Intervals are 95% t intervals, clustered by trust. Trusts enter after bad figures, so some return "
    "towards England would be expected without any effect."
)


def trend_words(indicator: Indicator, *, weighted: bool) -> str:
    """Say how the trusts make up England."""
    if weighted:
        return f"all trusts of the data together, weighted by {indicator.of}"
    return "the plain mean over all trusts of the data"


def entry_notes(
    indicator: Indicator, scale: Timescale, study: Study, lost: pd.Series[int], *, weighted: bool
) -> tuple[str, ...]:
    """Notes on the comparison around entry; `lost` holds the periods of no trust of each spell used."""
    length = scale.length
    zero = f"{length.capitalize()} 0 is the {length} of entry"
    if length == "year":
        zero += ", partly before and partly after it, so it counts as neither"
    each = f"in the {length}" if scale.window == 1 else f"in each of the {scale.count(scale.window)}"
    notes = [
        f"{zero}. A spell is used where its trust reports in that {length} and {each} before and after; "
        "each spell counts the same.",
    ]
    with_lost = int((lost > 0).sum())
    if with_lost:
        spells, windows = ("spell has", "its window") if with_lost == 1 else ("spells have", "their windows")
        notes.append(
            f"{with_lost} {spells} {length}s in {windows} for which the data hold no trust's figures; up to "
            f"{scale.count(scale.lost)} of this kind are allowed on each side, and averages leave them out."
        )
    if scale.reach > scale.window:
        notes.append(
            f"{length.capitalize()}s further from entry are shown where there are figures, for as many "
            "spells as the table says; no average holds them."
        )
    comparators = (
        f"Comparators: trusts never in special measures with at least "
        f"{scale.count(max(1, study.comparators.months // MONTHS[length]))} of figures"
    )
    least = study.comparators.median_denominator.get(indicator.id, 0)
    if length == "month" and least:
        comparators += f" and a median above {least:,.0f} {indicator.of} a month"
    return (
        *notes,
        f"England: {trend_words(indicator, weighted=weighted)}, those in special measures included; not the "
        "published national figure.",
        f"{comparators}, in the same calendar {length}s as each spell.",
        INTERVALS,
        *((indicator.note,) if indicator.note else ()),
    )


def stage_notes(indicator: Indicator, scale: Timescale, last: date, short: int) -> tuple[str, ...]:
    """Notes on the stages in and after the regime; `short` spells stayed less than the year before exit."""
    length = scale.length
    first, two = scale.per_year, 2 * scale.per_year
    notes = [
        f"In the regime: whole {length}s after that of entry and before that of exit; spells still open are "
        f"followed to {last.day} {last:%B %Y}, or as far as there are figures.",
        f"After exit: the first {first} or {two} whole {length}s after that of exit, where all of them lie "
        "before the cut-off and before the trust entered again. A spell that ended by merger has no after.",
        f"Each row has the spells with figures in every {length} of it, so rows differ in their spells; each "
        "change compares the same spells.",
    ]
    if short:
        stays = "1 spell" if short == 1 else f"{short} spells"
        notes.append(f"For {stays} the {length}s before exit reach back to entry or beyond.")
    return (*notes, INTERVALS, *((indicator.note,) if indicator.note else ()))
