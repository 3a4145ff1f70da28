"""The world `public`: the eleven pinned public files put together as one panel. No value is simulated.

Where two sources have the same unit and period, the newer publication wins; a row without a value never
displaces one with a value. The other value is kept in the table of differences where it is not the same.

A&E: NHSRdatasets (2024) before HowsMyNHS (2022). SHMI: `shmi` is by calendar year; the editions of 2012 and
2013 that cover one come first, because they hold the deaths behind the ratio and their day of publication.
All eleven editions, whose periods overlap, are `shmi_rolling` with its control limits. Not taken over from
them: the Poisson limits, the banding (which follows from the limits) and the number of spells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from smq import panel as tidy
from smq.readers.errors import MappingError
from smq.readers.howsmynhs_ae import read_howsmynhs_ae
from smq.readers.howsmynhs_beds import read_howsmynhs_beds
from smq.readers.loans import read_loans
from smq.readers.nhsrdatasets_ae import read_nhsrdatasets_ae
from smq.readers.ods import read_points, read_regions, read_successors
from smq.readers.public_names import read_public_names
from smq.readers.shmi_editions import read_shmi_editions
from smq.readers.shmi_staff_survey import read_shmi_staff_survey
from smq.worlds.agreement import check_once, choose, joined
from smq.worlds.missing_marks import count_marks
from smq.worlds.organisations import organisation_table, to_units, unit_table
from smq.worlds.pinned import pinned_files, source_table
from smq.worlds.tidy_folder import TidyData

if TYPE_CHECKING:
    from smq.readers.reading import StatisticReading
    from smq.worlds.organisations import Choice

ORIGIN = "official statistics"

_LOANS = ("loans_opening", "loans_drawn", "loans_repaid", "loans_closing", "loans_interest", "loans_count")
TAKEN: dict[str, tuple[str, ...]] = {
    "ae_attendances": ("ae_4h", "ae_4h_type1", "ae_4h_type2", "ae_4h_other"),
    "ae_long": ("ae_4h",),
    "beds": ("beds_available",),
    "shmi_editions": ("shmi", "shmi_rolling", "shmi_limit_lower", "shmi_limit_upper"),
    "shmi_staff_survey": ("shmi", "survey_work", "survey_care", "survey_stress"),
    "loans_2017": _LOANS,
    "loans_2018": _LOANS,
    "loans_2019": _LOANS,
}
"""What each source gives to the panel, in order of precedence: a source comes before those below it."""

WHY = {
    "ae_4h": "newest publication wins: NHSRdatasets was published after HowsMyNHS",
    "shmi": "the edition of the SHMI comes first: it holds the deaths behind the ratio",
}
_LISTS = ("ods_successors", "trust_points", "trust_regions")


def read_public(folder: Path, *, sources: Path, names: Path, choices: Sequence[Choice]) -> TidyData:
    """Read the fetched files below `folder` and put them together.

    `sources` is `config/sources.yaml`, `names` the table of public names and codes. Raises `PressError`;
    where files are missing it says to run `press fetch`.
    """
    files = pinned_files(folder, sources)
    unread = [name for name in (*TAKEN, *_LISTS) if name not in files]
    unknown = [name for name in files if name not in (*TAKEN, *_LISTS)]
    if unread or unknown:
        what = f"lacks {', '.join(unread)}" if unread else f"names {', '.join(unknown)}, which nothing reads"
        raise MappingError(f"{sources}: it {what}. Restore it, or change smq.worlds.public with it.")
    readings = _readings(files, read_public_names(names))
    read_points(files["trust_points"])
    successors = read_successors(files["ods_successors"]).rows
    made = assemble(readings, choices, successors, read_regions(files["trust_regions"]).rows)
    return replace(made, sources=source_table(sources))


def _readings(files: Mapping[str, Path], codes: Mapping[str, str]) -> dict[str, StatisticReading]:
    readers: dict[str, Callable[..., StatisticReading]] = {
        "ae_attendances": read_nhsrdatasets_ae,
        "ae_long": partial(read_howsmynhs_ae, names=codes),
        "beds": partial(read_howsmynhs_beds, names=codes),
        "shmi_editions": read_shmi_editions,
        "shmi_staff_survey": read_shmi_staff_survey,
    }
    return {name: readers.get(name, read_loans)(files[name], source=name) for name in TAKEN}


def assemble(
    readings: Mapping[str, StatisticReading],
    choices: Sequence[Choice],
    successors: pd.DataFrame,
    regions: pd.DataFrame,
) -> TidyData:
    """Put readings (by source id, as in `TAKEN`) together. Raises `DataConflictError`."""
    rows = pd.concat([_taken(name, reading.rows) for name, reading in readings.items()], ignore_index=True)
    rows["unit"] = to_units(rows, choices)
    check_once(rows)
    used, differences, agreement = choose(rows, WHY)
    return TidyData(
        panel=tidy.arrange(used.assign(origin=ORIGIN)),
        units=unit_table(rows, choices, successors),
        missing=count_marks(rows),
        organisations=organisation_table(rows["code"], regions, successors),
        differences=differences,
        agreement=agreement,
        dropped=joined([reading.dropped for reading in readings.values()]),
        totals=joined([reading.totals for reading in readings.values()]),
    )


def _taken(source: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Give the rows that the panel takes from a source, under the ids of the panel."""
    if source == "shmi_editions":
        shmi = rows[rows["indicator"] == "shmi"]
        calendar_years = shmi[shmi["period"].dt.month == 1]
        others = rows[rows["indicator"] != "shmi"]
        rows = pd.concat([others, shmi.assign(indicator="shmi_rolling"), calendar_years])
    taken = rows[rows["indicator"].isin(TAKEN[source])]
    # A balance is of one day; the panel keeps the month of that day.
    first = taken["period"].dt.to_period("M").dt.to_timestamp().astype("datetime64[ms]")
    return taken.assign(period=first, source=source, rank=list(TAKEN).index(source))
