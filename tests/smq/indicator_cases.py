"""A panel small enough to be reckoned by hand, and where the real one is looked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from smq.config import Study, load_study
from smq.mappings import load_mappings
from smq.panel import arrange
from smq.readers.mapped_csv import read_mapped_csv
from smq.worlds.prepare import Files

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT = Path(__file__).parents[2]
SHARED = PROJECT.parent / "shared" / "data"
MONTHS = ["2015-11-01", "2015-12-01", "2016-01-01", "2016-02-01", "2016-03-01"]


def project_files(raw: Path) -> Files:
    """The project's files, with the data of worlds below `raw`."""
    files = {name: PROJECT / path for name, path in vars(Files()).items()}
    return Files(**files | {"raw_demo": raw / "demo", "raw_public": raw / "public"})


def study(months: int = 5, median: float = 50) -> Study:
    """The project's study with limits that suit five months."""
    whole = load_study(PROJECT / "config" / "study.yaml")
    limits = whole.comparators.model_copy(update={"months": months, "median_denominator": {"ae_4h": median}})
    return whole.model_copy(update={"comparators": limits})


def spells(*entries: tuple[str, ...]) -> pd.DataFrame:
    """Spells of (code, day of entry), (…, day of exit) or (…, day of merger, "merged")."""
    rows = [(*entry, *("",) * (4 - len(entry))) for entry in entries]
    return pd.DataFrame(
        {
            "trust_name": [f"Trust {code}" for code, *_ in rows],
            "ods_code": [code for code, *_ in rows],
            "entered_on": pd.to_datetime([row[1] for row in rows]),
            "exited_on": pd.to_datetime(pd.Series([row[2] or None for row in rows], dtype=str)),
            "ended": [row[3] or ("left" if row[2] else "open") for row in rows],
        }
    )


def panel(
    shares: dict[str, list[float | None]],
    size: dict[str, float] | None = None,
    *,
    starts: Sequence[str] = MONTHS,
    length: str = "month",
) -> pd.DataFrame:
    """Shares in percent by trust over `starts`, out of 100 attendances or as many as `size` says."""
    rows = [
        (
            code,
            month,
            None if share is None else share * (size or {}).get(code, 100) / 100,
            (size or {}).get(code, 100),
            share,
        )
        for code, values in shares.items()
        for month, share in zip(starts, values, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["unit", "period", "numerator", "denominator", "value"])
    table = table.assign(
        indicator="ae_4h",
        origin="official statistics",
        period=pd.to_datetime(table["period"]),
        period_length=length,
        published=None,
        source="test",
    )
    return arrange(table.astype({"numerator": float, "denominator": float, "value": float}))


def years(first: int, last: int) -> list[str]:
    """First days of calendar years."""
    return [f"{year}-01-01" for year in range(first, last + 1)]


def months(first: str, count: int) -> list[str]:
    """First days of months, from `first` on."""
    return [str(day.date()) for day in pd.date_range(first, periods=count, freq="MS")]


@cache
def real_panel() -> pd.DataFrame:
    """The real A&E panel. Skips the test where the folder beside the project is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"no folder {SHARED.name} with the real files beside the project")
    mapping = load_mappings(PROJECT / "config" / "mappings.yaml").files[0]
    return read_mapped_csv(SHARED / "real" / mapping.file, mapping).panel
