"""Tidy data of each world, made once for all tests. They are read, and never written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from press.fetch import fetch_all
from press.sources import load_sources
from smq.prepare import prepare
from tests.smq.indicator_cases import project_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.shared import Shared


@pytest.fixture(scope="session")
def demo(shared: Shared) -> Path:
    """Tidy data of the demonstration."""

    def make(folder: Path) -> None:
        prepare("demo", "demo", folder / "tidy", project_files(folder / "raw"))

    return shared.folder("tidy-demo", make) / "tidy"


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
