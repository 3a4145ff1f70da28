"""What the study says when a file of facts, or a request about the regime, is wrong.

The texts are kept here, so that they are designed together. Reader errors are in `smq.readers.errors`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from press.errors import PressError, WrongUseError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

_LONGEST_QUOTE = 60


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in a CSV file: the line it is on (counted from 1, the heading is line 1) and what to do."""

    line: int
    column: str
    value: str
    advice: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{where}: {quoted(self.value)} {self.advice}" if self.column else f"{where}: {self.advice}"


class ReferenceFileError(PressError):
    """A file of reference facts cannot be used; the message lists every problem found in it."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.path = path
        self.problems = tuple(sorted(problems))
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n".join([f"{path}: {count}.", *(f"  {problem}" for problem in self.problems)]))


class ReferenceFormatError(PressError):
    """A file of reference facts cannot be read as a table at all."""

    @classmethod
    def missing(cls, path: Path) -> ReferenceFormatError:
        """Say that there is no such file."""
        return cls(f"{path}: no such file. Restore it, or correct the path to it.")

    @classmethod
    def unreadable(cls, path: Path, reason: str) -> ReferenceFormatError:
        """Say that the system would not let the file be read."""
        return cls(f"{path}: cannot be read ({reason}). Check that it is a file and may be read.")

    @classmethod
    def not_utf8(cls, path: Path, line: int) -> ReferenceFormatError:
        """Say where the first byte stands that is not UTF-8."""
        return cls(f"{path}, line {line}: not UTF-8 text. Save the file again as CSV in UTF-8.")

    @classmethod
    def not_csv(cls, path: Path, line: int, reason: str) -> ReferenceFormatError:
        """Say where the file stops being CSV."""
        return cls(
            f"{path}, line {line}: not well-formed CSV ({reason}). Look for a quotation mark left open."
        )

    @classmethod
    def empty(cls, path: Path, columns: Iterable[str]) -> ReferenceFormatError:
        """Say that nothing stands under the heading, or that there is no heading."""
        return cls(
            f"{path}: the file holds no rows. It needs a heading with the columns {', '.join(columns)}, "
            "and a row for each fact."
        )

    @classmethod
    def missing_columns(
        cls, path: Path, missing: Sequence[str], present: Sequence[str]
    ) -> ReferenceFormatError:
        """Name the columns that the heading lacks, each with what may be meant."""
        lines = [f"  '{name}'. {nearest(name, map(quoted, present))}" for name in missing]
        return cls(
            "\n".join([f"{path}, line 1: the heading lacks these columns; add or rename them:", *lines])
        )

    @classmethod
    def doubled_columns(cls, path: Path, names: Sequence[str]) -> ReferenceFormatError:
        """Name the columns that stand twice in the heading."""
        return cls(f"{path}, line 1: the heading repeats {', '.join(map(quoted, names))}. Keep one of each.")


class CutoffError(WrongUseError):
    """The cut-off leaves nothing to analyse."""

    def __init__(self, cutoff: date, first_entry: date) -> None:
        super().__init__(
            f"no spell had begun by the cut-off {cutoff}: the first began on {first_entry}. "
            "Choose a cut-off on or after that day (parameter 'cutoff')."
        )


class BaselineError(WrongUseError):
    """The baseline year is not over when the first trust enters."""

    def __init__(self, start: date, last: date, first_entry: date) -> None:
        super().__init__(
            f"the baseline year from {start} goes on to {last}, but the first trust entered on {first_entry}."
            " Choose a year that is over before that day (parameter 'baseline_from')."
        )


def quoted(value: str) -> str:
    """Show a value from a user's file: on one line, control characters visible, not endlessly long."""
    short = value if len(value) <= _LONGEST_QUOTE else value[: _LONGEST_QUOTE - 1] + "…"
    return (
        "'"
        + "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in short)
        + "'"
    )
