"""The world of a folder: its files put together as one panel, and the tables beside it.

Files are read through a mapping of their columns, or by the reader of a national layout.

Where several files have the same figure, the newest publication is used (`smq.worlds.agreement`); a file that
was compiled from others is read only where none of them is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq import panel as tidy
from smq.mappings import OWN_MAPPINGS, load_mappings, present, used_mappings
from smq.readers.challenged_list import NONE, read_challenged
from smq.readers.errors import DataConflictError, DataFolderError, MappingError
from smq.readers.mapped_csv import read_mapped_csv
from smq.readers.mapped_lists import LIST_COLUMNS, read_organisation_list, read_successor_list
from smq.readers.reading import DROPPED_COLUMNS, TOTALS_COLUMNS, frame, normal
from smq.worlds.agreement import check_once, choose, joined
from smq.worlds.delayed_days import BEDS, DAYS, RATE, delay_rates
from smq.worlds.national import files_of, read_national
from smq.worlds.organisations import (
    SUCCESSOR_COLUMNS,
    merge_lists,
    organisation_table,
    to_units,
    unit_table,
)
from smq.worlds.stacking import Stack, compacted, stacked
from smq.worlds.tidy_folder import MISSING_COLUMNS, SOURCE_COLUMNS, TidyData

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smq.config import Study
    from smq.mappings import Declared, FileMapping, Mappings, NationalFiles
    from smq.readers.mapped_csv import Reading
    from smq.readers.text_columns import Integers
    from smq.worlds.national import NationalReading
    from smq.worlds.organisations import Choice

_TEXTS = ["code", "period_length", "indicator", "origin", "source", "unit"]
NEWEST = "the newest publication is used"
_FIGURES = {
    "month": "trust-months",
    "quarter": "trust-quarters",
    "year": "trust-years",
    "snapshot": "balances",
}


def read_folder(
    folder: Path,
    mappings: Path,
    study: Study,
    choices: Sequence[Choice],
    names: Mapping[str, str] | None = None,
) -> TidyData:
    """Read the files of a folder that its own `mappings.yaml`, or else `mappings`, declares.

    `names` gives codes by name (`smq.readers.public_names`), for statistics that give names alone. Raises
    `PressError` with what to do.
    """
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "there is no such folder"
        raise DataFolderError(
            f"{folder}: {what}. DATA is 'demo', 'public' or the path of a folder with your files."
        )
    path = used_mappings(folder, mappings)
    declared = load_mappings(path)
    for mapping in declared.files:
        study.series(mapping.indicator)
    used = present(folder, declared.files)
    national = [entry for entry in declared.national if files_of(folder, entry)]
    if not used and not national:
        looked = "".join(f"\n  {mapping.file} ({mapping.indicator})" for mapping in declared.files)
        looked += "".join(f"\n  {entry.files} ({entry.layout})" for entry in declared.national)
        raise DataFolderError(
            f"{folder}: none of the files that {path} maps is there. Looked for:{looked}\n"
            f"Put the files there, or describe your own in {folder / OWN_MAPPINGS}."
        )
    listed = folder / declared.challenged.file
    _refuse_other_readers(path, folder, declared)
    challenged = read_challenged(listed, declared.challenged) if listed.is_file() else NONE
    unread = {mapping.file for mapping in declared.files if (folder / mapping.file).is_file()}
    parts = _Parts()
    for mapping in used:
        parts.add_mapped(mapping, read_mapped_csv(folder / mapping.file, mapping))
    lists = present(folder, declared.organisations)
    successors = present(folder, declared.successors)
    described = [read_organisation_list(folder / mapping.file, mapping) for mapping in lists]
    for reading in read_national(folder, national, _codes(described, names or {})):
        parts.add_national(reading)
    made = _assemble(
        parts,
        choices,
        described,
        [read_successor_list(folder / mapping.file, mapping) for mapping in successors],
    )
    mapped: tuple[Declared, ...] = (*used, *lists, *successors)
    titles: list[tuple[str, Declared | NationalFiles]] = [(mapping.file, mapping) for mapping in mapped]
    titles += [
        (path.relative_to(folder).as_posix(), entry) for entry in national for path in files_of(folder, entry)
    ]
    return replace(
        made,
        sources=_sources(titles),
        challenged=challenged,
        unread=tuple(sorted(unread - {mapping.file for mapping in used})),
    )


def _refuse_other_readers(path: Path, folder: Path, declared: Mappings) -> None:
    """Refuse a confidential list that another entry reads: messages about other files quote what is wrong."""
    listed = (folder / declared.challenged.file).resolve()
    lists: tuple[Declared, ...] = (*declared.files, *declared.organisations, *declared.successors)
    found = [mapping.file for mapping in lists if (folder / mapping.file).resolve() == listed]
    for entry in declared.national:
        found += [entry.files for file in files_of(folder, entry) if file.resolve() == listed]
    if found:
        raise MappingError(
            f"{path}: {declared.challenged.file} is the confidential list of challenged providers, and the "
            f"entry '{found[0]}' reads it too, whose messages would quote it. "
            "Give it a name that only its own entry has."
        )


@dataclass
class _Parts:
    """What the files gave; the rows of all of them are in `stack`."""

    stack: Stack = field(default_factory=Stack)
    national: list[NationalReading] = field(default_factory=list)
    """Without their rows."""
    missing: list[pd.DataFrame] = field(default_factory=list)
    totals: list[pd.DataFrame] = field(default_factory=list)
    dropped: list[pd.DataFrame] = field(default_factory=list)
    lines: dict[str, list[Integers]] = field(default_factory=dict)
    """Lines that gave figures, by file."""

    def add_mapped(self, mapping: FileMapping, reading: Reading) -> None:
        self.stack.add(reading.rows)
        self.missing.append(reading.missing)
        self.totals.append(reading.totals)
        self.dropped.append(reading.dropped)
        self.lines.setdefault(mapping.file, []).append(reading.lines)

    def add_national(self, reading: NationalReading) -> None:
        self.stack.add(reading.rows)
        # A slice of no rows would keep all of them in memory.
        self.national.append(replace(reading, rows=pd.DataFrame(columns=list(reading.rows))))


def _codes(lists: Sequence[pd.DataFrame], names: Mapping[str, str]) -> dict[str, str]:
    """Give codes by name: those of the folder's lists come before the public ones."""
    found = dict(names)
    for table in reversed(lists):
        found |= {normal(name): code for code, name in zip(table["code"], table["name"], strict=True) if name}
    return found


def _assemble(
    parts: _Parts,
    choices: Sequence[Choice],
    lists: Sequence[pd.DataFrame],
    successions: Sequence[pd.DataFrame],
) -> TidyData:
    readings = parts.national
    ratings = joined([reading.ratings for reading in readings]) if readings else None
    no_marks, no_totals = pd.DataFrame(columns=MISSING_COLUMNS), frame([], TOTALS_COLUMNS)
    missing = joined([no_marks, *parts.missing, *(reading.missing for reading in readings)])
    totals = joined([no_totals, *parts.totals, *(reading.totals for reading in readings)])
    dropped = _dropped(parts)
    if not len(parts.stack):
        raise DataFolderError(
            "no figures: 'national' in mappings.yaml names files of ratings alone. Add figures."
        )
    parts.national.clear()
    by_code = parts.stack.take()
    successors = _successors(successions)
    seen = by_code[["code", "name", "period"]].drop_duplicates().astype({"code": "str", "name": "str"})
    codes = seen["code"].unique()
    units = unit_table(seen, choices, successors)
    by_code["unit"] = to_units(by_code, choices)
    held = [by_code.drop(columns="name")]
    del by_code
    panel, differences, agreement = _chosen(held)
    named = units.loc[units["name"] != "", ["code", "name"]].drop_duplicates("code", keep="last")
    listed = merge_lists([*lists, named.reindex(columns=list(LIST_COLUMNS), fill_value="")])
    made = TidyData(panel=panel, units=units, missing=missing, dropped=dropped, totals=totals)
    if ratings is not None:
        made = replace(made, ratings=ratings)
    if differences is not None and agreement is not None:
        made = replace(made, differences=differences, agreement=agreement)
    if not lists and not successions:
        return made
    return replace(made, organisations=organisation_table(codes, listed, successors))


def _chosen(held: list[pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame | None]:
    """Give the panel with the newest publication of each figure, and what the others say.

    The one table of `held` is taken out of it, so that its memory is free once it is packed.
    """
    rows = held.pop()
    _check_lengths(rows)
    several = _several(rows)
    if not several.any():
        held.append(rows[tidy.COLUMNS])
        del rows
        return _panel(held), None, None
    doubled = rows[several].astype(dict.fromkeys(_TEXTS, "str"))
    check_once(doubled)
    _check_published(doubled)
    # The newest publication comes first.
    doubled["rank"] = doubled["published"].rank(method="dense", ascending=False)
    why = dict.fromkeys(doubled["indicator"].unique(), NEWEST)
    used, differences, agreement = choose(doubled, why)
    held += [rows.loc[~several, tidy.COLUMNS], compacted(used[tidy.COLUMNS])]
    del rows, doubled, used
    return _panel(held), differences, agreement


def _several(rows: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say of each row whether another has the same unit, period and indicator."""
    found = np.zeros(len(rows), dtype=bool)
    codes = rows["indicator"].cat.codes.to_numpy()
    for series in np.unique(codes):
        places = np.flatnonzero(codes == series)
        found[places] = rows[["unit", "period"]].take(places).duplicated(keep=False).to_numpy()
    return found


def _panel(held: list[pd.DataFrame]) -> pd.DataFrame:
    indicators = {name for table in held for name in table["indicator"].unique()}
    if {DAYS, BEDS} <= indicators and RATE not in indicators:
        needed = [table[table["indicator"].isin((DAYS, BEDS))] for table in held]
        held.append(compacted(delay_rates(stacked(needed))))
    whole = stacked(held) if len(held) > 1 else held.pop()
    return tidy.pack(whole)


def _check_lengths(rows: pd.DataFrame) -> None:
    """Refuse a series that one file gives by month and another by quarter or year."""
    pairs = rows[["indicator", "period_length", "source"]].drop_duplicates(["indicator", "period_length"])
    pairs = pairs.astype("str")
    twice = pairs[pairs.duplicated("indicator", keep=False)].sort_values(["indicator", "period_length"])
    if len(twice):
        both = twice[twice["indicator"] == twice["indicator"].iloc[0]]
        said = " and ".join(
            f"by {length} in {source}"
            for length, source in zip(both["period_length"], both["source"], strict=True)
        )
        raise DataConflictError(
            f"{both['indicator'].iloc[0]} is given {said}. A series has one period length: leave one of the "
            "files out of mappings.yaml."
        )


def _check_published(rows: pd.DataFrame) -> None:
    """Refuse figures in several files, unless all say on which (different) days they were published."""
    doubled = rows[rows.duplicated(tidy.KEY, keep=False)]
    unsaid = doubled["published"].isna() | doubled.duplicated([*tidy.KEY, "published"], keep=False)
    keys = doubled.loc[unsaid, tidy.KEY]
    if keys.empty:
        return
    both = doubled.merge(keys.drop_duplicates(), on=tidy.KEY).sort_values([*tidy.KEY, "source"])
    first = both.iloc[0]
    same = both[both["indicator"] == first["indicator"]]
    count = len(same[tidy.KEY].drop_duplicates())
    raise DataConflictError(
        f"{' and '.join(sorted(set(same['source'])))}: {count:,d} {_FIGURES[first['period_length']]} of "
        f"{first['indicator']} are in more than one file, the first of them {first['unit']} in "
        f"{first['period']:%B %Y}. Keep each in one file only, or say in mappings.yaml on which (different) "
        "days the files were published: the newest is then used."
    )


def _successors(successions: Sequence[pd.DataFrame]) -> pd.DataFrame:
    empty = pd.DataFrame(columns=SUCCESSOR_COLUMNS).astype({"date": "datetime64[s]"})
    if not successions:
        return empty
    order = ["date", "old_code", "new_code"]
    return joined(successions).drop_duplicates().sort_values(order, ignore_index=True)


def _dropped(parts: _Parts) -> pd.DataFrame:
    """List the rows that no mapping of their file reads, each once."""
    tables = [table for table in parts.dropped if len(table)]
    found = [table for reading in parts.national if len(table := reading.dropped)]
    if tables:
        whole = joined(tables).drop_duplicates(["file", "row"])
        for file, lines in parts.lines.items():
            of_file = (whole["file"] == file).to_numpy()
            if of_file.any():
                used = np.isin(whole["row"].to_numpy(), np.concatenate(lines))
                whole = whole[~(of_file & used)]
        found.insert(0, whole)
    if not found:
        return frame([], DROPPED_COLUMNS)
    return joined(found).sort_values(["file", "row"], ignore_index=True)


def _sources(used: Sequence[tuple[str, Declared | NationalFiles]]) -> pd.DataFrame:
    titles = dict(reversed(used))
    return pd.DataFrame(
        [
            (file, file, " ".join((titles[file].source or file).split()), titles[file].licence)
            for file in sorted(titles)
        ],
        columns=SOURCE_COLUMNS,
    )
