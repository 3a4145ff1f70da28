"""What several tests need: the project folder, and the folder with real data where a machine has it."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the checkout that is tested."""
    return PROJECT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder with real NHS statistics, which is no part of the project."""
    folder = PROJECT.parent / "shared" / "data" / "real"
    if not folder.is_dir():
        pytest.skip("needs the folder ../shared/data/real with real NHS statistics, which is not here")
    return folder
