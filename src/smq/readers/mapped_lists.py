"""Reads lists of organisations and of successions through a declared mapping of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq.readers import errors
from smq.readers.mapped_table import read_mapped_table
from smq.readers.ods import TRUST
from smq.readers.reading import frame, is_code

if TYPE_CHECKING:
    from pathlib import Path

    from smq.mappings import OrganisationList, SuccessorList
    from smq.readers.errors import Problem

LIST_COLUMNS = ("code", "name", "type", "region", "commissioning_region", "status")


def read_organisation_list(path: Path, mapping: OrganisationList) -> pd.DataFrame:
    """Give what a list says of each organisation: columns `LIST_COLUMNS`, blank where it says nothing.

    Raises `DataFileError`.
    """
    table = read_mapped_table(path)
    columns = {role: column for role, column in mapping.columns.model_dump().items() if column is not None}
    places = table.places(columns)
    problems: list[Problem] = []
    first: dict[str, int] = {}
    records = []
    by_role = {str(role): words for role, words in mapping.words.items()}
    for line, cells in table.rows(problems):
        code = cells[places[mapping.columns.code]]
        if not is_code(code):
            problems.append(errors.malformed_code(line, mapping.columns.code, code))
        elif first.setdefault(code, line) != line:
            problems.append(errors.doubled_code(line, mapping.columns.code, code, first[code]))
        record = dict.fromkeys(LIST_COLUMNS, "") | dict(mapping.every)
        for role, column in columns.items():
            text = " ".join(cells[places[column]].split())
            words = by_role.get(role, {})
            record[role] = words.get(text, text)
        records.append(record)
    if problems:
        raise errors.DataFileError(path, problems)
    return frame(records, dict.fromkeys(LIST_COLUMNS, "str")).sort_values("code", ignore_index=True)


def read_successor_list(path: Path, mapping: SuccessorList) -> pd.DataFrame:
    """Give the successions of trusts by trusts: columns old_code, new_code, date. Others are left out.

    Raises `DataFileError`.
    """
    table = read_mapped_table(path)
    columns = mapping.columns
    places = table.places(columns.model_dump())
    problems: list[Problem] = []
    records = []
    for line, cells in table.rows(problems):
        old, new, text = (cells[places[column]] for column in (columns.old, columns.new, columns.date))
        day = pd.to_datetime(text, format=mapping.date_format, errors="coerce")
        problems += [
            errors.malformed_code(line, column, code)
            for column, code in ((columns.old, old), (columns.new, new))
            if not is_code(code)
        ]
        if pd.isna(day):
            problems.append(errors.unparsable_period(line, columns.date, text, mapping.date_format))
        if TRUST.fullmatch(old) and TRUST.fullmatch(new):
            records.append({"old_code": old, "new_code": new, "date": day})
    if problems:
        raise errors.DataFileError(path, problems)
    types = {"old_code": "str", "new_code": "str", "date": "datetime64[s]"}
    return frame(records, types).sort_values(["date", "old_code", "new_code"], ignore_index=True)
