"""The notebooks of effects must name exactly what is promised, whether a world has the figures or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest

from press.record import Record, Result
from smq.config import load_study
from smq.effects import comparison, estimate, validation
from tests.smq.indicator_cases import PROJECT
from tests.smq.test_indicator_notebooks import cells_of, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def waits(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Results on waits in A&E in the demonstration world, estimated once."""
    with pytest.MonkeyPatch.context() as patch:
        return estimated(patch, tmp_path_factory.mktemp("waits") / "run", demo)


def estimated(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tidy: Path, **parameters: object
) -> dict[str, Result]:
    inputs = {"panel": tidy / "panel.parquet", "spells": tidy / "spells.csv", "permutations": 99}
    return run(monkeypatch, folder, "estimate_effects", **(inputs | parameters))


def test_the_demo_names_every_result_and_finds_what_was_planted(waits: dict[str, Result]) -> None:
    assert set(waits) == set(estimate.NAMES)
    present = [result for result in waits.values() if result.kind != "absent"]
    assert {result.origin for result in present} == {"simulated"}
    # Planted: three points over a year, then for good; −2.6 on average over the four half-years after entry.
    low, high = waits["effect"].interval or (0.0, 0.0)
    assert low < -2.6 < high < 0
    assert waits["cs_not_yet"].interval is not None
    assert waits["cs_not_yet"].interval[1] < -2.6
    assert waits["reviewed_placed"].kind == "absent"


def test_an_indicator_that_the_world_lacks_makes_every_effect_absent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, waits_alone: Path
) -> None:
    results = estimated(monkeypatch, tmp_path / "run", waits_alone, indicator="turnover")
    assert set(results) == set(estimate.NAMES)
    assert {result.kind for result in results.values()} == {"absent"}


@pytest.mark.parametrize("shown", [True, False])
def test_all_effects_stand_beside_one_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, waits: dict[str, Result], shown: bool
) -> None:
    lacking = {name: Result(name=name, kind="absent", reason="not here") for name in estimate.NAMES}
    paths = {}
    indicators = [one.id for one in load_study(PROJECT / "config" / "study.yaml").indicators]
    for indicator in indicators:
        found = waits if shown and indicator == "ae_4h" else lacking
        path = tmp_path / f"{indicator}.json"
        path.write_text(Record("run", "key", tuple(found.values())).to_text(), encoding="utf-8")
        paths[f"{indicator}_record"] = path
    results = run(monkeypatch, tmp_path / "all", "compare_effects", **paths)
    assert sorted(results) == sorted(comparison.names(indicators))
    if shown:
        assert results["all_effects"].origin == "simulated"
        assert (results["effects_total"].value, results["effects_shown"].value) == (11, 1)
        assert results["dtoc_verdict"].reason == "not here"
        assert "staff turnover in a year" in str(results["lacking_list"].value)
    else:
        assert {result.kind for result in results.values()} == {"absent"}


@pytest.mark.parametrize("simulated", [True, False])
def test_what_was_planted_stands_beside_what_was_estimated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: Path, waits: dict[str, Result], simulated: bool
) -> None:
    lacking = Result(name="effect", kind="absent", reason="not here")
    truth = demo / "truth_effects.csv"
    if not simulated:
        header, truth = truth.read_text(encoding="utf-8").splitlines()[0], tmp_path / "truth.csv"
        truth.write_text(f"{header}\n", encoding="utf-8")
    paths = {}
    for indicator in [one.id for one in load_study(PROJECT / "config" / "study.yaml").indicators]:
        found = waits["effect"] if indicator == "ae_4h" else lacking
        path = tmp_path / f"{indicator}.json"
        path.write_text(Record("run", "key", (found,)).to_text(), encoding="utf-8")
        paths[f"{indicator}_record"] = path
    inputs = {"panel": demo / "panel.parquet", "spells": demo / "spells.csv", "truth": truth}
    results = run(monkeypatch, tmp_path / "all", "validate_effects", **inputs, **paths)
    assert set(results) == set(validation.NAMES)
    if not simulated:
        assert {result.kind for result in results.values()} == {"absent"}
        assert "nobody knows the true effects" in results["planted_effects"].reason
        return
    (line,) = results["planted_effects"].rows
    # Planted: three points over a year, then for good; about −2.6 over the four half-years after entry.
    assert line[0].startswith("Waits over four hours in A&E")
    assert float(line[1].replace("−", "-")) == pytest.approx(-2.6, abs=0.15)
    assert line[4] == "yes"
    assert (results["planted_shown"].value, results["planted_inside"].value) == (1, 1)
    assert str(results["message"].value) == "all of 1 planted effects lie inside their intervals"
    assert results["missed"].kind == "absent"
    assert results["study"].origin == "simulated"


@pytest.mark.parametrize("name", ["estimate_effects", "compare_effects", "validate_effects"])
def test_a_notebook_is_clean(name: str) -> None:
    notebook = cells_of(name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.cells[0].source.startswith("# ")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in code) == 1
