"""A small world by year: the real record of the regime, invented figures, and a list of watched trusts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import yaml

from smq.panel import arrange
from smq.reference import load_spells
from tests.smq.indicator_cases import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

YEARS = range(2009, 2021)
OTHERS = [f"R{letter}{digit}" for letter in "HJKLMNPQ" for digit in "0123456789"]
"""Codes of trusts that were never in the regime; the record has none of them."""
INDICATOR = "survey_work"


@cache
def record() -> pd.DataFrame:
    """The spells in special measures."""
    return load_spells(PROJECT / "data/reference/smq_spells.csv")


@cache
def figures() -> pd.DataFrame:
    """Figures by trust and year: unit, year, value."""
    codes = sorted({*record()["ods_code"], *others()})
    random = np.random.default_rng(7)
    level, rest = random.normal(55, 4, len(codes)), random.normal(0, 3, len(codes))
    rows = []
    for year in YEARS:
        rest = 0.6 * rest + random.normal(0, 2.4, len(codes))
        rows += [
            (code, year, round(float(value), 3)) for code, value in zip(codes, level + rest, strict=True)
        ]
    return pd.DataFrame(rows, columns=["unit", "year", "value"])


def others() -> list[str]:
    """Codes of the trusts that were never in the regime."""
    return [code for code in OTHERS if code not in set(record()["ods_code"])]


def panel() -> pd.DataFrame:
    """The figures as a panel."""
    table = figures()
    return arrange(
        pd.DataFrame(
            {
                "unit": table["unit"],
                "period": pd.to_datetime(table["year"].astype(str) + "-01-01"),
                "period_length": "year",
                "indicator": INDICATOR,
                "numerator": np.nan,
                "denominator": np.nan,
                "value": table["value"],
                "origin": "official statistics",
                "published": pd.NaT,
                "source": "figures.csv",
            }
        )
    )


def listed(codes: list[str]) -> pd.DataFrame:
    """The list with these trusts on it, from 2013 to 2017 on."""
    on = pd.to_datetime([f"{2013 + nth % 5}-0{1 + nth % 9}-15" for nth in range(len(codes))])
    return pd.DataFrame({"trust": codes, "on": on, "off": on + pd.Timedelta(days=400)})


def write_folder(folder: Path, rows: pd.DataFrame) -> None:
    """Write the world as a team's own folder; `rows` are those of the list, more columns allowed."""
    folder.mkdir()
    table = figures().assign(name=lambda every: "Trust " + every["unit"])
    table.to_csv(folder / "figures.csv", index=False)
    mapping = {
        "file": "figures.csv",
        "indicator": INDICATOR,
        "columns": {"trust": "unit", "name": "name", "period": "year", "value": "value"},
        "period_length": "year",
        "date_format": "%Y",
        "origin": "official statistics",
    }
    (folder / "mappings.yaml").write_text(yaml.safe_dump({"files": [mapping]}), encoding="utf-8")
    rows.to_csv(folder / "challenged.csv", index=False)
