"""What may be told of estimates in which a confidential list has a part: the one gate they pass.

The figures of trusts are public, and so is this code, so whatever is told exactly can be tried against every
list that might be the one. Therefore

- no estimate is told behind which, in any of its parts, fewer than `LEAST` trusts stand, and none whose
  difference from another that is told rests on fewer;
- numbers of trusts are rounded to `COUNT_STEP`, so that two of them that differ by one trust do not say
  which indicator that trust lacks;
- estimates are rounded to a step of at most half their standard error, ends of intervals outwards and
  p-values upwards, so that many lists would give the same. That costs next to no knowledge: rounding adds
  about 2% to the variance. It does not hide from somebody who holds a whole list whether it is the one.

Everything that is said about an estimate is said about what is `Released`, and follows from nothing else.
A minimum of ten and rounding to five are usual: the ONS has the first as a threshold for outputs of its
research service, NHS Digital the second in its disclosure control of hospital statistics (2018).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smq.statistics.estimates import Estimate

LEAST = 10
"""Trusts behind every number that is told."""
COUNT_STEP = 5
P_DECIMALS = 2
"""Decimals of a p-value."""


@dataclass(frozen=True)
class Released:
    """An estimate as it may be told: value, 95% interval, number of trusts, decimals that are meant."""

    value: float
    interval: tuple[float, float]
    trusts: int
    decimals: int


def enough(*trusts: int) -> bool:
    """Say whether each of these groups of trusts is large enough."""
    return min(trusts, default=0) >= LEAST


def release(estimate: Estimate, groups: Iterable[int], decimals: int) -> Released | None:
    """Round an estimate, or give nothing where a group of trusts behind it is too small.

    groups: numbers of trusts on each side of every comparison in it, and of those in which it differs from
    other estimates that are told; decimals: the most that are told.
    """
    if not enough(estimate.clusters, *groups):
        return None
    step = rounding_step(estimate.error, decimals)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    low, high = estimate.interval
    return Released(
        value=round(round(estimate.value / step) * step, places),
        interval=(
            round(math.floor(low / step + 1e-9) * step, places),
            round(math.ceil(high / step - 1e-9) * step, places),
        ),
        trusts=rounded_count(estimate.clusters),
        decimals=places,
    )


def rounding_step(error: float, decimals: int) -> float:
    """Give the largest of 1, 2 and 5 times a power of ten that is at most half the standard error.

    It is never finer than `decimals`.
    """
    least = math.pow(10.0, -decimals)
    if error / 2 < least:
        return least
    power = math.pow(10, math.floor(math.log10(error / 2)))
    return max(least, max(times * power for times in (1, 2, 5) if times * power <= error / 2))


def rounded_count(trusts: int) -> int:
    """Round a number of trusts. Raises `ValueError` for one that is not told at all."""
    if not enough(trusts):
        raise ValueError(f"fewer than {LEAST} trusts are told by no number")
    return COUNT_STEP * ((2 * trusts + COUNT_STEP) // (2 * COUNT_STEP))


def rounded_p(p_value: float) -> float:
    """Round a p-value upwards."""
    scale = math.pow(10, P_DECIMALS)
    return min(1.0, math.ceil(p_value * scale - 1e-9) / scale)
