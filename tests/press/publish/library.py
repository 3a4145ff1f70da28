"""A made-up study of library visits: its report folder, its records and its figures."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from press.publish import assemble, html, pdf, sources
from press.record import Column, Record, Result

REPORT = Path(__file__).parents[3] / "report"
FRONT = "title: Visits to libraries\n"
DATE = date(2026, 11, 23)
HOSTILE = '<script>alert(1)</script> #eval("1") $x$ *bold* _under_ \\ @fig-x `code` "q" [a](b) ~ 1. = - //c'
BIBLIOGRAPHY = """@article{lane2020, author={Lane, Ann and Hill, Bo}, title={Visits to libraries},
 journal={J Lib}, year=2020, volume=3, pages={10--12}}
"""
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="160mm" height="60mm" viewBox="0 0 160 60">'
    '<rect width="160" height="60" fill="#ffffff"/><path d="M5 50 L60 30 L110 40 L155 10" stroke="#12436D" '
    'stroke-width="1.2" fill="none"/></svg>\n'
)


@dataclass
class Study:
    """A report folder with results behind it; `write` puts the prose there."""

    folder: Path

    @property
    def report(self) -> Path:
        return self.folder / "report"

    def write(self, text: str, name: str = "paper.qmd", front: str = FRONT) -> None:
        path = self.report / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{front}---\n{text}" if front else text, encoding="utf-8")

    def read(self, name: str = "paper.qmd") -> sources.Document:
        return sources.read_document(self.report, name)

    def stage(self, document: sources.Document, **changes: Result) -> Path:
        """Stage with the study's results, some of them changed (`name=Result(…)`)."""
        records, folders = make_records(self.folder, changes)
        staged = self.report / "_results" / "demo" / "paper"
        assemble.stage(document, records, folders, staged, "demo")
        return staged

    def figure_files(self, csv: str) -> dict[str, str]:
        """Put another `trend` in the place of the study's, and give its digests."""
        return {"svg": PICTURE, "csv": csv}

    def html(self, text: str, *, template: str = "report", front: str = FRONT, **changes: Result) -> str:
        self.write(text, front=front)
        document = self.read()
        target = self.folder / "dist" / "paper.html"
        html.render(document, self.stage(document, **changes), target, report_date=DATE, template=template)
        return target.read_text(encoding="utf-8")

    def pdf(self, text: str, *, template: str = "report", front: str = FRONT, **changes: Result) -> Path:
        self.write(text, front=front)
        document = self.read()
        target = self.folder / "dist" / "paper.pdf"
        pdf.render(document, self.stage(document, **changes), target, report_date=DATE, template=template)
        return target


def make_records(folder: Path, changes: dict[str, Result]) -> tuple[dict[str, Record], dict[str, Path]]:
    """Give the records and figure folders of two runs: `visits` (real) and `loans.town` (simulated)."""
    figures = {"visits": folder / "figures" / "visits", "loans.town": folder / "figures" / "loans_town"}
    for path in figures.values():
        path.mkdir(parents=True, exist_ok=True)
    rows = tuple((str(2010 + year), f"{1000 + 37 * year:,}", f"{20 + year}") for year in range(8))
    visits = [
        number("total", 1234, "1,234", denominator=42),
        number("share", 15.8, "15.8%", interval=(10.1, 22.0), interval_display="10.1% to 22.0%"),
        Result(name="word", kind="text", origin="public record", display="rose", value="rose"),
        Result(name="missing", kind="absent", reason="the town keeps no count"),
        _figure(figures["visits"], "trend", "public record"),
        _table(figures["visits"], "years", "public record", rows),
    ]
    loans = [
        number("total", 99, "99", origin="simulated"),
        _figure(figures["loans.town"], "trend", "simulated"),
        _table(figures["loans.town"], "years", "simulated", rows),
    ]
    for result in changes.values():
        if result.kind == "figure":
            result.files.update(_files(figures["visits"], result.name, dict(result.files)))
    changed = {
        prefix: [changes.get(result.name, result) if prefix == "visits" else result for result in results]
        for prefix, results in (("visits", visits), ("loans.town", loans))
    }
    return {
        prefix: Record(run=prefix, key=prefix, results=tuple(results)) for prefix, results in changed.items()
    }, figures


def number(name: str, value: float, display: str, origin: Any = "public record", **more: Any) -> Result:
    return Result(name=name, kind="number", origin=origin, value=value, display=display, **more)


def table(
    rows: tuple[tuple[str, ...], ...], *, name: str = "years", caption: str = "Visits by year", **more: Any
) -> Result:
    """Give a table of text that has no file behind it."""
    columns = tuple(Column(f"c{index}", f"Column {index}", "left") for index in range(len(rows[0])))
    return Result(
        name=name, kind="table", origin="public record", caption=caption, columns=columns, rows=rows, **more
    )


def _figure(folder: Path, name: str, origin: Any) -> Result:
    numbers = "year,visits\n2010,1000.123456789\n2011,1037\n"
    return Result(
        name=name, kind="figure", origin=origin, caption="Visits went up", notes=("Source: town records.",),
        alt="A line that rises from 1,000 visits in 2010 to 1,259 in 2017.",
        files=_files(folder, name, {"svg": PICTURE, "csv": numbers}),
    )  # fmt: skip


def _table(folder: Path, name: str, origin: Any, rows: tuple[tuple[str, ...], ...]) -> Result:
    columns = (
        Column("year", "Year", "left"),
        Column("visits", "Visits", "right"),
        Column("libraries", "Libraries", "right"),
    )
    return Result(
        name=name, kind="table", origin=origin, caption="Visits by year", columns=columns, rows=rows,
        notes=("Both branches.",),
        files=_files(folder, name, {"csv": "year,visits,libraries\n2010,1000,20\n"}),
    )  # fmt: skip


def _files(folder: Path, name: str, contents: dict[str, str]) -> dict[str, str]:
    digests = {}
    for suffix, content in contents.items():
        (folder / f"{name}.{suffix}").write_text(content, encoding="utf-8")
        digests[suffix] = hashlib.sha256(content.encode()).hexdigest()
    return digests


def make_study(folder: Path) -> Study:
    """Lay out the report folder with the project's own theme, filter and citation style."""
    report = folder / "report"
    report.mkdir(parents=True)
    shutil.copytree(REPORT / "_extensions", report / "_extensions")
    shutil.copytree(REPORT / "theme", report / "theme")
    shutil.copy(REPORT / "nlm-citation-sequence-superscript.csl", report)
    (report / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    (report / "_quarto.yml").write_text(
        "lang: en-GB\nbibliography: references.bib\ncsl: nlm-citation-sequence-superscript.csl\n"
        "link-citations: true\nnotes-after-punctuation: true\n",
        encoding="utf-8",
    )
    return Study(folder)
