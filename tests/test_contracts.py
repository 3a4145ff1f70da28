"""Promises about the whole project that no single module can keep."""

from __future__ import annotations

import ast
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN_BY_HAND = (
    "*.py",
    "*.smk",
    "Snakefile",
    "*.qmd",
    "*.lua",
    "*.typ",
    "*.css",
    "*.html",
    "*.sh",
    "*.ipynb",
)


def tracked(project: Path, *patterns: str) -> list[Path]:
    """Files that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=project,
        check=True,
        capture_output=True,
        text=True,
    )
    return [project / line for line in sorted(set(listed.stdout.splitlines())) if (project / line).is_file()]


def imported_packages(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_the_engine_never_imports_the_study(project: Path) -> None:
    modules = sorted((project / "src/press").rglob("*.py"))
    assert len(modules) > 10
    offenders = [str(path) for path in modules if "smq" in imported_packages(path)]
    assert offenders == []


def test_the_engine_does_not_speak_of_hospitals(project: Path) -> None:
    spoken = re.compile(r"\b(nhs|hospital|special measures|smq|cqc|trusts?)\b", re.IGNORECASE)
    offenders = [
        f"{path}:{number}"
        for path in sorted((project / "src/press").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if spoken.search(line)
    ]
    assert offenders == []


def test_the_study_uses_the_engine_only_through_its_public_modules(project: Path) -> None:
    allowed = {"press.errors", "press.record", "press.results"}
    offenders = []
    for path in sorted((project / "src/smq").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("press"):
                module = node.module or ""
                names = {f"press.{alias.name}" for alias in node.names} if module == "press" else {module}
                offenders += [f"{path.name}: {name}" for name in names - allowed]
    assert offenders == []


def test_notebooks_are_committed_without_outputs(project: Path) -> None:
    import nbformat

    notebooks = tracked(project, "notebooks/*.ipynb")
    assert len(notebooks) >= 3
    for path in notebooks:
        node = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        executed = [
            number
            for number, cell in enumerate(node.cells)
            if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None)
        ]
        assert executed == [], f"{path.name} holds outputs: clear them before committing"


def test_no_file_holds_an_address_of_a_package_registry_or_a_path_of_a_machine(project: Path) -> None:
    # Written in pieces, so that this file does not find itself.
    forbidden = re.compile(
        "|".join(
            ["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "/ro" + "ot/", "/wo" + "rk/"]
        )
    )
    offenders = []
    for path in tracked(project):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        offenders += [
            f"{path.relative_to(project)}:{number}"
            for number, line in enumerate(text.splitlines(), start=1)
            if forbidden.search(line)
        ]
    assert offenders == []


@pytest.mark.parametrize("pattern", WRITTEN_BY_HAND)
def test_files_stay_small_enough_to_be_read(project: Path, pattern: str) -> None:
    long = {
        str(path.relative_to(project)): lines
        for path in tracked(project, pattern)
        if path.suffix != ".ipynb" and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_every_requirement_is_pinned_with_a_hash_in_the_lock(project: Path) -> None:
    wanted = {
        re.split(r"[\[=<>]", line)[0].strip().lower()
        for line in (project / "envs/requirements.in").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    }
    lock = (project / "envs/requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)==[^ ]+.* \\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)
    assert wanted <= set(pins)
    assert len(re.findall(r"^[a-z0-9-]+==", lock, re.MULTILINE)) == len(pins)


def test_both_locks_pin_the_same_versions(project: Path) -> None:
    def pins(name: str) -> dict[str, set[str]]:
        text = (project / "envs" / name).read_text(encoding="utf-8")
        found: dict[str, set[str]] = {}
        for package, version in re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.MULTILINE):
            found.setdefault(package, set()).add(version)
        return found

    report, test = pins("requirements.lock"), pins("test.lock")
    assert len(report) > 50
    assert {name: test.get(name) for name in report} == report


def test_the_main_body_holds_no_more_tables_and_figures_than_the_funder_takes(project: Path) -> None:
    """NIHR takes fifty at most; whatever an edition leaves out only makes them fewer."""
    whole = (project / "report/full-report.qmd").read_text(encoding="utf-8")
    body = re.findall(r"include (chapters/(?!appendix)[\w-]+\.qmd)", whole)
    assert "chapters/effects.qmd" in body
    placed = re.compile(r"^:::+ \{#(?:fig|tbl)-", re.MULTILINE)
    texts = {name: (project / "report" / name).read_text(encoding="utf-8") for name in body}
    texts |= {
        inner: (project / "report/chapters" / inner).read_text(encoding="utf-8")
        for text in list(texts.values())
        for inner in re.findall(r"include ([\w-]+\.qmd)", text)
    }
    assert sum(len(placed.findall(text)) for text in texts.values()) <= 50


def test_the_snakefile_can_be_read_on_one_page(project: Path) -> None:
    assert len((project / "Snakefile").read_text(encoding="utf-8").splitlines()) <= 40
