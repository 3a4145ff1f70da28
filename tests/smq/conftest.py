"""Tidy data of each world, made once for all tests. They are read, and never written."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from press.fetch import fetch_all
from press.sources import load_sources
from smq.panel import read_panel, to_parquet
from smq.worlds.prepare import prepare
from tests.smq.indicator_cases import project_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.shared import Shared


@pytest.fixture(scope="session")
def demo(shared: Shared) -> Path:
    """Tidy data of a demonstration with 100 trusts instead of the 160 of the build."""

    def make(folder: Path) -> None:
        small = folder / "simulation.yaml"
        folder.mkdir(parents=True)
        small.write_text("trusts: 100\nseed: 11\n", encoding="utf-8")
        files = replace(project_files(folder / "raw"), simulation=small)
        prepare("demo", "demo", folder / "tidy", files)

    return shared.folder("tidy-demo", make) / "tidy"


@pytest.fixture(scope="session")
def waits_alone(shared: Shared, demo: Path) -> Path:
    """The same, of a team that has waits in A&E and nothing else."""

    def make(folder: Path) -> None:
        shutil.copytree(demo, folder)
        panel = read_panel(demo / "panel.parquet")
        (folder / "panel.parquet").write_bytes(to_parquet(panel[panel["indicator"] == "ae_4h"]))

    return shared.folder("tidy-waits-alone", make)


@pytest.fixture(scope="session")
def public(shared: Shared, static_mirror: str, project: Path) -> Path:
    """Tidy data of the world `public`, fetched from a static server."""

    def make(folder: Path) -> None:
        said: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NO_PROXY", "127.0.0.1")
            fetch_all(load_sources(project), folder / "raw/public", mirror=static_mirror, echo=said.append)
        assert [line.split()[0] for line in said] == ["fetched"] * 11
        prepare("public", "public", folder / "tidy", project_files(folder / "raw"))

    return shared.folder("tidy-public", make) / "tidy"


@pytest.fixture(scope="session")
def real(shared: Shared, real_data: Path) -> Path:
    """Tidy data of the folder of real files."""

    def make(folder: Path) -> None:
        prepare("real", str(real_data), folder / "tidy", project_files(folder / "raw"))

    return shared.folder("tidy-real", make) / "tidy"
