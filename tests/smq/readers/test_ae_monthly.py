"""Monthly workbooks say the same of each trust in every era, and none is read as another month's."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.readers.ae_monthly import read_ae_monthly
from smq.readers.errors import DataFileError
from tests.smq.readers import ae_cases

ON_FILES = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SAMPLE = "ae-by-provider-2025-06.xlsx"


def test_june_2025_agrees_with_its_own_totals(raw_samples: Path) -> None:
    reading = read_ae_monthly(raw_samples / SAMPLE)
    england = reading.rows.groupby("indicator")[["denominator", "numerator"]].sum()
    assert england["denominator"].to_dict() == {
        "ae_4h": 2350478,
        "ae_4h_type1": 1428563,
        "ae_4h_type2": 51618,
        "ae_4h_other": 870297,
    }
    assert england["numerator"]["ae_4h"] == 574809
    # The file prints England's share within four hours: 0.7554501680083796.
    over = england["numerator"]["ae_4h"] / england["denominator"]["ae_4h"]
    assert 1 - over == pytest.approx(0.7554501680083796, abs=1e-12)
    assert reading.rows["code"].nunique() == 201
    assert set(reading.rows["period"]) == {pd.Timestamp(2025, 6, 1)}
    assert set(reading.rows["published"]) == {pd.Timestamp(2025, 7, 10)}
    assert reading.rows["revised"].isna().all()


def test_every_printed_total_of_june_2025_is_a_sum_or_explained(raw_samples: Path) -> None:
    totals = read_ae_monthly(raw_samples / SAMPLE).totals
    read = totals[totals["total"] == "England (Provider Level Data)"]
    assert (read["difference"] == 0).all()
    assert len(read) == 20
    other = totals[totals["difference"] != 0]
    assert len(other) == 4
    assert set(other["total"]) == {"England (Booked Appointments Data)"}
    assert other["explanation"].str.startswith("a working column beside the table").all()


@pytest.mark.parametrize(
    ("sheet", "rows", "month"),
    [
        ("A&E Data", ae_cases.monthly_2015(), "2015-06-01"),
        ("Provider Level Data", ae_cases.monthly_2015("August 2019"), "2019-08-01"),
        ("Provider Level Data", ae_cases.monthly_within(), "2019-06-01"),
    ],
)
def test_each_era_gives_the_same_figures(tmp_path: Path, sheet: str, rows: ae_cases.Rows, month: str) -> None:
    # The name of the file names another month, as once in 2019: it is not asked.
    reading = read_ae_monthly(ae_cases.write(tmp_path / "July-2019.xlsx", {sheet: rows}))
    assert set(reading.rows["period"]) == {pd.Timestamp(month)}
    all_types = reading.rows[reading.rows["indicator"] == "ae_4h"]
    assert all_types[["code", "numerator", "denominator"]].to_numpy().tolist() == [
        ["5J9", 1.0, 2056.0],
        ["RLN", 125.0, 2206.0],
        ["RXP", 50.0, 2448.0],
    ]
    assert (reading.totals["difference"] == 0).all()


def test_a_weekly_file_is_not_taken_for_a_month(tmp_path: Path) -> None:
    path = ae_cases.write(tmp_path / "week.xlsx", {"A&E Data": ae_cases.weekly()})
    with pytest.raises(DataFileError, match="it does not name its period"):
        read_ae_monthly(path)


LAYOUTS = {"2015": ae_cases.monthly_2015(), "within": ae_cases.monthly_within()}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("monthly")
    return {
        layout: read_ae_monthly(ae_cases.write(folder / f"{layout}.xlsx", {"A&E Data": rows})).rows
        for layout, rows in LAYOUTS.items()
    }


@pytest.mark.parametrize("layout", LAYOUTS)
@ON_FILES
@given(data=st.data())
def test_damage_changes_nothing_or_is_refused(
    good: dict[str, pd.DataFrame], tmp_path: Path, layout: str, data: st.DataObject
) -> None:
    rows = data.draw(ae_cases.damaged(LAYOUTS[layout]))
    bad = ae_cases.write(tmp_path / "bad.xlsx", {"A&E Data": rows})
    ae_cases.same_or_refused(read_ae_monthly, bad, good[layout])


@settings(ON_FILES, max_examples=15)
@given(seed=st.integers(0, 10_000), cut=st.booleans())
def test_bytes_changed_in_a_real_workbook_never_end_in_a_traceback(
    raw_samples: Path, tmp_path: Path, seed: int, cut: bool
) -> None:
    path = tmp_path / "hurt.xlsx"
    path.write_bytes(ae_cases.hurt((raw_samples / SAMPLE).read_bytes(), seed, cut=cut))
    ae_cases.read_or_refused(read_ae_monthly, path)
