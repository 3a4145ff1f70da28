"""The world of a folder: its mapped files put together as one panel, and the tables beside it.

Where several files have the same figure, the newest publication is used (`smq.agreement`); a file that was
compiled from others is read only where none of them is there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from smq import panel as tidy
from smq.agreement import check_once, choose, joined
from smq.mappings import OWN_MAPPINGS, load_mappings, present, used_mappings
from smq.organisations import (
    SUCCESSOR_COLUMNS,
    merge_lists,
    organisation_table,
    to_units,
    unit_table,
)
from smq.readers.errors import DataConflictError, DataFolderError
from smq.readers.mapped_csv import read_mapped_csv
from smq.readers.mapped_lists import LIST_COLUMNS, read_organisation_list, read_successor_list
from smq.tidy_folder import SOURCE_COLUMNS, TidyData

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smq.config import Study
    from smq.mappings import Declared, FileMapping
    from smq.organisations import Choice
    from smq.readers.mapped_csv import Reading

NEWEST = "the newest publication is used"
_FIGURES = {
    "month": "trust-months",
    "quarter": "trust-quarters",
    "year": "trust-years",
    "snapshot": "balances",
}


def read_folder(folder: Path, mappings: Path, study: Study, choices: Sequence[Choice]) -> TidyData:
    """Read the files of a folder that its own `mappings.yaml`, or else `mappings`, declares.

    Raises `PressError` with what to do.
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
    if not used:
        looked = "".join(f"\n  {mapping.file} ({mapping.indicator})" for mapping in declared.files)
        raise DataFolderError(
            f"{folder}: none of the files that {path} maps is there. Looked for:{looked}\n"
            f"Put the files there, or describe your own in {folder / OWN_MAPPINGS}."
        )
    unread = {mapping.file for mapping in declared.files if (folder / mapping.file).is_file()}
    readings = [read_mapped_csv(folder / mapping.file, mapping) for mapping in used]
    lists = present(folder, declared.organisations)
    successors = present(folder, declared.successors)
    made = _assemble(
        used,
        readings,
        choices,
        [read_organisation_list(folder / mapping.file, mapping) for mapping in lists],
        [read_successor_list(folder / mapping.file, mapping) for mapping in successors],
    )
    return replace(
        made,
        sources=_sources([*used, *lists, *successors]),
        unread=tuple(sorted(unread - {mapping.file for mapping in used})),
    )


def _assemble(
    used: Sequence[FileMapping],
    readings: Sequence[Reading],
    choices: Sequence[Choice],
    lists: Sequence[pd.DataFrame],
    successions: Sequence[pd.DataFrame],
) -> TidyData:
    by_code = pd.concat([reading.rows for reading in readings], ignore_index=True)
    rows = by_code.assign(unit=to_units(by_code, choices))
    check_once(rows)
    _check_published(rows)
    # The newest publication comes first.
    rows["rank"] = rows["published"].rank(method="dense", ascending=False)
    chosen, differences, agreement = choose(rows, dict.fromkeys(rows["indicator"].unique(), NEWEST))
    successors = _successors(successions)
    units = unit_table(by_code, choices, successors)
    named = units.loc[units["name"] != "", ["code", "name"]].drop_duplicates("code", keep="last")
    listed = merge_lists([*lists, named.reindex(columns=list(LIST_COLUMNS), fill_value="")])
    made = TidyData(
        panel=tidy.arrange(chosen),
        units=units,
        missing=joined([reading.missing for reading in readings]),
        differences=differences,
        agreement=agreement,
        dropped=_dropped(used, readings),
        totals=joined([reading.totals for reading in readings]),
    )
    if not lists and not successions:
        return made
    return replace(made, organisations=organisation_table(rows["code"], listed, successors))


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


def _dropped(used: Sequence[FileMapping], readings: Sequence[Reading]) -> pd.DataFrame:
    """List the rows that no mapping of their file reads, each once."""
    read: dict[str, frozenset[int]] = {}
    for mapping, reading in zip(used, readings, strict=True):
        read[mapping.file] = read.get(mapping.file, frozenset()) | reading.used
    whole = joined([reading.dropped for reading in readings]).drop_duplicates(["file", "row"])
    lines = zip(whole["file"], whole["row"], strict=True)
    unread = pd.Series([line not in read[file] for file, line in lines], whole.index, dtype=bool)
    return whole[unread].sort_values(["file", "row"], ignore_index=True)


def _sources(used: Sequence[Declared]) -> pd.DataFrame:
    titles = {mapping.file: mapping for mapping in reversed(used)}
    return pd.DataFrame(
        [
            (file, file, " ".join((titles[file].source or file).split()), titles[file].licence)
            for file in sorted(titles)
        ],
        columns=SOURCE_COLUMNS,
    )
