"""Of a confidential input nothing may be found elsewhere: not a cell, nor a checksum to try a guess on."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import subprocess
from pathlib import Path

import nbformat
import pytest

from press.confidential import KEY
from press.config import load
from press.errors import WrongUseError
from press.workflow import Workflow
from tests.press.test_runs import press
from tests.press.toy import write_notebook, write_project
from tests.workflow.tiny import replace

MEMBERS = "member,loans\nQuorthon Zibbly,31\nXanthe Vexil,47\n"
SECRETS = ("Quorthon", "Zibbly", "Xanthe", "Vexil")
RUNS = """
- notebook: count_loans
  namespace: loans
  inputs: {members: data/members.csv}
  confidential: [members]
"""
READ = """
import logging, os, sys, warnings
import pandas as pd
from press import results

data = pd.read_csv(members)
print(data)
warnings.warn(f"look at {data}")
logging.warning("%s", data)
os.write(1, data.to_csv().encode())
os.write(2, data.to_csv().encode())
os.system(f"echo {data['member'][0]}; echo {data['member'][1]} >&2")
data
"""
NAME = """
results.number("total", int(data["loans"].sum()), format=",d", origin="confidential aggregate")
data.style
"""
DRAW = """
from matplotlib.figure import Figure

picture = Figure()
picture.subplots().plot([1, 2])
results.figure("path", picture, caption="Loans", alt="They rise.", data=pd.DataFrame({"day": [1, 2]}),
               origin="confidential aggregate")
"""
FAIL = """
results.number("least", 31, format=",d", origin="confidential aggregate")
data.set_index("member").loc[data["member"][0] + " " + data["member"][1]]
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The project after a run, and what that said. Not to be changed."""
    folder = write_toy(tmp_path_factory.mktemp("confidential") / "toy")
    return folder, press(folder, "run", "count_loans")


@pytest.fixture
def toy(ran: tuple[Path, object], tmp_path: Path) -> Path:
    """A copy of the project after a run."""
    return Path(shutil.copytree(ran[0], tmp_path / "toy"))


def write_toy(folder: Path) -> Path:
    write_project(folder)
    (folder / "config/runs.yaml").write_text(RUNS, encoding="utf-8")
    (folder / "data/members.csv").write_text(MEMBERS, encoding="utf-8")
    write_loans(folder)
    return folder


def write_loans(folder: Path, *more: str) -> None:
    write_notebook(
        folder / "notebooks/count_loans.ipynb",
        ("parameters", 'from pathlib import Path\n\nmembers: Path = Path("../data/members.csv")'),
        *(("code", cell) for cell in (READ, NAME, DRAW, *more)),
    )


def found(folder: Path, *words: str) -> list[str]:
    """Files below a folder that hold one of the words, except the confidential file itself."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "members.csv"]
    assert len(paths) > 10
    return [
        f"{path.relative_to(folder)}: {word}"
        for path in paths
        for word in words
        if word.encode() in path.read_bytes()
    ]


def digests(content: str) -> tuple[str, ...]:
    return tuple(getattr(hashlib, name)(content.encode()).hexdigest() for name in ("sha256", "sha1", "md5"))


def test_what_cells_print_and_show_is_kept_nowhere(
    ran: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    toy, done = ran
    assert (done.returncode, done.stderr) == (0, "")
    assert [word for word in SECRETS if word in done.stdout] == []
    assert found(toy, *SECRETS, *digests(MEMBERS)) == []


def test_the_executed_notebook_shows_each_result_under_the_cell_that_named_it(
    ran: tuple[Path, object],
) -> None:
    folder = ran[0] / "results/demo/count_loans"
    notebook = nbformat.read(folder / "notebook.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    shown = [[set(output.data) for output in cell.outputs] for cell in notebook.cells]
    number, figure = {"text/html", "text/plain"}, {"image/png", "text/plain"}
    # The parameters, the values of the run, then the three cells.
    assert shown == [[], [], [], [number], [number, figure]]
    assert "<code>total</code> 78" in notebook.cells[3].outputs[0].data["text/html"]
    page = (folder / "notebook.html").read_text(encoding="utf-8")
    assert "<code>total</code> 78" in page
    assert "data:image/png" in page


def test_a_failing_cell_tells_where_it_failed_and_not_on_what(toy: Path) -> None:
    write_loans(toy, FAIL)
    done = press(toy, "run", "count_loans")
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "notebooks/count_loans.ipynb, code cell 5" in said
    assert 'data.set_index("member")' in said
    assert "KeyError (its message is kept back, because this run reads a confidential input)" in said
    assert "press open count_loans, and execute it there to see what is kept back" in said
    assert [word for word in SECRETS if word in said] == []
    assert found(toy, *SECRETS) == []
    kept = nbformat.read(toy / "results/failed/demo/count_loans/notebook.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    named, error = kept.cells[-1].outputs
    assert "least" in named.data["text/html"]
    assert (error.ename, error.traceback) == ("KeyError", [])


def test_a_change_of_the_file_is_noticed_without_a_checksum_of_it(toy: Path) -> None:
    assert press(toy, "run", "count_loans").stdout.startswith("restored")
    assert press(toy, "why", "count_loans").stdout == "count_loans is up to date.\n"
    changed = MEMBERS.replace("47", "48")
    (toy / "data/members.csv").write_text(changed, encoding="utf-8")
    assert press(toy, "why", "count_loans").stdout == "count_loans\n    input members changed\n"
    assert press(toy, "run", "count_loans").stdout.startswith("executed")
    (toy / "data/members.csv").write_text(MEMBERS, encoding="utf-8")
    assert press(toy, "run", "count_loans").stdout.startswith("restored")
    assert found(toy, *digests(MEMBERS), *digests(changed)) == []


def test_a_guess_of_the_file_cannot_be_checked_in_another_folder(toy: Path, tmp_path: Path) -> None:
    guess = write_toy(tmp_path / "guess")
    press(guess, "run", "count_loans")
    notes = []
    for folder in (toy, guess):
        notes.append(json.loads((folder / "results/demo/count_loans/run.json").read_text(encoding="utf-8")))
        assert stat.S_IMODE((folder / KEY).stat().st_mode) == 0o600
    one, other = notes
    assert one["outputs"] == other["outputs"], "the results are the same"
    assert one["parts"]["inputs"]["members"].startswith("keyed:")
    assert one["parts"].pop("inputs") != other["parts"].pop("inputs")
    assert one["parts"] == other["parts"]
    assert one["fingerprint"] != other["fingerprint"]


def test_a_note_of_sealed_files_holds_no_checksum_of_those_that_are_confidential(toy: Path) -> None:
    (toy / "out.csv").write_text(MEMBERS, encoding="utf-8")
    words = ("seal", "note.json", "out.csv", "--of", "data/visits.csv", "data/members.csv")
    assert press(toy, *words, "--confidential", "data/members.csv", "out.csv").returncode == 0
    note = json.loads((toy / "note.json").read_text(encoding="utf-8"))
    kinds = {path: digest[:6] for path, digest in (note["parts"]["files"] | note["outputs"]).items()}
    assert kinds["out.csv"] == kinds["data/members.csv"] == "keyed:"
    assert kinds["data/visits.csv"] != "keyed:"
    assert found(toy, *digests(MEMBERS)) == []


def test_snakemake_is_told_of_a_digest_with_a_key_and_not_of_the_file(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(toy)
    before = Workflow(None)
    assert "notebooks/count_loans.ipynb" in before.run_inputs("count_loans")
    assert "data/members.csv" not in before.run_inputs("count_loans")
    digest = before.run_parameters("count_loans")["data/members.csv"]
    assert digest.startswith("keyed:")
    assert digest[6:] not in digests(MEMBERS)
    (toy / "data/members.csv").write_text(MEMBERS.replace("47", "48"), encoding="utf-8")
    assert Workflow(None).run_parameters("count_loans")["data/members.csv"] != digest


def test_a_damaged_key_says_what_to_do(toy: Path) -> None:
    (toy / KEY).write_text("short", encoding="ascii")
    done = press(toy, "run", "count_loans")
    assert done.returncode == 1
    assert done.stderr.startswith(".press/key is damaged. Delete it:")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("confidential: [members]", "confidential: [membrs]", "Did you mean 'members'?"),
        (
            RUNS,
            RUNS
            + RUNS.replace("count_loans", "count_more")
            .replace(": loans", ": more")
            .replace("  confidential: [members]\n", ""),
            "count_more reads data/members.csv, which is confidential in count_loans. Say so here too: "
            "confidential: [members]",
        ),
    ],
    ids=["unknown input", "read openly elsewhere"],
)
def test_a_file_is_confidential_for_every_run_or_refused(toy: Path, old: str, new: str, said: str) -> None:
    replace(toy / "config/runs.yaml", old, new)
    with pytest.raises(WrongUseError) as caught:
        load(toy)
    assert said in str(caught.value)
