"""Lists of organisations: NHS trusts, their successors, regions and places (Organisation Data Service).

Layout: `etr.csv` has no header and 27 columns: code, name, national grouping, high-level health
geography, five address lines, postcode, open date, close date (yyyymmdd), ... The others are .rda files of
the R package geographr: `lookup_trust_trust` (old code, new code, date), `lookup_nhs_trusts22_nhs_region21`
(trust, region), `points_nhs_trusts22` (longitude and latitude of headquarters).

Traps: `etr.csv` may hold sites too; trusts have codes of three characters. Care trusts with codes `T..` are
in a list of their own and may be missing. Succession dates fall on the day before or the day of the merger; a
trust that only changes its name keeps its code and is not listed; most successions are of other
organisations.
Codes pass on from trust to trust more than once.

Verified on: the list of 2025 (210 organisations), and the three .rda files of commit c026be5: 25,480
successions, 416 of them between trusts; 214 regions; 218 places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from smq.readers import rda
from smq.readers.csv_table import read_csv_table
from smq.readers.errors import DataFileError, Problem, ragged_row
from smq.readers.reading import DROPPED_COLUMNS, NAT, frame, is_code

VERIFIED = "verified on real files"

ETR_COLUMNS = 27
TRUST = re.compile(r"[RT][A-Z0-9]{2}")
"""Codes of NHS trusts; of care trusts those with T."""

_AGAIN = "Take the file as it was published."


@dataclass(frozen=True)
class ListReading:
    """What one list gave."""

    rows: pd.DataFrame
    dropped: pd.DataFrame
    """Columns file, row, code, name, reason."""
    log: tuple[str, ...]


def read_trust_list(path: Path) -> ListReading:
    """Read `etr.csv`: code, name, national_grouping, health_geography, postcode, opened, closed.

    Raises `DataFileError`. Organisations that are no trusts (codes not of three characters) are in `dropped`.
    """
    table = read_csv_table(path)
    problems: list[Problem] = []
    rows: dict[str, dict[str, object]] = {}
    dropped: list[dict[str, object]] = []
    for row, cells in enumerate(table.rows):
        if len(cells) != ETR_COLUMNS:
            problems.append(ragged_row(table.lines[row], len(cells), ETR_COLUMNS))
            continue
        code, name = table.text(row, 0), table.text(row, 1)
        if not is_code(code):
            problems.append(table.problem(row, "code", code, "not a well-formed ODS code", _AGAIN))
            continue
        if not TRUST.fullmatch(code):
            dropped.append(
                {
                    "file": path.name,
                    "row": table.lines[row],
                    "code": code,
                    "name": name,
                    "reason": "not the code of a trust",
                }
            )
            continue
        if code in rows:
            problems.append(
                table.problem(row, "code", code, "a second row for this code", "Keep one of the two.")
            )
        opened, closed = (
            _written_day(table.text(row, place), problems, table.lines[row]) for place in (10, 11)
        )
        rows[code] = {
            "code": code,
            "name": name,
            "national_grouping": table.text(row, 2),
            "health_geography": table.text(row, 3),
            "postcode": table.text(row, 9),
            "opened": opened,
            "closed": closed,
        }
    if problems:
        raise DataFileError(path, problems)
    columns = dict.fromkeys(("code", "name", "national_grouping", "health_geography", "postcode"), "str") | {
        "opened": "datetime64[s]",
        "closed": "datetime64[s]",
    }
    listed = frame(list(rows.values()), columns).sort_values("code", ignore_index=True)
    log = f"{len(table.rows)} organisations, {len(listed)} trusts (the file has no header)"
    return ListReading(listed, frame(dropped, DROPPED_COLUMNS), (log,))


def read_successors(path: Path, *, trusts_only: bool = True) -> ListReading:
    """Read `lookup_trust_trust.rda`: old_code, new_code, date. Raises `DataFileError`.

    With `trusts_only`, successions in which either side is no trust are left out and counted in the log.
    """
    data = rda.load_data_frame(path, ("old_code", "new_code", "date"))
    rows = []
    problems: list[Problem] = []
    others = 0
    for line, (old, new, when) in enumerate(data.itertuples(index=False, name=None), 1):
        old_code, new_code, day = rda.text(old), rda.text(new), rda.day(when)
        if not old_code or not new_code or pd.isna(day):
            problems.append(Problem(line, "old_code", old_code, "a code or the date is missing", _AGAIN))
        elif trusts_only and not (TRUST.fullmatch(old_code) and TRUST.fullmatch(new_code)):
            others += 1
        else:
            rows.append({"old_code": old_code, "new_code": new_code, "date": day})
    if problems:
        raise DataFileError(path, problems)
    types = {"old_code": "str", "new_code": "str", "date": "datetime64[s]"}
    listed = frame(rows, types).sort_values(["date", "old_code", "new_code"], ignore_index=True)
    log = f"{len(data):,d} successions, {others:,d} left out because a side is no trust"
    return ListReading(listed, frame([], DROPPED_COLUMNS), (log,))


def read_regions(path: Path) -> ListReading:
    """Read `lookup_nhs_trusts22_nhs_region21.rda`: code, name, region_code, region, status (open, closed)."""
    columns = {
        "nhs_trust22_code": "code",
        "nhs_trust22_name": "name",
        "nhs_region21_nhs_code": "region_code",
        "nhs_region21_name": "region",
        "status": "status",
    }
    data = rda.load_data_frame(path, list(columns)).map(rda.text).rename(columns=columns)
    return ListReading(
        _by_code(path, data.astype("str")), frame([], DROPPED_COLUMNS), (f"{len(data)} trusts",)
    )


def read_points(path: Path) -> ListReading:
    """Read `points_nhs_trusts22.rda`: code, name, status, longitude, latitude (degrees, WGS 84)."""
    columns = {"nhs_trust22_code": "code", "nhs_trust22_name": "name", "status": "status"}
    data = rda.load_data_frame(path, [*columns, "geometry"])
    places = []
    problems: list[Problem] = []
    for line, geometry in enumerate(data["geometry"], 1):
        try:
            longitude, latitude = (float(part) for part in geometry)
        except (TypeError, ValueError):
            longitude, latitude = 0.0, 0.0
        # England lies within these limits.
        if not (-7 <= longitude <= 2.1 and 49.5 <= latitude <= 56):
            problems.append(Problem(line, "geometry", str(geometry), "not a place in England", _AGAIN))
        places.append((longitude, latitude))
    if problems:
        raise DataFileError(path, problems)
    listed = data[list(columns)].map(rda.text).rename(columns=columns).astype("str")
    listed[["longitude", "latitude"]] = pd.DataFrame(places, index=listed.index)
    return ListReading(_by_code(path, listed), frame([], DROPPED_COLUMNS), (f"{len(data)} trusts",))


def _by_code(path: Path, listed: pd.DataFrame) -> pd.DataFrame:
    problems = [
        Problem(line, "code", code, "not a well-formed ODS code", _AGAIN)
        for line, code in enumerate(listed["code"], 1)
        if not is_code(code)
    ]
    problems += [
        Problem(int(line) + 1, "code", str(listed["code"][line]), "a second row for this code", _AGAIN)
        for line in listed.index[listed["code"].duplicated()]
    ]
    if problems:
        raise DataFileError(path, problems)
    return listed.sort_values("code", ignore_index=True)


def _written_day(text: str, problems: list[Problem], line: int) -> pd.Timestamp:
    missing: pd.Timestamp = NAT
    if not text:
        return missing
    try:
        day: pd.Timestamp = pd.Timestamp(date(int(text[:4]), int(text[4:6]), int(text[6:8]))).as_unit("s")
    except ValueError:
        problems.append(Problem(line, "open or close date", text, "not a date (yyyymmdd)", _AGAIN))
        return missing
    return day
