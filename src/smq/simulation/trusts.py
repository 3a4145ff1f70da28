"""The fictional trusts: codes and names that cannot be taken for real ones, kinds, regions, sizes, mergers.

A code has `ZZ` and two digits, in worlds of 100 trusts and more four digits: no organisation has such a code.
(Codes of `ZZ` and three digits exist: they stand for "not known" and the like in national data sets.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smq.simulation.calendar import MONTHS
from smq.simulation.streams import Counts, Flags, Floats, stream

FEWEST, MOST = 10, 5_000
KINDS = {"acute": 0.68, "combined": 0.09, "mental health": 0.15, "community": 0.05, "ambulance": 0.03}
"""Kind of trust and its share."""
REGIONS = ("Fictional East", "Fictional North", "Fictional South", "Fictional West")
_SIZE = {"acute": 1.0, "combined": 1.15, "mental health": 0.6, "community": 0.35, "ambulance": 0.5}
_FOUNDATION = 0.62
_MERGED = 0.04
NEVER = len(MONTHS)
"""Month of dissolution of a trust that lasts."""


@dataclass(frozen=True)
class Trusts:
    """All trusts, in the order of their codes."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    regions: tuple[str, ...]
    sizes: Floats
    """Size beside that of a middling acute trust; shape (trusts,)."""
    successors: Counts
    """Place of the trust that takes over, or -1; shape (trusts,)."""
    dissolved: Counts
    """First month without the trust, as a place among the months; `NEVER` where it lasts. Shape (trusts,)."""

    def __len__(self) -> int:
        return len(self.codes)

    def of(self, kinds: tuple[str, ...]) -> Flags:
        """Say of each trust whether it is of one of these kinds."""
        return np.isin(np.array(self.kinds), kinds)

    def there(self) -> Flags:
        """Say of each trust and month whether the trust exists; shape (trusts, months)."""
        return np.asarray(np.arange(NEVER)[None, :] < self.dissolved[:, None])


def code_of(place: int, trusts: int) -> str:
    """Give the code of a trust, in a world of so many trusts."""
    return f"ZZ{place + 1:0{2 if trusts < 100 else 4}d}"


def name_of(place: int, trusts: int, *, foundation: bool) -> str:
    """Give the name of a trust; it ends as that of a foundation trust does, if it is one."""
    ending = "Foundation Trust" if foundation else "Trust"
    return f"Fictional {code_of(place, trusts)[2:]} (simulated) {ending}"


def make_trusts(trusts: int, seed: int) -> Trusts:
    """Draw the trusts of a world. Raises `ValueError` where the number is not between 10 and 5,000."""
    if not FEWEST <= trusts <= MOST:
        raise ValueError(f"{trusts} trusts: a world has between {FEWEST} and {MOST:,d}")
    random = stream(seed, "trusts")
    kinds = _kinds(trusts, random)
    foundation = random.random(trusts) < _FOUNDATION
    regions = random.integers(0, len(REGIONS), trusts)
    middling = np.array([_SIZE[kind] for kind in kinds])
    sizes = middling * np.exp(random.normal(0, 0.32, trusts)).clip(0.45, 2.4)
    successors, dissolved = _mergers(np.array(kinds), random)
    return Trusts(
        tuple(code_of(place, trusts) for place in range(trusts)),
        tuple(name_of(place, trusts, foundation=bool(foundation[place])) for place in range(trusts)),
        kinds,
        tuple(REGIONS[region] for region in regions),
        sizes,
        successors,
        dissolved,
    )


def _kinds(trusts: int, random: np.random.Generator) -> tuple[str, ...]:
    """Give each kind its share to the nearest trust, in random order; what is left over is acute."""
    kinds = [kind for kind, share in KINDS.items() if kind != "acute" for _ in range(round(trusts * share))]
    kinds += ["acute"] * (trusts - len(kinds))
    return tuple(kinds[place] for place in random.permutation(trusts))


def _mergers(
    kinds: np.ndarray[tuple[int], np.dtype[np.str_]], random: np.random.Generator
) -> tuple[Counts, Counts]:
    """Let a few trusts be taken over by one of their kind, on a first of April between 2012 and 2019."""
    successors = np.full(len(kinds), -1)
    dissolved = np.full(len(kinds), NEVER)
    going = random.permutation(len(kinds))[: round(len(kinds) * _MERGED)]
    for trust in going:
        staying = np.flatnonzero((kinds == kinds[trust]) & ~np.isin(np.arange(len(kinds)), going))
        april = 12 * int(random.integers(2, 10)) + 3
        if staying.size:
            successors[trust] = random.choice(staying)
            dissolved[trust] = april
    return successors, dissolved
