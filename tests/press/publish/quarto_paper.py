"""A paper about library visits as a Quarto project, and how the tests have it rendered."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import psutil

from press.publish import quarto
from tests.press.publish.library import DATE, Study

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """# Visits

There were []{n=visits.total} visits, as @fig-trend and @tbl-years show.[@lane2020]

::: {#fig-trend result=visits.trend}
:::

::: {#tbl-years result=visits.years}
:::
"""
PROJECT_FILE = """project:
  type: default
filters:
  - path: _extensions/press/press.lua
    at: pre-ast
lang: en-GB
bibliography: references.bib
csl: nlm-citation-sequence-superscript.csl
format:
  html: {css: theme/press.css}
  typst: {template: theme/template.typ, font-paths: _results/_fonts}
"""
PROFILE = "project:\n  render: [paper.qmd]\n"


def make_paper(study: Study) -> Study:
    (study.report / "_quarto.yml").write_text(PROJECT_FILE, encoding="utf-8")
    (study.report / "_quarto-paper.yml").write_text(PROFILE, encoding="utf-8")
    study.write(TEXT)
    return study


def render(study: Study, form: str = "html", **more: Any) -> Path:
    document = study.read()
    target = study.folder / "dist" / f"paper.{form}"
    quarto.render(
        document, study.stage(document), target, form=form, profile="paper", report_date=DATE,
        template="report", **more,
    )  # fmt: skip
    return target


def still_running(numbers: list[int]) -> list[int]:
    running = []
    for number in numbers:
        with contextlib.suppress(psutil.NoSuchProcess):
            # A killed child whose parent is gone stays as a zombie until the system takes it.
            if psutil.Process(number).status() != psutil.STATUS_ZOMBIE:
                running.append(number)
    return running
