"""The record of a run: every result that its notebook named, in a form that documents can quote.

Standard library only, because every kernel imports it. A record never holds a time, a host path or a
checksum of an input: a document depends on the results it quotes and on nothing behind them.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Literal

from press.errors import ResultError

RECORD_VERSION = 1
SIGNIFICANT_DIGITS = 12

Origin = Literal["public record", "official statistics", "published", "simulated", "confidential aggregate"]
ORIGINS: tuple[str, ...] = (
    "public record",
    "official statistics",
    "published",
    "simulated",
    "confidential aggregate",
)

Cell = str | float | int | None


@dataclass(frozen=True)
class Column:
    """One column of a table: its key in the CSV file, its heading, and where its text stands."""

    name: str
    label: str
    align: Literal["left", "right"]


@dataclass(frozen=True)
class Result:
    """One named result. Which fields are filled depends on `kind`; see `press.results`."""

    name: str
    kind: Literal["number", "text", "table", "figure", "absent"]
    origin: str = ""
    value: float | int | str | None = None
    display: str = ""
    format: str = ""
    unit: str = ""
    interval: tuple[float, float] | None = None
    interval_display: str = ""
    denominator: int | None = None
    caption: str = ""
    alt: str = ""
    notes: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """Display texts, row by row; the values themselves are in the CSV file."""
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 by file suffix (`svg`, `png`, `csv`); the file is `<name>.<suffix>`."""
    reason: str = ""
    cell: int | None = None
    """Number of the author's code cell that named the result, counted from 1."""

    def to_json(self) -> dict[str, Any]:
        """Give the fields that are filled, in alphabetical order."""
        empty: tuple[object, ...] = (None, "", (), {})
        return {key: value for key, value in sorted(asdict(self).items()) if value not in empty}

    def _repr_html_(self) -> str:
        """What a notebook shows of it: the value as it will be quoted, or the table as it will be set."""
        if self.kind == "table":
            head = "".join(f"<th>{escape(column.label)}</th>" for column in self.columns)
            body = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows
            )
            return f"<table><caption>{escape(self.caption)}</caption><tr>{head}</tr>{body}</table>"
        shown = {"absent": f"absent: {self.reason}", "figure": f"{self.caption}. {self.alt}"}.get(
            self.kind, self.display
        )
        interval = f" ({self.interval_display})" if self.interval_display else ""
        return (
            f"<p><code>{escape(self.name)}</code> {escape(shown)} {escape(self.unit)}{escape(interval)}</p>"
        )

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Result:
        """Rebuild a result from `to_json`."""
        known = dict(fields)
        if "interval" in known:
            low, high = known["interval"]
            known["interval"] = (low, high)
        known["notes"] = tuple(known.get("notes", ()))
        known["columns"] = tuple(Column(**column) for column in known.get("columns", ()))
        known["rows"] = tuple(tuple(row) for row in known.get("rows", ()))
        return cls(**known)


@dataclass(frozen=True)
class Record:
    """All results of one run. `key` is the prefix of their keys, for example `indicator.ae_4h`."""

    run: str
    key: str
    results: tuple[Result, ...]

    def to_text(self) -> str:
        """Give the JSON text that is stored: sorted, so that the same results are the same bytes."""
        content = {
            "version": RECORD_VERSION,
            "run": self.run,
            "key": self.key,
            "results": [result.to_json() for result in sorted(self.results, key=lambda result: result.name)],
        }
        return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"

    def __getitem__(self, name: str) -> Result:
        for result in self.results:
            if result.name == name:
                return result
        raise KeyError(f"the run {self.run} has no result '{name}'")

    def __contains__(self, name: str) -> bool:
        return any(result.name == name for result in self.results)


def read_record(path: Path) -> Record:
    """Read `record.json`. Raises `ResultError` where it was written by another version of the engine."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    if content.get("version") != RECORD_VERSION:
        raise ResultError(
            f"{path}: record version {content.get('version')}, but this engine writes {RECORD_VERSION}. "
            "Build again: the run is executed anew."
        )
    return Record(
        run=content["run"],
        key=content["key"],
        results=tuple(Result.from_json(fields) for fields in content["results"]),
    )


def round_value(value: float) -> float:
    """Round to the 12 significant digits that are stored, so that thread counts cannot change a byte."""
    if isinstance(value, int) or value == 0 or not math.isfinite(value):
        return value
    rounded = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    return 0.0 if rounded == 0 else rounded
