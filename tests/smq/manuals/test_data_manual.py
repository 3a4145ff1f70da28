"""The page about the data must say what the code does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smq import panel
from smq.manuals.data_manual import MANUAL, PANEL_MEANING, PARAGRAPHS, Reader, all_readers, manual

if TYPE_CHECKING:
    from pathlib import Path


def test_the_page_is_in_step_with_the_code(project: Path) -> None:
    written = (project / MANUAL).read_text(encoding="utf-8")
    assert written == manual(project), "run: .venv/bin/python -m smq.manuals.data_manual"


@pytest.mark.parametrize("reader", all_readers(), ids=lambda reader: str(reader.module))
def test_a_reader_says_its_layout_its_traps_and_how_it_was_verified(reader: Reader) -> None:
    # What opens a format reads no statistic of its own.
    wanted = PARAGRAPHS[:2] if reader.module == "npy_pickle" else PARAGRAPHS
    assert tuple(reader.paragraphs) == wanted
    assert all(len(text) > 40 for text in reader.paragraphs.values())
    assert reader.functions
    assert reader.verified
    assert reader.title.endswith(".")


def test_every_module_that_reads_a_statistic_says_whether_it_was_verified(project: Path) -> None:
    of_a_statistic = {
        path.stem
        for path in (project / "src/smq/readers").glob("*.py")
        if "-> StatisticReading:\n" in path.read_text(encoding="utf-8")
        and "\ndef read_" in path.read_text(encoding="utf-8")
    }
    assert len(of_a_statistic) >= 12
    assert of_a_statistic <= {reader.module for reader in all_readers()}


def test_every_column_of_the_panel_is_explained() -> None:
    assert list(PANEL_MEANING) == panel.COLUMNS
