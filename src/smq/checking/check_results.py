"""What the checks of a world's data take and give; `smq.checking.checks` makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from smq.performance.indicator import Number
from smq.readers.errors import DataFolderError

if TYPE_CHECKING:
    from press.record import Origin

NUMBERS = (
    "rows",
    "series",
    "units",
    "trusts",
    "missing_values",
    "dropped_rows",
    "unmatched_names",
    "totals_checked",
    "totals_equal",
    "totals_explained",
    "codes_decided",
    "agreement_shared",
    "agreement_equal",
    "agreement_share",
    "agreement_different",
    "figures_checked",
    "outliers",
    "outlier_trusts",
    "breaks",
    "breaks_trusts",
    "months_lost",
    "survivors_before",
    "survivors_after",
    "survivors_first_share",
    "survivors_trusts_first",
    "survivors_trusts_2016",
    "pilot_trusts",
    "england_wrong_months",
    "england_printed",
    "england_without",
    "england_rest",
)
TEXTS = ("first_month", "last_month", "survivors_first_year", "months_lost_list", "england_last_month")
TABLES = (
    "by_year",
    "by_series",
    "missing",
    "dropped",
    "totals",
    "decided_codes",
    "agreement",
    "differences",
    "outlier_list",
    "break_list",
    "survivors",
    "pilots",
    "england_row",
    "by_spell",
)
FIGURES = ("coverage",)
NAMES = (*NUMBERS, *TEXTS, *TABLES, *FIGURES)
"""Every result of the notebook `check_data`."""

AE = "ae_4h"


@dataclass(frozen=True)
class Table:
    """A table to be named."""

    data: pd.DataFrame
    caption: str
    labels: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """What preparing a world wrote: the panel, and the tables beside it."""

    panel: pd.DataFrame
    units: pd.DataFrame
    differences: pd.DataFrame
    agreement: pd.DataFrame
    dropped: pd.DataFrame
    totals: pd.DataFrame
    missing: pd.DataFrame
    spells: pd.DataFrame
    sources: pd.DataFrame

    def titled(self, table: pd.DataFrame) -> pd.DataFrame:
        """Give a table with the titles of sources and files in the place of their ids and names."""
        titles = {
            "file": dict(zip(self.sources["file"], self.sources["title"], strict=True)),
            "source": dict(zip(self.sources["source"], self.sources["title"], strict=True)),
        }
        columns = {"file": "file", "source_used": "source", "source_other": "source"}
        named = {
            column: table[column].map(lambda name, known=titles[kind]: known.get(name) or name)
            for column, kind in columns.items()
            if column in table
        }
        return table.assign(**named)


@dataclass(frozen=True)
class Checks:
    """What is reported of a world's data; each of `NAMES` but the figure is in one of the four."""

    origin: Origin
    held: pd.DataFrame
    """As of `smq.checking.coverage.by_year`."""
    labels: dict[str, str]
    """What the series are called, in the order of the study."""
    numbers: dict[str, Number] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)

    def count(self, name: str, value: float, unit: str, denominator: int | None = None) -> None:
        """Note a number of things."""
        self.numbers[name] = Number(float(value), ",d", unit, denominator=denominator)

    def percent(self, name: str, value: float, form: str = ".0f") -> None:
        """Note a percentage."""
        self.numbers[name] = Number(value, form, "%")

    def table(self, name: str, table: Table, without_rows: str) -> None:
        """Note a table, or that it has no rows, and why."""
        if table.data.empty:
            self.absent[name] = without_rows
        else:
            self.tables[name] = table

    def lacks(self, names: tuple[str, ...], reason: str) -> None:
        """Note what cannot be given."""
        self.absent.update(dict.fromkeys(names, reason))


def read_table(path: Path, dates: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read one of the tables beside the panel; `dates` are its columns of dates. Empty text stays text."""
    try:
        table = pd.read_csv(path, keep_default_na=False, na_values={"value": [""], "published": [""]})
    except (OSError, ValueError) as error:
        raise DataFolderError(
            f"{path}: not a table that 'press build' wrote. Make it again with 'press build'."
        ) from error
    for column in ("value_used", "value_other", "printed", "summed", "difference"):
        if column in table:
            table[column] = pd.to_numeric(table[column], errors="coerce")
    for column in dates:
        table[column] = pd.to_datetime(table[column], format="%Y-%m-%d").astype("datetime64[ms]")
    return table
