"""Which spells an indicator can be followed around, and why the others cannot.

A spell is used where its trust has a value in the period of entry and in every period of the window in which
any trust has one. A period that nobody has is no gap of the trust: there is no England to compare with, and
for the comparators it is missing too. Up to `Timescale.lost` of them are allowed on each side, because a
window with more of them is another window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq.performance.trajectories import align, periods_seen

if TYPE_CHECKING:
    from collections.abc import Hashable

    from smq.performance.timescale import Timescale

NO_FIGURES = "no figures for this trust"
_NONE_AT_ALL, _NONE_AROUND = "No figures for the trust", "Figures, but none around entry"


def coverage(rows: pd.DataFrame, spells: pd.DataFrame, scale: Timescale) -> pd.DataFrame:
    """Count, for each spell, the periods with a value, and those that no trust has.

    Columns: before, at_entry, after (periods of the window with a value), any (of the whole series),
    lost_before, lost_after (periods of the window in which no trust has a value). Index: that of `spells`.
    """
    aligned = align(rows, spells, scale, scale.window)

    def count(wanted: pd.Series[bool]) -> pd.Series[int]:
        return aligned[wanted].groupby("spell").size().reindex(spells.index, fill_value=0)

    seen = periods_seen(rows, scale)
    entered = scale.ordinals(pd.to_datetime(spells["entered_on"]))

    def lost(side: int) -> list[int]:
        return [
            sum(entry + side * event not in seen for event in range(1, scale.window + 1)) for entry in entered
        ]

    return pd.DataFrame(
        {
            "before": count(aligned["event"] < 0),
            "at_entry": count(aligned["event"] == 0),
            "after": count(aligned["event"] > 0),
            "any": spells["ods_code"].map(rows.groupby("unit").size()).fillna(0).astype(int),
            "lost_before": lost(-1),
            "lost_after": lost(1),
        },
        index=spells.index,
    )


def select(rows: pd.DataFrame, spells: pd.DataFrame, scale: Timescale) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the spells into those used and those left out, both by day of entry.

    Earlier or later spells of the same trust do not disqualify a spell. The first frame has the columns of
    `spells` and `lost`, the number of periods of its window that no trust has. The second has trust_name,
    ods_code, entered_on, reason and kind, under which reasons are counted.
    """
    counts = coverage(rows, spells, scale)
    full = pd.Series(
        [
            line["at_entry"] == 1
            and all(_enough(line[side], line[f"lost_{side}"], scale) for side in ("before", "after"))
            for line in counts.to_dict("records")
        ],
        index=spells.index,
        dtype=bool,
    )
    lost = counts.loc[full, "lost_before"] + counts.loc[full, "lost_after"]
    used = spells[full].assign(lost=lost)
    excluded = spells.loc[~full, ["trust_name", "ods_code", "entered_on"]].copy()
    said = [_reason(dict(line), scale) for line in counts[~full].to_dict("records")]
    excluded["reason"] = [reason for reason, _ in said]
    excluded["kind"] = [kind for _, kind in said]
    order = ["entered_on", "ods_code"]
    return used.sort_values(order), excluded.sort_values(order, ignore_index=True)


def counted_reasons(excluded: pd.DataFrame) -> pd.DataFrame:
    """Count the spells and trusts left out by kind of reason, the commonest first."""
    counts = excluded.groupby("kind", sort=True).agg(
        spells=("ods_code", "size"), trusts=("ods_code", "nunique")
    )
    return (
        counts.rename_axis("reason").reset_index().sort_values("spells", ascending=False, kind="stable")
    ).reset_index(drop=True)


def _reason(line: dict[Hashable, int], scale: Timescale) -> tuple[str, str]:
    """Give what is told of a spell, and the kind of reason."""
    if line["any"] == 0:
        return NO_FIGURES, _NONE_AT_ALL
    if not (line["before"] or line["after"] or line["at_entry"]):
        return "no figures around entry", _NONE_AROUND
    sides = [side for side in ("before", "after") if not _enough(line[side], line[f"lost_{side}"], scale)]
    lacking = [
        f"{line[side]} of {scale.count(scale.window)} {side} entry"
        if scale.window > 1
        else f"none in the {scale.length} {side} entry"
        for side in sides
    ]
    if line["at_entry"] == 0:
        lacking.append(f"none in the {scale.length} of entry")
    where = " and ".join(sides) + " entry" if sides else f"in the {scale.length} of entry"
    return "figures for " + ", ".join(lacking), f"Figures missing {where}"


def _enough(values: int, lost: int, scale: Timescale) -> bool:
    return values + lost == scale.window and lost <= scale.lost
