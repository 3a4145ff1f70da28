"""The made-up study that the tests of publishing share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.press.publish.library import Study, make_study
from tests.press.publish.quarto_paper import make_paper
from tests.press.publish.stand_in_quarto import StandIn, install

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Give a report folder that has no prose yet."""
    return make_study(tmp_path / "study")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Install the stand-in for Quarto, in a folder whose name has blanks."""
    installed = install(tmp_path / "a place with blanks")
    monkeypatch.setenv("QUARTO_PATH", str(installed.program))
    return installed


@pytest.fixture
def paper(study: Study) -> Study:
    """Give a report folder that is a Quarto project with one document, `paper`."""
    return make_paper(study)
