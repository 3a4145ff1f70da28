"""Coverage is counted from the panel and from totals that the sources print, never assumed."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from smq.checking import coverage
from tests.smq.panels import ae_row, of, series

MAY_2019 = "2019-05-01"


def totals(*rows: tuple[str, str, float, float, str]) -> pd.DataFrame:
    """Totals as readers give them: total, quantity, printed, summed, explanation."""
    table = pd.DataFrame(rows, columns=["total", "quantity", "printed", "summed", "explanation"])
    table["difference"] = table["printed"] - table["summed"]
    return table.assign(file="waits.npy")


def england(month: str, attendances: float, over: float, summed: float = 0) -> pd.DataFrame:
    return totals(
        (f"England {month}", "attendances", attendances, 0, "survivors"),
        (f"England {month}", "over", over, summed, "pilots"),
    )


def test_years_are_financial_but_for_yearly_figures() -> None:
    period = pd.Series(pd.to_datetime(["2016-03-01", "2016-04-01", "2016-01-01", "2000-01-01"]))
    length = pd.Series(["month", "quarter", "year", "month"])
    assert coverage.year(period, length).tolist() == ["2015-16", "2016-17", "2016", "1999-00"]


def test_coverage_counts_units_trusts_and_the_share_of_england() -> None:
    panel = of(
        [
            ae_row("RAA", "2015-03-01", 10, 300),
            ae_row("RAB", "2015-03-01", math.nan, 200),
            ae_row("8A001", "2015-03-01", 1, 100),
            ae_row("RAA", "2015-04-01", 10, 400),
        ]
    )
    counted = coverage.by_year(panel, england("2015-03", 1000, 50))
    assert counted["year"].tolist() == ["2014-15", "2015-16"]
    first, second = (counted.iloc[n] for n in (0, 1))
    assert (first["periods"], first["units"], first["trusts"], first["rows"], first["values"]) == (
        1,
        3,
        1,
        3,
        2,
    )
    # RAA and RAB hold 500 of 1,000; the other provider is no trust.
    assert first["england_share"] == pytest.approx(50)
    assert math.isnan(second["england_share"])


def test_without_totals_the_share_of_england_is_not_known() -> None:
    panel = series("RAA", "2015-01-01", [100, 100], [1, 1])
    assert coverage.by_year(panel, totals())["england_share"].isna().all()
    assert coverage.survivors(panel, totals()) is None


def test_survivors_are_compared_on_both_sides_of_april_2016() -> None:
    early = series("RAA", "2014-04-01", [400] * 24, [4] * 24)
    late = pd.concat(
        [series(unit, "2016-04-01", [450] * 12, [4] * 12) for unit in ("RAA", "RAB")], ignore_index=True
    )
    printed = pd.concat(
        [england(f"{month:%Y-%m}", 1000, 50) for month in pd.date_range("2014-04-01", periods=36, freq="MS")]
    )
    found = coverage.survivors(pd.concat([early, late], ignore_index=True), printed)
    assert found == coverage.Survivors(40.0, 90.0, "2014-15", 40.0, 1, 2)


def pilot_panel() -> pd.DataFrame:
    """RPI stops giving waits in May 2019, RNO goes on; ROK slips for one month; RSU succeeds a pilot."""
    months = 14
    part = [100.0] * 5 + [math.nan] * 9
    slip = [100.0] * 6 + [math.nan] + [100.0] * 7
    return pd.concat(
        [
            series("RPI", "2018-12-01", [1000] * months, part),
            series("RNO", "2018-12-01", [1000] * months, [100] * months),
            series("ROK", "2018-12-01", [1000] * months, slip),
            series("RSU", "2019-08-01", [500] * 6, [math.nan] * 6),
        ],
        ignore_index=True,
    )


def test_pilots_go_on_with_attendances_and_without_waits() -> None:
    found = coverage.pilots(pilot_panel())
    assert found["unit"].tolist() == ["RPI", "RSU"]
    first = found.iloc[0]
    assert (f"{first['last_value']:%Y-%m}", f"{first['first_without']:%Y-%m}") == ("2019-04", "2019-05")
    assert first["months"] == 9
    assert pd.isna(found.iloc[1]["last_value"])
    assert coverage.most_pilots(pilot_panel()) == 2
    assert coverage.most_pilots(series("RNO", MAY_2019, [1000] * 9, [100] * 9)) == 0


def test_englands_waits_are_shown_to_hold_the_attendances_of_the_pilots() -> None:
    # England: 100 + 100 waits of RNO and ROK, 30 of organisations not named, and all 1,000 of RPI.
    printed = pd.concat([england("2019-04", 4000, 330, 300), england("2019-05", 4000, 1230, 200)])
    found = coverage.wrong_england(pilot_panel(), printed)
    assert [f"{period:%Y-%m}" for period in found["period"]] == ["2019-05"]
    row = found.iloc[0]
    assert (row["pilots"], row["unnamed"]) == (1000, 30)
    assert row["share_printed"] == pytest.approx(30.75)
    assert row["share_without"] == pytest.approx(100 * 230 / 3000)


def test_a_month_that_nobody_has_is_a_gap() -> None:
    panel = series("RAA", "2019-01-01", [100] * 4, [1, math.nan, 1, 1])
    found = coverage.gaps(panel.drop(index=2))
    assert [(name, f"{period:%Y-%m}") for name, period in found.to_numpy()] == [
        ("ae_4h", "2019-02"),
        ("ae_4h", "2019-03"),
    ]
    assert coverage.gaps(panel.iloc[[0]]).empty


def test_reasons_are_counted_without_their_numbers() -> None:
    dropped = pd.DataFrame(
        {
            "file": ["a.npy"] * 4,
            "row": [1, 2, 3, 4],
            "code": [""] * 4,
            "name": list("abcd"),
            "reason": [
                "7 months without a figure (-)",
                "1,112 months without a figure (-)",
                "no code is known for this name; 3 months with figures",
                "no code is known for this name; 129 months with figures",
            ],
        }
    )
    assert coverage.dropped_by_reason(dropped).to_numpy().tolist() == [
        ["a.npy", "months without a figure (-)", 2],
        ["a.npy", "no code is known for this name", 2],
    ]
    assert coverage.dropped_by_reason(dropped.iloc[:0]).empty


def test_totals_are_counted_with_each_explanation_once() -> None:
    printed = totals(
        ("England 2015-01", "attendances", 10, 10, ""),
        ("England 2015-02", "attendances", 10, 9, "survivors"),
        ("England 2015-03", "attendances", 10, 8, "survivors"),
    )
    assert coverage.totals_by_file(printed).to_numpy().tolist() == [["waits.npy", 3, 1, 2, "survivors"]]
    assert coverage.totals_by_file(totals()).empty


def test_spells_count_where_their_trust_has_figures_on_both_sides() -> None:
    panel = series("RAA", "2014-01-01", [100] * 24, [1] * 24)
    spells = pd.DataFrame(
        {"ods_code": ["RAA", "RAA", "RAB"], "entered_on": ["2015-01-20", "2018-05-01", "2015-01-20"]}
    )
    assert coverage.by_spell(panel, spells).to_numpy().tolist() == [["ae_4h", 3, 2, 1, 1, 1]]
