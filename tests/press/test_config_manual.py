from __future__ import annotations

from typing import TYPE_CHECKING

from press.config_manual import MANUAL, manual

if TYPE_CHECKING:
    from pathlib import Path


def test_the_manual_page_is_in_step_with_the_models(project: Path) -> None:
    written = (project / MANUAL).read_text(encoding="utf-8")
    assert written == manual(), "run: .venv/bin/python -m press.config_manual"


def test_every_field_of_the_configuration_is_described(project: Path) -> None:
    rows = [line for line in manual().splitlines() if line.startswith("| `")]
    assert len(rows) >= 13
    assert not any(row.endswith("| None |") for row in rows)
