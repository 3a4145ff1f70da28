"""What a mapping can say beyond one row of two counts a month must be done as said, or refused by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.mappings import FileMapping
from smq.readers.errors import DataFileError
from smq.readers.mapped_csv import Reading, read_mapped_csv

HEADER = "code,name,when,kind,over,all,share\n"
ROWS = (
    "RDD,Basildon,2016-04-01,1,10,100,0.9\n"
    "RDD,Basildon,2016-04-01,2,1,50,0.98\n"
    "RXQ,Buckinghamshire,2016-04-01,1,0,80,1\n"
    ",A surgery,2016-04-01,1,2,20,0.9\n"
    "ENG,England,2016-04-01,1,20,230,0.91\n"
    "ENG,England,2016-04-01,2,1,50,0.98\n"
)
COUNTS = {"trust": "code", "period": "when", "numerator": "over", "denominator": "all"}
SHARE = {"trust": "code", "period": "when", "value": "share"}
NO_CODE = {"where": {"code": ""}, "reason": "no code is known", "in_totals": True}
TOTALS = {"codes": ["ENG"], "name": "England", "quantities": {"numerator": "over"}}

Read = Callable[..., Reading]


def mapping(columns: dict[str, str] = COUNTS, **keys: object) -> FileMapping:
    common = {"file": "ae.csv", "indicator": "ae_4h", "origin": "official statistics"}
    return FileMapping.model_validate({**common, "columns": columns, **keys})


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: str, columns: dict[str, str] = COUNTS, **keys: object) -> Reading:
        path = tmp_path / "ae.csv"
        path.write_text(content, encoding="utf-8")
        return read_mapped_csv(path, mapping(columns, **keys))

    return read


@pytest.fixture
def refusal(read: Read) -> Callable[..., str]:
    def refusal(content: str, columns: dict[str, str] = COUNTS, **keys: object) -> str:
        with pytest.raises(DataFileError) as caught:
            read(content, columns, **keys)
        return str(caught.value)

    return refusal


def figures(reading: Reading) -> list[list[object]]:
    found: list[list[object]] = (
        reading.rows[["code", "numerator", "denominator", "value"]].to_numpy().tolist()
    )
    return found


def test_parts_of_one_figure_are_added(read: Read) -> None:
    reading = read(HEADER + ROWS, sum_over="kind", leave_out=[NO_CODE], totals=TOTALS | {"explanation": "x"})
    # Each total is one of its part: England has one wait of 50 in part 2, which are those of RDD.
    assert reading.totals[["quantity", "printed", "difference"]].to_numpy().tolist() == [
        ["over (1)", 20, 8],
        ["all (1)", 230, 30],
        ["over (2)", 1, 0],
        ["all (2)", 50, 0],
    ]
    # 10 + 1 of 100 + 50.
    assert figures(reading) == [["RDD", 11, 150, pytest.approx(100 * 11 / 150)], ["RXQ", 0, 80, 0]]


def test_a_part_that_stands_there_twice_is_refused(refusal: Callable[..., str]) -> None:
    message = refusal(HEADER + "RDD,B,2016-04-01,1,1,2,1\n" * 2, sum_over="kind")
    assert (
        "line 3, column 'code', value 'RDD': a second row for April 2016, '1' (the first is line 2)"
        in message
    )


def test_a_sum_with_an_unknown_part_is_unknown(read: Read) -> None:
    reading = read(HEADER + "RDD,B,2016-04-01,1,1,2,1\nRDD,B,2016-04-01,2,*,4,1\n", sum_over="kind")
    row = reading.rows.iloc[0]
    assert (pd.isna(row["numerator"]), row["denominator"], pd.isna(row["value"])) == (True, 6, True)
    assert reading.missing[["mark", "rows"]].to_numpy().tolist() == [["*", 1]]


def test_rows_of_another_kind_are_not_read_and_are_listed(read: Read) -> None:
    keys: dict[str, object] = {
        "where": {"kind": "2"},
        "leave_out": [{"where": {"code": "ENG"}, "reason": "a total"}],
    }
    reading = read(HEADER + ROWS, **keys)
    assert figures(reading) == [["RDD", 1, 50, 2]]
    listed = [
        (2, "kind is not 2"),
        (4, "kind is not 2"),
        (5, "kind is not 2"),
        (6, "kind is not 2"),
        (7, "a total"),
    ]
    assert list(zip(reading.dropped["row"], reading.dropped["reason"], strict=True)) == listed
    assert reading.used == {3}
    assert set(read(HEADER + ROWS, **keys, others="major departments").dropped["reason"]) == {
        "major departments",
        "a total",
    }


def test_rows_without_a_code_are_left_out_only_where_that_is_said(
    read: Read, refusal: Callable[..., str]
) -> None:
    content = HEADER + "RDD,B,2016-04-01,1,1,2,1\n,A surgery,2016-04-01,1,1,-9,1\n"
    assert "line 3, column 'code', value '': not a well-formed ODS code. Fill in" in refusal(content)
    # What is left out is not looked at: its figures may be anything.
    dropped = read(content, COUNTS | {"name": "name"}, leave_out=[NO_CODE]).dropped
    assert dropped.to_numpy().tolist() == [["ae.csv", 3, "", "A surgery", "no code is known"]]


def test_a_total_holds_the_rows_without_a_code_too(read: Read, refusal: Callable[..., str]) -> None:
    keys: dict[str, object] = {"where": {"kind": "1"}, "totals": TOTALS}
    # 10 + 0 of the trusts and 2 of the surgery are 12; 100 + 80 and 20 are 200; England has 20 of 230.
    reading = read(
        HEADER + ROWS, **keys | {"totals": TOTALS | {"explanation": "some are missing"}}, leave_out=[NO_CODE]
    )
    assert reading.totals.to_numpy().tolist() == [
        ["ae.csv", "England 2016-04", "over", 20, 12, 8, "some are missing"],
        ["ae.csv", "England 2016-04", "all", 230, 200, 30, "some are missing"],
    ]
    message = refusal(HEADER + ROWS, **keys, leave_out=[NO_CODE])
    assert "the total of April 2016 is not the sum of its rows (12)" in message
    assert "say in 'totals: explanation' why" in message
    unknown = read((HEADER + ROWS).replace("surgery,2016-04-01,1,2,20", "surgery,2016-04-01,1,-2,20"),
                   leave_out=[NO_CODE], **keys)  # fmt: skip
    assert unknown.totals["explanation"].tolist() == ["some of its rows have no figure"] * 2


def test_an_explained_total_still_never_falls_short(refusal: Callable[..., str]) -> None:
    content = HEADER + "RDD,B,2016-04-01,1,10,100,1\nENG,E,2016-04-01,1,9,100,1\n"
    message = refusal(content, totals=TOTALS | {"explanation": "some are missing"})
    assert (
        "line 3, column 'over', value '9': the total of April 2016 is not the sum of its rows (10)" in message
    )


def test_a_value_alone_is_scaled_and_the_unknown_stays_unknown(read: Read) -> None:
    content = HEADER + "RDD,B,2016-04-01,1,,,0.25\nRXQ,B,2016-04-01,1,,,\n"
    assert read(content, SHARE).rows["value"].tolist()[0] == 0.25
    rows = read(content, SHARE, scale=100).rows
    assert rows["value"].tolist()[0] == 25
    assert rows[["numerator", "denominator"]].isna().to_numpy().all()
    assert rows["value"].isna().tolist() == [False, True]


def test_counts_beside_a_value_stand_as_they_are(read: Read) -> None:
    both = SHARE | {"numerator": "over", "denominator": "all"}
    row = read(HEADER + "RDD,B,2016-04-01,1,11,10,1.1004\n", both, proportion=False).rows.iloc[0]
    assert (row["numerator"], row["denominator"], row["value"]) == (11, 10, 1.1004)


def test_a_column_that_serves_twice_counts_its_marks_once(read: Read) -> None:
    twice = {"trust": "code", "period": "when", "value": "all", "numerator": "all"}
    reading = read(HEADER + "RDD,B,2016-04-01,1,,*,\nRXQ,B,2016-04-01,1,,5,\n", twice)
    assert reading.missing["rows"].tolist() == [1]
    assert reading.rows[["numerator", "value"]].to_numpy()[1].tolist() == [5, 5]


def test_the_complement_of_a_share(read: Read, refusal: Callable[..., str]) -> None:
    keys: dict[str, object] = {"complement": True, "scale": 100, "decimals": 3}
    rows = read(HEADER + "RDD,B,2016-04-01,1,,,0.775\n", SHARE, **keys).rows
    assert rows["value"].tolist() == [pytest.approx(22.5)]
    # Three decimals of a share are rounded by half a thousandth: 0.05 percentage points.
    assert rows["rounding"].tolist() == [pytest.approx(0.05)]
    assert "value '1.2': not a share from 0 to 1" in refusal(
        HEADER + "RDD,B,2016-04-01,1,,,1.2\n", SHARE, **keys
    )


@pytest.mark.parametrize(
    ("when", "keys", "expected"),
    [
        ("2015-16 Q2", {"period_length": "quarter", "date_format": "financial quarter"}, "2015-07-01"),
        ("2017", {"period_length": "year", "date_format": "%Y"}, "2017-01-01"),
        ("2013-07-01", {"period_length": "year", "shift_months": -18}, "2012-01-01"),
        ("2018-03-31", {"period_length": "snapshot"}, "2018-03-01"),
    ],
)
def test_periods_of_other_lengths(read: Read, when: str, keys: dict[str, object], expected: str) -> None:
    panel = read(HEADER + f"RDD,B,{when},1,1,2,1\n", **keys).panel
    assert panel["period"].tolist() == [pd.Timestamp(expected)]
    assert panel["period_length"].tolist() == [keys["period_length"]]


def test_the_day_of_publication_is_that_of_the_row_or_of_the_file(
    read: Read, refusal: Callable[..., str]
) -> None:
    content = HEADER + "RDD,2013-07-01,2012-01-01,1,1,2,1\n"
    day = pd.Timestamp("2013-07-01")
    assert read(content, COUNTS | {"published": "name"}).rows["published"].tolist() == [day]
    assert read(content, published="2013-07-01").rows["published"].tolist() == [day]
    assert read(content).rows["published"].isna().all()
    bad = content.replace("2013-07-01", "July")
    assert "line 2, column 'name', value 'July': not a date" in refusal(bad, COUNTS | {"published": "name"})


def test_a_mapping_that_reads_no_row_is_refused(refusal: Callable[..., str]) -> None:
    assert "no row of the file is read. Correct 'where'" in refusal(HEADER + ROWS, where={"kind": "9"})


def test_columns_of_rules_must_be_there(refusal: Callable[..., str]) -> None:
    message = refusal(
        HEADER + ROWS, where={"kinds": "1"}, sum_over="type", leave_out=[{"where": {"x": ""}, "reason": "y"}]
    )
    assert "column 'kinds': there is no such column (mapped as where.kinds). Did you mean 'kind'?" in message
    assert "(mapped as sum_over)" in message
    assert "(mapped as leave_out.0.x)" in message


def test_text_that_a_spreadsheet_would_calculate_stays_text(read: Read, refusal: Callable[..., str]) -> None:
    formula = '=HYPERLINK(""http://x"")'
    content = HEADER + f'RDD,"{formula}",2016-04-01,1,1,2,1\n,"{formula}",2016-04-01,1,1,2,1\n'
    dropped = read(content, COUNTS | {"name": "name"}, leave_out=[NO_CODE]).dropped
    assert dropped["name"].tolist() == ['=HYPERLINK("http://x")']
    assert "value '=1+1': not a number" in refusal(HEADER + "RDD,B,2016-04-01,1,=1+1,2,1\n")


FULL: dict[str, object] = {
    "sum_over": "kind",
    "leave_out": [NO_CODE, {"where": {"name": "twice"}, "reason": "written twice"}],
    "totals": TOTALS | {"explanation": "some are missing"},
    "others": "of another year",
}
DAMAGED = HEADER + ROWS + "RDD,twice,2016-04-01,1,10,100,0.9\n"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_gives_the_same_rows_or_a_named_error(read: Read, data: st.DataObject) -> None:
    """Cells overwritten, columns or rows taken out, doubled or shuffled: never a traceback of a library."""
    table = list(csv.reader(io.StringIO(DAMAGED)))
    width = len(table[0])
    whole = read(DAMAGED, **FULL)
    kind = data.draw(
        st.sampled_from(["cell", "drop column", "double column", "shuffle", "drop row", "short row"])
    )
    row = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.integers(0, width - 1))
    if kind == "cell":
        strange = st.sampled_from(
            ["=1+1", "1e9", "٣", "-", "*", "2016-13-01", "ENG", "9" * 400, "\ufeff", "é\x1b"]
        )
        table[row][column] = data.draw(strange | st.text(alphabet="RD019-., ", max_size=12))
    elif kind == "drop column":
        table = [[cell for place, cell in enumerate(cells) if place != column] for cells in table]
    elif kind == "double column":
        table = [[*cells, cells[column]] for cells in table]
    elif kind == "shuffle":
        order = data.draw(st.permutations(range(width)))
        table = [[cells[place] for place in order] for cells in table]
    elif kind == "drop row":
        del table[row]
    else:
        table[row] = table[row][:column]
    stream = io.StringIO()
    csv.writer(stream).writerows(table)
    try:
        reading = read(stream.getvalue(), **FULL)
    except DataFileError as error:
        assert "ae.csv: " in str(error)  # noqa: PT017
        assert "\x1b" not in str(error)  # noqa: PT017
        return
    if kind == "shuffle":
        pd.testing.assert_frame_equal(reading.rows, whole.rows)
        pd.testing.assert_frame_equal(reading.totals, whole.totals)
        pd.testing.assert_frame_equal(reading.dropped, whole.dropped)
    # Each row that is not blank is used, listed or both kinds of nothing; none is lost without a word.
    assert len(reading.used) + len(reading.dropped) == sum(any(map(str.strip, cells)) for cells in table[1:])
    assert reading.panel["value"].dropna().between(0, 100).all()
