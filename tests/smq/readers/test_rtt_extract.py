"""Each form of the extract must give the same waits; commissioners are added, and totals are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from smq.readers.rtt_extract import COLUMNS, WEEKS, read_rtt_extract
from tests.smq.readers.csv_cases import Lines, figures, refusal, write_csv

TEXTS = COLUMNS[:13]


def row(
    code: str, commissioner: str, part: str, function: str, weeks: dict[int, object], total: int
) -> list[object]:
    texts = ["RTT-April-2019", "Q1", "Region", code, f"Trust {code}", "QX", "Area", commissioner, "CCG"]
    texts += [part, "Incomplete Pathways", function, "A function"]
    return [*texts, *(weeks.get(week, 0) for week in range(len(WEEKS))), "", "", total]


GOOD: Lines = [
    list(COLUMNS),
    # Weeks by their first: 17 to 18 is within 18 weeks, 18 to 19 is not.
    row("RAA", "01A", "Part_2", "C_100", {0: 10, 17: 5, 18: 3}, 18),
    row("RAA", "01A", "Part_2", "C_110", {52: 2}, 2),
    row("RAA", "01A", "Part_2", "C_999", {0: 10, 17: 5, 18: 3, 52: 2}, 20),
    row("RAA", "02B", "Part_2", "C_100", {1: 5}, 5),
    row("RAA", "02B", "Part_2", "C_999", {1: 5}, 5),
    row("RAA", "01A", "Part_2A", "C_999", {30: 9}, 9),
    row("RBB", "01A", "Part_2", "C_100", {3: 0}, 0),
    row("RBB", "01A", "Part_2", "C_999", {3: 0}, 0),
    row("RAA", "01A", "Part_3", "C_999", {}, 70),
]
# 10 + 5 + 5 of 20 + 5 wait no longer than 18 weeks.
EXPECTED = [["RAA", "2019-04", 20, 25, 80.0]]


def changed(row_at: int, column: str, value: object, lines: Lines = GOOD) -> Lines:
    found = [list(cells) for cells in lines]
    found[row_at][found[0].index(column)] = value
    return found


def early(lines: Lines, functions: tuple[str, ...] = TEXTS[11:]) -> Lines:
    """Give the form to September 2017: front matter, Year and Period Name, other names of the columns."""
    names = ["Year", "Period Name", *TEXTS[1:9], "RTT Part Name", "RTT Part Description", *functions]
    above: Lines = [["18 weeks RTT"], ["Monthly extract"], [*names, *COLUMNS[13:]]]
    rows: Lines = [["2019-20", "APRIL", *cells[1:]] for cells in lines[1:]]
    return [*above, *rows]


def longer(lines: Lines) -> Lines:
    """Give the form from 2021, with weeks to 104."""
    beyond = [f"Gt {week} To {week + 1} Weeks SUM 1" for week in range(52, 104)]
    place = COLUMNS.index("Gt 52 Weeks SUM 1")
    head: list[object] = [*COLUMNS[:place], *beyond, "Gt 104 Weeks SUM 1", *COLUMNS[place + 1 :]]
    return [head, *([*cells[:place], *[0] * 51, cells[place], 0, *cells[place + 1 :]] for cells in lines[1:])]


@pytest.mark.parametrize(
    "lines",
    [
        GOOD,
        early(GOOD),
        # July 2016: the codes stand under Name, the names under Description.
        early(GOOD, ("Treatment Function Name", "Treatment Function Description")),
        longer(GOOD),
        [[], [], *GOOD],
        [
            [str(cell).replace("C_", "IP") if str(cell)[:2] == "C_" else cell for cell in cells]
            for cells in GOOD
        ],
        [[str(cell).upper() if str(cell).startswith("RTT-") else cell for cell in cells] for cells in GOOD],
        [GOOD[0], *GOOD[:5], GOOD[0], *GOOD[5:]][1:],
    ],
    ids=["2017", "front matter", "swapped", "to 104 weeks", "row 3", "IP codes", "capitals", "header again"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_each_form_gives_the_same_waits(tmp_path: Path, lines: Lines, encoding: str) -> None:
    reading = read_rtt_extract(write_csv(tmp_path / "rtt.csv", lines, encoding))
    assert figures(reading)[:1] == EXPECTED
    assert reading.rows["missing"].tolist() == ["", "no pathways (0)"]
    assert reading.totals[["printed", "summed"]].to_numpy().tolist() == [[25, 25], [20, 20]]


def test_a_blank_week_is_nobody_only_where_the_weeks_make_the_total(tmp_path: Path) -> None:
    blank = changed(5, "Gt 40 To 41 Weeks SUM 1", "", changed(4, "Gt 40 To 41 Weeks SUM 1", ""))
    assert figures(read_rtt_extract(write_csv(tmp_path / "a.csv", blank)))[:1] == EXPECTED
    gap = changed(5, "Gt 01 To 02 Weeks SUM 1", "", changed(4, "Gt 01 To 02 Weeks SUM 1", ""))
    reading = read_rtt_extract(write_csv(tmp_path / "b.csv", gap))
    assert reading.rows["numerator"].isna()[0]
    assert reading.rows["denominator"][0] == 25
    assert reading.rows["missing"][0] == "weeks are missing (blank)"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (changed(3, "Total All", 21), "value '21': the weeks do not sum to it"),
        (changed(1, "Provider Org Code", "raa"), "value 'raa': not a well-formed ODS code"),
        (changed(1, "Period", "RTT-2019"), "value 'RTT-2019': not a month"),
        (changed(1, "Gt 00 To 01 Weeks SUM 1", "1O"), "value '1O': not a number"),
        (changed(1, "Gt 00 To 01 Weeks SUM 1", -1), "value '-1': a negative number"),
        (changed(0, "Gt 20 To 21 Weeks SUM 1", "x"), "the weeks do not follow one another"),
        (changed(0, "RTT Part Type", "x"), "there is no such column"),
        (
            changed(1, "Treatment Function Code", "Surgery"),
            "no column holds the codes of treatment functions",
        ),
        ([*GOOD, GOOD[1]], "a second row for this provider, commissioner and treatment function"),
        ([*GOOD[:2], *GOOD[3:]], "are not the sum of the functions"),
        ([*GOOD[:3], *GOOD[4:5]], "the rows of all treatment functions (C_999) are missing"),
        ([GOOD[0], GOOD[6]], "no row of incomplete pathways (Part_2)"),
        ([*GOOD, ["RTT-April-2019", "Q1"]], "line 11: the row has 2 cells, the header 69"),
        ([GOOD[0]], "there is a header but no row of data"),
        ([["a", "b"]], "no row holds the column names 'Provider Org Code', 'Provider Org Name'"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, lines: Lines, said: str) -> None:
    assert said in refusal(read_rtt_extract, write_csv(tmp_path / "rtt.csv", lines))
