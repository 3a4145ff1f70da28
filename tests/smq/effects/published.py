"""Data sets with published results, out of the wheels of packages that are installed for tests alone."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

Floats = npt.NDArray[np.float64]


def _file_of(package: str, name: str) -> Path:
    """Find a file of an installed package without importing it."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        pytest.skip(f"the package {package} is not installed; it carries {name}: run make test")
    found = [Path(str(file.locate())) for file in files if file.name == name]
    if not found:
        pytest.skip(f"the package {package} does not carry {name}")
    return found[0]


@cache
def mpdta() -> tuple[Floats, Floats, pd.DataFrame]:
    """County employment of Callaway and Sant'Anna: log employment (500, 5), starts (500,), long table."""
    table = pd.read_pickle(_file_of("moderndid", "mpdta_long.pkl.gz"))  # noqa: S301
    wide = table.pivot_table("lemp", "countyreal", "year")
    first = table.groupby("countyreal")["first.treat"].first()
    start = np.where(first > 0, first - 2003.0, np.inf)
    return wide.to_numpy(), start, table


@cache
def medicaid() -> pd.DataFrame:
    """Insurance by state and year, of Rambachan and Roth's example: stfips, year, dins, yexp2, W."""
    table: pd.DataFrame = pd.read_pickle(_file_of("moderndid", "ehec_data.pkl.gz"))  # noqa: S301
    return table


@cache
def proposition_99() -> pd.DataFrame:
    """Cigarette packs a head by state and year: State, Year, PacksPerCapita, treated."""
    return pd.read_csv(_file_of("synthdid-py", "california_prop99.csv"), sep=";")
