"""Writes what is known of the regime in this world: spells, trusts, successions, challenged providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.simulation.calendar import MONTHS
from smq.simulation.trusts import NEVER

if TYPE_CHECKING:
    from pathlib import Path

    from smq.simulation.spells import Spell
    from smq.simulation.world import World

CHALLENGED = "challenged.csv"
"""Read by an optional input alone: the list of challenged providers is confidential, also a made-up one."""


def write_record(world: World, folder: Path) -> None:
    """Write the record of the regime below a folder."""
    write_table(folder / "spells.csv", spell_table(world))
    write_table(folder / "organisations.csv", organisation_table(world))
    write_table(folder / "successors.csv", successor_table(world))
    write_table(folder / CHALLENGED, challenged_table(world))


def spell_table(world: World) -> pd.DataFrame:
    """Give the spells as of `smq.reference.load_spells`."""
    trusts = world.trusts
    again = {spell.trust for spell in world.spells if spell.returned}
    return pd.DataFrame(
        {
            "trust_name": [trusts.names[spell.trust] for spell in world.spells],
            "ods_code": [trusts.codes[spell.trust] for spell in world.spells],
            "trust_type": [trusts.kinds[spell.trust] for spell in world.spells],
            "entered_on": [spell.entered.isoformat() for spell in world.spells],
            "exited_on": [spell.exited.isoformat() if spell.exited else "" for spell in world.spells],
            "re_entered": [_re_entered(spell, again) for spell in world.spells],
            "ended": [_ended(spell) for spell in world.spells],
            "source": "simulated",
            "confidence": "high",
            "note": "Simulated spell of a fictional trust.",
        }
    )


def organisation_table(world: World) -> pd.DataFrame:
    """Give a line for each trust: code, name, type, region, status."""
    trusts = world.trusts
    return pd.DataFrame(
        {
            "code": trusts.codes,
            "name": trusts.names,
            "type": trusts.kinds,
            "region": trusts.regions,
            "status": np.where(trusts.dissolved == NEVER, "open", "closed"),
        }
    )


def successor_table(world: World) -> pd.DataFrame:
    """Give the mergers: old_code, new_code, date."""
    trusts = world.trusts
    ended = np.flatnonzero(trusts.dissolved != NEVER)
    days = [f"{MONTHS[trusts.dissolved[trust]]:%Y-%m-%d}" for trust in ended]
    successors = [trusts.codes[trusts.successors[trust]] for trust in ended]
    table = pd.DataFrame(
        {"old_code": [trusts.codes[trust] for trust in ended], "new_code": successors, "date": days}
    )
    return table.sort_values(["date", "old_code"], ignore_index=True)


def challenged_table(world: World) -> pd.DataFrame:
    """Give the challenged providers: trust, and the days on which it came on the list and off it."""
    return pd.DataFrame(
        {
            "trust": [world.trusts.codes[spell.trust] for spell in world.challenged],
            "on": [spell.entered.isoformat() for spell in world.challenged],
            "off": [spell.exited.isoformat() if spell.exited else "" for spell in world.challenged],
        }
    )


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")


def _re_entered(spell: Spell, again: set[int]) -> str:
    if spell.returned:
        return "re-entry"
    return "yes" if spell.trust in again else "no"


def _ended(spell: Spell) -> str:
    if spell.merged:
        return "merged"
    return "open" if spell.exited is None else "left"
