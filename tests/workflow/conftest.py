"""Projects that are built once for all tests. A test copies one before it changes anything."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.workflow import study
from tests.workflow import tiny as tiny_project
from tests.workflow.tiny import said

if TYPE_CHECKING:
    from pathlib import Path

    from tests.shared import Shared


@pytest.fixture(scope="session")
def built_tiny(shared: Shared, project: Path) -> Path:
    """The tiny project, built."""

    def make(folder: Path) -> None:
        done = tiny_project.build(tiny_project.write_tiny(folder, project))
        assert said(done, "executed") == ["compare_days", "count_visits"]
        for word in ("rendered", "published"):
            assert said(done, word) == ["note.html", "note.pdf"]

    return shared.folder("a tiny project", make)


@pytest.fixture(scope="session")
def fresh(shared: Shared, project: Path) -> Path:
    """The study as a fresh clone would hold it, for all builds the same, whoever works in the checkout."""
    return shared.folder("fresh", lambda folder: study.clone(project, folder))


@pytest.fixture(scope="session")
def built(shared: Shared, fresh: Path, project: Path) -> Path:
    """The study's demo, built from what the checkout's own build has stored."""

    def make(folder: Path) -> None:
        shutil.copytree(fresh, folder)
        study.take_over(project, folder, "demo")
        study.assert_published(study.build(folder))

    return shared.folder("a clone with spaces", make)


@pytest.fixture(scope="session")
def real(shared: Shared, built: Path, project: Path, real_data: Path) -> Path:
    """The study on real data, built beside the demo."""

    def make(folder: Path) -> None:
        shutil.copytree(built, folder, symlinks=True)
        study.take_over(project, folder, "real")
        assert said(study.build(folder, "--data", str(real_data)), "published") == study.FORMS

    return shared.folder("real", make)
