"""The tidy data must be the same bytes each time, and a wrong command or folder must say what to do."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from smq.panel import read_panel
from smq.worlds.prepare import Files, main
from tests.smq.indicator_cases import PROJECT

CSV = "ods_code,period,attendances,over_4h\nRDD,2016-04-01,100,10\nY02584,2016-04-01,10,\n"
NAMES = [
    "agreement.csv",
    "challenged.csv",
    "differences.csv",
    "dropped.csv",
    "missing_values.csv",
    "organisations.csv",
    "panel.parquet",
    "ratings.csv",
    "sources.csv",
    "spells.csv",
    "totals.csv",
    "truth_effects.csv",
    "units.csv",
    "unknown_codes.csv",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "files"
    (data / "ae-panel").mkdir(parents=True)
    (data / "ae-panel" / "ae_monthly_trust_panel.csv").write_text(CSV, encoding="utf-8")
    return data


def run(tmp_path: Path, data: str | Path, world: str = "mine") -> int:
    given = ["--world", world, "--data", str(data), "--out", str(tmp_path / "out")]
    for name, path in vars(Files()).items():
        folder = tmp_path if path.parts[:2] == ("data", "raw") or path.name == "simulation.yaml" else PROJECT
        given += [f"--{name.replace('_', '-')}", str(folder / path)]
    return main(given)


def plan(tmp_path: Path, trusts: object = 10, seed: int = 3) -> None:
    """Plan the simulated world."""
    path = tmp_path / Files().simulation
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"trusts: {trusts}\nseed: {seed}\n", encoding="utf-8")


def written(tmp_path: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((tmp_path / "out").iterdir())}


def test_a_folder_becomes_tidy_data(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, folder) == 0
    assert list(written(tmp_path)) == NAMES
    panel = read_panel(tmp_path / "out" / "panel.parquet")
    assert panel["unit"].tolist() == ["RDD", "Y02584"]
    assert written(tmp_path)["spells.csv"] == (PROJECT / "data/reference/smq_spells.csv").read_bytes()
    assert written(tmp_path)["unknown_codes.csv"] == (
        b"code,rows,first_period,last_period\nY02584,1,2016-04-01,2016-04-01\n"
    )
    assert written(tmp_path)["units.csv"].splitlines()[0] == (
        b"code,name,first_period,last_period,unit,reason"
    )
    # A table without rows has its header.
    assert written(tmp_path)["differences.csv"] == (
        b"unit,period,indicator,quantity,value_used,source_used,value_other,source_other,reason\n"
    )
    assert written(tmp_path)["truth_effects.csv"] == b"unit,period,indicator,regime,effect\n"
    assert "mine: 2 rows, 1 trusts, 1 other codes" in capsys.readouterr().out


def test_a_confidential_list_changes_nothing_but_its_own_file(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, folder) == 0
    without, said = written(tmp_path), capsys.readouterr().out
    assert without.pop("challenged.csv") == b"trust,on,off\n"
    listed = "off,name,trust,on\n2016-01-01,Zyxquorn,RDD,2015-01-01\n,Vexil,QZX,2014-01-01\n"
    (folder / "challenged.csv").write_text(listed, encoding="utf-8")
    assert run(tmp_path, folder) == 0
    with_list = written(tmp_path)
    assert with_list.pop("challenged.csv") == b"trust,on,off\nQZX,2014-01-01,\nRDD,2015-01-01,2016-01-01\n"
    assert with_list == without
    own = "mine: challenged.csv, confidential: 2 rows, 2 trusts, 1 of them without figures\n"
    assert capsys.readouterr() == (said + own, "")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) & 0o77 for path in (tmp_path / "out").iterdir()}
    assert [name for name, mode in modes.items() if mode == 0] == ["challenged.csv"]


def test_a_copy_that_others_could_read_is_replaced_by_one_that_they_cannot(
    tmp_path: Path, folder: Path
) -> None:
    copies = [tmp_path / "out" / name for name in ("challenged.csv", ".challenged.csv.new")]
    copies[0].parent.mkdir()
    for copy in copies:
        copy.touch(0o644)
    assert run(tmp_path, folder) == 0
    assert stat.S_IMODE(copies[0].stat().st_mode) == 0o600
    assert not copies[1].exists()


def test_a_bad_confidential_list_is_named_and_not_quoted(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "challenged.csv").write_text("trust,on,off\nZyxquorn,2015-01-01,\n", encoding="utf-8")
    message = refused(tmp_path, capsys, 1, folder)
    assert "challenged.csv: 1 problem" in message
    assert "line 2, column 'trust': not a well-formed ODS code" in message
    assert "Zyxquorn" not in message


@pytest.mark.parametrize(
    "other",
    [
        "files: [{file: list.csv, indicator: rtt_18w, origin: official statistics,\n"
        "  columns: {trust: trust, month: 'on', value: 'off'}}]",
        "national: [{files: 'l*.csv', layout: ae_csv, origin: official statistics}]",
        "organisations: [{file: list.csv, columns: {code: trust}}]",
    ],
    ids=["figures", "a pattern", "organisations"],
)
def test_a_confidential_list_has_no_second_reader_that_would_quote_it(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str], other: str
) -> None:
    (folder / "list.csv").write_text("trust,on,off\nZyxquorn,2015-01-01,\n", encoding="utf-8")
    figures = (
        "files: [{file: ae-panel/ae_monthly_trust_panel.csv, indicator: ae_4h, origin: official statistics,\n"
    )
    figures += "  columns: {trust: ods_code, month: period, numerator: over_4h, denominator: attendances}}]\n"
    own = other if other.startswith("files") else figures + other
    (folder / "mappings.yaml").write_text(f"challenged: {{file: list.csv}}\n{own}\n", encoding="utf-8")
    message = refused(tmp_path, capsys, 2, folder)
    assert "list.csv is the confidential list of challenged providers, and the entry" in message
    assert "Zyxquorn" not in message


def test_twice_the_same_bytes(tmp_path: Path) -> None:
    plan(tmp_path)
    assert run(tmp_path, "demo", "demo") == 0
    first = written(tmp_path)
    shutil.rmtree(tmp_path / "out")
    assert run(tmp_path, "demo", "demo") == 0
    assert written(tmp_path) == first
    # The least number of spells that a world has.
    assert first["spells.csv"].count(b"(simulated)") == 6
    assert first["truth_effects.csv"].startswith(b"unit,period,indicator,regime,effect\nZZ")
    assert set(read_panel(tmp_path / "out" / "panel.parquet")["origin"]) == {"simulated"}


def test_a_folder_with_its_own_mapping(tmp_path: Path, folder: Path) -> None:
    (folder / "own.csv").write_text("c;x\n", encoding="utf-8")
    (folder / "own.csv").write_text("c,m,n,d\nRDD,Apr-16,1,4\n", encoding="utf-8")
    (folder / "mappings.yaml").write_text(
        "files: [{file: own.csv, indicator: rtt_18w, date_format: '%b-%y', origin: official statistics,\n"
        "  columns: {trust: c, month: m, numerator: n, denominator: d}}]\n",
        encoding="utf-8",
    )
    assert run(tmp_path, folder) == 0
    panel = read_panel(tmp_path / "out" / "panel.parquet")
    assert panel[["indicator", "value"]].to_numpy().tolist() == [["rtt_18w", 25.0]]


def refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], code: int, *args: object) -> str:
    assert run(tmp_path, *args) == code  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()
    return capsys.readouterr().err


def test_a_path_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = refused(tmp_path, capsys, 2, tmp_path / "nowhere")
    assert "nowhere: there is no such folder. DATA is 'demo', 'public' or the path of a folder" in message


def test_a_file_instead_of_a_folder(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "ae-panel" / "ae_monthly_trust_panel.csv"
    assert "is not a folder" in refused(tmp_path, capsys, 2, path)


def test_a_folder_with_none_of_the_mapped_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    message = refused(tmp_path, capsys, 2, tmp_path / "empty")
    assert "Looked for:\n  ae-panel/ae_monthly_trust_panel.csv (ae_4h)" in message
    assert "mappings.yaml" in message


def test_a_bad_file_leaves_what_was_there(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, folder) == 0
    before = written(tmp_path)
    (folder / "ae-panel" / "ae_monthly_trust_panel.csv").write_text(CSV.replace("100", "x"), encoding="utf-8")
    assert run(tmp_path, folder) == 1
    assert "line 2, column 'attendances', value 'x': not a number" in capsys.readouterr().err
    assert written(tmp_path) == before


def test_an_unknown_indicator(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = (PROJECT / "config/mappings.yaml").read_text(encoding="utf-8").replace("ae_4h", "ae_4hours")
    (folder / "mappings.yaml").write_text(own, encoding="utf-8")
    assert "Did you mean 'ae_4h'?" in refused(tmp_path, capsys, 2, folder)


@pytest.mark.parametrize(("trusts", "words"), [(9, "greater than or equal to 10"), ("many", "integer")])
def test_a_plan_of_the_demo_that_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], trusts: object, words: str
) -> None:
    plan(tmp_path, trusts)
    message = refused(tmp_path, capsys, 2, "demo", "demo")
    assert "simulation.yaml: 1 thing(s) to correct.\n  trusts: " in message
    assert words in message
    assert not (tmp_path / "data").exists()


def test_the_demo_replaces_no_folder_of_somebody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan(tmp_path)
    mine = tmp_path / Files().raw_demo / "mine.csv"
    mine.parent.mkdir(parents=True)
    mine.write_text("1\n", encoding="utf-8")
    assert "holds something else than a simulated world" in refused(tmp_path, capsys, 2, "demo", "demo")
    assert mine.read_text(encoding="utf-8") == "1\n"


def test_simulated_figures_do_not_enter_a_world_of_real_ones(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = (PROJECT / "config/mappings.yaml").read_text(encoding="utf-8")
    (folder / "mappings.yaml").write_text(own.replace("official statistics", "simulated"), encoding="utf-8")
    assert "simulated figures belong to the world 'demo' only" in refused(tmp_path, capsys, 2, folder)


def test_the_demo_is_no_name_for_a_folder(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Give another name to the world" in refused(tmp_path, capsys, 2, folder, "demo")


def test_the_public_world_says_how_its_files_are_fetched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = refused(tmp_path, capsys, 2, "public", "public")
    assert "not there: ae_attendances, ae_long, beds" in message
    assert message.endswith("Run: press fetch\n")
    assert "Give another name to the world" in refused(tmp_path, capsys, 2, tmp_path, "public")
