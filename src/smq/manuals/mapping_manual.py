"""The part of docs/data.md on a team's own files: an example, and what each key of `mappings.yaml` means.

The meanings are the docstrings of the fields in `smq.mappings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smq.challenged_mapping import ChallengedColumns, ChallengedList
from smq.effects.disclosure import COUNT_STEP, LEAST
from smq.mappings import (
    DEFAULT_MISSING,
    OWN_MAPPINGS,
    Columns,
    FileMapping,
    LeaveOut,
    NationalFiles,
    OrganisationList,
    SuccessorList,
    Totals,
)
from smq.worlds.delayed_days import BEDS, DAYS, PER, RATE
from smq.worlds.layouts import LAYOUTS, RATINGS

if TYPE_CHECKING:
    from pydantic import BaseModel

EXAMPLE_FILE = """\
Organisation,Name,Quarter,Setting,Seen,In time
ZZ01,A fictional trust,2015-16 Q1,all,240,198
ZZ01,A fictional trust,2015-16 Q1,admitted,150,120
ZZ02,Another one,2015-16 Q1,all,310.5,*
,A private hospital,2015-16 Q1,all,2,2
England,,2015-16 Q1,all,552.5,468
"""
"""A file as a team may have it."""

EXAMPLE_MAPPING = """\
files:
  - file: cancer/our_extract.csv
    indicator: cancer_62d
    columns:
      trust: Organisation
      name: Name
      period: Quarter
      numerator: In time
      denominator: Seen
    period_length: quarter
    date_format: financial quarter
    where: {Setting: all}
    leave_out:
      - where: {Organisation: ""}
        reason: no code is known for this name
        in_totals: true
    totals:
      codes: [England]
      name: England
    origin: official statistics
    published: 2016-01-28
    source: Our extract of cancer waiting times, April to June 2015
    licence: Open Government Licence v3.0
"""
"""How it is declared."""

_OPENING = f"""\
`DATA=FOLDER` builds from any tidy CSV files in UTF-8, through a declared mapping of their columns: that of
the project (`config/mappings.yaml`), or one in the folder (`{OWN_MAPPINGS}`), which then holds alone. No code
changes. Suppose that `cancer/our_extract.csv` in your folder is"""
_OUTCOME = """\
This gives 82.5% for ZZ01 and no value for ZZ02, whose mark is counted as suppressed. The part and the private
hospital are listed in `dropped.csv`, each with its reason. England is compared with the rows that it holds,
the private hospital among them, and both stand in `totals.csv`. A cell that is neither a number nor a mark, a
code that is none, a second row for a trust and period, a total that is no sum: each is refused by line and
column."""
_MODELS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("`files`: figures", FileMapping),
    ("`columns` of `files`", Columns),
    ("`leave_out`", LeaveOut),
    ("`totals`", Totals),
    ("`national`: files as they are published", NationalFiles),
    ("`organisations`: what organisations are", OrganisationList),
    ("`successors`: who took over whom", SuccessorList),
    ("`challenged`: the list of challenged providers", ChallengedList),
    ("`columns` of `challenged`", ChallengedColumns),
)
_CONFIDENTIAL = f"""\
### The confidential list

Put the list of challenged providers into the folder as `challenged.csv`, with the columns `trust`, `on` and
`off`; or say under `challenged` how yours is called. Without it, its results are absent and the report says
what is missing.

What the system does:

- The list is copied to `data/tidy/<world>/challenged.csv`, readable by its owner alone, and read by the run
  `estimate_challenged` and nothing else. The other tidy data are the same with the list and without.
- Nothing is published but aggregates. None rests on fewer than {LEAST} trusts, and no two that can be
  compared differ by fewer. Numbers of trusts are rounded to {COUNT_STEP}, estimates to about half a
  standard error (`smq.effects.disclosure`).
- Messages about the list give line and column and never a cell. Codes that have no figures are counted.
- Of the run, the executed notebook, the failure card and the notes hold nothing but the named results: no
  output of a cell, no text of an error, no plain checksum of the list ([architecture](architecture.md)).

What you have to do:

- Keep the folder, `data/tidy/` and `.press/key` to yourself, and never commit them (git ignores the last
  two). With the key and a guess of the list, the guess can be tried. Give your file the rights 600.
- Do not publish two editions whose lists differ by a few trusts: the difference would be about these. Trials
  with other parameters are not for publication either: each adds to what can be tried against a guess.
- Do not publish what you see when you run the notebook by hand (`press open`), and delete
  `notebooks/open-*.ipynb` afterwards: it holds what you saw.
- Know what rounding cannot do. The figures of trusts are public and so is the code, so whoever already
  holds a whole list can see whether it fits what is published. Rounding leaves many lists that fit; that is
  no proof that nothing could be concluded about one trust.
"""


def own_files() -> list[str]:
    """Give the section as lines of markdown."""
    marks = ", ".join(
        f"{f'`{mark}`' if mark else 'blank'} ({words})" for mark, words in DEFAULT_MISSING.items()
    )
    lines = [
        "",
        "## Your own files",
        "",
        *_OPENING.splitlines(),
        "",
        "```csv",
        *EXAMPLE_FILE.splitlines(),
        "```",
        "",
        f"Then `{OWN_MAPPINGS}` in the folder says",
        "",
        "```yaml",
        *EXAMPLE_MAPPING.splitlines(),
        "```",
        "",
        *_OUTCOME.splitlines(),
        "",
        f"Marks of a missing value, unless `missing` says otherwise: {marks}.",
    ]
    for title, model in _MODELS:
        doc = " ".join((model.__doc__ or "").split())
        lines += ["", f"**{title}.** {doc}", "", "| key | needed | means |", "| --- | --- | --- |"]
        for name, field in model.model_fields.items():
            needed = "yes" if field.is_required() else "no"
            lines.append(f"| `{name}` | {needed} | {' '.join((field.description or '').split())} |")
    return [*lines, *_layouts(), "", *_CONFIDENTIAL.splitlines()]


def _layouts() -> list[str]:
    lines = ["", "Layouts of `national`, each with the series that it gives:", ""]
    lines += ["| layout | gives |", "| --- | --- |"]
    for name in sorted([*LAYOUTS, *RATINGS]):
        given = ", ".join(f"`{series}`" for series in LAYOUTS[name]) if name in LAYOUTS else "`ratings.csv`"
        lines.append(f"| `{name}` | {given} |")
    return [
        *lines,
        "",
        "What is published as CSV may also be an archive (.zip) with one CSV file in it, or a sheet of a",
        "workbook (.xlsx, .xls, .ods); the content of the file says which.",
        f"Where `{DAYS}` and `{BEDS}` are both there, `{RATE}` follows from them: days delayed per {PER:,d}",
        "occupied bed days, with the beds of the quarter. Turnover by trust is read through `files`, as are",
        "statistics in other forms.",
    ]
