"""The tidy panel: one row for each provider, month and indicator.

Columns: trust (organisation code), month (first day), indicator (id), numerator, denominator, value (in the
unit of the indicator), origin. `arrange` checks and sorts; `to_parquet` gives the same bytes for the same
rows.
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

KEY = ["trust", "indicator", "month"]
COLUMNS = ["trust", "month", "indicator", "numerator", "denominator", "value", "origin"]

TRUST_CODE = {"official statistics": r"[RT][A-Z0-9]{2}", "simulated": r"ZZ[0-9]{2}"}
"""Codes of trusts by origin. NHS trusts have three characters and begin with R or T; the fictional ones
have four and begin with ZZ, which no organisation has."""

_SCHEMA = pa.DataFrameSchema(
    {
        "trust": pa.Column(str, pa.Check.str_matches(r"^[A-Z0-9]{3,8}\Z")),
        "month": pa.Column(
            "datetime64[ms]", pa.Check(lambda month: month.dt.day == 1, name="first of month")
        ),
        "indicator": pa.Column(str, pa.Check.str_matches(r"^[a-z][a-z0-9_]*\Z")),
        "numerator": pa.Column(float, pa.Check.ge(0), nullable=True),
        "denominator": pa.Column(float, pa.Check.ge(0), nullable=True),
        "value": pa.Column(float, pa.Check.ge(0), nullable=True),
        "origin": pa.Column(str, pa.Check.isin(list(TRUST_CODE))),
    },
    unique=KEY,
    strict=True,
    ordered=True,
)

_ARROW = arrow.schema(
    [
        arrow.field("trust", arrow.string()),
        arrow.field("month", arrow.timestamp("ms")),
        arrow.field("indicator", arrow.string()),
        arrow.field("numerator", arrow.float64()),
        arrow.field("denominator", arrow.float64()),
        arrow.field("value", arrow.float64()),
        arrow.field("origin", arrow.string()),
    ]
)


def arrange(panel: pd.DataFrame) -> pd.DataFrame:
    """Check the panel and sort it by trust, indicator and month. Raises pandera's `SchemaError`."""
    panel = panel[COLUMNS].astype(
        {"month": "datetime64[ms]", "trust": "str", "indicator": "str", "origin": "str"}
    )
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
    try:
        return arrange(parquet.read_table(path).to_pandas())
    except (FileNotFoundError, arrow.ArrowInvalid) as error:
        raise DataFolderError(
            f"{path}: no panel there that can be read. Make it with 'python -m smq.prepare' or 'press build'."
        ) from error


def is_trust(panel: pd.DataFrame) -> pd.Series[bool]:
    """Say of each row whether its code is one of a trust (and not of a practice or another provider)."""
    known = pd.Series(False, index=panel.index)
    for origin, pattern in TRUST_CODE.items():
        known |= (panel["origin"] == origin) & panel["trust"].str.fullmatch(pattern)
    return known


def trust_pattern(panel: pd.DataFrame) -> str:
    """Regular expression of the trust codes that the panel's figures are about, by their origin."""
    return "|".join(TRUST_CODE[origin] for origin in sorted(panel["origin"].unique()))


def unknown_codes(panel: pd.DataFrame) -> pd.DataFrame:
    """List the codes that are not those of trusts: columns code, rows, first_month, last_month."""
    other = panel[~is_trust(panel)]
    return (
        other.groupby("trust", sort=True)["month"]
        .agg(rows="size", first_month="min", last_month="max")
        .rename_axis("code")
        .reset_index()
    )
