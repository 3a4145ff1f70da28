"""The notebooks must name exactly what is promised, whether a world has an indicator or lacks it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from press.record import Record, Result
from press.results import RESULTS_FILE, RUN_FOLDER
from smq.config import load_study
from smq.effects import comparison
from smq.findings import REGIME_QUOTED, names
from smq.performance.indicator import NAMES
from tests.smq.indicator_cases import PROJECT

NOTEBOOKS = PROJECT / "notebooks"


def cells_of(name: str) -> nbformat.NotebookNode:
    """Read a notebook of the project."""
    content = (NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8")
    notebook: nbformat.NotebookNode = nbformat.reads(content, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, **parameters: object) -> dict[str, Result]:
    """Run the code cells of a notebook in this process; give the results by name."""
    folder.mkdir()
    monkeypatch.setenv(RUN_FOLDER, str(folder))
    monkeypatch.chdir(NOTEBOOKS)
    names: dict[str, Any] = {}
    for cell in cells_of(name).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, cell.id, "exec"), names)  # noqa: S102
            if "parameters" in cell.metadata.get("tags", []):
                assert set(parameters) <= set(names)
                names |= parameters
    lines = (folder / RESULTS_FILE).read_text(encoding="utf-8").splitlines()
    results = [Result.from_json(json.loads(line)) for line in lines]
    return {result.name: result for result in results}


def describe(monkeypatch: pytest.MonkeyPatch, folder: Path, demo: Path, indicator: str) -> dict[str, Result]:
    return run(
        monkeypatch,
        folder,
        "describe_indicator",
        panel=demo / "panel.parquet",
        spells=demo / "spells.csv",
        indicator=indicator,
    )


def test_the_demo_names_every_result_and_all_as_simulated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: Path
) -> None:
    results = describe(monkeypatch, tmp_path / "run", demo, "ae_4h")
    assert set(results) == set(NAMES)
    assert {result.origin for result in results.values()} == {"simulated"}
    assert {result.kind for result in results.values()} == {"number", "text", "table", "figure"}
    # 19 spells are simulated; two are of trusts without A&E, one ends with the trust, one lacks a month.
    assert (results["spells_used"].value, results["spells_used"].denominator) == (15, 19)
    assert results["better"].value == "lower"
    assert all(column.align == "right" for column in results["gap_table"].columns[1:])


def test_an_indicator_that_the_world_lacks_makes_every_result_absent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, waits_alone: Path
) -> None:
    results = describe(monkeypatch, tmp_path / "run", waits_alone, "rtt_18w")
    assert set(results) == set(NAMES)
    assert {result.kind for result in results.values()} == {"absent"}
    assert all("no data file holds figures" in result.reason for result in results.values())


def test_the_summary_follows_from_the_records(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: Path, waits_alone: Path
) -> None:
    regime = [
        Result(name=name, kind="number", value=5, display="5", format=",d", origin="public record")
        for name in REGIME_QUOTED
    ]
    records = {"regime_record": Record("describe_regime", "regime", tuple(regime))}
    indicators = [one.id for one in load_study(PROJECT / "config" / "study.yaml").indicators]
    for indicator in indicators:
        tidy = demo if indicator in ("ae_4h", "shmi") else waits_alone
        found = describe(monkeypatch, tmp_path / indicator, tidy, indicator)
        records[f"{indicator}_record"] = Record("run", "key", tuple(found.values()))
    nothing = [Result(name=name, kind="absent", reason="not here") for name in comparison.names(indicators)]
    records["effects_record"] = Record("compare_effects", "comparison", tuple(nothing))
    paths = {}
    for name, record in records.items():
        paths[name] = tmp_path / f"{name}.json"
        paths[name].write_text(record.to_text(), encoding="utf-8")
    results = run(monkeypatch, tmp_path / "findings", "summarise_findings", **paths)
    assert sorted(results) == sorted(names(indicators))
    assert results["ae_4h_before_word"].value == "worse than"
    # Three points are planted, which is more than trusts that enter are worse by.
    assert results["ae_4h_change_word"].value == "reversed"
    assert results["ae_4h_change_word"].origin == "simulated"
    assert results["ae_4h_during_word"].value == "better than"
    assert results["spells"].origin == "public record"
    assert (results["indicators_total"].value, results["indicators_shown"].value) == (11, 2)
    assert results["all_indicators"].origin == "simulated"
    assert len(results["all_indicators"].rows) == 11
    assert results["rtt_18w_change_word"].kind == "absent"
    assert "18 weeks" in results["rtt_18w_change_word"].reason
    assert results["effects_shown"].reason == results["effects_sure"].reason == "not here"
    assert "simulated" in results["ae_4h_published_trend"].reason


def test_the_build_has_a_run_for_every_indicator_and_the_summary_reads_them_all() -> None:
    indicators = {one.id for one in load_study(PROJECT / "config" / "study.yaml").indicators}
    runs = yaml.safe_load((PROJECT / "config" / "runs.yaml").read_text(encoding="utf-8"))
    for notebook in ("describe_indicator", "estimate_effects"):
        of_each = [run for run in runs if run["notebook"] == notebook]
        assert {(run["run"], run["parameters"]["indicator"]) for run in of_each} == {
            (one, one) for one in indicators
        }
    (summary,) = (run for run in runs if run["notebook"] == "summarise_findings")
    expected = {f"{name}_record": f"describe_indicator/{name}" for name in indicators}
    others = {"regime_record": "describe_regime", "effects_record": "compare_effects"}
    assert summary["records"] == expected | others
    (effects,) = (run for run in runs if run["notebook"] == "compare_effects")
    assert effects["records"] == {f"{name}_record": f"estimate_effects/{name}" for name in indicators}


@pytest.mark.parametrize("name", ["describe_indicator", "summarise_findings"])
def test_a_notebook_is_clean(name: str) -> None:
    notebook = cells_of(name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.cells[0].source.startswith("# ")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in code) == 1
