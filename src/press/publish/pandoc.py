"""Runs pandoc (from its wheel) with the report's filter; every warning is an error."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.errors import nearest
from press.publish import scan
from press.publish.assemble import VALUES_FILE
from press.publish.errors import PublishError, at, joined
from press.publish.sources import FILTER

if TYPE_CHECKING:
    from press.publish.sources import Document

TEMPLATES = ("summary", "report")
# Raw markup is read as such, so that the filter can refuse it: it would differ between the forms.
_READER = "markdown-native_divs-native_spans-example_lists-latex_macros"
_MARK = "press-problem\t"
TIMEOUT_SECONDS = 120
# A document fits into this much memory: not searching older data for garbage saves a sixth of the time.
_MEMORY = ("+RTS", "-O128m", "-RTS")
_POSITION = re.compile(r" at \S* ?line \d+ column \d+")


@dataclass(frozen=True)
class Publication:
    """What a document is published with: none of it comes from the clock or the machine."""

    template: str
    report_date: date
    version: str = ""
    note: str = ""

    @property
    def epoch(self) -> int:
        """Midnight (UTC) of the report date, in seconds since 1970."""
        return int(datetime.combine(self.report_date, time(), UTC).timestamp())

    @property
    def written_date(self) -> str:
        """The date as a British reader writes it: 23 November 2026."""
        return f"{self.report_date.day} {self.report_date:%B %Y}"


def publication(
    document: Document, *, report_date: date, template: str | None, version: str, note: str
) -> Publication:
    """Settle the template: the caller's, else that of the metadata (`press: template:`), else `report`."""
    own = document.metadata.get("press") or {}
    chosen = template or own.get("template") or "report"
    if chosen not in TEMPLATES:
        raise PublishError(
            f"{document.source}: unknown template '{chosen}'. {nearest(str(chosen), TEMPLATES)}"
        )
    return Publication(template=chosen, report_date=report_date, version=version, note=note)


def convert(
    document: Document,
    staged_folder: Path,
    published: Publication,
    *,
    to: str,
    template: Path,
    settings: dict[str, str],
    options: tuple[str, ...] = (),
) -> str:
    """Turn the document into HTML or Typst text. Raises `PublishError` with every problem and its line."""
    values = (Path(staged_folder) / VALUES_FILE).resolve()
    if not values.is_file():
        raise PublishError(
            f"{Path(staged_folder) / VALUES_FILE}: nothing is staged for {document.source} yet."
        )
    folder = document.report_folder.resolve()
    metadata = {
        key: value for key, value in document.metadata.items() if key not in ("date", "csl", "bibliography")
    }
    with tempfile.TemporaryDirectory(prefix="press-pandoc-") as scratch:
        log = Path(scratch) / "log.json"
        given = Path(scratch) / "metadata.json"
        given.write_text(json.dumps(metadata, default=str), encoding="utf-8")
        fixed = {
            "lang": str(metadata.get("lang", "en-GB")),
            "date": published.written_date,
            "press-date": published.report_date.isoformat(),
            "press-template": published.template,
            "press-version": published.version,
            "press-note": published.note,
            "press-results": str(values),
            "press-images": "\n".join(document.images) or "\n",
            "press-citeproc": "true",
            **settings,
        }
        command = [
            str(_pandoc()), "--from", _READER, "--to", to, "--standalone",
            "--data-dir", scratch, "--log", str(log), "--quiet",
            "--lua-filter", str(folder / FILTER), "--template", str(template.resolve()),
            "--metadata-file", str(given), "--syntax-highlighting", "none", *options,
            *(part for key, value in fixed.items() if value for part in ("--metadata", f"{key}={value}")),
        ]  # fmt: skip
        for path in document.bibliography:
            name = "csl" if path.suffix == ".csl" else "bibliography"
            command += ["--metadata", f"{name}={path.resolve()}"]
        command += _MEMORY
        try:
            done = subprocess.run(  # noqa: S603 - the binary of the wheel, with arguments made here
                command, input=scan.mark_lines(document.text).encode("utf-8"), capture_output=True,
                check=False, cwd=folder, timeout=TIMEOUT_SECONDS,
                env={
                    "SOURCE_DATE_EPOCH": str(published.epoch), "LC_ALL": "C.UTF-8", "HOME": scratch,
                    "PATH": os.environ.get("PATH", ""),
                },
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise PublishError(
                f"{document.source}: pandoc was stopped after {TIMEOUT_SECONDS} s, still reading. "
                "Look for a paragraph with hundreds of brackets or asterisks."
            ) from error
        problems = _filter_problems(document, done.stderr.decode("utf-8", "replace"))
        if done.returncode and not problems:
            problems = [f"{document.source}: {_first_words(done.stderr)}"]
        problems += _warnings(document, log)
    if problems:
        raise joined(problems)
    return done.stdout.decode("utf-8")


def _pandoc() -> Path:
    spec = find_spec("pypandoc")
    found = Path(spec.origin).parent / "files" / "pandoc" if spec and spec.origin else Path()
    if not found.is_file():
        raise PublishError("pandoc is not installed. Set the environment up again (make report).")
    return found


def problem_message(document: Document, problem: dict[str, Any]) -> str:
    """Put the author's file and line before what the filter found; see `problems.lua` for the fields."""
    place = document.place(problem.get("line")) or document.glossary.get(str(problem.get("glossary")))
    for words in (problem.get("search"), problem.get("otherwise")):
        if place is None and words:
            place = document.find(
                str(words),
                last=bool(problem.get("last")),
                literal=bool(problem.get("literal")),
                code=bool(problem.get("raw")),
            )
    message = str(problem["message"])
    wanted = problem.get("label") or problem.get("suggest")
    if wanted:
        message = f"{message} {nearest(str(wanted), problem.get('known') or [])}"
    return at(place or (document.source, 1), message)


def _filter_problems(document: Document, stderr: str) -> list[str]:
    return [
        problem_message(document, json.loads(line.removeprefix(_MARK)))
        for line in stderr.splitlines()
        if line.startswith(_MARK)
    ]


def _warnings(document: Document, log: Path) -> list[str]:
    if not log.exists():
        return []
    messages = []
    for entry in json.loads(log.read_text(encoding="utf-8") or "[]"):
        if entry["verbosity"] not in ("WARNING", "ERROR"):
            continue
        place = document.place((entry.get("openpos") or entry).get("line"))
        if entry["type"] == "CouldNotConvertTeXMath":
            formula = str(entry["contents"]).strip()
            place = document.find(formula, literal=True)
            words = f"the formula '{formula}' is not understood. Write it in TeX that has a form in MathML."
        else:
            words = f"pandoc warns: {_POSITION.sub('', str(entry['pretty'])).strip()}"
        messages.append(at(place or (document.source, 1), words))
    return messages


def _first_words(stderr: bytes) -> str:
    text = stderr.decode("utf-8", "replace").strip()
    return f"pandoc failed: {text[:2000] or 'it said nothing'}"
