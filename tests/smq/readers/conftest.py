"""Folders with real files, where a machine has them; they are no part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import PROJECT


@pytest.fixture(scope="session")
def raw_samples() -> Path:
    """Folder with original workbooks and CSV files of several eras."""
    return _folder("raw-samples")


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder with the pinned public files."""
    return _folder("mirror")


def _folder(name: str) -> Path:
    folder = PROJECT.parent / "shared" / "data" / name
    if not folder.is_dir():
        pytest.skip(f"needs the folder ../shared/data/{name} with real NHS files, which is not here")
    return folder
