"""The tidy panel: one row for each unit of analysis, period and indicator.

Columns: unit (organisation code), period (first day), period_length (month, quarter, year, snapshot),
indicator (id), numerator, denominator, value (in the unit of the indicator), origin, published (day on which
the source published the figure; empty where it does not say), source (id of the source, or file name).
`arrange` checks and sorts; `to_parquet` gives the same bytes for the same rows.

A snapshot is a balance on one day; its period is the month of that day. Which code belongs to which unit is
said by `smq.organisations`.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd
import pandera.pandas as pa
import pyarrow as arrow
import pyarrow.parquet as parquet

from smq.readers.errors import DataFolderError

if TYPE_CHECKING:
    from pathlib import Path

KEY = ["unit", "indicator", "period"]
PERIOD_LENGTHS = ("month", "quarter", "year", "snapshot")

TRUST_CODE = {"official statistics": r"[RT][A-Z0-9]{2}", "simulated": r"ZZ[0-9]{2}"}
"""Codes of trusts by origin. NHS trusts have three characters and begin with R or T; the fictional ones
have four and begin with ZZ, which no organisation has."""

_QUARTER_STARTS = (1, 4, 7, 10)

_SCHEMA = pa.DataFrameSchema(
    {
        "unit": pa.Column(str, pa.Check.str_matches(r"^[A-Z0-9]{3,8}\Z")),
        "period": pa.Column(
            "datetime64[ms]", pa.Check(lambda period: period.dt.day == 1, name="first of month")
        ),
        "period_length": pa.Column(str, pa.Check.isin(PERIOD_LENGTHS)),
        "indicator": pa.Column(str, pa.Check.str_matches(r"^[a-z][a-z0-9_]*\Z")),
        "numerator": pa.Column(float, pa.Check.ge(0), nullable=True),
        "denominator": pa.Column(float, pa.Check.ge(0), nullable=True),
        "value": pa.Column(float, pa.Check.ge(0), nullable=True),
        "origin": pa.Column(str, pa.Check.isin(list(TRUST_CODE))),
        "published": pa.Column("datetime64[ms]", nullable=True),
        "source": pa.Column(str, pa.Check.str_length(min_value=1)),
    },
    checks=[
        pa.Check(
            lambda rows: (rows["period_length"] != "quarter") | rows["period"].dt.month.isin(_QUARTER_STARTS),
            name="quarters begin in January, April, July or October",
        ),
        pa.Check(
            lambda rows: rows.groupby("indicator")["period_length"].transform("nunique") == 1,
            name="one period length for each indicator",
        ),
    ],
    unique=KEY,
    strict=True,
    ordered=True,
)
COLUMNS = list(_SCHEMA.columns)

_TYPES = {"period": "timestamp", "published": "timestamp"} | dict.fromkeys(
    ("numerator", "denominator", "value"), "float"
)
_ARROW_TYPES = {
    "timestamp": arrow.timestamp("ms"),
    "float": arrow.float64(),
    "text": arrow.string(),
}
_ARROW = arrow.schema([arrow.field(column, _ARROW_TYPES[_TYPES.get(column, "text")]) for column in COLUMNS])
_PANDAS = {
    column: {"timestamp": "datetime64[ms]", "float": "float64", "text": "str"}[_TYPES.get(column, "text")]
    for column in COLUMNS
}


def arrange(panel: pd.DataFrame) -> pd.DataFrame:
    """Check the panel and sort it by unit, indicator and period. Raises pandera's `SchemaError`."""
    panel = panel[COLUMNS].astype(_PANDAS)
    checked: pd.DataFrame = _SCHEMA.validate(panel.sort_values(KEY, ignore_index=True))
    return checked


def to_parquet(panel: pd.DataFrame) -> bytes:
    """Give the panel as a Parquet file: sorted, and without pandas' own metadata."""
    table = arrow.Table.from_pandas(arrange(panel), schema=_ARROW, preserve_index=False)
    stream = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata(None), stream, compression="zstd", store_schema=False)
    return stream.getvalue()


def read_panel(path: Path) -> pd.DataFrame:
    """Read and check a panel that `to_parquet` wrote."""
    how = "Make it with 'python -m smq.prepare' or 'press build'."
    try:
        panel = parquet.read_table(path).to_pandas()
    except (FileNotFoundError, arrow.ArrowInvalid) as error:
        raise DataFolderError(f"{path}: no panel there that can be read. {how}") from error
    lacking = [column for column in COLUMNS if column not in panel]
    if lacking:
        raise DataFolderError(f"{path}: the panel has no column {', '.join(lacking)}. {how}")
    return arrange(panel)


def is_trust(panel: pd.DataFrame) -> pd.Series[bool]:
    """Say of each row whether its unit is a trust (and not a practice or another provider)."""
    known = pd.Series(False, index=panel.index)
    for origin, pattern in TRUST_CODE.items():
        known |= (panel["origin"] == origin) & panel["unit"].str.fullmatch(pattern)
    return known


def trust_pattern(panel: pd.DataFrame) -> str:
    """Regular expression of the trust codes that the panel's figures are about, by their origin."""
    return "|".join(TRUST_CODE[origin] for origin in sorted(panel["origin"].unique()))


def unknown_codes(panel: pd.DataFrame) -> pd.DataFrame:
    """List the codes that are not those of trusts: columns code, rows, first_period, last_period."""
    other = panel[~is_trust(panel)]
    return (
        other.groupby("unit", sort=True)["period"]
        .agg(rows="size", first_period="min", last_period="max")
        .rename_axis("code")
        .reset_index()
    )
