"""What the regime did in each spell, what it cost, loans, and the counts of the studies beside: all made up.

Support is by spell: improvement director, buddying, central funding, leadership change; with dates and dose.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.simulation.spells import REGIME_END
from smq.simulation.streams import stream
from smq.simulation.trusts import NEVER

if TYPE_CHECKING:
    from smq.simulation.spells import Spell
    from smq.simulation.world import World

SUPPORT_COLUMNS = ("ods_code", "entered_on", "intervention", "began_on", "ended_on", "dose", "dose_unit")
COST_COLUMNS = (
    "ods_code",
    "entered_on",
    "intervention",
    "financial_year",
    "quantity",
    "unit",
    "unit_cost_gbp",
    "amount_gbp",
)
DIRECTOR, BUDDYING, FUNDING, LEADERSHIP = (
    "improvement director",
    "buddying",
    "central funding",
    "leadership change",
)
_DAY_RATES = {DIRECTOR: 940, BUDDYING: 430}
"""Pounds a day; round numbers that no source gives."""
_BALANCES = tuple(date(year, 3, 31) for year in (2017, 2018, 2019))
"""Days of which loans of real trusts are public."""


def support_table(world: World) -> pd.DataFrame:
    """Give a line for each intervention of each spell, columns `SUPPORT_COLUMNS`."""
    random = stream(world.seed, "support")
    lines: list[tuple[object, ...]] = []
    for spell in world.spells:
        lines += [
            (world.trusts.codes[spell.trust], spell.entered.isoformat(), *one)
            for one in _support(spell, random)
        ]
    return pd.DataFrame(lines, columns=list(SUPPORT_COLUMNS))


def _support(spell: Spell, random: np.random.Generator) -> list[tuple[object, ...]]:
    end = min(spell.exited or REGIME_END, REGIME_END)
    length = (end - spell.entered).days
    given: list[tuple[object, ...]] = []
    since = spell.entered + timedelta(days=int(random.integers(14, 60)))
    given.append((DIRECTOR, since.isoformat(), end.isoformat(), _half(random, 2.0, 4.5), "days a week"))
    chances, after, share = random.random(3), random.integers(30, 120, 2), random.uniform(0.4, 0.9)
    days, members = _half(random, 4, 18), int(random.integers(1, 6))
    pounds = 10_000 * int(random.integers(12, 240))
    moved = int(random.integers(-90, 270))
    if chances[0] < 0.75:
        since = spell.entered + timedelta(days=int(after[0]))
        until = min(end, since + timedelta(days=int(share * length)))
        given.append((BUDDYING, since.isoformat(), until.isoformat(), days, "days a month"))
    if chances[1] < 0.8:
        since = spell.entered + timedelta(days=int(after[1]))
        given.append((FUNDING, since.isoformat(), since.isoformat(), pounds, "pounds"))
    if chances[2] < 0.7:
        since = min(end, spell.entered + timedelta(days=moved))
        given.append((LEADERSHIP, since.isoformat(), since.isoformat(), members, "members of the board"))
    return given


def cost_table(support: pd.DataFrame) -> pd.DataFrame:
    """Give costs by intervention and financial year (`COST_COLUMNS`): days times a rate, or the grant."""
    lines: list[tuple[object, ...]] = []
    for line in support.to_dict("records"):
        kind = str(line["intervention"])
        began, ended = date.fromisoformat(line["began_on"]), date.fromisoformat(line["ended_on"])
        key = (line["ods_code"], line["entered_on"], kind)
        if kind == FUNDING:
            lines.append((*key, _financial_year(began), 1, "grants", line["dose"], line["dose"]))
        elif kind in _DAY_RATES:
            a_week = line["dose"] if kind == DIRECTOR else line["dose"] * 12 / 52
            for year, days in _days_by_year(began, ended).items():
                worked = round(a_week * days / 7, 1)
                rate = _DAY_RATES[kind]
                lines.append((*key, year, worked, "days", rate, round(worked * rate)))
    return pd.DataFrame(lines, columns=list(COST_COLUMNS))


def loan_table(world: World) -> pd.DataFrame:
    """Give interim loans by trust and 31 March, in pounds: a trust without a line had none."""
    random = stream(world.seed, "loans")
    in_regime = np.zeros(len(world.trusts), dtype=bool)
    in_regime[[spell.trust for spell in world.spells]] = True
    needy = random.random(len(world.trusts)) < np.where(in_regime, 0.8, 0.35)
    drawn_a_year = 1e4 * np.rint(1e3 * world.trusts.sizes * random.lognormal(0, 0.7, len(world.trusts)))
    part = random.uniform(0.3, 1.7, (len(world.trusts), len(_BALANCES)))
    lines: list[tuple[object, ...]] = []
    for trust in np.flatnonzero(needy & (world.trusts.dissolved == NEVER)):
        opening = 0
        for nth, day in enumerate(_BALANCES):
            drawn = int(drawn_a_year[trust] * part[trust, nth])
            repaid = int(opening * 0.04)
            closing = opening + drawn - repaid
            key = (world.trusts.codes[trust], world.trusts.names[trust], day.isoformat())
            lines.append((*key, nth + 1, opening, drawn, repaid, closing, int(closing * 0.017)))
            opening = closing
    columns = ["ods_code", "trust_name", "balance_date", "loans", "opening_gbp", "drawn_gbp", "repaid_gbp"]
    return pd.DataFrame(lines, columns=[*columns, "closing_gbp", "interest_gbp"])


def case_study_table(world: World) -> pd.DataFrame:
    """Give what was done at each site of the made-up case studies."""
    random = stream(world.seed, "case studies")
    sites = 6
    counts = {
        "interviews": random.integers(5, 13, sites),
        "observations": random.integers(1, 4, sites),
        "documents": random.integers(20, 60, sites),
    }
    names = [f"Fictional site {letter} (simulated)" for letter in "ABCDEF"]
    return pd.DataFrame({"site": names, **counts})


def review_table(world: World) -> pd.DataFrame:
    """Give the flow of records through the made-up review, step by step."""
    random = stream(world.seed, "review")
    found = int(random.integers(2_100, 2_900))
    left, removed = found, []
    for share in random.uniform((0.2, 0.86, 0.6), (0.3, 0.94, 0.8)):
        removed.append(int(left * share))
        left -= removed[-1]
    steps = {
        "records found": found,
        "duplicates removed": removed[0],
        "excluded on title and abstract": removed[1],
        "excluded on full text": removed[2],
        "studies included": left,
    }
    return pd.DataFrame({"step": list(steps), "records": list(steps.values()), "origin": "simulated"})


def _half(random: np.random.Generator, low: float, high: float) -> float:
    """Draw a number of whole and half days."""
    return round(float(random.uniform(low, high)) * 2) / 2


def _financial_year(day: date) -> str:
    start = day.year - (day.month < 4)
    return f"{start}/{(start + 1) % 100:02d}"


def _days_by_year(began: date, ended: date) -> dict[str, int]:
    days: dict[str, int] = {}
    while began < ended:
        april = date(began.year + (began.month > 3), 4, 1)
        until = min(april, ended)
        days[_financial_year(began)] = (until - began).days
        began = until
    return days
