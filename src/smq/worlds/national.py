"""Files of a folder in the layouts of national statistics: each is read by the reader of its layout.

Which files there are, `national` in `mappings.yaml` says; the columns are found by the readers. The newest
publication of a figure is used, so the day of publication is taken from the file, or declared beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from smq.errors import quoted
from smq.readers.cqc_ratings import RATING_COLUMNS
from smq.readers.errors import DataFolderError
from smq.readers.mapped_csv import ROW_COLUMNS
from smq.worlds.layout_readers import RATING_READERS, READERS
from smq.worlds.layouts import LAYOUTS
from smq.worlds.missing_marks import count_marks

if TYPE_CHECKING:
    from smq.mappings import NationalFiles


@dataclass(frozen=True)
class NationalReading:
    """What one file gave."""

    file: str
    rows: pd.DataFrame
    """Columns `smq.readers.mapped_csv.ROW_COLUMNS`."""
    missing: pd.DataFrame
    dropped: pd.DataFrame
    totals: pd.DataFrame
    ratings: pd.DataFrame


def files_of(folder: Path, declared: NationalFiles) -> list[Path]:
    """Give the files of the folder that a declaration means, by name."""
    return sorted(path for path in folder.glob(declared.files) if path.is_file())


def read_national(
    folder: Path, declared: Sequence[NationalFiles], names: Mapping[str, str]
) -> Iterator[NationalReading]:
    """Read all files that are there, one after another.

    `names` gives codes by name, as `smq.readers.reading.normal` writes it. Raises `DataFileError`,
    and `DataFolderError` where two declarations mean the same file.
    """
    seen: dict[Path, str] = {}
    for entry in declared:
        for path in files_of(folder, entry):
            earlier = seen.setdefault(path, entry.layout)
            if earlier != entry.layout:
                raise DataFolderError(
                    f"{path}: declared as {earlier} and as {entry.layout}. Make the names in "
                    "mappings.yaml such that each file fits one of them."
                )
            yield _read(folder, path, entry, names)


def _read(folder: Path, path: Path, entry: NationalFiles, names: Mapping[str, str]) -> NationalReading:
    file = path.relative_to(folder).as_posix()
    if entry.layout in RATING_READERS:
        ratings = RATING_READERS[entry.layout](path)
        return NationalReading(
            file,
            pd.DataFrame(columns=list(ROW_COLUMNS)).astype(ROW_COLUMNS),
            pd.DataFrame(),
            ratings.dropped,
            pd.DataFrame(),
            ratings.rows.assign(source=file)[RATING_COLUMNS],
        )
    reading = READERS[entry.layout](path, file, names)
    series = entry.series or LAYOUTS[entry.layout]
    rows = reading.rows
    taken = rows[rows["indicator"].isin(series)]
    if taken.empty:
        raise DataFolderError(
            f"{path}: it gives none of {', '.join(series)}. "
            f"Correct 'series' of {quoted(entry.files)} under 'national' in mappings.yaml."
        )
    # A revised figure was published on the day of its revision.
    day = taken["revised"].fillna(taken["published"]).fillna(_declared(entry, file))
    kept = taken.assign(
        # A balance is of one day; the panel keeps the month of that day.
        period=taken["period"].to_numpy().astype("datetime64[M]").astype("datetime64[ms]"),
        published=day.to_numpy().astype("datetime64[ms]"),
        origin=entry.origin,
        source=file,
        rounding=0.0,
    )
    return NationalReading(
        file,
        kept[list(ROW_COLUMNS)],
        count_marks(taken),
        reading.dropped.assign(file=file),
        reading.totals.assign(file=file),
        pd.DataFrame(columns=RATING_COLUMNS),
    )


def _declared(entry: NationalFiles, file: str) -> pd.Timestamp:
    day = entry.published.get(file) if isinstance(entry.published, Mapping) else entry.published
    missing: pd.Timestamp = pd.NaT  # type: ignore[assignment]
    return pd.Timestamp(day) if isinstance(day, date) else missing
