"""The demonstration world: fictional trusts and spells, and an effect that is known because it is planted.

Sixty trusts report A&E attendances and waits over four hours for November 2010 to December 2020. On the logit
scale, the share waiting is national level + season + level of the trust + a first-order autoregression;
counts are over-dispersed. Sixteen spells begin on fixed days; the trust that enters is the worst over the
twelve months before, so that entry follows a bad run, and part of what comes after it is return to the mean.

Planted effect: from the month after entry the share waiting falls by `EFFECT_POINTS` percentage points in
twelve equal steps, and stays that much lower. Over months 1 to 24 this is 77% of `EFFECT_POINTS` on average
(`planted_change`). Who enters is decided on the series without the effect, so that the same seed gives the
same spells whatever the effect.

Names and codes cannot be mistaken: names say "(simulated)", codes begin with ZZ and have four characters.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pandas as pd

SEED = 20130716
EFFECT_POINTS = 3.0
EFFECT_MONTHS = 12
CONCENTRATION = 400.0
"""Over-dispersion: the variance of a share p over n attendances is p(1−p)(1/n + 1/CONCENTRATION)."""
TRUSTS = 60
MONTHS = pd.date_range("2010-11-01", "2020-12-01", freq="MS")
ORIGIN = "simulated"

# Day of entry, months until it ended (None: still open), and whether a trust that had left comes back.
_PLAN: tuple[tuple[str, int | None, bool], ...] = (
    ("2013-07-16", 11, False),
    ("2013-07-16", 14, False),
    ("2013-07-16", 26, False),
    ("2013-07-16", 44, False),
    ("2013-12-18", 30, False),
    ("2014-05-01", 9, False),
    ("2014-10-14", 25, False),
    ("2015-03-17", 47, False),
    ("2015-09-22", 16, False),
    ("2016-01-26", 42, False),
    ("2016-08-17", 29, False),
    ("2017-04-11", None, True),
    ("2017-10-05", 30, False),
    ("2018-06-19", None, True),
    ("2018-11-08", None, False),
    ("2020-05-01", None, False),
)
_MERGED = 5
"""The spell of the plan that ends because the trust is dissolved in a merger."""
_MISSING = ((3, 20, 4, "*"), (17, 61, 3, ""), (29, 88, 5, "-"), (44, 40, 2, "N/A"))
"""Runs of missing counts: trust, first month, length, mark."""

MAPPINGS = f"""\
# How the simulated files are read. Written with them.
files:
  - file: ae.csv
    indicator: ae_4h
    columns: {{trust: trust_code, month: month, numerator: over_four_hours, denominator: attendances}}
    date_format: "%Y-%m-%d"
    scale: 100
    origin: {ORIGIN}
    source: simulated by smq.simulate
    licence: MIT
    note: Fictional trusts. No figure is about a real organisation.
"""


@dataclass(frozen=True)
class Simulation:
    """The files of the demonstration world. `ae` and `spells` are the contents of the CSV files."""

    ae: pd.DataFrame
    spells: pd.DataFrame

    def files(self) -> dict[str, bytes]:
        """Give the content of each file of the data folder."""
        return {
            "ae.csv": _csv(self.ae),
            "spells.csv": _csv(self.spells),
            "mappings.yaml": MAPPINGS.encode("utf-8"),
        }


def planted_change(window: int, effect_points: float = EFFECT_POINTS) -> float:
    """Mean of the planted effect over the months 1 to `window`, in percentage points (negative)."""
    steps = [min(month, EFFECT_MONTHS) / EFFECT_MONTHS for month in range(1, window + 1)]
    return -effect_points * sum(steps) / window


def simulate(seed: int = SEED, effect_points: float = EFFECT_POINTS) -> Simulation:
    """Make the demonstration world. The same seed gives the same files; the effect draws no numbers."""
    generator = np.random.default_rng(seed)
    share = _share(generator)
    size = _attendances(generator)
    spells, entries, merged = _spells(share)
    share = share.copy()
    for trust, month in entries:
        after = np.arange(1, len(MONTHS) - month)
        share[trust, month + 1 :] -= effect_points / 100 * np.minimum(after, EFFECT_MONTHS) / EFFECT_MONTHS
    share = np.clip(share, 0.004, 0.9)
    # Normal draws, because beta ones use up as many random numbers as the share asks for.
    deviation = np.sqrt(share * (1 - share) * (1 / size + 1 / CONCENTRATION))
    drawn = np.clip(share + deviation * generator.normal(size=size.shape), 0, 1)
    over = np.rint(drawn * size).astype(int)
    return Simulation(_table(size, over, merged), spells)


def _share(generator: np.random.Generator) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Share waiting over four hours without any effect; shape (trusts, months)."""
    step = np.arange(len(MONTHS))
    month = MONTHS.month.to_numpy()
    covid = np.where(step >= len(MONTHS) - 9, -0.55, 0.0)
    national = -3.0 + 1.35 * step / len(MONTHS) + 0.32 * np.cos(2 * np.pi * (month - 1) / 12) + covid
    level = generator.normal(0, 0.22, TRUSTS)
    persistence, spread = 0.92, 0.30
    noise = generator.normal(0, spread * np.sqrt(1 - persistence**2), (TRUSTS, len(MONTHS)))
    drift = np.empty_like(noise)
    drift[:, 0] = generator.normal(0, spread, TRUSTS)
    for now in range(1, len(MONTHS)):
        drift[:, now] = persistence * drift[:, now - 1] + noise[:, now]
    return np.asarray(1 / (1 + np.exp(-(national[None, :] + level[:, None] + drift))))


def _attendances(generator: np.random.Generator) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Attendances a month; shape (trusts, months)."""
    step = np.arange(len(MONTHS))
    month = MONTHS.month.to_numpy()
    typical = np.exp(generator.normal(np.log(9_500), 0.35, TRUSTS)).clip(4_500, 24_000)
    course = 1 + 0.0015 * step + 0.05 * np.cos(2 * np.pi * (month - 7) / 12)
    course = course * np.where(step >= len(MONTHS) - 9, 0.7, 1.0)
    expected = typical[:, None] * course[None, :] * np.exp(generator.normal(0, 0.03, (TRUSTS, len(MONTHS))))
    return np.asarray(generator.poisson(expected))


def _spells(
    share: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> tuple[pd.DataFrame, list[tuple[int, int]], tuple[int, int]]:
    """Let the worst trusts enter; give the spells, (trust, month) of entry, and of the merger."""
    left: dict[int, pd.Timestamp | None] = {}
    again: set[int] = set()
    lines = []
    entries = []
    merged = (0, 0)
    for place, (day, months, returns) in enumerate(_PLAN):
        entered = pd.Timestamp(day)
        entry = _place(entered)
        recent = share[:, entry - 12 : entry].mean(axis=1)
        for trust in np.argsort(-recent, kind="stable"):
            ended = left.get(int(trust))
            back = (
                ended is not None and ended + pd.DateOffset(months=18) < entered and int(trust) not in again
            )
            if back if returns else int(trust) not in left:
                break
        else:
            raise RuntimeError("the plan of the simulation asks for a trust that there is not")
        chosen = int(trust)
        end = None if months is None else entered + pd.DateOffset(months=months)
        # A trust that is gone in a merger cannot come back.
        left[chosen] = None if place == _MERGED else end
        again |= {chosen} if returns else set()
        entries.append((chosen, entry))
        if place == _MERGED and end is not None:
            merged = (chosen, _place(end))
        lines.append((chosen, entered, end, returns, place == _MERGED))
    return _spell_table(lines, again), entries, merged


def _spell_table(
    lines: list[tuple[int, pd.Timestamp, pd.Timestamp | None, bool, bool]], again: set[int]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "trust_name": [_name(trust) for trust, *_ in lines],
            "ods_code": [_code(trust) for trust, *_ in lines],
            "trust_type": "acute",
            "entered_on": [f"{entered:%Y-%m-%d}" for _, entered, *_ in lines],
            "exited_on": ["" if end is None else f"{end:%Y-%m-%d}" for _, _, end, *_ in lines],
            "re_entered": [
                "re-entry" if returned else "yes" if trust in again else "no"
                for trust, _, _, returned, _ in lines
            ],
            "ended": [
                "open" if end is None else "merged" if merged else "left" for *_, end, _, merged in lines
            ],
            "source": "simulated",
            "confidence": "high",
            "note": "Simulated spell of a fictional trust.",
        }
    )


def _table(
    size: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    over: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    merged: tuple[int, int],
) -> pd.DataFrame:
    trusts, months = np.indices(size.shape).reshape(2, -1)
    table = pd.DataFrame(
        {
            "trust_code": [_code(trust) for trust in trusts],
            "trust_name": [_name(trust) for trust in trusts],
            "month": MONTHS[months].strftime("%Y-%m-%d"),
            "attendances": size.ravel(),
            "over_four_hours": over.ravel().astype(str),
            "origin": ORIGIN,
        }
    )
    for trust, first, length, mark in _MISSING:
        gone = (trusts == trust) & (months >= first) & (months < first + length)
        table.loc[gone, "over_four_hours"] = mark
    dissolved = (trusts == merged[0]) & (months >= merged[1])
    kept: pd.DataFrame = table[~dissolved].reset_index(drop=True)
    return kept


def _place(day: pd.Timestamp) -> int:
    """Count of months from the first one."""
    return (day.year - MONTHS[0].year) * 12 + day.month - MONTHS[0].month


def _code(trust: int) -> str:
    return f"ZZ{trust + 1:02d}"


def _name(trust: int) -> str:
    return f"Fictional Trust {trust + 1:02d} (simulated)"


def _csv(table: pd.DataFrame) -> bytes:
    stream = io.StringIO()
    table.to_csv(stream, index=False, lineterminator="\n")
    return stream.getvalue().encode("utf-8")
