"""The world of the build, and the panel of a simulated folder, as preparing a world reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from smq.config import load_study
from smq.simulation.plan import load_plan
from smq.simulation.world import World, simulate
from smq.worlds.mapped_folder import read_folder
from tests.smq.indicator_cases import PROJECT

if TYPE_CHECKING:
    from smq.worlds.tidy_folder import TidyData


def default_world(*, effects: bool = True) -> World:
    """Make the world of the build."""
    plan = load_plan(PROJECT / "config/simulation.yaml")
    return simulate(plan.trusts, plan.seed, effects=effects)


def read(folder: Path) -> TidyData:
    """Read a simulated folder by the mappings that were written with it."""
    return read_folder(folder, folder / "none.yaml", load_study(PROJECT / "config/study.yaml"), ())
