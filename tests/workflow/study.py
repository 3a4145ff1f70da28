"""The study as a fresh clone would hold it, and the command that builds it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import yaml

from press.confidential import KEY
from press.provenance import read_note
from press.store import STORE
from tests.workflow.tiny import said

FORMS = ["full-report", "full-report.pdf", "summary.html", "summary.pdf"]


def clone(project: Path, folder: Path) -> None:
    """Copy what a fresh clone of the working tree would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (project / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(project / name, folder / name)


def take_over(project: Path, folder: Path, world: str) -> None:
    """Copy what the checkout's own build of a world stored, where there has been one.

    A build then restores what depends on nothing that has changed since, and verifies it.
    """
    if (project / KEY).is_file():
        (folder / KEY).parent.mkdir(exist_ok=True)
        shutil.copy2(project / KEY, folder / KEY)
    for path in sorted((project / "results" / world).rglob("*.json")):
        note = read_note(path)
        place = None if note is None else STORE / note.fingerprint
        if place and (project / place).is_dir() and not (folder / place).exists():
            # A build may be at work in the checkout; what is copied by half is dropped when it is used.
            with contextlib.suppress(OSError):
                shutil.copytree(project / place, folder / place)


def build(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build the study in a folder, with more environment variables if need be."""
    return subprocess.run(
        [sys.executable, "-m", "press", "build", "--cores", "2", *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def runs(folder: Path) -> list[str]:
    """List the runs of the study as a build names them, sorted."""
    listed = yaml.safe_load((folder / "config/runs.yaml").read_text(encoding="utf-8"))
    return sorted(run.get("run", run["notebook"]) for run in listed)


def assert_published(done: subprocess.CompletedProcess[str]) -> None:
    """A whole build has published every form and complained of nothing."""
    assert said(done, "published") == FORMS
    assert done.stderr == "", "a build says nothing on its error stream"


def pages(folder: Path) -> dict[str, str]:
    """Give the text of every page of the published documents, by path."""
    found = {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for name in ("summary.html", "full-report")
        for path in sorted([folder / name] if (folder / name).is_file() else (folder / name).glob("*.html"))
    }
    assert len(found) > 2
    return found


def words_of(page: str) -> int:
    """Count the words of a chapter's page: its own text, without headings, marks and links to other pages."""
    text = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert text
    bare = text[0]
    for element, name in (("nav", ""), (r"h\d", ""), ("div", ' class="simulated-section"')):
        bare = re.sub(rf"<{element}{name}[^>]*>.*?</{element}>", " ", bare, flags=re.DOTALL)
    return len(unescape(re.sub(r"<[^>]+>", " ", bare)).split())
