"""The facts themselves, and what is said about a file of facts that is wrong."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from press.errors import PressError
from smq import reference
from smq.errors import Problem, ReferenceFileError, ReferenceFormatError, quoted

PROJECT = Path(__file__).parents[2]
REFERENCE = PROJECT / "data" / "reference"

HEADING = "trust_name,ods_code,trust_type,entered_on,exited_on,ended,re_entered,source,confidence,note"
GOOD = "Trust A,RAA,acute,2014-01-01,2015-01-01,left,no,HSJ,high,"


def written(folder: Path, *lines: str, heading: str = HEADING) -> Path:
    path = folder / "spells.csv"
    path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    return path


def problems_of(path: Path) -> list[str]:
    with pytest.raises(ReferenceFileError) as caught:
        reference.load_spells(path)
    return [str(problem) for problem in caught.value.problems]


def changed(**cells: str) -> str:
    row = {**dict(zip(HEADING.split(","), GOOD.split(","), strict=True)), **cells}
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(row.values())
    return stream.getvalue().removesuffix("\n")


def test_the_list_has_42_spells_of_38_trusts_and_the_published_confidence() -> None:
    spells = reference.load_spells(REFERENCE / "smq_spells.csv")
    assert (len(spells), spells["ods_code"].nunique()) == (42, 38)
    assert spells["confidence"].value_counts().to_dict() == {"high": 32, "medium": 9, "low": 1}
    assert spells["ended"].value_counts().to_dict() == {"left": 33, "open": 8, "merged": 1}
    assert spells.loc[spells["ended"] == "merged", "ods_code"].tolist() == ["RD7"]
    assert set(spells.loc[spells["re_entered"] == "re-entry", "ods_code"]) == {"RJL", "RWD", "RMY", "RCX"}
    kinds = spells["trust_type"].value_counts().to_dict()
    assert kinds == {"acute": 29, "combined": 7, "ambulance": 3, "mental health": 3}


def test_the_list_is_the_shared_one_with_how_each_spell_ended() -> None:
    shared = PROJECT.parent / "shared" / "data" / "smq_spells.csv"
    if not shared.exists():
        pytest.skip("the shared list of spells is not here")
    given = pd.read_csv(shared, dtype=str)
    ours = pd.read_csv(REFERENCE / "smq_spells.csv", dtype=str)
    pd.testing.assert_frame_equal(ours[given.columns], given)


def test_every_spell_has_its_row_of_ratings() -> None:
    spells = reference.load_spells(REFERENCE / "smq_spells.csv")
    ratings = reference.load_ratings(REFERENCE / "smq_cqc_ratings.csv", spells=spells)
    assert len(ratings) == 42
    assert ratings["overall"].notna().sum() == 28


def test_published_counts_are_complete_and_their_sums_close() -> None:
    counts = reference.load_counts(REFERENCE / "published_counts.csv")
    assert list(dict.fromkeys(counts["id"])) == [f"C{number}" for number in range(1, 15)]
    value = counts.set_index(["id", "quantity"])["value"]
    assert value["C1", "foundation_trusts_reviewed"] + value["C1", "nhs_trusts_reviewed"] == 14
    assert value["C2"].sum() == 11
    assert value["C3"].sum() == 11
    assert value["C4", "placed_first_group"] + value["C4", "placed_later"] == value["C4", "placed_to_date"]
    assert value["C6", "later_group_left"] + value["C6", "later_group_still_in"] == 21
    left = value["C6", "first_group_left"] + value["C6", "later_group_left"]
    assert left - value["C6", "first_group_reentered"] == value["C6", "leavers_without_reentrants"]
    assert value["C10"][["share_quality_only", "share_finance_only", "share_both"]].sum() == 100


def test_published_costs_are_complete_and_the_mean_fits() -> None:
    costs = reference.load_costs(REFERENCE / "published_costs.csv")
    assert list(dict.fromkeys(costs["id"])) == [f"M{number}" for number in range(1, 7)]
    monitor = costs[(costs["id"] == "M1")]
    assert monitor["amount_gbp"].dropna().tolist() == [742_000, 148_400]
    assert 148_400 * monitor["value"].dropna().iloc[0] == 742_000
    funding = costs[(costs["id"] == "M5") & (costs["body"] == "Monitor")]
    assert funding["amount_gbp"].tolist() == [16_200_000, 44_771_000, 52_500_000, 83_363_000, 73_685_000]


def test_published_results_hold_verified_facts_only() -> None:
    results = reference.load_results(REFERENCE / "published_results.csv")
    assert list(dict.fromkeys(results["id"])) == [f"R{number}" for number in range(1, 10)]
    assert results.loc[results["id"] == "R1", "value"].tolist() == [15.8]
    assert results.loc[results["id"] == "R7", "value"].tolist() == [6, 20, 60, 8, 291, 8]
    assert results["direction"].dropna().tolist() == ["better"] * 3


def test_all_problems_of_a_file_are_listed_at_once_by_line(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        GOOD,
        changed(ods_code="rbb", entered_on="1/2/2014"),
        changed(ods_code="RCC", exited_on="2013-12-31", confidence="sure"),
        changed(ods_code="RDD", source=""),
    )
    with pytest.raises(ReferenceFileError) as caught:
        reference.load_spells(path)
    assert str(caught.value).splitlines() == [
        f"{path}: 5 problems.",
        "  line 3, column entered_on: '1/2/2014' is no date: write it as year-month-day, like 2013-07-16.",
        "  line 3, column ods_code: 'rbb' is no code of a trust: it must match [RT][A-Z0-9]{2} (capital "
        "letters and digits).",
        "  line 4, column confidence: 'sure' is not one of the words known here: write high, medium, low.",
        "  line 4, column exited_on: '2013-12-31' is not after entered_on (2014-01-01): correct one of "
        "the two dates.",
        "  line 5, column source: '' is empty: fill it in.",
    ]
    assert isinstance(caught.value, PressError)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"exited_on": ""}, "column ended: 'left' needs a date in exited_on: add it, or write 'open'."),
        (
            {"exited_on": "2021-07-14"},
            "column ended: 'left' does not fit an exit on 2021-07-14, after the regime ended: write 'open'.",
        ),
        (
            {"ended": "open"},
            "column ended: 'open' does not fit an exit on 2015-01-01: write 'left' or 'merged', or take the "
            "date out.",
        ),
        ({"entered_on": "2021-08-01"}, "is after the regime ended (2021-07-13): not a spell of it."),
        ({"entered_on": "2014-02-30"}, "'2014-02-30' is no day of the calendar: correct it."),
        ({"entered_on": "20140101"}, "'20140101' is no date"),
        ({"entered_on": ""}, "column entered_on: '' is no date"),
        ({"ods_code": "RAA1"}, "'RAA1' is no code of a trust"),
        ({"ods_code": "ZZ01"}, "'ZZ01' is no code of a trust"),
        ({"trust_type": "hospital"}, "write acute, ambulance, combined, community, mental health."),
        (
            {"re_entered": "yes"},
            "column re_entered: 'yes' does not fit: this is spell 1 of 1 of the trust in the file. "
            "Write 'no', or correct the spells.",
        ),
    ],
)
def test_a_wrong_cell_is_named_with_advice(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    (problem,) = problems_of(written(tmp_path, changed(**cells)))
    assert problem.startswith("line 2, column ")
    assert said in problem


def test_a_re_entry_follows_an_exit(tmp_path: Path) -> None:
    overlap = problems_of(
        written(
            tmp_path,
            changed(re_entered="yes"),
            changed(entered_on="2014-12-01", exited_on="", ended="open", re_entered="re-entry"),
        )
    )
    assert overlap == [
        "line 3, column entered_on: '2014-12-01' comes before the spell on line 2 had ended: "
        "a re-entry follows an exit."
    ]
    still_in = problems_of(
        written(
            tmp_path,
            changed(exited_on="", ended="open", re_entered="yes"),
            changed(entered_on="2016-12-01", exited_on="", ended="open", re_entered="re-entry"),
        )
    )
    assert "a re-entry follows an exit" in still_in[0]
    merged = problems_of(
        written(
            tmp_path,
            changed(ended="merged", re_entered="yes"),
            changed(entered_on="2016-12-01", exited_on="", ended="open", re_entered="re-entry"),
        )
    )
    assert "comes after the trust ended by merger (line 2)" in merged[0]


def test_a_doubled_row_is_found(tmp_path: Path) -> None:
    assert len(problems_of(written(tmp_path, GOOD, GOOD))) >= 1


def test_a_ragged_row_is_named_with_the_line_it_begins_on(tmp_path: Path) -> None:
    path = written(tmp_path, changed(note="two\nlines"), "Trust B,RBB,acute", "")
    assert problems_of(path) == [
        "line 4: 3 cells under a heading of 10. Look for a comma that needs quotation marks."
    ]


def test_missing_columns_are_named_with_the_nearest_heading(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, heading=HEADING.replace("ods_code", "ods code").replace("ended", "end"))
    with pytest.raises(ReferenceFormatError) as caught:
        reference.load_spells(path)
    assert "line 1: the heading lacks these columns; add or rename them:" in str(caught.value)
    assert "'ods_code'. Did you mean ''ods code''?" in str(caught.value).replace('"', "'")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file holds no rows. It needs a heading with the columns trust_name, ods_code"),
        (HEADING.encode() + b"\n\n", "the file holds no rows."),
        (
            HEADING.encode() + b"\nTrust \xe9,RAA",
            "line 2: not UTF-8 text. Save the file again as CSV in UTF-8.",
        ),
        (HEADING.encode() + b'\n"Trust A,RAA\n', "line 2: not well-formed CSV (unexpected end of data)."),
        (HEADING.encode() + b",note\n", "line 1: the heading repeats 'note'. Keep one of each."),
    ],
)
def test_a_file_that_is_no_table_of_facts(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "spells.csv"
    path.write_bytes(content)
    with pytest.raises(ReferenceFormatError) as caught:
        reference.load_spells(path)
    assert str(caught.value).startswith(str(path))
    assert said in str(caught.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ReferenceFormatError, match="no such file"):
        reference.load_spells(tmp_path / "none.csv")
    with pytest.raises(ReferenceFormatError, match="cannot be read"):
        reference.load_spells(tmp_path)


def test_byte_order_mark_windows_lines_and_extra_columns_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "spells.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADING},origin\r\n{GOOD},simulated\r\n".encode())
    spells = reference.load_spells(path)
    assert spells["origin"].tolist() == ["simulated"]
    assert spells["entered_on"].dt.date.tolist() == [date(2014, 1, 1)]


def test_fictional_codes_are_accepted_where_they_are_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, changed(ods_code="ZZ01"))
    assert reference.load_spells(path, code_pattern=r"ZZ\d{2}")["ods_code"].tolist() == ["ZZ01"]


def test_a_rating_belongs_to_one_spell(tmp_path: Path) -> None:
    spells = reference.load_spells(written(tmp_path, GOOD))
    heading = "ods_code,entered_on,cqc_report_on,overall,safe,effective,caring,responsive,well_led,"
    rows = ["RAA,2014-01-01,,Bad,,,,,,Good,CQC", "RAA,2014-01-02,,,,,,,,,CQC", "RAA,2014-01-02,,,,,,,,,CQC"]
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join([heading + "overall_at_exit,source", *rows]), encoding="utf-8")
    with pytest.raises(ReferenceFileError) as caught:
        reference.load_ratings(path, spells=spells)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [
        (2, "overall"),
        (3, "entered_on"),
        (3, "ods_code"),
        (4, "entered_on"),
        (4, "ods_code"),
    ]


def test_a_cost_is_an_amount_or_another_value(tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    path.write_text(
        "id,period,body,item,qualifier,amount_gbp,value,unit,source\n"
        "M1,2013/14,,Both,exact,5,6,trusts,HSJ\n"
        "M1,2013/14,,None,exact,,,,HSJ\n"
        "M1,2013/14,,No unit,exact,,6,,HSJ\n"
        'M1,2013/14,,Thousands,exact,"1,300",,,HSJ\n',
        encoding="utf-8",
    )
    with pytest.raises(ReferenceFileError) as caught:
        reference.load_costs(path)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [
        (2, "amount_gbp"),
        (3, "amount_gbp"),
        (4, "unit"),
        (5, "amount_gbp"),
    ]


def test_a_date_fits_the_precision_it_claims(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(
        "id,date,date_precision,statement,quantity,qualifier,value,unit,source\n"
        "C1,2013-07,day,Placed,placed,exact,11,trusts,CQC\n",
        encoding="utf-8",
    )
    with pytest.raises(ReferenceFileError, match="column date: '2013-07' does not fit date_precision"):
        reference.load_counts(path)


def test_a_result_has_a_value_or_a_direction(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text(
        "id,result,quantity,value,unit,direction,source\nR1,Left,exits,,,,UCL\n", encoding="utf-8"
    )
    with pytest.raises(ReferenceFileError, match="column value: '' and direction: fill one"):
        reference.load_results(path)


def test_a_value_in_a_message_cannot_move_the_terminal_or_fill_the_screen() -> None:
    assert quoted("a\x1b[2Jb\nc") == "'a\\x1b[2Jb\\nc'"
    assert len(str(Problem(2, "note", "x" * 10_000, "is long."))) < 120


# Each example writes its file anew, so sharing the folder between examples does no harm.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_whatever_the_bytes_the_failure_is_one_a_user_can_cure(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "spells.csv"
    path.write_bytes(HEADING.encode() + b"\n" + content)
    with pytest.raises(PressError):
        reference.load_spells(path)
