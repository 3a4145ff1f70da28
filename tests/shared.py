"""Folders that are dear to make: the first of a run's processes that needs one makes it, and all read it."""

from __future__ import annotations

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


@dataclass(frozen=True)
class Shared:
    """The folders of one run of the tests. Copy one before you change anything in it."""

    place: Path

    @classmethod
    def of(cls, factory: pytest.TempPathFactory) -> Shared:
        """Give the place that all processes of the run share, in its temporary folder."""
        base = factory.getbasetemp()
        return cls((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared")

    def folder(self, name: str, make: Callable[[Path], None]) -> Path:
        """Give the folder of that name. `make` fills it, if nobody has; what it raises is raised."""
        self.place.mkdir(exist_ok=True)
        folder, made = self.place / name, self.place / f"{name}.made"
        with (self.place / f"{name}.lock").open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                made.touch()
        return folder
