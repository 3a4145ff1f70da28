"""Builds that are stopped or killed: nothing is left, and the next build gives the undisturbed bytes."""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.press.toy import write_notebook
from tests.workflow.tiny import build, checksums, command, write_tiny

SLOW = """
import pathlib, subprocess, time
subprocess.Popen(["sleep", "120"])
pathlib.Path("../started").touch()
time.sleep(120)
"""


def processes_in(folder: Path) -> list[psutil.Process]:
    """Processes that work in the folder or below it."""
    found = []
    for process in psutil.process_iter(["cwd"]):
        with contextlib.suppress(psutil.Error):
            if process.info["cwd"] and Path(process.info["cwd"]).is_relative_to(folder):
                found.append(process)
    return found


def wait_until_alone(folder: Path, seconds: float) -> list[psutil.Process]:
    deadline = time.monotonic() + seconds
    while (left := processes_in(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def slow_build(folder: Path, project: Path, door: str) -> subprocess.Popen[str]:
    write_tiny(folder, project)
    parameters = "from pathlib import Path\n\ncounts: Path = Path('x')"
    write_notebook(folder / "notebooks/compare_days.ipynb", ("parameters", parameters), ("code", SLOW))
    process = subprocess.Popen(
        command(door),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (folder / "started").exists():
        assert time.monotonic() < deadline, "the slow cell has not started"
        time.sleep(0.1)
    return process


def half_written(folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in folder.rglob(".*")
        if path.name.startswith((".new-", ".record", ".notebook", ".note")) or path.name.endswith(".tmp")
    ] + [path.name for path in (folder / ".press").glob("run-*")]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopping_a_build_leaves_no_process_and_no_half_written_file(
    tmp_path: Path, project: Path, stop: signal.Signals
) -> None:
    folder = tmp_path / "tiny"
    process = slow_build(folder, project, "press build")
    process.send_signal(stop)
    assert process.communicate(timeout=60)[1] == "Stopped.\n"
    assert process.returncode == 130
    assert wait_until_alone(folder, 5) == []
    assert half_written(folder) == []


def test_a_build_beside_a_running_one_says_who_holds_the_lock(tmp_path: Path, project: Path) -> None:
    folder = tmp_path / "tiny"
    process = slow_build(folder, project, "press build")
    try:
        second = build(folder)
        assert second.returncode == 1
        assert second.stderr == (
            f"Another build is running in this folder (process {process.pid}). "
            f"Wait for it, or stop it: kill {process.pid}\n"
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def test_a_build_beside_plain_snakemake_says_who_holds_the_lock(tmp_path: Path, project: Path) -> None:
    folder = tmp_path / "tiny"
    process = slow_build(folder, project, "snakemake")
    try:
        second = build(folder)
        assert second.returncode == 1
        assert f"Snakemake is running in this folder (process {process.pid}" in second.stderr
    finally:
        for each in processes_in(folder):
            each.kill()
        process.communicate(timeout=60)


def test_a_killed_run_leaves_no_kernel(tmp_path: Path, project: Path) -> None:
    folder = tmp_path / "tiny"
    process = slow_build(folder, project, "press build")
    # All but the kernel and what the kernel started: it must notice by itself.
    for each in processes_in(folder):
        with contextlib.suppress(psutil.Error):
            if "ipykernel_launcher" not in " ".join(each.cmdline()) and each.name() != "sleep":
                each.kill()
    process.wait(timeout=60)
    left = [each for each in wait_until_alone(folder, 10) if each.name() != "sleep"]
    for each in processes_in(folder):
        each.kill()
    process.communicate(timeout=60)
    assert left == []


@pytest.mark.parametrize("group", range(10))
def test_15_the_build_after_a_kill_gives_the_bytes_of_an_undisturbed_one(
    built_tiny: Path, tmp_path: Path, group: int
) -> None:
    """Ten times: three builds in a row are killed at random moments, and the fourth is let through."""
    folder = Path(shutil.copytree(built_tiny, tmp_path / "tiny", symlinks=True))
    for name in ("results", ".press/runs", "data/tidy"):
        shutil.rmtree(folder / name)
    moments = random.Random(20261123 + group)  # noqa: S311 - a seed, so that a failure can be repeated
    for _ in range(3):
        process = subprocess.Popen(
            command("press build"), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(moments.uniform(0.2, 6))
        for each in processes_in(folder):
            with contextlib.suppress(psutil.Error):
                each.kill()
        process.wait(timeout=60)
        assert wait_until_alone(folder, 5) == []
    done = build(folder)
    assert done.returncode == 0, done.stderr
    places = ("dist", "results", "figures", "data/tidy")
    assert checksums(folder, *places) == checksums(built_tiny, *places)
