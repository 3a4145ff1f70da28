"""A tiny project with every stage: data, two notebooks, one document; and both front doors to build it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.press.toy import CHECKS, SUMS, write_notebook

FRONT_DOORS = ("press build", "snakemake")
RUNS = """
- notebook: count_visits
  namespace: visits
  inputs: {visits: "data/tidy/{world}/visits.csv"}
  parameters: {factor: 1}
- notebook: compare_days
  namespace: days
  records: {counts: count_visits}
"""
DOCUMENTS = "- {name: note, source: note.qmd, template: summary, formats: [html, pdf]}\n"
PREPARE = """
rule prepare:
    input:
        "data/visits.csv",
    output:
        visits=str(build.layout.tidy / "visits.csv"),
        note=str(build.layout.tidy_note),
    shell:
        "head -n 3 {input:q} > {output.visits:q} && {COMMAND} seal {output.note:q} {output.visits:q}"
        " --of {input:q}"
"""
COUNT = """
import pandas as pd
from press import results
from library.sums import total

data = pd.read_csv(visits)
results.number("total", total(data["visits"], factor), format=",d", origin="official statistics")
results.table("by_day", data, caption="Visits by day", origin="official statistics");
"""
COMPARE = """
from press import results

counted = results.read(counts)
results.text("word", "busy" if counted["total"].value > 5 else "quiet", origin="official statistics");
"""
DOCUMENT = """---
title: Visits to a library
lang: en-GB
---

# Visits {#sec-visits}

There were []{n=visits.total} visits in all: the days were []{n=days.word}, as @tbl-days shows.

::: {#tbl-days result=visits.by_day}
:::
"""


def write_tiny(folder: Path, project: Path) -> Path:
    """Write the project into a new folder, with the build files and the theme of the checkout."""
    files = {
        "config/config.yaml": "data: demo\nreport_date: 2026-11-30\ntimeout_seconds: 120\n",
        "config/runs.yaml": RUNS,
        "config/documents.yaml": DOCUMENTS,
        "rules/prepare.smk": PREPARE,
        "data/visits.csv": "day,visits\n1,3\n2,5\n" + "# padding\n" * 300_000,
        "src/library/__init__.py": "",
        "src/library/sums.py": SUMS,
        "src/library/checks.py": CHECKS,
        "src/library/unrelated.py": "x = 1\n",
        "envs/requirements.lock": "# nothing is locked here\n",
        "report/note.qmd": DOCUMENT,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in ("Snakefile", "rules/analyse.smk", "rules/publish.smk"):
        shutil.copy(project / name, folder / name)
    for name in ("profiles", "report/_extensions", "report/theme"):
        shutil.copytree(project / name, folder / name)
    write_notebook(
        folder / "notebooks/count_visits.ipynb",
        ("markdown", "# Count visits"),
        ("parameters", 'from pathlib import Path\n\nvisits: Path = Path("../x.csv")\nfactor: int = 2'),
        ("markdown", "## Name the results"),
        ("code", COUNT),
    )
    write_notebook(
        folder / "notebooks/compare_days.ipynb",
        ("markdown", "# Compare days"),
        ("parameters", 'from pathlib import Path\n\ncounts: Path = Path("../x.json")'),
        ("code", COMPARE),
    )
    return folder


def build(folder: Path, front_door: str = "press build", *more: str) -> subprocess.CompletedProcess[str]:
    """Build the project through one of its front doors."""
    return subprocess.run(
        command(front_door) + list(more),
        cwd=folder,
        env={**os.environ, "PRESS_TEST": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def command(front_door: str) -> list[str]:
    """Give the command of a front door."""
    if front_door == "snakemake":
        return [sys.executable, "-m", "snakemake", "--cores", "2", "--quiet", "progress", "host", "reason"]
    return [sys.executable, "-m", "press", "build", "--cores", "2"]


def said(done: subprocess.CompletedProcess[str], word: str) -> list[str]:
    """List what a build says it executed, restored, rendered …, by name."""
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted(
        Path(line.split(maxsplit=1)[1]).name
        for line in done.stdout.splitlines()
        if line.startswith(f"{word} ")
    )


def checksums(folder: Path, *names: str) -> dict[str, str]:
    """Give the SHA-256 of every file below the named folders, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in names
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    }


def replace(path: Path, old: str, new: str) -> None:
    """Replace text in a file, which must hold it."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")
