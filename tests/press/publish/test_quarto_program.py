"""Which Quarto is used, which is refused, and that none is left running."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from press.errors import WrongUseError
from press.publish import quarto_program
from press.publish.errors import PublishError
from tests.press.publish.quarto_paper import render, still_running
from tests.press.publish.stand_in_quarto import StandIn, install

if TYPE_CHECKING:
    from pathlib import Path

    from tests.press.publish.library import Study


@pytest.mark.parametrize("version", ["1.9.0", "1.9.38", "1.10.19"])
def test_known_versions_are_used_without_a_word(stand_in: StandIn, version: str) -> None:
    stand_in.behave(version=version)
    assert quarto_program.find_quarto() == quarto_program.Quarto(stand_in.program, version)


@pytest.mark.parametrize("version", ["1.8.27", "1.4.549", "0.9.600"])
def test_an_old_quarto_is_refused(paper: Study, stand_in: StandIn, version: str) -> None:
    stand_in.behave(version=version)
    with pytest.raises(WrongUseError) as caught:
        render(paper)
    first, *ways = str(caught.value).splitlines()
    assert (
        first == f"{stand_in.program} is Quarto {version}, which is too old: 1.9 and 1.10 are known to work."
    )
    assert len(ways) == 4
    assert not stand_in.was_asked_to_render


@pytest.mark.parametrize("version", ["1.11.2", "2.0.1", "99.9.9"])
def test_a_newer_quarto_is_used_with_a_note(paper: Study, stand_in: StandIn, version: str) -> None:
    stand_in.behave(version=version)
    heard: list[str] = []
    assert render(paper, echo=heard.append).is_file()
    assert heard == [
        f"{stand_in.program} is Quarto {version}; 1.9 and 1.10 are known to work, so look its output over."
    ]


@pytest.mark.parametrize("answer", ["", "Usage: quarto [options]", "v1"])
def test_a_program_that_gives_no_version_is_refused(stand_in: StandIn, answer: str) -> None:
    stand_in.behave(version=answer)
    with pytest.raises(WrongUseError, match=r"--version' gives no version\. It said: "):
        quarto_program.find_quarto()


def test_a_missing_quarto_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WrongUseError) as caught:
        quarto_program.find_quarto()
    assert caught.value.exit_code == 2
    assert str(caught.value).splitlines() == [
        "Quarto is not installed: there is no program 'quarto' on PATH.",
        "Install it in one of these ways, or go on without it (--engine builtin):",
        "  conda env create -f envs/environment.yaml && conda activate report-press",
        "  the installer for your system: https://quarto.org/docs/download/",
        "Where it lies outside PATH, name the program: QUARTO_PATH=/path/to/quarto",
    ]
    monkeypatch.setenv("QUARTO_PATH", str(tmp_path))
    with pytest.raises(WrongUseError, match=f"^QUARTO_PATH={tmp_path} is no program that can be run"):
        quarto_program.find_quarto()


def test_quarto_is_found_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = install(tmp_path / "bin")
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", f"{installed.program.parent}{os.pathsep}{os.environ['PATH']}")
    assert quarto_program.find_quarto().program == installed.program


def test_a_quarto_that_takes_too_long_is_stopped_with_all_it_started(paper: Study, stand_in: StandIn) -> None:
    stand_in.behave(hangs=True)
    with pytest.raises(
        PublishError, match=r"paper\.qmd: Quarto was stopped after 2 seconds\. .*timeout_seconds"
    ):
        render(paper, timeout_seconds=2)
    assert still_running(stand_in.record["processes"]) == []


def test_stopping_the_command_stops_quarto(paper: Study, stand_in: StandIn) -> None:
    stand_in.behave(hangs=True)

    def interrupt_once_it_runs() -> None:
        deadline = time.monotonic() + 20
        while not stand_in.was_asked_to_render and time.monotonic() < deadline:
            time.sleep(0.05)
        signal.raise_signal(signal.SIGINT)

    threading.Thread(target=interrupt_once_it_runs, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        render(paper)
    assert still_running(stand_in.record["processes"]) == []
