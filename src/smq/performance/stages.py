"""An indicator while a trust is in the regime, at exit and after it.

Stages of a spell, in whole periods; the periods of entry and exit are partly in the regime and belong to no
other stage:

- `during`: after the period of entry and before that of exit or merger; an open spell is followed to the
  cut-off, and every spell at most to the last period with figures;
- `exit`: the period of exit;
- `after_exit_1y`, `after_exit_2y`: the first year, and the first two years, after the period of exit;
- `around_exit`: the period of exit with the year before it and the year after it. Where a trust stayed for
  less than a year, the earliest of these lie before its entry.

A spell that ended by merger has no exit and nothing after it, for the trust is gone. Periods from that of the
next entry of the same trust on are not after exit, nor are those that the cut-off cuts: a spell is followed
for a year where that whole year is there. As in `smq.performance.usable`, a stage is used where the trust has
a value in every period of it that any trust has one in, with at most `Timescale.lost` other periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from smq.performance.trajectories import add_gap, contrast, periods_seen
from smq.performance.usable import NO_FIGURES
from smq.statistics.estimates import Estimate, clustered_mean

if TYPE_CHECKING:
    from datetime import date

    from smq.performance.timescale import Timescale

STAGES = ("during", "exit", "after_exit_1y", "after_exit_2y", "around_exit")
COUNTS = tuple(f"spells_{name}" for name in (*STAGES, "change_during", "change_after_exit"))
ESTIMATES = (
    "level_during",
    "gap_during",
    "level_exit",
    "gap_exit",
    "level_after_exit_1y",
    "gap_after_exit_1y",
    "level_after_exit_2y",
    "gap_after_exit_2y",
    "change_during",
    "change_after_exit",
    "exit_gap_before",
    "exit_gap_after",
    "exit_change",
)
"""Estimates by name: see `estimated`."""


@dataclass(frozen=True, eq=False)
class Stages:
    """The spells followed through the regime and out of it."""

    gaps: pd.DataFrame
    """A row for each period of a stage that is used; columns spell, unit, stage, event (periods from exit;
    for `during` from entry), period, value, england, gap."""
    status: pd.DataFrame
    """A row for each spell and stage; columns spell, unit, stage, periods (with a value), used, reason (empty
    where used)."""

    def of(self, stage: str) -> pd.DataFrame:
        """Give the gaps of one stage."""
        return self.gaps[self.gaps["stage"] == stage]


@dataclass(frozen=True)
class Estimated:
    """Estimates and numbers of spells by name, and the reason of each estimate that cannot be given."""

    estimates: dict[str, Estimate]
    counts: dict[str, int]
    absent: dict[str, str]


def follow(
    rows: pd.DataFrame, observed: pd.DataFrame, scale: Timescale, last_day: date, trend: pd.Series[float]
) -> Stages:
    """Follow the spells, as `smq.spells.follow_up.at_cutoff` gives them, through the stages.

    `last_day` is the last day that counts. `rows` as of `of_indicator`, `trend` as of `england`.
    """
    seen, known = periods_seen(rows, scale), set(rows["unit"])
    spans = _spans(observed, scale, seen, last_day)
    numbered = rows[["unit", "period", "value"]].assign(ordinal=scale.ordinals(rows["period"]))
    joined = spans.merge(numbered, on="unit", how="inner")
    inside = joined[joined["ordinal"].between(joined["first"], joined["last"]) & (joined["reason"] == "")]
    values = inside.assign(event=(inside["ordinal"] - inside["zero"]).astype(int))
    have = values.groupby(["spell", "stage"]).size()
    status = spans[["spell", "unit", "stage"]].copy()
    keys = pd.MultiIndex.from_frame(spans[["spell", "stage"]])
    status["periods"] = have.reindex(keys, fill_value=0).to_numpy()
    status["reason"] = [
        NO_FIGURES
        if span["unit"] not in known
        else span["reason"] or _missing(range(span["first"], span["last"] + 1), periods, seen, scale)
        for span, periods in zip(spans.to_dict("records"), status["periods"], strict=True)
    ]
    status["used"] = status["reason"] == ""
    kept = values.merge(status.loc[status["used"], ["spell", "stage"]], on=["spell", "stage"])
    columns = ["spell", "unit", "stage", "event", "period", "value"]
    gaps = add_gap(kept[columns].sort_values(["stage", "spell", "event"], ignore_index=True), trend)
    return Stages(gaps, status)


def estimated(stages: Stages, before: pd.Series[float], scale: Timescale) -> Estimated:
    """Estimate level and gap of each stage, and the changes, with intervals clustered by trust.

    `before` is the mean gap before entry by spell, of the spells used around entry. `change_during` and
    `change_after_exit` are the gap in the regime, and in the first year after exit, minus that before entry,
    in the spells that have both; `exit_gap_before`, `exit_gap_after` and `exit_change` compare the year after
    exit with the year before it in the spells of `around_exit`. Each spell counts the same.
    """
    found: dict[str, Estimate] = {}
    counts = dict.fromkeys(COUNTS, 0)
    absent: dict[str, str] = {}

    def estimate(name: str, means: pd.Series[float], units: pd.Series[str]) -> None:
        trusts = units.nunique()
        if trusts < 2:
            spells = (
                "no spell" if not len(means) else "1 spell" if len(means) == 1 else f"{len(means)} spells"
            )
            absent[name] = f"{spells} could be followed for so long; an interval needs at least two trusts"
        else:
            found[name] = clustered_mean(means, units)

    for stage in STAGES[:-1]:
        grouped = stages.of(stage).groupby(["spell", "unit"])[["value", "gap"]].mean().reset_index()
        counts[f"spells_{stage}"] = len(grouped)
        estimate(f"level_{stage}", grouped["value"], grouped["unit"])
        estimate(f"gap_{stage}", grouped["gap"], grouped["unit"])
        if stage in ("during", "after_exit_1y"):
            name = "change_during" if stage == "during" else "change_after_exit"
            both = grouped[grouped["spell"].isin(before.index)]
            counts[f"spells_{name}"] = len(both)
            estimate(name, both["gap"] - both["spell"].map(before), both["unit"])
    year = scale.per_year
    exit_pair = contrast(stages.of("around_exit"), (-year, -1), (1, year))
    counts["spells_around_exit"] = len(exit_pair)
    for name, column in (
        ("exit_gap_before", "before"),
        ("exit_gap_after", "after"),
        ("exit_change", "change"),
    ):
        estimate(name, exit_pair[column], exit_pair["unit"])
    return Estimated(found, counts, absent)


def _spans(observed: pd.DataFrame, scale: Timescale, seen: set[int], last_day: date) -> pd.DataFrame:
    """First and last period of each stage of each spell, or the reason why it has none."""
    last = scale.ordinal(last_day + timedelta(days=1)) - 1
    entered, ended = (scale.ordinals(pd.to_datetime(observed[day])) for day in ("entered_on", "ends_on"))
    re_entry = entered.sort_values().groupby(observed["ods_code"]).shift(-1)
    lines = []
    for spell, unit, status in zip(observed.index, observed["ods_code"], observed["status"], strict=True):
        entry = int(entered[spell])
        end = last + 1 if status == "open" else int(ended[spell])
        again = re_entry[spell]
        stop = min(end - 1, max(seen))
        reason = f"no whole {scale.length} in the regime" if end - 1 <= entry else ""
        if not reason and stop <= entry:
            reason = "entered after the last figures"
        lines.append((spell, unit, "during", entry, entry + 1, stop, reason))
        year = scale.per_year
        for stage, first, final in (
            ("exit", end, end),
            ("after_exit_1y", end + 1, end + year),
            ("after_exit_2y", end + 1, end + 2 * year),
            ("around_exit", end - year, end + year),
        ):
            reason = ""
            if status != "left":
                reason = "still in at the cut-off" if status == "open" else "ended by merger"
            elif final > last:
                reason = f"left less than {scale.count(final - end)} before the cut-off"
            elif pd.notna(again) and final >= again:
                reason = f"re-entered within {scale.count(final - end)}"
            lines.append((spell, unit, stage, end, first, final, reason))
    return pd.DataFrame(lines, columns=["spell", "unit", "stage", "zero", "first", "last", "reason"])


def _missing(span: range, have: int, seen: set[int], scale: Timescale) -> str:
    """Say what a stage lacks; empty where it is complete."""
    lost = sum(ordinal not in seen for ordinal in span)
    if have + lost == len(span) and lost <= scale.lost:
        return ""
    if span[-1] > max(seen):
        return "the figures of all trusts end before"
    return f"figures for {have} of {scale.count(len(span))}"
