"""Writes columns as CSV files: quickly, and the same bytes for the same values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as arrow
from pyarrow import csv

Column: TypeAlias = Sequence[str] | np.ndarray[Any, Any] | arrow.Array | str
"""Texts, numbers, or one text that stands in every row."""
Part: TypeAlias = tuple[Mapping[str, Column], int]
"""Columns, and how many rows they have."""
_PLAIN = csv.WriteOptions(include_header=False, quoting_style="none")


def write_csv(
    path: Path,
    columns: Mapping[str, Column],
    rows: int,
    *,
    front: Sequence[str] = (),
    last: Sequence[str] = (),
) -> None:
    """Write columns of `rows` rows below their names; `front` and `last` are lines before and after them.

    Texts hold no comma, quote or line break: pyarrow refuses quotes, and names of this world have no commas.
    """
    write_parts(path, [(columns, rows)], front=front, last=last)


def write_parts(
    path: Path,
    parts: Iterable[Part],
    *,
    front: Sequence[str] = (),
    last: Sequence[str] = (),
) -> None:
    """Write parts with the same columns below one another, so that a large file needs no more than a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = None
    with path.open("wb") as stream:
        for columns, rows in parts:
            if header is None:
                header = ",".join(columns)
                stream.write("".join(f"{line}\n" for line in (*front, header)).encode())
            # Names of columns may be doubled or empty in a layout; places are not.
            arrays = [_array(column, rows) for column in columns.values()]
            csv.write_csv(arrow.table(arrays, names=_places(len(arrays))), stream, _PLAIN)
        stream.write("".join(f"{line}\n" for line in last).encode())


def texts_of(names: Sequence[str], places: np.ndarray[Any, Any]) -> arrow.Array:
    """Give the text for each place."""
    return arrow.array(names, arrow.string()).take(arrow.array(places))


def _array(column: Column, rows: int) -> arrow.Array:
    if isinstance(column, str):
        return arrow.repeat(arrow.scalar(column, arrow.string()), rows)
    if isinstance(column, arrow.Array):
        return column
    return arrow.array(column)


def _places(number: int) -> list[str]:
    return [str(place) for place in range(number)]
