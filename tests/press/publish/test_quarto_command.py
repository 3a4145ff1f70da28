"""`press render --engine quarto`: where its documents go, when it is asked again, what it returns."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from press.config import load
from press.publish import assemble, quarto_program
from tests.press.publish.library import Study, make_records
from tests.press.publish.quarto_paper import PROFILE, still_running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.press.publish.stand_in_quarto import StandIn

DOCUMENTS = "- {name: paper, source: paper.qmd, template: report, formats: [html, pdf]}\n"
CONFIG = "report_date: 2026-11-23\ntimeout_seconds: 60\n"


@pytest.fixture
def project_folder(paper: Study) -> Path:
    """Give a project whose document is staged in two worlds: the demo and the folder `real`."""
    files = {
        "config/config.yaml": CONFIG,
        "config/runs.yaml": "[]\n",
        "config/documents.yaml": DOCUMENTS,
        "real/data.csv": "x\n1\n",
        ".press/.keep": "",
    }
    for name, text in files.items():
        path = paper.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    records, figures = make_records(paper.folder, {})
    for world in ("demo", "real"):
        assemble.stage(paper.read(), records, figures, paper.report / "_results" / world / "paper", world)
    return paper.folder


def press(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "press", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def published(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in (folder / "dist").rglob("*") if path.is_file()
    )


def test_each_world_has_a_folder_of_its_own_beside_the_built_in_engines(
    project_folder: Path, stand_in: StandIn
) -> None:
    ours = project_folder / "dist/paper.html"
    ours.parent.mkdir()
    ours.write_text("by the built-in engine", encoding="utf-8")
    done = press(project_folder, "render", "paper", "--to", "html", "--engine", "quarto")
    assert (done.returncode, done.stdout, done.stderr) == (0, "rendered  dist/quarto/paper.html\n", "")
    done = press(project_folder, "render", "paper", "--to", "pdf", "--engine", "quarto", "--data", "real")
    assert (done.returncode, done.stdout) == (0, "rendered  dist/real/quarto/paper.pdf\n")
    assert stand_in.metadata["press-results"] == "_results/real/paper/values.json"
    assert published(project_folder) == [
        "dist/paper.html", "dist/quarto/paper.html", "dist/real/quarto/paper.pdf",
    ]  # fmt: skip
    assert ours.read_text(encoding="utf-8") == "by the built-in engine"


def test_quarto_is_asked_again_only_where_something_has_changed(
    project_folder: Path, stand_in: StandIn
) -> None:
    command = ("render", "paper", "--to", "html", "--engine", "quarto")
    assert press(project_folder, *command).stdout.startswith("rendered")
    assert press(project_folder, *command).stdout == "restored  dist/quarto/paper.html\n"
    profile = project_folder / "report/_quarto-paper.yml"
    profile.write_text(PROFILE + "toc: true\n", encoding="utf-8")
    assert press(project_folder, *command).stdout.startswith("rendered")
    stand_in.behave(version="1.10.19")
    assert press(project_folder, *command).stdout.startswith("rendered")
    assert press(project_folder, *command).stdout.startswith("restored")


def test_a_failed_rendering_leaves_what_was_published(project_folder: Path, stand_in: StandIn) -> None:
    command = ("render", "paper", "--to", "html", "--engine", "quarto")
    press(project_folder, *command)
    before = (project_folder / "dist/quarto/paper.html").read_bytes()
    with (project_folder / "report/paper.qmd").open("a", encoding="utf-8") as stream:
        stream.write("\nOne sentence more.\n")
    stand_in.behave(says="ERROR: YAMLException: bad (paper.qmd, 2:1)\n", fails=True)
    done = press(project_folder, *command)
    assert done.returncode == 1
    assert done.stderr == (
        "report/paper.qmd, line 2: Quarto 1.9.38 failed: ERROR: YAMLException: bad (paper.qmd, 2:1)\n"
    )
    assert (project_folder / "dist/quarto/paper.html").read_bytes() == before
    assert published(project_folder) == ["dist/quarto/paper.html"]


@pytest.mark.parametrize("command", ["render by option", "render", "build"])
def test_a_missing_quarto_is_wrong_use(
    project_folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    if command == "render by option":
        done = press(project_folder, "render", "paper", "--to", "html", "--engine", "quarto")
    else:
        (project_folder / "config/config.yaml").write_text(CONFIG + "engine: quarto\n", encoding="utf-8")
        done = press(
            project_folder, *(["build"] if command == "build" else ["render", "paper", "--to", "html"])
        )
    assert done.returncode == 2
    assert done.stderr.startswith(
        "Quarto is not installed: there is no program 'quarto' on PATH.\nInstall it"
    )
    assert done.stdout == ""


def test_staging_brings_the_typefaces_that_quarto_by_hand_needs(project_folder: Path, study: Study) -> None:
    study.write("# Visits\n\nMany.\n")
    done = press(project_folder, "stage", "paper")
    assert (done.returncode, done.stderr) == (0, "")
    staged = sorted(path.name for path in (study.report / "_results/_fonts").iterdir())
    assert len(staged) == 8
    assert all(name.endswith(".ttf") for name in staged)


def test_a_build_that_is_configured_for_quarto_publishes_its_documents_together(
    project_folder: Path, stand_in: StandIn
) -> None:
    (project_folder / "config/config.yaml").write_text(CONFIG + "engine: quarto\n", encoding="utf-8")
    done = press(project_folder, "render", "paper", "--to", "html")
    assert done.stdout == "rendered  results/demo/_documents/quarto/paper.html\n"
    refused = press(project_folder, "publish")
    assert refused.returncode == 1
    assert "Not rendered yet: results/demo/_documents/quarto/paper.pdf" in refused.stderr
    assert not (project_folder / "dist").exists()
    press(project_folder, "render", "paper", "--to", "pdf")
    done = press(project_folder, "publish")
    assert done.stdout == "published dist/quarto/paper.html\npublished dist/quarto/paper.pdf\n"
    note = json.loads(
        (project_folder / "results/demo/_documents/quarto/published.json").read_text(encoding="utf-8")
    )
    assert sorted(note["outputs"]) == published(project_folder)


def test_an_unknown_engine_is_wrong_use(project_folder: Path) -> None:
    (project_folder / "config/config.yaml").write_text(CONFIG + "engine: latex\n", encoding="utf-8")
    done = press(project_folder, "render", "paper", "--to", "html")
    assert done.returncode == 2
    assert done.stderr.startswith("config/config.yaml: engine: Input should be 'builtin' or 'quarto'")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopping_the_command_leaves_no_process_and_no_copy(
    project_folder: Path, stand_in: StandIn, tmp_path: Path, stop: signal.Signals
) -> None:
    stand_in.behave(hangs=True)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "press", "render", "paper", "--to", "html", "--engine", "quarto"],
        cwd=project_folder, env={**os.environ, "TMPDIR": str(scratch)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not stand_in.was_asked_to_render:
        assert time.monotonic() < deadline, "Quarto was never started"
        time.sleep(0.05)
    process.send_signal(stop)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "Stopped.\n")
    assert still_running(stand_in.record["processes"]) == []
    assert list(scratch.iterdir()) == []
    assert not (project_folder / "dist").exists()


# What installs Quarto ------------------------------------------------------------------------------


def environment(project: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((project / "envs/environment.yaml").read_text(encoding="utf-8"))
    return content


def is_known(version: str) -> bool:
    return tuple(map(int, version.split(".")[:2])) in quarto_program.KNOWN


def test_the_conda_environment_pins_what_the_lock_pins_and_a_known_quarto(project: Path) -> None:
    *packages, pip = environment(project)["dependencies"]
    pins = dict(package.split("=") for package in packages if "=" in package)
    assert sorted(pins) == ["python", "quarto"]
    assert is_known(pins["quarto"])
    # The version that the lock was compiled for, and that CI builds with.
    assert f"--python-version {pins['python']} " in (project / "Makefile").read_text(encoding="utf-8")
    # Packages come from the lock itself, so that no pin stands twice.
    assert pip == {"pip": ["-r requirements.lock"]}
    assert (project / "envs/requirements.lock").is_file()


def test_the_message_about_a_missing_quarto_names_the_environment(project: Path) -> None:
    assert f"conda activate {environment(project)['name']}" in quarto_program.WAYS_TO_INSTALL
    assert "envs/environment.yaml" in quarto_program.WAYS_TO_INSTALL


def test_the_workflow_renders_every_document_with_the_known_versions(project: Path) -> None:
    workflow = yaml.safe_load((project / ".github/workflows/ci.yaml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["quarto"]
    versions = job["strategy"]["matrix"]["quarto"]
    assert {tuple(map(int, version.split(".")[:2])) for version in versions} == set(quarto_program.KNOWN)
    assert environment(project)["dependencies"][1] == f"quarto={versions[0]}"
    action = next(step["uses"] for step in job["steps"] if "quarto-actions/setup" in step.get("uses", ""))
    assert re.search(r"@(v\d+\.\d+\.\d+|[0-9a-f]{40})$", action), "a moving tag"
    script = "\n".join(step.get("run", "") for step in job["steps"])
    names = " ".join(document.name for document in load(project).documents)
    assert script.count(f"in {names}; do") == 2
    forms = " ".join(f"{each.name}:{form}" for each in load(project).documents for form in each.formats)
    assert f"for each in {forms}; do" in script
    assert "--engine quarto" in script
    assert 'quarto render --profile "$document"' in script


def test_quartos_own_files_are_not_committed(project: Path, tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    for name in ("report/.quarto/x", "report/.gitignore", "report/_results/_fonts/x.ttf"):
        done = subprocess.run(["git", "check-ignore", "--quiet", name], cwd=project, check=False)
        assert done.returncode == 0, name
