"""A changed digit must be seen; winter, growth and a merger must not be taken for one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from smq.checking.plausibility import BREAK_COLUMNS, OUTLIER_COLUMNS, Plausibility, check
from tests.smq.panels import PANEL, ae_row, month_of, months, number, series

if TYPE_CHECKING:
    from pathlib import Path

SHARES = {"ae_4h"}
WINTER = [1.0, 1.02, 1.0, 0.98, 0.97, 0.99, 1.03, 1.01, 0.98, 1.0, 1.02, 1.0]


def steady(unit: str = "RAA", count: int = 36, size: int = 10_000, late: float = 0.08) -> pd.DataFrame:
    """A trust whose attendances follow the seasons by a few per cent."""
    return series(
        unit,
        "2014-01-01",
        [round(size * WINTER[n % 12]) for n in range(count)],
        [round(size * WINTER[n % 12] * late * (1 + 0.1 * (n % 3 - 1))) for n in range(count)],
    )


def changed(panel: pd.DataFrame, at: int, column: str, figure: float) -> pd.DataFrame:
    wrong = panel.copy()
    wrong.loc[at, column] = figure
    wrong["value"] = 100 * wrong["numerator"] / wrong["denominator"]
    return wrong


def flagged(found: Plausibility) -> list[tuple[str, str, str]]:
    rows = found.outliers
    return [
        (unit, f"{period:%Y-%m}", quantity)
        for unit, period, quantity in zip(rows["unit"], rows["period"], rows["quantity"], strict=True)
    ]


def test_a_steady_series_is_not_flagged() -> None:
    found = check(steady(), SHARES)
    assert found.outliers.empty
    assert found.breaks.empty
    assert (found.checked, found.unchecked) == (72, 0)
    assert list(found.outliers.columns) == OUTLIER_COLUMNS
    assert list(found.breaks.columns) == BREAK_COLUMNS


@pytest.mark.parametrize("at", [0, 1, 17, 35])
def test_a_changed_leading_digit_is_flagged_wherever_it_stands(at: int) -> None:
    panel = steady()
    right = number(panel, at, "denominator")
    found = check(changed(panel, at, "denominator", right + 60_000), SHARES)
    month = month_of(panel, at)
    assert ("RAA", month, "denominator") in flagged(found)
    assert {period for _, period, _ in flagged(found)} == {month}
    row = found.outliers[found.outliers["quantity"] == "denominator"].iloc[0]
    assert row["low"] < right < row["high"] < row["figure"] == right + 60_000


def test_a_changed_numerator_is_flagged_as_a_value_out_of_range() -> None:
    panel = steady()
    assert number(panel, 20, "numerator") == 862
    assert flagged(check(changed(panel, 20, "numerator", 8_862), SHARES)) == [("RAA", "2015-09", "value")]


def test_a_last_digit_stays_in_the_range_and_is_not_flagged() -> None:
    panel = steady()
    found = check(changed(panel, 20, "denominator", number(panel, 20, "denominator") + 7), SHARES)
    assert found.outliers.empty


def test_what_moves_all_trusts_alike_is_no_mistake() -> None:
    trusts = [steady(f"RA{n}", size=8_000 + 500 * n) for n in range(10)]
    for panel in trusts:
        panel.loc[24, ["numerator", "denominator"]] = panel.loc[24, ["numerator", "denominator"]] / 2
    together = pd.concat(trusts, ignore_index=True)
    assert check(together, SHARES).outliers.empty
    # The same fall at one trust alone is one.
    alone = changed(steady("RAX"), 24, "denominator", 5_000)
    assert ("RAX", "2016-01", "denominator") in flagged(check(alone, SHARES))


def test_a_merger_is_a_break_and_no_outlier() -> None:
    small, large = steady(count=20), steady(count=40, size=25_000)
    panel = pd.concat([small, large.iloc[20:]], ignore_index=True)
    found = check(panel, SHARES)
    assert found.outliers.empty
    assert found.breaks[["unit", "quantity"]].to_numpy().tolist() == [["RAA", "denominator"]]
    broken = found.breaks.iloc[0]
    assert f"{broken['period']:%Y-%m}" == "2015-09"
    assert broken["factor"] == pytest.approx(2.5, rel=0.03)
    assert broken["before"] == pytest.approx(9_950, rel=0.03)


def test_a_small_unit_has_the_range_of_its_chance_variation() -> None:
    # 3 of 40 after none for years: far in per cent, near by chance.
    counts = [0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 3, 0, 1, 0, 0, 0, 1, 0, 0]
    panel = series("RAA", "2014-01-01", [40] * 20, counts)
    assert check(panel, SHARES).outliers.empty


def test_missing_figures_and_short_series_are_counted_and_not_judged() -> None:
    panel = pd.concat(
        [
            series("RAA", "2014-01-01", [100, 900], [1, 1]),
            series("RAB", "2014-01-01", [100, 110, math.nan, 105, 100, 104], [math.nan] * 6),
        ],
        ignore_index=True,
    )
    found = check(panel, SHARES)
    assert found.outliers.empty
    assert found.unchecked > 0


def test_yearly_ratios_are_judged_by_the_whole_series() -> None:
    years = pd.date_range("2012-01-01", periods=8, freq="YS", unit="ms")
    ratios = [1.02, 1.04, 1.01, 1.03, 1.75, 1.02, 1.00, 1.01]
    panel = pd.DataFrame(
        [
            ae_row("RAA", year, math.nan, math.nan)
            | {"indicator": "shmi", "value": ratio, "period_length": "year"}
            for year, ratio in zip(years, ratios, strict=True)
        ]
    )[PANEL]
    assert flagged(check(panel, SHARES)) == [("RAA", "2016-01", "value")]


def test_the_order_of_rows_does_not_matter() -> None:
    panel = changed(steady(), 20, "denominator", 70_000)
    shuffled = panel.sample(frac=1, random_state=7)
    pd.testing.assert_frame_equal(check(panel, SHARES).outliers, check(shuffled, SHARES).outliers)


def test_changed_leading_digits_in_real_series_are_flagged(real_data: Path) -> None:
    """The A&E panel has no totals: of 200 attendances whose first digit is changed, nearly all are seen."""
    real = pd.read_csv(real_data / "ae-panel/ae_monthly_trust_panel.csv", parse_dates=["period"])
    real = real[real["over_4h"].notna()].reset_index(drop=True)
    panel = pd.DataFrame(
        {
            "unit": real["ods_code"],
            "period": real["period"].astype("datetime64[ms]"),
            "period_length": "month",
            "indicator": "ae_4h",
            "numerator": real["over_4h"].astype(float),
            "denominator": real["attendances"].astype(float),
            "source": real["source"],
        }
    )
    panel["value"] = 100 * panel["numerator"] / panel["denominator"]
    before = check(panel, SHARES)
    assert len(before.outliers) < 0.004 * before.checked
    known = set(flagged(before))
    random = np.random.default_rng(4)
    large = panel.index[panel["denominator"] >= 3_000].to_numpy()
    picked = random.choice(large, 200, replace=False)
    wrong = panel.copy()
    for at in picked:
        digits = str(int(number(panel, at, "denominator")))
        first = (int(digits[0]) + 4) % 9 + 1
        wrong.loc[at, "denominator"] = float(f"{first}{digits[1:]}")
    wrong["value"] = 100 * wrong["numerator"] / wrong["denominator"]
    found = {(unit, month) for unit, month, _ in set(flagged(check(wrong, SHARES))) - known}
    seen = [(str(panel["unit"].iloc[at]), month_of(panel, at)) in found for at in picked]
    assert np.mean(seen) > 0.9
    assert months(panel) == 133
