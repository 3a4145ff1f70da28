"""Named results as a reader of a notebook sees them: headings, rounded numbers, and the notes underneath."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from press.record import Result


@dataclass(frozen=True)
class Shown:
    """A table of text with its caption and notes; end a cell with it."""

    caption: str
    table: pd.DataFrame
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        with pd.option_context("display.max_colwidth", None):
            return "\n".join([self.caption, self.table.to_string(index=False), *self.notes])

    def _repr_html_(self) -> str:
        # Explanations are read here, so none is cut short.
        with pd.option_context("display.max_colwidth", None):
            body = self.table.to_html(index=False, border=0, justify="left")
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return f"<p><strong>{escape(self.caption)}</strong></p>{body}{notes}"


def table(named: Result) -> Shown:
    """Show a named table as it will be set; one that is absent, with the reason."""
    if named.kind == "absent":
        return Shown(f"{named.name} is absent", pd.DataFrame({"Reason": [named.reason]}))
    # Headings can be the same ("to"), so they are no keys.
    shown = pd.DataFrame([list(row) for row in named.rows])
    shown.columns = pd.Index([column.label for column in named.columns])
    return Shown(named.caption, shown, named.notes)


def numbers(caption: str, named: Iterable[Result], meaning: Mapping[str, str]) -> Shown:
    """Show numbers, texts and absent results in rows; `meaning` says what each is, by name.

    Columns that no result fills (interval, what it was counted out of) are left out.
    """
    rows = [
        {
            "Name": each.name,
            "What it is": meaning.get(each.name, ""),
            "Value": f"absent: {each.reason}" if each.kind == "absent" else _with_unit(each),
            "95% interval": each.interval_display,
            "Out of": "" if each.denominator is None else f"{each.denominator:,d}",
        }
        for each in named
    ]
    shown = pd.DataFrame(rows, columns=["Name", "What it is", "Value", "95% interval", "Out of"])
    empty = [column for column in shown if column != "Name" and not (shown[column] != "").any()]
    return Shown(caption, shown.drop(columns=empty))


def sentences(found: Sequence[str]) -> str:
    """Write sentences as a list to be printed."""
    return "\n".join(f"- {sentence}" for sentence in found)


def _with_unit(named: Result) -> str:
    unit = named.unit if named.unit in ("", "%") else f" {named.unit}"
    return f"{named.display}{unit}"
