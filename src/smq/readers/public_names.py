"""The committed table of names and organisation codes (`data/reference/public_names.csv`).

For sources that give names alone. Names are compared without regard to case and spaces; nothing is guessed:
a name that is not in the table has no code, and its rows are listed by the reader that met it.
"""

from __future__ import annotations

from pathlib import Path

from smq.readers.csv_table import read_csv_table
from smq.readers.errors import DataFileError
from smq.readers.reading import find_header, is_code, normal


def read_public_names(path: Path) -> dict[str, str]:
    """Give {name as `normal` writes it: code}. Raises `DataFileError`."""
    table = read_csv_table(path)
    header = find_header(table, ("name", "ods_code"))
    name_place, code_place = header.column("name"), header.column("ods_code")
    names: dict[str, str] = {}
    problems = []
    for row in range(header.row + 1, len(table.rows)):
        name, code = normal(table.text(row, name_place)), table.text(row, code_place)
        if not is_code(code):
            what, remedy = "not a well-formed ODS code", "Correct it, or remove the row."
            problems.append(table.problem(row, "ods_code", code, what, remedy))
        elif not name:
            what, remedy = "the name is empty", "Fill it in, or remove the row."
            problems.append(table.problem(row, "name", name, what, remedy))
        elif names.setdefault(name, code) != code:
            what, remedy = "a second row for this name, with another code", "Keep one of the two."
            problems.append(table.problem(row, "name", name, what, remedy))
    if problems:
        raise DataFileError(path, problems)
    return names
