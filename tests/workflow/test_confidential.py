"""The confidential list of the study: nowhere but in its own file and its copy may anything of it be found.

Trusts that are on the list have figures, and with them stand in many outputs under their codes. So two
things are looked for. Codes, names and days that nothing else holds must be found nowhere; and builds from
two lists of the same length must give the same, but for rounded estimates.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from press.record import read_record
from tests.smq.effects import watched
from tests.workflow.study import build
from tests.workflow.tiny import checksums, replace, said

DOCUMENT = """---
title: Challenged providers
lang: en-GB
---

# Lists {#sec-lists}

About []{n=challenged.listed} trusts are on the list. Clear effects: []{n=challenged.clear_list}.

::: {#tbl-list result=challenged.list_table}
:::

::: {#fig-both result=challenged.forest}
:::
"""
UNKNOWN = ("QZX7V", "XJQ88")
"""Codes that have no figures: no file of the build can have them from anywhere else."""
NAMES = ("Zyxquorn", "Vexilby")
DAYS = ("2014-02-23", "2015-07-28")
CLAIM = "results/ours/_data_folder.txt"


def rows(first: int) -> pd.DataFrame:
    """Sixteen trusts with figures, and two without."""
    known = watched.listed(watched.others()[first : first + 16])
    unknown = pd.DataFrame({"trust": UNKNOWN, "on": pd.to_datetime(DAYS), "off": pd.NaT})
    return pd.concat([known, unknown]).assign(name=[f"{NAMES[nth % 2]} Hospital" for nth in range(18)])


def project(fresh: Path, folder: Path) -> Path:
    """A clone of the study with the one run that reads the list, and a small document."""
    shutil.copytree(fresh, folder)
    runs = yaml.safe_load((folder / "config/runs.yaml").read_text(encoding="utf-8"))
    (run,) = (run for run in runs if run["notebook"] == "estimate_challenged")
    run["parameters"] = {"permutations": 49}
    (folder / "config/runs.yaml").write_text(yaml.safe_dump([run]), encoding="utf-8")
    note = {"name": "note", "source": "note.qmd", "template": "summary", "formats": ["html"]}
    (folder / "config/documents.yaml").write_text(yaml.safe_dump([note]), encoding="utf-8")
    (folder / "report/note.qmd").write_text(DOCUMENT, encoding="utf-8")
    (folder / "report/_quarto.yml").unlink()
    # They hold the words that are looked for.
    shutil.rmtree(folder / "tests")
    return folder


@pytest.fixture(scope="module")
def built_with_list(
    fresh: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The project, built from a folder with a list; `ours` beside it is the folder."""
    place = tmp_path_factory.mktemp("confidential")
    watched.write_folder(place / "ours", rows(0))
    folder = project(fresh, place / "study")
    done = build(folder, "--data", "../ours")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done


@pytest.fixture
def study(built_with_list: tuple[Path, object], tmp_path: Path) -> Path:
    """A copy of it and of its data."""
    source = built_with_list[0].parent
    copy = Path(shutil.copytree(source, tmp_path / "copy", symlinks=True)) / "study"
    # It says which folder the world is built from, which is now another.
    (copy / CLAIM).unlink()
    return copy


def traces(folder: Path, *words: str) -> list[str]:
    """Files of the project that hold one of the words, but for the copy of the list."""
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder) != Path("data/tidy/ours/challenged.csv")
    ]
    assert {".press", ".snakemake", "data", "dist", "figures", "report", "results"} <= {
        path.relative_to(folder).parts[0] for path in files
    }
    sought = [word.encode() for word in words]
    return [
        str(path.relative_to(folder)) for path in files if any(word in path.read_bytes() for word in sought)
    ]


def digests(*paths: Path) -> list[str]:
    return [
        getattr(hashlib, kind)(path.read_bytes()).hexdigest()
        for path in paths
        for kind in ("sha256", "sha1", "md5")
    ]


SECRETS = (*UNKNOWN, *NAMES, *DAYS)


def test_a_build_leaves_no_code_name_day_or_checksum_of_the_list(
    built_with_list: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = built_with_list
    copy = folder / "data/tidy/ours/challenged.csv"
    assert all(code in copy.read_text(encoding="utf-8") for code in UNKNOWN)
    assert stat.S_IMODE(copy.stat().st_mode) == stat.S_IMODE((folder / ".press/key").stat().st_mode) == 0o600
    assert traces(folder, *SECRETS, *digests(copy, folder.parent / "ours/challenged.csv")) == []
    assert [word for word in SECRETS if word in done.stdout + done.stderr] == []
    assert "confidential: 18 rows, 18 trusts, 2 of them without figures" in done.stdout


def test_of_the_run_nothing_is_kept_that_names_any_trust(
    built_with_list: tuple[Path, object],
) -> None:
    folder = built_with_list[0]
    record = read_record(folder / "results/ours/estimate_challenged/record.json")
    assert {result.origin for result in record.results} == {"confidential aggregate"}
    kept = [*(folder / "results/ours/estimate_challenged").iterdir()]
    kept += [*(folder / "figures/ours/estimate_challenged").iterdir(), folder / "dist/ours/note.html"]
    trusts = "|".join({*watched.others(), *watched.record()["ods_code"]})
    texts = {path.name: path.read_text(encoding="utf-8") for path in kept if path.suffix != ".png"}
    assert len(texts) == 9
    named = {name: re.findall(rf"\b(?:{trusts})\b", text) for name, text in texts.items()}
    # Pictures are stored as letters and digits, among which anything may stand.
    del named["notebook.ipynb"], named["notebook.html"], named["note.html"]
    assert not any(named.values())


def test_another_list_of_the_same_length_changes_rounded_estimates_and_nothing_else(
    built_with_list: tuple[Path, subprocess.CompletedProcess[str]], study: Path
) -> None:
    rows(30).to_csv(study.parent / "ours/challenged.csv", index=False)
    why = subprocess.run(
        [sys.executable, "-m", "press", "why", "--data", "../ours"],
        cwd=study,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "file ../ours/challenged.csv changed" in why
    done = build(study, "--data", "../ours")
    assert said(done, "executed") == ["estimate_challenged"]
    assert traces(study, *SECRETS, *digests(study / "data/tidy/ours/challenged.csv")) == []
    assert [word for word in SECRETS if word in done.stdout + done.stderr + why] == []
    names = ("data", "figures", "results", "report/_results", "dist")
    before, after = (checksums(folder, *names) for folder in (built_with_list[0], study))
    assert before.keys() == after.keys()
    changed = {path for path in before if before[path] != after[path]}
    own = ("data/tidy/ours/challenged.csv", "data/tidy/ours/checksums.json", CLAIM)
    of_run = ("results/ours/estimate_challenged/", "figures/ours/estimate_challenged/")
    documents = ("results/ours/_documents/", "report/_results/ours/", "dist/ours/")
    assert {path for path in changed if not path.startswith((*own, *of_run, *documents))} == set()
    assert set(own) <= changed

    def outline(folder: Path) -> str:
        text = (folder / "results/ours/estimate_challenged/record.json").read_text(encoding="utf-8")
        text = re.sub(r"[0-9a-f]{64}", "digest", text)
        return re.sub(r"[−-]?\b\d+\.\d+\b", "number", text)

    assert json.loads(outline(study)) == json.loads(outline(built_with_list[0]))


def test_a_run_that_fails_on_the_list_says_where_and_not_on_what(study: Path) -> None:
    fault = '    print(listed)\n    raise KeyError(listed.to_dict("list"), spells)\n'
    replace(
        study / "src/smq/effects/both_regimes.py", "    if listed.empty:\n", f"{fault}    if listed.empty:\n"
    )
    done = build(study, "--data", "../ours")
    assert done.returncode == 1
    assert "Run estimate_challenged failed." in done.stderr
    assert "KeyError (its message is kept back" in done.stderr
    assert "smq/effects/both_regimes.py, line" in done.stderr
    assert (study / "results/failed/ours/estimate_challenged/notebook.ipynb").is_file()
    assert [word for word in SECRETS if word in done.stdout + done.stderr] == []
    assert traces(study, *SECRETS) == []
