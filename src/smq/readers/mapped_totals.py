"""Compares totals that stand among the rows of a mapped file with the sums of their rows."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from smq.readers import errors
from smq.readers.reading import TOTALS_COLUMNS, frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from smq.mappings import FileMapping
    from smq.readers.errors import Problem
    from smq.readers.mapped_csv import Row

PARTS_MISSING = "some of its rows have no figure"


def compare(
    mapping: FileMapping,
    columns: Sequence[str],
    rows: Sequence[Row],
    totals: Sequence[Row],
    problems: list[Problem],
) -> pd.DataFrame:
    """Set each total beside the sum of its period, and part (columns as of `TOTALS_COLUMNS`).

    A total may exceed the sum where parts are missing, or for the reason that the mapping gives; anything
    else is added to `problems`.
    """
    declared = mapping.totals
    if declared is None or not declared.check:
        return frame([], TOTALS_COLUMNS)
    called = {getattr(mapping.columns, role): name for role, name in declared.quantities.items()}
    parts: dict[tuple[date, str], list[Row]] = defaultdict(list)
    for row in rows:
        parts[row.period, row.part].append(row)
    records = []
    for total in totals:
        for column in columns:
            printed = total.numbers[column]
            if printed is None:
                continue
            values = [row.numbers[column] for row in parts[total.period, total.part]]
            summed = math.fsum(part for part in values if part is not None)
            equal = math.isclose(printed, summed, rel_tol=1e-9, abs_tol=1e-6)
            reason = declared.explanation or (PARTS_MISSING if None in values else "")
            if not equal and (printed < summed or not reason):
                problems.append(
                    errors.wrong_total(
                        total.line,
                        column,
                        f"{printed:.10g}",
                        f"{total.period:%B %Y}",
                        summed,
                        short=printed < summed,
                    )
                )
                continue
            records.append(
                {
                    "file": mapping.file,
                    "total": f"{declared.name or total.code} {total.period:%Y-%m}",
                    "quantity": called.get(column, column) + (f" ({total.part})" if total.part else ""),
                    "printed": printed,
                    "summed": summed,
                    "difference": 0.0 if equal else printed - summed,
                    "explanation": "" if equal else reason,
                }
            )
    return frame(records, TOTALS_COLUMNS)
