"""A tiny project about library visits, for tests of the engine: quick, and nothing of the study in it."""

from __future__ import annotations

from pathlib import Path

import nbformat

RUNS = """
- notebook: count_visits
  namespace: visits
  inputs: {visits: data/visits.csv}
"""
PARAMETERS = """
from pathlib import Path

visits: Path = Path("../data/visits.csv")
factor: int = 1
"""
READ = """
import pandas as pd
from press import results
from library.sums import total

data = pd.read_csv(visits)
data
"""
NAME = """
results.number("total", total(data["visits"], factor), format=",d", origin="official statistics")
results.table("by_day", data, caption="Visits by day", origin="official statistics");
"""
SUMS = """
from library.checks import checked


def total(visits, factor):
    return factor * checked(int(visits.sum()))
"""
CHECKS = """
def checked(number):
    if number > 1000:
        raise ValueError("more visits than the library has seats")
    return number
"""


def write_notebook(path: Path, *cells: tuple[str, str]) -> None:
    """Write a notebook from (kind, source) pairs; kind is markdown, code or parameters."""
    made = []
    for number, (kind, source) in enumerate(cells):
        if kind == "markdown":
            cell = nbformat.v4.new_markdown_cell(source.strip())  # type: ignore[no-untyped-call]
        else:
            tags = {"tags": ["parameters"]} if kind == "parameters" else {}
            cell = nbformat.v4.new_code_cell(source.strip(), metadata=tags)  # type: ignore[no-untyped-call]
        cell["id"] = f"cell-{number}"
        made.append(cell)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)  # type: ignore[no-untyped-call]


def write_project(folder: Path, *, name_cell: str = NAME) -> None:
    """Write the project into an empty folder."""
    files = {
        "config/config.yaml": "report_date: 2026-11-30\ntimeout_seconds: 60\n",
        "config/runs.yaml": RUNS,
        "config/documents.yaml": "[]\n",
        "data/visits.csv": "day,visits\n1,3\n2,5\n",
        "src/library/__init__.py": "",
        "src/library/sums.py": SUMS,
        "src/library/checks.py": CHECKS,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    write_notebook(
        folder / "notebooks/count_visits.ipynb",
        ("markdown", "# Count visits"),
        ("parameters", PARAMETERS),
        ("markdown", "## Read the counts"),
        ("code", READ),
        ("markdown", "## Name the results"),
        ("code", name_cell),
    )
