"""Effects by event, with bands, and what the unadjusted ones before entry say of those after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.effects import bands, checks, library, overalls, relative_magnitudes
from smq.effects.group_time import group_time

if TYPE_CHECKING:
    from smq.effects.cells import Average
    from smq.effects.cohorts import Blocks

MAGNITUDES = (0.5, 1.0, 1.5, 2.0)
"""Changes of the trend after entry, as multiples of the largest before it: those of the published example."""


def unadjusted(blocks: Blocks) -> dict[int, Average]:
    """Give the effects by event of the window on each side, not adjusted for the past; −1 is the base."""
    window = blocks.window
    cells = group_time(blocks.outcomes, blocks.start, controls="not_yet", events=(-window, window))
    return overalls.by_event(cells)


def pretrend(plain: dict[int, Average]) -> float | None:
    """Give the p-value of no difference before entry; None with too few trusts for so many blocks."""
    before = [one for event, one in plain.items() if event < 0]
    try:
        return bands.few_treated_wald(before).p_value if before else None
    except ValueError:
        return None


def table(blocks: Blocks, plain: dict[int, Average], seed: int) -> pd.DataFrame:
    """Give the effects by event, without and with adjustment.

    Columns: event, trusts, plain, plain_low, plain_high, effect, effect_low, effect_high; the intervals
    hold for all events together. The adjusted effect has events from 0 on: before entry it is nothing by
    construction.
    """
    window = blocks.window
    fitted = overalls.by_event(checks.adjusted(blocks))
    fitted = {event: one for event, one in fitted.items() if event >= 0}
    found = pd.DataFrame({"event": range(-window, window + 1)})
    found["trusts"] = [fitted[event].treated if event in fitted else 0 for event in found["event"]]
    for name, series in (("plain", plain), ("effect", fitted)):
        critical = bands.critical_value(list(series.values()), seed)
        for column, side in ((name, 0), (f"{name}_low", -1), (f"{name}_high", 1)):
            found[column] = [_bound(series.get(event), side * critical) for event in found["event"]]
    found.loc[found["event"] == -1, ["plain", "plain_low", "plain_high"]] = 0.0
    found.loc[found["trusts"] == 0, "trusts"] = [
        plain[event].treated if event in plain else int(blocks.treated.sum())
        for event in found.loc[found["trusts"] == 0, "event"]
    ]
    return found


def bends(blocks: Blocks, plain: dict[int, Average]) -> pd.DataFrame:
    """Give intervals that let the trend bend by none, half and all of its largest bend before entry.

    Columns bend, low, high; no row where there are too few blocks before entry.
    """
    path = np.array([*(one.value for event, one in sorted(plain.items()) if event < 0), 0.0])
    largest = float(np.abs(np.diff(path, 2)).max()) if len(path) > 2 else 0.0
    bounds = library.smoothness(blocks, (0.0, largest / 2, largest)) if largest else []
    return pd.DataFrame([(one.bend, one.low, one.high) for one in bounds], columns=["bend", "low", "high"])


def magnitudes(blocks: Blocks, plain: dict[int, Average], seed: int) -> pd.DataFrame:
    """Give intervals that let the trend change after entry by a multiple of its largest change before.

    Columns magnitude, low, high (NaN where it has no end); no row where a block of the window is missing, or
    where there is none before the base.
    """
    window = blocks.window
    events = [event for event in range(-window, window + 1) if event != -1]
    columns = ["magnitude", "low", "high"]
    if window < 2 or any(event not in plain for event in events):
        return pd.DataFrame(columns=columns)
    averages = [plain[event] for event in events]
    influence = np.column_stack([one.influence for one in averages])
    treated = min(one.treated for one in averages)
    covariance = influence.T @ influence / len(influence) ** 2 * treated / (treated - 1)
    weight = np.array([0.0, *np.full(window, 1 / window)])
    effects = np.array([one.value for one in averages])
    found = relative_magnitudes.intervals(effects, covariance, window - 1, weight, MAGNITUDES, seed)
    lines = pd.DataFrame([(one.magnitude, one.low, one.high) for one in found], columns=columns)
    return lines.replace([np.inf, -np.inf], np.nan)


def _bound(average: Average | None, widths: float) -> float:
    if average is None:
        return float("nan")
    estimate = average.estimate
    return estimate.value + widths * estimate.error
