"""Writes small CSV files in the layouts of national statistics, and reads what must be refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smq.readers.errors import DataFileError

if TYPE_CHECKING:
    from smq.readers.reading import StatisticReading

Lines = list[list[object]]


def write_csv(
    path: Path, lines: Sequence[Sequence[object]], encoding: str = "utf-8", newline: str = "\n"
) -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerows(lines)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def refusal(read: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(DataFileError) as caught:
        read(path)
    return str(caught.value)


def figures(reading: StatisticReading) -> list[list[object]]:
    """Give code, month, numerator, denominator and value of each row."""
    rows = reading.rows
    months = rows["period"].dt.strftime("%Y-%m")
    columns = [rows["code"], months, rows["numerator"], rows["denominator"], rows["value"].round(9)]
    return [list(row) for row in zip(*columns, strict=True)]
