from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from press import results
from press.errors import ResultError
from press.record import Record, Result, read_record, round_value

if TYPE_CHECKING:
    from pathlib import Path

mpl.use("agg")


@pytest.fixture
def run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(results.RUN_FOLDER, str(tmp_path))
    return tmp_path


def named(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / results.RESULTS_FILE).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("value", "spec", "shown"),
    [
        (1234, ",d", "1,234"),
        (-2.345, ".1f", "−2.3"),
        (2.345, "+.1f", "+2.3"),
        (-0.04, ".1f", "0.0"),
        (0.158, ".1%", "15.8%"),
    ],
)
def test_a_number_is_displayed_by_its_format(value: float, spec: str, shown: str) -> None:
    assert results.number("n", value, format=spec, origin="published").display == shown


def test_an_interval_reads_low_to_high() -> None:
    result = results.number("n", 1.0, format=".1f", origin="published", interval=(-0.51, 2.49))
    assert result.interval_display == "−0.5 to 2.5"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ResultError, match=r"must be finite: name it with results\.absent"):
        results.number("n", value, format=".1f", origin="published")


def test_an_interval_that_is_upside_down_is_refused() -> None:
    with pytest.raises(ResultError, match="low end above its high end"):
        results.number("n", 1.0, format=".1f", origin="published", interval=(2.0, 1.0))


def test_an_unknown_origin_is_refused_with_the_nearest() -> None:
    with pytest.raises(ResultError, match="Did you mean 'simulated'"):
        results.number("n", 1, format="d", origin="simulate")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["Total", "2nd", "a.b", "a b", ""])
def test_a_name_that_no_key_can_hold_is_refused(name: str) -> None:
    with pytest.raises(ResultError, match="is no name for a result"):
        results.text(name, "x", origin="published")


def test_the_same_name_twice_is_refused_in_a_run(run_folder: Path) -> None:
    results.text("word", "rose", origin="published")
    with pytest.raises(ResultError, match="'word' is named twice in this notebook"):
        results.text("word", "fell", origin="published")
    assert [result["value"] for result in named(run_folder)] == ["rose"]


def test_outside_a_run_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(results.RUN_FOLDER, raising=False)
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        results.text("word", "rose", origin="published")
    assert list(tmp_path.iterdir()) == []


def test_a_table_keeps_missing_apart_from_zero(run_folder: Path) -> None:
    data = pd.DataFrame({"year": [2013, 2014], "share": [0.0, None]})
    table = results.table("t", data, caption="Shares", origin="published", formats={"share": ".1f"})
    assert table.rows == (("2013", "0.0"), ("2014", "–"))
    assert (run_folder / "t.csv").read_text(encoding="utf-8") == (
        "year,share,origin\n2013,0.0,published\n2014,,published\n"
    )


def test_a_file_that_is_passed_on_alone_says_that_it_is_simulated(run_folder: Path) -> None:
    results.table("t", pd.DataFrame({"n": [1, 2]}), caption="Counts", origin="simulated")
    picture, data = draw()
    results.figure("f", picture, caption="Visits", alt="They peak at 5.", data=data, origin="simulated")
    for name in ("t", "f"):
        header, *rows = (run_folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert header.endswith(",origin")
        assert all(row.endswith(",simulated") for row in rows)


def test_an_empty_table_is_refused_unless_it_is_meant() -> None:
    data = pd.DataFrame({"year": []})
    with pytest.raises(ResultError, match="has no rows"):
        results.table("t", data, caption="Years", origin="published")
    assert results.table("t", data, caption="Years", origin="published", allow_empty=True).rows == ()


def test_a_label_for_a_column_that_is_not_there_is_refused() -> None:
    data = pd.DataFrame({"year": [2013]})
    with pytest.raises(ResultError, match="no column 'yeer'. Did you mean 'year'"):
        results.table("t", data, caption="Years", origin="published", labels={"yeer": "Year"})


def test_a_column_without_a_heading_is_refused() -> None:
    data = pd.DataFrame({"kind": ["acute"], "n": [3]})
    with pytest.raises(ResultError, match="no heading for its column 'kind'"):
        results.table("t", data, caption="Kinds", origin="published", labels={"kind": " "})


def test_a_cell_that_a_spreadsheet_would_run_is_made_text(run_folder: Path) -> None:
    data = pd.DataFrame({"name": ["=HYPERLINK(1)", "@x", "plain"], "n": [-1, 2, 3]})
    results.table("t", data, caption="Names", origin="published")
    assert (run_folder / "t.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "'=HYPERLINK(1),-1,published",
        "'@x,2,published",
        "plain,3,published",
    ]


def draw() -> tuple[Any, pd.DataFrame]:
    from matplotlib.figure import Figure

    data = pd.DataFrame({"month": [1, 2, 3], "visits": [3, 5, 4]})
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot(data["month"], data["visits"])
    return figure, data


def test_the_same_picture_gives_the_same_bytes(run_folder: Path) -> None:
    def kept(name: str) -> dict[str, str]:
        picture, data = draw()
        results.figure(
            name, picture, caption="Visits", alt="Visits peak at 5.", data=data, origin="published"
        )
        return {
            suffix: (run_folder / f"{name}.{suffix}").read_text("latin-1") for suffix in ("svg", "png", "csv")
        }

    first, second = kept("a"), kept("b")
    # The salt of the ids is the result's name, so that two figures on one page share none.
    assert first["png"] == second["png"]
    assert first["csv"] == second["csv"]
    (run_folder / results.RESULTS_FILE).unlink()
    again = kept("a")
    assert again == first


def test_alt_text_that_repeats_the_caption_is_refused() -> None:
    picture, data = draw()
    with pytest.raises(ResultError, match="the alternative text repeats the caption"):
        results.figure(
            "f", picture, caption="Visits by month", alt="visits, by month.", data=data, origin="published"
        )


@pytest.mark.parametrize(("caption", "alt"), [("", "x"), ("x", " ")])
def test_a_figure_without_caption_or_alt_text_is_refused(caption: str, alt: str) -> None:
    picture, data = draw()
    with pytest.raises(ResultError, match="needs a caption and an alternative text"):
        results.figure("f", picture, caption=caption, alt=alt, data=data, origin="published")


def test_a_figure_without_numbers_is_refused() -> None:
    picture, data = draw()
    with pytest.raises(ResultError, match="has no data behind it"):
        results.figure("f", picture, caption="a", alt="b", data=data.head(0), origin="published")


def test_axes_given_as_a_figure_are_refused_with_the_cure() -> None:
    picture, data = draw()
    with pytest.raises(
        ResultError, match=r"is a Axes, not a matplotlib Figure. Give the figure: axes\.figure"
    ):
        results.figure("f", picture.axes[0], caption="a", alt="b", data=data, origin="published")


def test_what_a_notebook_shows_of_a_result_is_escaped() -> None:
    data = pd.DataFrame({"name": ["<script>alert(1)</script>"]})
    shown = results.table("t", data, caption="<b>", origin="published")._repr_html_()
    assert "<script>" not in shown
    assert "<caption>&lt;b&gt;</caption>" in shown


def test_an_absent_result_needs_a_reason() -> None:
    with pytest.raises(ResultError, match="needs a reason"):
        results.absent("gap", " ")


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_the_last_bits_of_a_number_never_reach_the_record(value: float) -> None:
    assert round_value(value * (1 + 2**-52)) == round_value(value) or (
        f"{value * (1 + 2**-52):.12g}" != f"{value:.12g}"
    )
    assert round_value(value) == float(f"{value:.12g}")


def test_a_record_read_back_is_the_record_written(tmp_path: Path, run_folder: Path) -> None:
    data = pd.DataFrame({"year": [2013], "n": [14]})
    kept = (
        results.number(
            "n", 1.25, format=".2f", origin="published", interval=(1, 2), denominator=42, unit="months"
        ),
        results.table("t", data, caption="Entries", origin="public record", notes=["a"]),
        results.absent("gone", "not in this world"),
        results.text("word", "rose", origin="simulated"),
    )
    record = Record("count_visits", "visits", kept)
    path = tmp_path / "record.json"
    path.write_text(record.to_text(), encoding="utf-8")
    again = read_record(path)
    assert sorted(again.results, key=lambda result: result.name) == sorted(
        kept, key=lambda result: result.name
    )
    assert again["n"].value == 1.25
    assert "gone" in again
    with pytest.raises(KeyError, match="has no result 'nix'"):
        again["nix"]


def test_a_record_of_another_version_says_to_build_again(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text(json.dumps({"version": 0, "run": "a", "key": "a", "results": []}), encoding="utf-8")
    with pytest.raises(ResultError, match="record version 0.*Build again"):
        read_record(path)


def test_empty_fields_are_left_out_of_a_record_but_zero_is_not() -> None:
    fields = Result(name="n", kind="number", origin="published", value=0, display="0").to_json()
    assert fields == {"display": "0", "kind": "number", "name": "n", "origin": "published", "value": 0}
