"""How often each missing mark stands for what, from the words that readers give in the place of a value."""

from __future__ import annotations

import re

import pandas as pd

from smq.worlds.tidy_folder import MISSING_COLUMNS

_MARKED = re.compile(r"(.+) \(([^()]*)\)")


def count_marks(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the marks (columns indicator, missing): "not published (-)" is the mark - with that meaning."""
    given = rows["missing"] != ""
    if not given.any():
        return pd.DataFrame(columns=MISSING_COLUMNS)
    marked = rows[given]
    counted = (
        marked.groupby(["indicator", "missing"], sort=True, observed=True).size().reset_index(name="rows")
    )
    lines = []
    for indicator, text, count in counted.itertuples(index=False, name=None):
        match = _MARKED.fullmatch(text)
        meaning, mark = (match[1], match[2]) if match else (text, "")
        lines.append((indicator, "value", mark, meaning, count))
    return pd.DataFrame(lines, columns=MISSING_COLUMNS)
