"""Random numbers: each part of the world draws from a stream of its own, so that none disturbs another."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


def stream(seed: int, name: str) -> np.random.Generator:
    """Give the generator of one part. Python's own hash differs between processes; this one does not."""
    return np.random.default_rng([seed, zlib.crc32(name.encode("ascii"))])
