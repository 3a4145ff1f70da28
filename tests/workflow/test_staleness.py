"""What a change executes and what it does not, on a tiny workflow and through both front doors."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest

from press.provenance import read_note
from press.store import Store
from tests.press.toy import write_notebook
from tests.workflow.tiny import FRONT_DOORS, build, checksums, replace, said, write_tiny

COUNT = "notebooks/count_visits.ipynb"
both_doors = pytest.mark.parametrize("door", FRONT_DOORS)
DOCUMENTS = ["note.html", "note.pdf"]


@pytest.fixture
def tiny(built_tiny: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built_tiny, tmp_path / "tiny", symlinks=True))


def edit_cell(path: Path, number: int, old: str, new: str) -> None:
    node = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    assert old in node.cells[number].source
    node.cells[number].source = node.cells[number].source.replace(old, new)
    nbformat.write(node, path)  # type: ignore[no-untyped-call]


def nothing_is_executed(folder: Path, door: str) -> subprocess.CompletedProcess[str]:
    done = build(folder, door)
    assert said(done, "executed") == []
    assert said(done, "rendered") == []
    return done


@both_doors
def test_01_a_touched_notebook_executes_nothing(tiny: Path, door: str) -> None:
    os.utime(tiny / COUNT)
    nothing_is_executed(tiny, door)


@both_doors
def test_02_an_edited_markdown_cell_renews_the_review_copy_and_executes_nothing(
    tiny: Path, door: str
) -> None:
    edit_cell(tiny / COUNT, 2, "Name the results", "Name what was counted")
    nothing_is_executed(tiny, door)
    for form in ("ipynb", "html"):
        copy = tiny / f"results/demo/count_visits/notebook.{form}"
        assert "Name what was counted" in copy.read_text(encoding="utf-8")


@both_doors
def test_03_an_edited_code_cell_executes_its_run_and_renders_what_quotes_it(tiny: Path, door: str) -> None:
    edit_cell(tiny / COUNT, 3, "Visits by day", "Visits on each day")
    done = build(tiny, door)
    # What compare_days reads has changed with the caption, so it is executed too.
    assert "count_visits" in said(done, "executed")
    assert said(done, "rendered") == DOCUMENTS
    assert "Visits on each day" in (tiny / "dist/note.html").read_text(encoding="utf-8")


@both_doors
@pytest.mark.parametrize("module", ["sums", "checks"])
def test_04_an_edited_module_executes_the_notebooks_that_import_it(
    tiny: Path, door: str, module: str
) -> None:
    replace(tiny / f"src/library/{module}.py", "return", "# counted with care\n    return")
    assert said(build(tiny, door), "executed") == ["count_visits"]


@both_doors
def test_05_an_edited_module_that_nobody_imports_executes_nothing(tiny: Path, door: str) -> None:
    replace(tiny / "src/library/unrelated.py", "1", "2")
    nothing_is_executed(tiny, door)


@both_doors
def test_06_a_new_time_on_a_large_input_executes_nothing(tiny: Path, door: str) -> None:
    assert (tiny / "data/visits.csv").stat().st_size > 3_000_000
    os.utime(tiny / "data/visits.csv")
    nothing_is_executed(tiny, door)


@both_doors
def test_07_one_byte_of_a_large_input_executes_what_reads_it(tiny: Path, door: str) -> None:
    replace(tiny / "data/visits.csv", "2,5\n", "2,6\n")
    assert "count_visits" in said(build(tiny, door), "executed")
    assert ">9<" in (tiny / "dist/note.html").read_text(encoding="utf-8").replace("There were 9 ", ">9<")


@both_doors
def test_08_a_parameter_changed_back_executes_nothing(tiny: Path, door: str) -> None:
    before = checksums(tiny, "dist")
    replace(tiny / "config/runs.yaml", "factor: 1", "factor: 3")
    assert "count_visits" in said(build(tiny, door), "executed")
    assert checksums(tiny, "dist") != before
    replace(tiny / "config/runs.yaml", "factor: 3", "factor: 1")
    done = nothing_is_executed(tiny, door)
    assert "count_visits" in said(done, "restored")
    assert checksums(tiny, "dist") == before


@both_doors
def test_09_built_outputs_copied_to_a_fresh_clone_are_taken_over(
    tiny: Path, tmp_path: Path, project: Path, door: str
) -> None:
    clone = write_tiny(tmp_path / "clone", project)
    shutil.copytree(tiny / ".press", clone / ".press")
    for name in ("data/tidy", "results", "figures", "report/_results", "dist"):
        if (tiny / name).exists():
            shutil.copytree(tiny / name, clone / name)
    nothing_is_executed(clone, door)
    assert checksums(clone, "dist") == checksums(tiny, "dist")


@both_doors
def test_10_the_same_results_upstream_execute_nothing_downstream(tiny: Path, door: str) -> None:
    edit_cell(tiny / COUNT, 3, "data = pd", "# read the counts\ndata = pd")
    done = build(tiny, door)
    assert said(done, "executed") == ["count_visits"]
    assert said(done, "rendered") == []


# Each batch names outputs of different steps, so that no step is repaired for the sake of another's output.
ONE_OF_EACH_STEP = pytest.mark.parametrize(
    "outputs",
    [
        (
            "results/demo/count_visits/record.json",
            "results/demo/compare_days/notebook.html",
            "report/_results/demo/note/values.json",
            "dist/note.html",
        ),
        (
            "data/tidy/demo/visits.csv",
            "figures/demo/count_visits/by_day.csv",
            "results/demo/compare_days/notebook.ipynb",
            "results/demo/_documents/note.html",
        ),
    ],
)
BUILT = ("dist", "results", "figures", "report/_results", "data/tidy")


@both_doors
@ONE_OF_EACH_STEP
def test_11_a_deleted_output_is_restored(tiny: Path, door: str, outputs: tuple[str, ...]) -> None:
    before = checksums(tiny, *BUILT)
    for output in outputs:
        (tiny / output).unlink()
    nothing_is_executed(tiny, door)
    assert checksums(tiny, *BUILT) == before


@both_doors
@ONE_OF_EACH_STEP
def test_12_an_output_edited_by_hand_is_rebuilt(tiny: Path, door: str, outputs: tuple[str, ...]) -> None:
    before = checksums(tiny, *BUILT)
    for output in outputs:
        replace(tiny / output, "5", "6")
    nothing_is_executed(tiny, door)
    assert checksums(tiny, *BUILT) == before


@both_doors
def test_13_a_failed_run_stays_failed_and_loses_nothing(tiny: Path, door: str) -> None:
    note = read_note(tiny / "results/demo/count_visits/run.json")
    assert note is not None
    before = checksums(tiny, "dist")
    replace(tiny / "data/visits.csv", "2,5\n", "2,5000\n")
    for _ in range(2):
        done = build(tiny, door)
        assert done.returncode == 1
        assert "Run count_visits failed." in done.stderr
        assert "more visits than the library has seats" in done.stderr
    assert checksums(tiny, "dist") == before
    assert Store(tiny / ".press/runs").find(note.fingerprint) is not None
    replace(tiny / "data/visits.csv", "2,5000\n", "2,5\n")
    nothing_is_executed(tiny, door)
    assert checksums(tiny, "dist") == before


@both_doors
def test_18_failures_in_parallel_give_a_card_each(tiny: Path, door: str) -> None:
    for name in ("first", "second"):
        write_notebook(
            tiny / f"notebooks/{name}_failure.ipynb",
            ("markdown", f"# The {name} heading"),
            ("code", f"import time\ntime.sleep(3)\nraise RuntimeError('the {name} reason')"),
        )
    with (tiny / "config/runs.yaml").open("a", encoding="utf-8") as stream:
        stream.write(
            "- {notebook: first_failure, namespace: a}\n- {notebook: second_failure, namespace: b}\n"
        )
    done = build(tiny, door)
    assert done.returncode == 1
    for name in ("first", "second"):
        assert done.stderr.count(f"Run {name}_failure failed.") == 1
        assert f"notebooks/{name}_failure.ipynb, code cell 1, under “The {name} heading”" in done.stderr
        assert f"RuntimeError: the {name} reason" in done.stderr


def test_14_two_builds_at_once_do_no_damage(tiny: Path) -> None:
    before = checksums(tiny, "dist")
    replace(tiny / "config/runs.yaml", "factor: 1", "factor: 4")
    done: list[subprocess.CompletedProcess[str]] = []
    builds = [threading.Thread(target=lambda: done.append(build(tiny))) for _ in range(2)]
    for thread in builds:
        thread.start()
    for thread in builds:
        thread.join()
    assert sorted(each.returncode for each in done) in ([0, 0], [0, 1])
    for each in done:
        assert each.returncode == 0 or "Another build is running in this folder (process " in each.stderr
    after = checksums(tiny, "dist")
    assert after != before
    nothing_is_executed(tiny, "press build")
    assert checksums(tiny, "dist") == after


def test_14_two_runs_of_the_same_notebook_at_once_do_no_damage(tiny: Path) -> None:
    edit_cell(tiny / COUNT, 3, "Visits by day", "Visits on each day")
    words = [sys.executable, "-m", "press", "run", "count_visits"]
    runs = [subprocess.Popen(words, cwd=tiny, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    outcomes = sorted((run.communicate()[0].split()[0]) for run in runs)
    assert outcomes == ["executed", "restored", "restored"]


@pytest.mark.parametrize(
    ("damage", "door"), [("changed", "press build"), ("deleted", "snakemake"), ("manifest", "press build")]
)
def test_16_a_damaged_store_entry_is_dropped_and_the_run_executed(tiny: Path, door: str, damage: str) -> None:
    before = checksums(tiny, "dist")
    note = read_note(tiny / "results/demo/count_visits/run.json")
    assert note is not None
    entry = tiny / ".press/runs" / note.fingerprint
    if damage == "changed":
        replace(entry / "record.json", "8", "9")
    elif damage == "deleted":
        (entry / "cells.json").unlink()
    else:
        (entry / "manifest.json").write_text("{", encoding="utf-8")
    (tiny / "results/demo/count_visits/record.json").unlink()
    assert said(build(tiny, door), "executed") == ["count_visits"]
    assert checksums(tiny, "dist") == before


def why(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "press", "why", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_why_names_the_part_that_changed(tiny: Path) -> None:
    assert why(tiny) == "Everything is up to date.\n"
    replace(tiny / "src/library/checks.py", "1000", "999")
    replace(tiny / "config/runs.yaml", "factor: 1", "factor: 3")
    edit_cell(tiny / "notebooks/compare_days.ipynb", 2, "quiet", "calm")
    replace(tiny / "report/note.qmd", "in all", "altogether")
    (tiny / "dist/note.pdf").write_text("x", encoding="utf-8")
    os.utime(tiny / COUNT)
    said_of_all = why(tiny)
    assert "count_visits\n    module library/checks.py changed\n    parameter factor: 1 → 3\n" in said_of_all
    assert "compare_days\n    code changed\n    waits for count_visits\n" in said_of_all
    assert "note.html\n    source report/note.qmd changed\n" in said_of_all
    assert "dist\n    output dist/note.pdf was edited\n" in said_of_all
    assert why(tiny, "count_visits").splitlines()[0] == "count_visits"
    assert "compare_days\n" not in why(tiny, "count_visits")


def test_why_names_a_changed_input(tiny: Path) -> None:
    replace(tiny / "data/visits.csv", "2,5\n", "2,6\n")
    assert "tidy data\n    file data/visits.csv changed\n" in why(tiny)
