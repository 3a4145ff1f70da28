"""Tables of millions of rows put together: texts as categories, so that they fit into memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals


def compacted(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the same rows with each column of text as categories."""
    texts = [name for name in rows if pd.api.types.is_string_dtype(rows[name])]
    return rows.astype(dict.fromkeys(texts, "category"))


TOGETHER = 24
"""So many small tables are put together at a time: each holds its own list of the texts in it."""


@dataclass
class Stack:
    """Tables with the same columns that grow to millions of rows."""

    _large: list[pd.DataFrame] = field(default_factory=list)
    _small: list[pd.DataFrame] = field(default_factory=list)

    def __len__(self) -> int:
        """Give the number of rows."""
        return sum(map(len, (*self._large, *self._small)))

    def add(self, rows: pd.DataFrame) -> None:
        """Add a table; its texts become categories."""
        if len(rows):
            self._small.append(compacted(rows))
        if len(self._small) >= TOGETHER:
            self._large.append(stacked(self._small))

    def take(self) -> pd.DataFrame:
        """Give all rows as one table, and hold none of them any longer."""
        whole = [*self._large, *self._small]
        self._large.clear()
        self._small.clear()
        return stacked(whole)


def stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Put compacted tables with the same columns below each other; their texts stay categories.

    The list is emptied, and each column of the tables freed once it is joined.
    """
    parts = {name: [table[name].array for table in tables] for name in tables[0]}
    tables.clear()
    joined: dict[str, Any] = {}
    for name in list(parts):
        columns = parts.pop(name)
        texts = isinstance(columns[0].dtype, pd.CategoricalDtype)
        joined[str(name)] = union_categoricals(columns) if texts else np.concatenate(columns)
        columns.clear()
    return pd.DataFrame(joined, copy=False)
