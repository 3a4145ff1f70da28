"""A project opened for one world: its configuration and its paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from press.config import Config, load
from press.layout import Layout, claim_world, resolve_world


@dataclass(frozen=True)
class Project:
    """What every command starts from. The working folder is the project folder."""

    config: Config
    layout: Layout


def open_project(data: str | None, engine: str | None = None) -> Project:
    """Open the project in the working folder, for a world and an engine (default: the configured ones).

    Raises `WrongUseError` where the configuration is wrong or the data folder does not exist.
    """
    config = load(Path())
    world = resolve_world(data or config.build.data, [document.name for document in config.documents])
    layout = Layout(world, engine or config.build.engine)
    claim_world(layout)
    return Project(config, layout)
