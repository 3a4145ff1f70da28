"""Two small worlds, written once: one with all that is planted, and one in which the regime does nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smq.simulation.folder import write_world
from smq.simulation.world import World, simulate
from tests.smq.simulation.readings import read

if TYPE_CHECKING:
    from smq.worlds.tidy_folder import TidyData

SMALL, SEED = 60, 11


@pytest.fixture(scope="session")
def world() -> World:
    return simulate(SMALL, SEED)


@pytest.fixture(scope="session")
def plain() -> World:
    return simulate(SMALL, SEED, effects=False)


@pytest.fixture(scope="session")
def files(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "demo"
    write_world(world, folder)
    return folder


@pytest.fixture(scope="session")
def plain_files(plain: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain") / "demo"
    write_world(plain, folder)
    return folder


@pytest.fixture(scope="session")
def made(plain_files: Path) -> TidyData:
    """Tidy data of the world in which the regime does nothing."""
    return read(plain_files)
