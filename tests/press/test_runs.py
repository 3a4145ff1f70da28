"""Runs of a tiny notebook in real kernels."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from press.record import read_record
from tests.press.toy import NAME, write_notebook, write_project

RECORD = Path("results/demo/count_visits/record.json")
EXECUTED = Path("results/demo/count_visits/notebook.ipynb")


def press(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "press", *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder with spaces"
    write_project(folder)
    return folder


def test_a_run_leaves_its_record_its_notebook_and_the_numbers(toy: Path) -> None:
    done = press(toy, "run", "count_visits")
    assert (done.returncode, done.stderr) == (0, "")
    record = read_record(toy / RECORD)
    assert record["total"].value == 8  # 3 + 5 in the file
    assert record["total"].cell == 3
    assert record["by_day"].rows == (("1", "3"), ("2", "5"))
    assert (toy / "figures/demo/count_visits/by_day.csv").read_text(encoding="utf-8") == (
        "day,visits,origin\n1,3,official statistics\n2,5,official statistics\n"
    )
    executed = nbformat.read(toy / EXECUTED, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(executed)
    assert "visits" in executed.cells[4].outputs[0]["data"]["text/plain"]
    assert not any(path.name.startswith("run-") for path in (toy / ".press").iterdir())


def test_a_reviewer_gets_a_page_with_the_parameters_on_top_that_fetches_nothing(toy: Path) -> None:
    assert press(toy, "run", "count_visits").returncode == 0
    page = (toy / EXECUTED.with_suffix(".html")).read_text(encoding="utf-8")
    assert page.index("<th scope='row'>factor</th><td>1</td><td>int</td>") < page.index("Read the counts")
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert 'src="http' not in page


def test_an_unchanged_run_is_restored_without_a_kernel(toy: Path) -> None:
    assert press(toy, "run", "count_visits").stdout.startswith("executed")
    for path in (RECORD, EXECUTED):
        (toy / path).unlink()
    assert press(toy, "run", "count_visits").stdout.startswith("restored")
    assert (toy / EXECUTED).is_file()


def test_opening_a_failed_run_lays_it_beside_its_source(tmp_path: Path) -> None:
    write_project(tmp_path, name_cell="1 / 0")
    done = press(tmp_path, "run", "count_visits")
    assert "look at it  press open count_visits" in done.stderr
    done = press(tmp_path, "open", "count_visits", PATH="")
    assert done.returncode == 1
    assert "notebooks/open-count_visits.ipynb holds the notebook as results/failed/" in done.stderr
    assert "JupyterLab is not installed here" in done.stderr
    copy = nbformat.read(tmp_path / "notebooks/open-count_visits.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    assert "ZeroDivisionError" in str(copy.cells[-1].outputs)


def test_opening_a_run_that_left_nothing_says_how_to_run_it(toy: Path) -> None:
    done = press(toy, "open", "count_visits")
    assert done.returncode == 1
    assert "Run it: press run count_visits" in done.stderr


def test_pruning_spares_the_current_build(toy: Path) -> None:
    press(toy, "run", "count_visits")
    press(toy, "run", "count_visits", "-p", "factor=3")
    press(toy, "run", "count_visits", "-p", "factor=4")
    done = press(toy, "store", "prune", "--max-size", "0")
    assert done.stdout.startswith("Deleted 1 entries")
    assert press(toy, "run", "count_visits").stdout.startswith("restored")
    assert press(toy, "store", "prune").returncode == 2


def test_the_same_run_gives_the_same_bytes_whatever_surrounds_it(toy: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    write_project(other)
    press(toy, "run", "count_visits")
    done = press(
        other, "run", "count_visits", TZ="Asia/Tokyo", PYTHONHASHSEED="7", LC_ALL="C", OMP_NUM_THREADS="2"
    )
    assert done.returncode == 0, done.stderr
    for path in (RECORD, EXECUTED, RECORD.with_name("run.json")):
        assert (toy / path).read_bytes() == (other / path).read_bytes()


def test_a_trial_with_another_parameter_never_stands_in_for_the_run(toy: Path) -> None:
    done = press(toy, "run", "count_visits", "-p", "factor=10")
    assert done.returncode == 0, done.stderr
    assert read_record(toy / "results/demo/count_visits/trial/record.json")["total"].value == 80
    assert not (toy / RECORD).exists()


def test_a_trial_reads_the_file_it_is_given(toy: Path) -> None:
    (toy / "data/other.csv").write_text("day,visits\n1,30\n", encoding="utf-8")
    done = press(toy, "run", "count_visits", "-p", "visits=data/other.csv")
    assert done.returncode == 0, done.stderr
    assert read_record(toy / "results/demo/count_visits/trial/record.json")["total"].value == 30
    done = press(toy, "run", "count_visits", "-p", "visits=data/nowhere.csv")
    assert done.returncode == 1
    assert "the input visits (data/nowhere.csv) is missing" in done.stderr


def test_a_file_that_the_build_would_not_watch_is_refused(toy: Path) -> None:
    (toy / "config/runs.yaml").write_text("- {notebook: count_visits, namespace: visits}\n", encoding="utf-8")
    done = press(toy, "run", "count_visits")
    assert done.returncode == 2
    assert (
        "the parameter visits is a Path, but config/runs.yaml gives this run no input or record"
        in done.stderr
    )


def test_a_failed_trial_can_be_opened_by_the_name_on_its_card(toy: Path) -> None:
    (toy / "data/many.csv").write_text("day,visits\n1,3000\n", encoding="utf-8")
    done = press(toy, "run", "count_visits", "-p", "visits=data/many.csv")
    assert "look at it  press open count_visits/trial" in done.stderr
    done = press(toy, "open", "count_visits/trial", PATH="")
    assert "open-count_visits-trial.ipynb holds the notebook as results/failed/" in done.stderr


def test_a_notebook_that_is_in_no_run_says_what_to_add(toy: Path) -> None:
    write_notebook(toy / "notebooks/draw_visits.ipynb", ("code", "1"))
    done = press(toy, "run", "draw_visits")
    assert done.returncode == 2
    assert "The notebook draw_visits is in no run of config/runs.yaml. Add one:" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("run", "count_vists"),
            "There is no run or notebook 'count_vists' in config/runs.yaml. Did you mean",
        ),
        (
            ("run", "count_visits", "-p", "factr=2"),
            "count_visits has no parameter 'factr'. Did you mean 'factor'?",
        ),
        (("run", "count_visits", "-p", "factor=two"), "count_visits: parameter factor = 'two' is no int"),
        (("run", "count_visits", "-p", "factor"), "-p factor: write it as NAME=VALUE."),
        (("run", "count_visits", "--data", "nix"), "DATA=nix: that folder does not exist."),
    ],
)
def test_wrong_use_is_refused_before_a_kernel_starts(toy: Path, words: tuple[str, ...], message: str) -> None:
    done = press(toy, *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (toy / ".press").exists()


def test_a_missing_input_is_named(toy: Path) -> None:
    (toy / "data/visits.csv").unlink()
    done = press(toy, "run", "count_visits")
    assert done.returncode == 1
    assert done.stderr == (
        "count_visits: the input visits (data/visits.csv) is missing. "
        "Build it first (press build), or correct its path: it starts from the project folder.\n"
    )


def test_a_failing_cell_gives_a_card_and_leaves_the_last_good_run(toy: Path) -> None:
    press(toy, "run", "count_visits")
    before = (toy / RECORD).read_bytes()
    (toy / "data/visits.csv").write_text("day,visits\n1,3000\n", encoding="utf-8")
    done = press(toy, "run", "count_visits")
    assert done.returncode == 1
    card = done.stderr.splitlines()
    assert len(card) <= 25
    assert card[0] == "Run count_visits failed."
    assert "notebooks/count_visits.ipynb, code cell 3, under “Name the results”" in card[1]
    assert 'results.number("total", total(data["visits"], factor)' in card[2]
    assert "ValueError: more visits than the library has seats" in card[3]
    assert any("library/checks.py, line 4, in checked" in line for line in card)
    kept = toy / "results/failed/demo/count_visits/notebook.ipynb"
    nbformat.validate(nbformat.read(kept, as_version=4))  # type: ignore[no-untyped-call]
    assert (toy / RECORD).read_bytes() == before


@pytest.mark.parametrize(
    ("cell", "cause"),
    [
        ("import time\ntime.sleep(60)", "it was stopped after 15 seconds"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "the kernel was killed (signal 9)"),
        ("import os\nos._exit(3)", "the kernel ended by itself with exit code 3"),
        ("raise MemoryError", "MemoryError"),
        ("results.text('word', '', origin='published')", "ResultError: text 'word' is empty"),
    ],
)
def test_a_run_that_cannot_end_says_why(tmp_path: Path, cell: str, cause: str) -> None:
    write_project(tmp_path, name_cell=cell)
    config = tmp_path / "config/config.yaml"
    config.write_text("report_date: 2026-11-30\ntimeout_seconds: 15\n", encoding="utf-8")
    done = press(tmp_path, "run", "count_visits")
    assert done.returncode == 1
    assert cause in done.stderr
    assert "code cell 3, under “Name the results”" in done.stderr


def test_no_path_of_the_machine_stays_in_the_executed_notebook(tmp_path: Path) -> None:
    write_project(tmp_path, name_cell=NAME + "\nimport os\nprint(os.getcwd(), object())")
    assert press(tmp_path, "run", "count_visits").returncode == 0
    text = (tmp_path / EXECUTED).read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert "./notebooks <object object at 0x…>" in text


def test_a_run_lists_its_parameters(toy: Path) -> None:
    done = press(toy, "run", "count_visits", "--help")
    assert done.returncode == 0
    assert "factor: int = 1" in done.stdout
    assert "visits: Path = ../data/visits.csv" in done.stdout


def test_what_a_run_depends_on_is_kept_beside_it(toy: Path) -> None:
    press(toy, "run", "count_visits")
    parts = json.loads((toy / "results/demo/count_visits/run.json").read_text(encoding="utf-8"))["parts"]
    assert sorted(parts["modules"]) == ["library/__init__.py", "library/checks.py", "library/sums.py"]
    assert sorted(parts["inputs"]) == ["visits"]
