"""A file that is wrong must be refused by line and column; one that is merely shaped otherwise is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.mappings import Columns, FileMapping, Totals
from smq.panel import unknown_codes
from smq.readers.errors import DataFileError
from smq.readers.mapped_csv import Reading, read_mapped_csv

HEADER = "code,month,over,all\n"
GOOD = HEADER + "RDD,2016-04-01,10,100\nRXQ,2016-04-01,0,50\nRDD,2016-05-01,,120\n"
MAPPING = FileMapping(
    file="ae.csv",
    indicator="ae_4h",
    columns=Columns(trust="code", period="month", numerator="over", denominator="all"),
    origin="official statistics",
)
Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: str | bytes, **changes: object) -> Reading:
        path = tmp_path / "ae.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return read_mapped_csv(path, MAPPING.model_copy(update=changes))

    return read


@pytest.fixture
def refusal(read: Read) -> Callable[..., str]:
    def refusal(content: str | bytes, **changes: object) -> str:
        with pytest.raises(DataFileError) as caught:
            read(content, **changes)
        return str(caught.value)

    return refusal


def test_values_are_percentages_and_the_unknown_is_not_zero(read: Read) -> None:
    panel = read(GOOD).panel
    assert panel["unit"].tolist() == ["RDD", "RDD", "RXQ"]
    assert panel["value"].tolist()[0] == 10.0
    assert pd.isna(panel["numerator"][1])
    assert pd.isna(panel["value"][1])
    assert panel["numerator"][2] == 0.0
    assert panel["value"][2] == 0.0


def test_each_missing_mark_is_counted_apart_and_none_becomes_zero(read: Read) -> None:
    rows = "".join(f"RA{n},2016-04-01,{mark},100\n" for n, mark in enumerate(["-", "*", "N/A", "", "0"]))
    reading = read(HEADER + rows)
    assert reading.panel["value"].isna().tolist() == [True, True, True, True, False]
    assert reading.missing[["mark", "rows"]].to_numpy().tolist() == [["", 1], ["*", 1], ["-", 1], ["N/A", 1]]
    assert reading.missing["meaning"].nunique() == 4


def test_no_attendances_give_no_share(read: Read) -> None:
    assert pd.isna(read(HEADER + "RDD,2016-04-01,0,0\n").panel["value"][0])


@pytest.mark.parametrize(
    ("cell", "expected"), [("10", 10.0), ('"1,234"', 1234.0), (" 10 ", 10.0), ("10.0", 10.0)]
)
def test_numbers_as_offices_write_them(read: Read, cell: str, expected: float) -> None:
    assert read(f'{HEADER}RDD,2016-04-01,{cell},"2,000"\n').panel["numerator"][0] == expected


def test_well_formed_codes_that_are_no_trusts_are_kept_and_listed(read: Read) -> None:
    panel = read(
        HEADER + "Y02584,2016-05-01,1,10\nY02584,2016-04-01,1,10\nNTX01,2016-04-01,1,9\nTAH,2016-04-01,1,9\n"
    ).panel
    assert len(panel) == 4
    listed = unknown_codes(panel)
    assert listed["code"].tolist() == ["NTX01", "Y02584"]
    assert listed["rows"].tolist() == [1, 2]
    assert listed["first_period"].dt.strftime("%Y-%m").tolist() == ["2016-04", "2016-04"]
    assert listed["last_period"].dt.strftime("%Y-%m").tolist() == ["2016-04", "2016-05"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("\n \n", "the file is empty"),
        (HEADER, "line 1: there is a header but no row of data"),
        (
            "code,month,over4,all\nRDD,2016-04-01,1,2\n",
            "line 1, column 'over': there is no such column (mapped as numerator). Did you mean 'over4'?",
        ),
        ("code;month;over;all\nRDD;2016-04-01;1;2\n", "separated by something other than a comma"),
        (
            "code,month,over,over,all\nRDD,2016-04-01,1,1,2\n",
            "column 'over': the header holds this name twice",
        ),
        (
            HEADER + "RDD,01/04/2016,1,2\n",
            "line 2, column 'month', value '01/04/2016': not a date of the form %Y-%m-%d",
        ),
        (
            HEADER + "RDD,0216-04-01,1,2\n",
            "line 2, column 'month', value '0216-04-01': the year is not within 1990 to 2100",
        ),
        (HEADER + "rdd,2016-04-01,1,2\n", "line 2, column 'code', value 'rdd': not a well-formed ODS code"),
        (
            HEADER + ",2016-04-01,1,2\n",
            "line 2, column 'code', value '': not a well-formed ODS code. Fill in",
        ),
        (HEADER + "Total,2016-04-01,1,2\n", "line 2, column 'code', value 'Total': this looks like a total"),
        (HEADER + "RDD,2016-04-01,-1,2\n", "line 2, column 'over', value '-1': a negative number"),
        (HEADER + "RDD,2016-04-01,many,2\n", "line 2, column 'over', value 'many': not a number"),
        (HEADER + "RDD,2016-04-01,nan,2\n", "value 'nan': not a number"),
        (HEADER + "RDD,2016-04-01,1e3,2000\n", "value '1e3': not a number"),
        (HEADER + "RDD,2016-04-01," + "9" * 400 + ",2\n", "not a number"),
        (HEADER + 'RDD,2016-04-01,"12,34",2000\n', "value '12,34': not a number"),
        (
            HEADER + "RDD,2016-04-01,3,2\n",
            "line 2, column 'over', value '3': larger than 'all' in the same row ('2')",
        ),
        (
            HEADER + "RDD,2016-04-01,1,2\nRDD,2016-04-30,1,2\n",
            "line 3, column 'code', value 'RDD': a second row for April 2016 (the first is line 2)",
        ),
        (HEADER + "RDD,2016-04-01,1\n", "line 2: the row has 3 cells, the header 4"),
        (HEADER + "RDD,2016-04-01,1,2,3\n", "line 2: the row has 5 cells, the header 4"),
        (HEADER + 'RDD,2016-04-01,"1,2\nRXQ,2016-04-01,1,2\n', "line 2: not readable as CSV"),
        (
            (HEADER + "RDD,2016-04-01,1,2\n").encode() + b"RX\xff,2016-04-01,1,2\n",
            "line 3: not UTF-8 text (byte 0xff",
        ),
        (HEADER.encode("utf-16"), "it looks like UTF-16"),
    ],
)
def test_a_bad_file_is_refused_with_place_and_remedy(
    refusal: Callable[..., str], content: str | bytes, said: str
) -> None:
    message = refusal(content)
    assert "ae.csv: " in message
    assert said in message


def test_ten_problems_are_shown_and_all_are_counted(refusal: Callable[..., str]) -> None:
    message = refusal(HEADER + "".join(f"RDD,{1990 + n}-04-01,x,2\n" for n in range(25)))
    assert "ae.csv: 25 problems" in message
    assert message.count("not a number") == 10
    assert message.endswith("… and 15 more.")


def test_a_row_is_named_by_the_line_on_which_it_begins(refusal: Callable[..., str]) -> None:
    content = 'name,code,month,over,all\n"two\nlines",RDD,2016-04-01,1,2\n\n"and\nmore",RXQ,2016-04-01,x,2\n'
    assert "line 5, column 'over'" in refusal(content)


def test_control_characters_of_a_file_do_not_reach_the_terminal(refusal: Callable[..., str]) -> None:
    message = refusal(HEADER + "RDD,2016-04-01,\x1b[31mred,2\n")
    assert "\x1b" not in message
    assert "\\x1b[31mred" in message


TOTALS = HEADER + "RDD,2016-04-01,10,100\nRXQ,2016-04-01,5,50\n-,2016-04-01,{},{}\n"


def test_totals_are_checked_then_dropped(read: Read) -> None:
    reading = read(TOTALS.format(15, 150), totals=Totals(codes=("-",)))
    assert reading.dropped[["row", "code"]].to_numpy().tolist() == [[4, "-"]]
    assert reading.panel["denominator"].tolist() == [100, 50]
    assert reading.totals.drop(columns=["file", "explanation"]).to_numpy().tolist() == [
        ["- 2016-04", "over", 15, 15, 0],
        ["- 2016-04", "all", 150, 150, 0],
    ]


def test_a_total_that_is_no_sum_is_refused(refusal: Callable[..., str], read: Read) -> None:
    message = refusal(TOTALS.format(15, 151), totals=Totals(codes=("-",)))
    assert (
        "line 4, column 'all', value '151': the total of April 2016 is not the sum of its rows (150)"
        in message
    )
    unchecked = read(TOTALS.format(15, 151), totals=Totals(codes=("-",), check=False))
    assert unchecked.dropped["reason"].tolist() == ["a total, not compared with its rows"]
    assert unchecked.totals.empty


def test_a_total_may_exceed_a_sum_with_missing_parts_but_not_fall_short(
    read: Read, refusal: Callable[..., str]
) -> None:
    content = HEADER + "RDD,2016-04-01,*,100\nRXQ,2016-04-01,5,50\nENG,2016-04-01,{},150\n"
    totals = read(content.format(9), totals=Totals(codes=("ENG",))).totals
    assert totals["difference"].tolist() == [4, 0]
    assert totals["explanation"].tolist() == ["some of its rows have no figure", ""]
    assert "not the sum" in refusal(content.format(4), totals=Totals(codes=("ENG",)))


def test_a_ratio_may_have_a_numerator_above_its_denominator(read: Read) -> None:
    assert read(HEADER + "RDD,2016-04-01,11,10\n", proportion=False, scale=1.0).panel["value"][0] == 1.1


def test_stray_empty_columns_at_the_end_are_read(read: Read) -> None:
    assert len(read("code,month,over,all,,\nRDD,2016-04-01,1,2,,\nRXQ,2016-04-01,1,2,,,\n").panel) == 2


def test_another_date_format(read: Read) -> None:
    content = HEADER + "RDD,MSitAE-SEPTEMBER-2024,1,2\n"
    assert read(content, date_format="MSitAE-%B-%Y").panel["period"][0] == pd.Timestamp("2024-09-01")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(["code", "month", "over", "all", "other"]),
    rows=st.permutations([0, 1, 2]),
    bom=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    last=st.booleans(),
)
def test_order_of_columns_and_rows_bom_and_line_ends_change_nothing(
    read: Read, order: list[str], rows: list[int], bom: bool, newline: str, last: bool
) -> None:
    cells = [
        {"code": "RDD", "month": "2016-04-01", "over": "10", "all": "100", "other": "é"},
        {"code": "RXQ", "month": "2016-04-01", "over": "0", "all": "50", "other": ""},
        {"code": "RDD", "month": "2016-05-01", "over": "", "all": "120", "other": '"a,b"'},
    ]
    lines = [",".join(order), *(",".join(cells[row][name] for name in order) for row in rows)]
    content = newline.join(lines) + (newline if last else "")
    shuffled = read(content.encode("utf-8-sig" if bom else "utf-8"))
    pd.testing.assert_frame_equal(shuffled.panel, read(GOOD).panel)
    pd.testing.assert_frame_equal(shuffled.missing, read(GOOD).missing)
