"""Writes docs/data.md from readers, schema and configuration: `python -m smq.manuals.data_manual`.

Each reader's docstring has the paragraphs Layout, Traps and Verified on; its module, a constant `VERIFIED`.
"""

from __future__ import annotations

import ast
import pkgutil
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from smq import panel, readers
from smq.checking import plausibility
from smq.config import load_study
from smq.manuals.mapping_manual import own_files
from smq.readers.challenged_list import CHALLENGED_COLUMNS
from smq.readers.cqc_ratings import RATING_COLUMNS
from smq.readers.reading import DROPPED_COLUMNS, MARKS, TOTALS_COLUMNS
from smq.worlds.organisations import ORGANISATION_COLUMNS, UNIT_COLUMNS
from smq.worlds.tidy_folder import (
    AGREEMENT_COLUMNS,
    DIFFERENCE_COLUMNS,
    MISSING_COLUMNS,
    SOURCE_COLUMNS,
    TRUTH_COLUMNS,
)
from smq.yamlfile import load_yaml

MANUAL = Path("docs/data.md")
PARAGRAPHS = ("Layout", "Traps", "Verified on")

PANEL_MEANING = {
    "unit": "Unit of analysis: the code of an organisation (`units.csv` says which codes belong to it).",
    "period": "First day of the period; of a balance on one day, the first of its month.",
    "period_length": "How long the period is.",
    "indicator": "Series, see below.",
    "numerator": "What is counted, where it is known.",
    "denominator": "What it is counted out of, where it is known.",
    "value": "The figure in the unit of the series. Missing is missing: never 0.",
    "origin": "Where it comes from: a simulated figure is never taken for one that was published.",
    "published": "Day on which the source published the figure; empty where it does not say.",
    "source": "Id of the source (`config/sources.yaml`), or name of the file.",
}
TABLES: tuple[tuple[str, str, list[str]], ...] = (
    (
        "units.csv",
        "Which unit of analysis each code is, from when to when, and why; choices stand in "
        "`config/organisations.yaml`.",
        UNIT_COLUMNS,
    ),
    (
        "organisations.csv",
        "Type, region, successors and foundation status (from the name) of each code. "
        "`commissioning_region` is one of the four regions of NHS England until 2018.",
        ORGANISATION_COLUMNS,
    ),
    (
        "differences.csv",
        "Figures of a second source that differ from the one in the panel.",
        DIFFERENCE_COLUMNS,
    ),
    (
        "agreement.csv",
        "How many unit-periods two sources share, and in how many they agree.",
        AGREEMENT_COLUMNS,
    ),
    ("dropped.csv", "Rows of the files that were left out, and why.", list(DROPPED_COLUMNS)),
    ("totals.csv", "Totals printed in the files beside the sums of their rows.", list(TOTALS_COLUMNS)),
    (
        "sources.csv",
        "What the sources and files that the other tables name are called, and their licences.",
        SOURCE_COLUMNS,
    ),
    (
        "truth_effects.csv",
        "What is planted in the figures of the demo, in the unit of the indicator; other worlds have no row. "
        "For tests and the appendix on validation alone.",
        TRUTH_COLUMNS,
    ),
    (
        "ratings.csv",
        "Ratings of trusts by the Care Quality Commission, where a folder holds a file of them.",
        RATING_COLUMNS,
    ),
    ("missing_values.csv", "How often each missing mark stands for what.", MISSING_COLUMNS),
    (
        "challenged.csv",
        "Confidential: the list of challenged providers, where a folder holds one.",
        list(CHALLENGED_COLUMNS),
    ),
)


@dataclass(frozen=True)
class Reader:
    """What one reader's module says of itself."""

    module: str
    title: str
    paragraphs: dict[str, str]
    verified: str
    functions: tuple[str, ...]


def all_readers() -> list[Reader]:
    """Give the readers: the modules of `smq.readers` that have a constant `VERIFIED`, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(readers.__path__))
    found = []
    for name in names:
        module = import_module(f"smq.readers.{name}")
        if not hasattr(module, "VERIFIED"):
            continue
        parts = re.split(r"\n\n", (module.__doc__ or "").strip())
        paragraphs = {}
        for part in parts[1:]:
            label, _, text = part.partition(":")
            if label in PARAGRAPHS:
                paragraphs[label] = " ".join(text.split())
        functions = tuple(function for function in vars(module) if function.startswith("read_"))
        own = tuple(
            function for function in functions if getattr(module, function).__module__ == module.__name__
        )
        found.append(Reader(name, " ".join(parts[0].split()), paragraphs, str(module.VERIFIED), own))
    return found


def manual(project: Path) -> str:
    """Give the manual page as markdown; `project` is the folder with `config/`."""
    lines = [
        "# Data",
        "",
        "Generated from `src/smq/` and `config/` by `python -m smq.manuals.data_manual`; a test keeps "
        "all in step.",
        "What the data of one world hold, lack and contradict is checked by the notebook `check_data`; the",
        "report's section on the data quotes its results.",
        *_panel(),
        *_tables(),
        *_series(project / "config/study.yaml"),
        *_marks(),
        *_sources(project / "config/sources.yaml"),
        *own_files(),
        *_readers(),
        *_plausibility(),
    ]
    return "\n".join(lines) + "\n"


def _panel() -> list[str]:
    lines = [
        "",
        "## The panel: `data/tidy/<world>/panel.parquet`",
        "",
        f"One row for each {', '.join(panel.KEY[:-1])} and {panel.KEY[-1]}; checked with pandera "
        "(`src/smq/panel.py`).",
        "",
        "| column | type | may be empty | meaning |",
        "| --- | --- | --- | --- |",
    ]
    allowed = {"period_length": panel.PERIOD_LENGTHS, "origin": tuple(panel.TRUST_CODE)}
    for column, (dtype, nullable) in _columns().items():
        values = f" One of: {', '.join(allowed[column])}." if column in allowed else ""
        empty = "yes" if nullable else "no"
        lines.append(f"| `{column}` | {_type(dtype)} | {empty} | {PANEL_MEANING[column]}{values} |")
    return lines


def _columns() -> dict[str, tuple[str, bool]]:
    """Give type and whether it may be empty of each column of the panel."""
    schema = panel._SCHEMA
    return {name: (str(column.dtype), bool(column.nullable)) for name, column in schema.columns.items()}


def _type(dtype: str) -> str:
    if dtype.startswith("str"):
        return "text"
    return "date" if dtype.startswith("datetime") else "number"


def _tables() -> list[str]:
    lines = [
        "",
        "## The tables beside it",
        "",
        "Every world has all of them; one without rows has its header.",
        "",
        "| file | holds | columns |",
        "| --- | --- | --- |",
        "| `spells.csv` | The spells in special measures (of the demo: made up). | "
        "as `data/reference/smq_spells.csv` |",
    ]
    lines += [
        f"| `{name}` | {holds} | {', '.join(f'`{column}`' for column in columns)} |"
        for name, holds, columns in TABLES
    ]
    lines.append(
        "| `unknown_codes.csv` | Well-formed codes that are not those of trusts. | with rows and months |"
    )
    return lines


def _series(study: Path) -> list[str]:
    known = load_study(study)
    lines = [
        "",
        "## Series",
        "",
        "Compared before and after entry where the data allow:",
        "",
        "| id | what | unit | of | better |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{entry.id}` | {entry.label} | {entry.unit} | {entry.of} | {entry.better} |"
        for entry in known.indicators
    ]
    lines += ["", "Supporting, read and checked:", "", "| id | what | unit |", "| --- | --- | --- |"]
    return lines + [f"| `{entry.id}` | {entry.label} | {entry.unit} |" for entry in known.supporting]


def _marks() -> list[str]:
    lines = ["", "## Missing marks", "", "Each keeps its meaning, and 0 is a number.", ""]
    lines += ["| in the file | means |", "| --- | --- |"]
    return lines + [
        f"| {f'`{mark}`' if mark else '(blank)'} | {meaning} |" for mark, meaning in MARKS.items()
    ]


def _sources(sources: Path) -> list[str]:
    content = load_yaml(sources)
    entries = TypeAdapter(list[dict[str, Any]]).validate_python(content)
    lines = [
        "",
        "## Pinned files of the world `public`",
        "",
        "`config/sources.yaml`; `press fetch` takes each from its address or from a mirror, and checks it.",
        "",
        "| id | holds | publisher | licence | bytes |",
        "| --- | --- | --- | --- | --- |",
    ]
    for entry in sorted(entries, key=lambda entry: str(entry["id"])):
        title, publisher = (" ".join(str(entry[name]).split()) for name in ("title", "publisher"))
        lines.append(f"| `{entry['id']}` | {title} | {publisher} | {entry['licence']} | {entry['size']:,d} |")
    return lines


def _readers() -> list[str]:
    lines = [
        "",
        "## Readers",
        "",
        "One module a statistic, from a raw file to tidy rows. All find headers by their text, keep the",
        "code of the period, drop totals after comparing them with the sum of their rows, and refuse what",
        "they cannot read with the place in the file.",
    ]
    for reader in all_readers():
        lines += ["", f"### `{reader.module}`", "", reader.title]
        for label, text in reader.paragraphs.items():
            lines += ["", f"**{label}:** {text}"]
        functions = ", ".join(f"`{name}`" for name in reader.functions)
        lines += ["", f"State: {reader.verified}. Functions: {functions}."]
    return lines


def _plausibility() -> list[str]:
    doc = ast.get_docstring(ast.parse(Path(str(plausibility.__file__)).read_text(encoding="utf-8"))) or ""
    limits = {
        name: getattr(plausibility, name)
        for name in ("WINDOW", "WIDTH", "BREAK_WIDTH", "BREAK_FACTOR", "LEAST_SCALE", "COMMON_UNITS")
    }
    lines = ["", "## How figures are judged", "", doc, ""]
    lines += ["| limit | value |", "| --- | --- |"]
    return lines + [f"| `{name}` | {value:g} |" for name, value in limits.items()]


if __name__ == "__main__":
    MANUAL.write_text(manual(Path()), encoding="utf-8")
