"""The made-up study that the tests of publishing share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.press.publish.library import Study, make_study

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Give a report folder that has no prose yet."""
    return make_study(tmp_path / "study")
