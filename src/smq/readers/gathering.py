"""Collects rows, rows left out, totals and problems while a file is read row by row."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from smq.errors import quoted
from smq.readers.errors import DataFileError, Problem
from smq.readers.reading import (
    DROPPED_COLUMNS,
    NAT,
    ROW_COLUMNS,
    TOTALS_COLUMNS,
    StatisticReading,
    Table,
    frame,
)

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Gathering:
    """Collects what a reader finds, and gives it as a `StatisticReading`."""

    file: Path
    source: str
    """Source id or file name."""
    problems: list[Problem] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    _rows: list[dict[str, object]] = field(default_factory=list)
    _dropped: list[dict[str, object]] = field(default_factory=list)
    _totals: list[dict[str, object]] = field(default_factory=list)
    _first: dict[tuple[object, ...], int] = field(default_factory=dict)

    def add(self, table: Table, row: int, **values: object) -> None:
        """Add a row (keys: those of `ROW_COLUMNS` but source). A second one of its key is a problem."""
        key = (values["code"], values["period"], values["indicator"])
        line = table.lines[row]
        earlier = self._first.setdefault(key, line)
        if earlier != line:
            what = f"a second row for {values['indicator']} (the first is row {earlier})"
            self.problems.append(table.problem(row, "", str(values["code"]), what, "Keep one of the two."))
            return
        blank = {"missing": "", "published": NAT, "revised": NAT}
        self._rows.append({**blank, **values, "source": self.source})

    def drop(self, table: Table, row: int, code: str, name: str, reason: str) -> None:
        """Note a row that is left out."""
        self._dropped.append(
            {"file": self.file.name, "row": table.lines[row], "code": code, "name": name, "reason": reason}
        )

    def total(
        self, total: str, quantity: str, printed: float, parts: Iterable[float], explanation: str = ""
    ) -> None:
        """Compare a printed total with the sum of its known parts.

        A difference (beyond rounding in the twelfth digit) without an explanation is a problem of the file.
        """
        known = np.asarray(parts if isinstance(parts, np.ndarray) else list(parts), dtype=float)
        summed = math.fsum(known[~np.isnan(known)].tolist())
        equal = math.isclose(printed, summed, rel_tol=1e-9, abs_tol=1e-6)
        if not equal and not explanation:
            self.problems.append(
                Problem(
                    0,
                    quantity,
                    f"{printed:.10g}",
                    f"the total {quoted(total)} is not the sum of its rows ({summed:,.10g})",
                    "Look for rows that are missing, doubled or changed; take the file as it was published.",
                )
            )
        self._totals.append(
            {
                "file": self.file.name,
                "total": total,
                "quantity": quantity,
                "printed": printed,
                "summed": summed,
                "difference": 0.0 if equal else printed - summed,
                "explanation": "" if equal else explanation,
            }
        )

    def reading(self) -> StatisticReading:
        """Give everything, sorted by code, period and indicator. Raises `DataFileError` for the problems."""
        if not self._rows and not self.problems:
            what, remedy = "no row of data was found", "Take the file as it was published."
            self.problems.append(Problem(0, "", None, what, remedy))
        if self.problems:
            raise DataFileError(self.file, self.problems)
        rows = frame(self._rows, ROW_COLUMNS).sort_values(["code", "period", "indicator"], ignore_index=True)
        return StatisticReading(
            rows, frame(self._dropped, DROPPED_COLUMNS), self.total_table(), tuple(self.log)
        )

    def total_table(self) -> pd.DataFrame:
        """Give the totals that were compared: columns `TOTALS_COLUMNS`."""
        return frame(self._totals, TOTALS_COLUMNS)
