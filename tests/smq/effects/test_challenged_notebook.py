"""The notebook of both regimes must name what is promised, and without a list say what is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nbformat
import yaml

from smq.effects.both_regimes import NAMES, NO_LIST
from tests.smq.indicator_cases import PROJECT
from tests.smq.test_indicator_notebooks import cells_of, run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from press.record import Result


def estimated(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tidy: Path, challenged: Path
) -> dict[str, Result]:
    return run(
        monkeypatch,
        folder,
        "estimate_challenged",
        panel=tidy / "panel.parquet",
        spells=tidy / "spells.csv",
        challenged=challenged,
        permutations=49,
    )


def test_the_demo_tells_of_both_regimes_and_names_no_trust(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: Path
) -> None:
    results = estimated(monkeypatch, tmp_path / "run", demo, demo / "challenged.csv")
    assert set(results) == set(NAMES)
    present = [result for result in results.values() if result.kind != "absent"]
    assert {result.origin for result in present} == {"simulated"}
    assert results["list_table"].kind == results["regime_table"].kind == "table"
    assert results["forest"].kind == "figure"
    # 13% of 100 trusts, told by fives.
    assert results["listed"].value == 15
    written = [path.read_bytes() for path in (tmp_path / "run").iterdir() if path.suffix != ".png"]
    assert len(written) >= 5
    assert not [text for text in written if re.search(rb"\bZZ\d", text)]


def test_without_the_list_every_result_is_absent_and_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: Path
) -> None:
    (tmp_path / "challenged.csv").write_text("trust,on,off\n", encoding="utf-8")
    results = estimated(monkeypatch, tmp_path / "run", demo, tmp_path / "challenged.csv")
    assert set(results) == set(NAMES)
    assert {(result.kind, result.reason) for result in results.values()} == {("absent", NO_LIST)}


def test_no_run_of_the_build_reads_the_list_openly() -> None:
    runs = yaml.safe_load((PROJECT / "config/runs.yaml").read_text(encoding="utf-8"))
    readers = [
        run for run in runs if any("challenged.csv" in path for path in run.get("inputs", {}).values())
    ]
    assert [(run["notebook"], run["confidential"]) for run in readers] == [
        ("estimate_challenged", ["challenged"])
    ]


def test_the_notebook_is_clean() -> None:
    notebook = cells_of("estimate_challenged")
    nbformat.validate(notebook)
    assert notebook.cells[0].source.startswith("# ")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in code) == 1
