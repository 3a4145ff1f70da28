"""The tidy data of a world: the panel, and the tables that say where its figures come from.

Every world has the same files; a table without rows has its header. Dates are written year-month-day. What
is confidential can be read by its owner alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from smq import panel as tidy
from smq.readers import challenged_list
from smq.readers.cqc_ratings import RATING_COLUMNS
from smq.readers.errors import DataFolderError
from smq.readers.reading import DROPPED_COLUMNS, TOTALS_COLUMNS
from smq.worlds.organisations import ORGANISATION_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

DIFFERENCE_COLUMNS = [
    "unit",
    "period",
    "indicator",
    "quantity",
    "value_used",
    "source_used",
    "value_other",
    "source_other",
    "reason",
]
AGREEMENT_COLUMNS = ["indicator", "source_used", "source_other", "shared", "equal", "different"]
MISSING_COLUMNS = ["indicator", "column", "mark", "meaning", "rows"]
TRUTH_COLUMNS = ["unit", "period", "indicator", "regime", "effect"]
SOURCE_COLUMNS = ["source", "file", "title", "licence"]
CHALLENGED = "challenged.csv"
CONFIDENTIAL = (CHALLENGED,)
"""Files of the tidy folder that nobody else may read, and that no other file may tell anything of."""


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns)


@dataclass(frozen=True)
class TidyData:
    """What preparing a world gives."""

    panel: pd.DataFrame
    """As of `smq.panel`."""
    units: pd.DataFrame
    """Unit of analysis of each code and period, with the reason."""
    missing: pd.DataFrame
    """How often each missing mark stands for what."""
    organisations: pd.DataFrame = field(default_factory=lambda: _empty(ORGANISATION_COLUMNS))
    """Type, regions and successors of each code."""
    differences: pd.DataFrame = field(default_factory=lambda: _empty(DIFFERENCE_COLUMNS))
    """Values of another source that differ from the one in the panel."""
    agreement: pd.DataFrame = field(default_factory=lambda: _empty(AGREEMENT_COLUMNS))
    """How many unit-periods two sources share, and in how many they agree in all quantities."""
    dropped: pd.DataFrame = field(default_factory=lambda: _empty(list(DROPPED_COLUMNS)))
    """Rows of the files that were left out, and why."""
    totals: pd.DataFrame = field(default_factory=lambda: _empty(list(TOTALS_COLUMNS)))
    """Totals printed in the files beside the sums of their rows."""

    sources: pd.DataFrame = field(default_factory=lambda: _empty(SOURCE_COLUMNS))
    """What each source of the panel (`source`), and each file of the other tables (`file`), is called."""

    ratings: pd.DataFrame = field(default_factory=lambda: _empty(RATING_COLUMNS))
    """Ratings of trusts by the Care Quality Commission, which are words and do not fit the panel."""

    truth: pd.DataFrame = field(default_factory=lambda: _empty(TRUTH_COLUMNS))
    """What is planted in the figures of the demo, for its validation alone; no real world has a row."""

    challenged: pd.DataFrame = field(default_factory=challenged_list.NONE.copy)
    """Challenged providers, as of `smq.readers.challenged_list`. Confidential."""

    unread: tuple[str, ...] = ()
    """Files that were compiled from others which are there, and so were not read."""

    def files(self, spells: bytes) -> dict[str, bytes]:
        """Give the content of each file of the tidy folder."""
        return {
            "panel.parquet": tidy.to_parquet(self.panel),
            "spells.csv": spells,
            "units.csv": _csv(self.units),
            "organisations.csv": _csv(self.organisations),
            "differences.csv": _csv(self.differences),
            "agreement.csv": _csv(self.agreement),
            "dropped.csv": _csv(self.dropped),
            "totals.csv": _csv(self.totals),
            "sources.csv": _csv(self.sources),
            "missing_values.csv": _csv(self.missing),
            "ratings.csv": _csv(self.ratings),
            "truth_effects.csv": _csv(self.truth),
            "unknown_codes.csv": _csv(tidy.unknown_codes(self.panel)),
            CHALLENGED: _csv(self.challenged),
        }


def write_files(folder: Path, contents: Mapping[str, bytes], confidential: Collection[str] = ()) -> None:
    """Write files under temporary names, and give them their names when all are there.

    Those that are confidential can be read by their owner alone from the first byte on.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            new = folder / f".{name}.new"
            if name in confidential:
                new.unlink(missing_ok=True)
                new.touch(0o600)
            new.write_bytes(content)
        for name in contents:
            os.replace(folder / f".{name}.new", folder / name)  # noqa: PTH105 - atomic on every system
    except OSError as error:
        raise DataFolderError(
            f"{folder}: cannot be written ({error.strerror}). Check the path and the rights."
        ) from error


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d").encode("utf-8")
