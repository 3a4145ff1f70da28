"""The notebooks of charts must name exactly what is promised, whether a world has the figures or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest

from smq.control_charts import shmi_funnels, spc_results
from smq.panel import to_parquet
from tests.smq.control_charts.test_shmi_funnels import TRUSTS, panel
from tests.smq.test_indicator_notebooks import cells_of, run

if TYPE_CHECKING:
    from pathlib import Path

    from press.record import Result


def results_of(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tidy: Path, notebook: str, **parameters: object
) -> dict[str, Result]:
    inputs = {"panel": tidy / "panel.parquet", "spells": tidy / "spells.csv"}
    return run(monkeypatch, folder, notebook, **(inputs | parameters))


def test_the_demo_names_every_result_of_the_control_charts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: Path
) -> None:
    results = results_of(monkeypatch, tmp_path / "run", demo, "chart_spc")
    assert set(results) == set(spc_results.NAMES)
    assert {result.origin for result in results.values()} == {"simulated"}
    assert {result.kind for result in results.values()} == {"number", "text", "table", "figure"}
    # 18 trusts enter; two of them have no A&E.
    assert results["trusts_charted"].value == 16
    assert "ZZ" in str(results["chart_code"].value)


def test_an_indicator_that_the_world_lacks_makes_every_chart_absent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, waits_alone: Path
) -> None:
    results = results_of(monkeypatch, tmp_path / "run", waits_alone, "chart_spc", indicator="turnover")
    assert set(results) == set(spc_results.NAMES)
    assert {result.kind for result in results.values()} == {"absent"}


def test_a_world_without_editions_has_no_funnel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, waits_alone: Path
) -> None:
    results = results_of(monkeypatch, tmp_path / "run", waits_alone, "chart_funnel")
    assert set(results) == set(shmi_funnels.NAMES)
    assert {result.kind for result in results.values()} == {"absent"}
    assert "no data file holds SHMI by edition" in results["funnel"].reason


def test_a_world_with_editions_names_every_result_of_the_funnel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, project: Path
) -> None:
    deaths = {"RDD": TRUSTS["RAA"], "R1H": TRUSTS["RBB"], "RAA": TRUSTS["RCC"]}
    (tmp_path / "panel.parquet").write_bytes(to_parquet(panel(deaths)))
    results = run(
        monkeypatch,
        tmp_path / "run",
        "chart_funnel",
        panel=tmp_path / "panel.parquet",
        spells=project / "data/reference/smq_spells.csv",
    )
    assert set(results) == set(shmi_funnels.NAMES)
    assert {result.origin for result in results.values()} == {"official statistics"}
    assert (results["trusts"].value, results["smq_higher"].value) == (3, 1)


@pytest.mark.parametrize("name", ["chart_spc", "chart_funnel"])
def test_a_notebook_is_clean(name: str) -> None:
    notebook = cells_of(name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.cells[0].source.startswith("# ")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in code) == 1
