"""The tidy panel: one row for each unit of analysis, period and indicator.

Columns: unit (organisation code), period (first day), period_length (month, quarter, year, snapshot),
indicator (id), numerator, denominator, value (in the unit of the indicator), origin, published (day on
which the source published the figure; empty where it does not say), source (id of the source, or file
name). `arrange` checks and sorts, `pack` does so for millions of rows; `to_parquet` gives the same bytes
for the same rows.

A snapshot is a balance on one day; its period is the month of that day. Which code belongs to which unit
is said by `smq.worlds.organisations`.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pyarrow as arrow
import pyarrow.parquet as parquet

from smq.readers.errors import DataFolderError

if TYPE_CHECKING:
    from pathlib import Path

KEY = ["unit", "indicator", "period"]
PERIOD_LENGTHS = ("month", "quarter", "year", "snapshot")

TRUST_CODE = {"official statistics": r"[RT][A-Z0-9]{2}", "simulated": r"ZZ(?:[0-9]{2}|[0-9]{4})"}
"""Codes of trusts by origin. NHS trusts have three characters and begin with R or T; the fictional ones
have four or six and begin with ZZ. No organisation has such a code; those of ZZ and three digits are in use,
for sites that are not known."""

_QUARTER_STARTS = (1, 4, 7, 10)
_UNIT, _INDICATOR = re.compile(r"[A-Z0-9]{3,8}"), re.compile(r"[a-z][a-z0-9_]*")
_ROW_GROUP = 1 << 20

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


def pack(panel: pd.DataFrame) -> pd.DataFrame:
    """Check the panel and sort it by unit, indicator and period; texts become categories.

    Millions of rows fit into memory so. Raises pandera's `SchemaError`.
    """
    packed = pd.DataFrame({column: _packed(panel[column], column) for column in COLUMNS})
    # Built in place: with millions of rows each further array counts.
    key = packed["unit"].cat.codes.to_numpy().astype(np.int64)
    key *= len(packed["indicator"].cat.categories)
    key += packed["indicator"].cat.codes.to_numpy()
    key *= 2**24
    key += packed["period"].to_numpy().astype("datetime64[M]").astype(np.int64)
    if not (key[1:] > key[:-1]).all():
        order = np.argsort(key, kind="stable")
        key = key[order]
        # Column by column: two whole tables at a time would take twice the memory.
        packed = pd.DataFrame(
            {column: packed.pop(column).array.take(order) for column in COLUMNS}, copy=False
        )
    if not _is_sound(packed, key):
        # pandera names what is wrong, and takes far longer.
        _SCHEMA.validate(packed.astype(_PANDAS))
    return packed


def arrange(panel: pd.DataFrame) -> pd.DataFrame:
    """Check the panel and sort it by unit, indicator and period. Raises pandera's `SchemaError`."""
    arranged: pd.DataFrame = pack(panel).astype(_PANDAS)
    return arranged


def to_parquet(panel: pd.DataFrame) -> bytes:
    """Give the panel as a Parquet file: sorted, and without pandas' own metadata."""
    packed = pack(panel)
    stream = io.BytesIO()
    with parquet.ParquetWriter(stream, _ARROW, compression="zstd", store_schema=False) as writer:
        for begin in range(0, max(len(packed), 1), _ROW_GROUP):
            part = packed.iloc[begin : begin + _ROW_GROUP]
            writer.write_table(
                arrow.Table.from_arrays([_arrow(part[column]) for column in COLUMNS], schema=_ARROW)
            )
    return stream.getvalue()


def _packed(column: pd.Series[Any], name: str) -> pd.Series[Any]:
    if _PANDAS[name] != "str":
        numbers: pd.Series[Any] = column.astype(_PANDAS[name]).reset_index(drop=True)  # type: ignore[call-overload]
        return numbers
    known = isinstance(column.dtype, pd.CategoricalDtype)
    texts = (column if known else column.astype("str").astype("category")).cat
    if known and _in_order(texts.categories, texts.codes.to_numpy()):
        return column.reset_index(drop=True)
    used = sorted(texts.remove_unused_categories().cat.categories)
    return texts.set_categories(used).reset_index(drop=True)


def _in_order(texts: pd.Index[Any], codes: np.ndarray[Any, np.dtype[Any]]) -> bool:
    """Say whether texts are sorted and all in use, as those of a column that was packed before."""
    used = np.bincount(codes[codes >= 0], minlength=len(texts)) > 0
    return bool(texts.is_monotonic_increasing and texts.is_unique and used.all())


def _is_sound(packed: pd.DataFrame, key: np.ndarray[Any, np.dtype[np.int64]]) -> bool:
    """Say whether the rows pass all checks of the schema, from each distinct text once."""
    texts = {name: packed[name].cat for name in COLUMNS if _PANDAS[name] == "str"}
    pairs = packed[["indicator", "period_length"]].drop_duplicates()
    period = packed["period"]
    quarters = (packed["period_length"] == "quarter").to_numpy()
    lowest = [packed[name].min() for name in ("numerator", "denominator", "value")]
    return (
        not any((column.codes < 0).any() for column in texts.values())
        and all(_UNIT.fullmatch(text) for text in texts["unit"].categories)
        and all(_INDICATOR.fullmatch(text) for text in texts["indicator"].categories)
        and set(texts["period_length"].categories) <= set(PERIOD_LENGTHS)
        and set(texts["origin"].categories) <= set(TRUST_CODE)
        and "" not in texts["source"].categories
        and not any(number < 0 for number in lowest)
        and bool((period.to_numpy() == period.to_numpy().astype("datetime64[M]")).all())
        and bool(period[quarters].dt.month.isin(_QUARTER_STARTS).all())
        and not pairs["indicator"].duplicated().any()
        and bool((key[1:] > key[:-1]).all())
    )


def _arrow(column: pd.Series[Any]) -> arrow.Array:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return arrow.Array.from_pandas(column, type=_ARROW.field(str(column.name)).type)
    words = arrow.array(list(column.cat.categories), type=arrow.string())
    codes = arrow.array(column.cat.codes.to_numpy().astype(np.int32))
    return arrow.DictionaryArray.from_arrays(codes, words).cast(arrow.string())


def read_panel(path: Path) -> pd.DataFrame:
    """Read and check a panel that `to_parquet` wrote."""
    how = "Make it with 'python -m smq.worlds.prepare' or 'press build'."
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
