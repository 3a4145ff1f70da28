"""A folder of real files, read through the project's mappings, holds what they and the world `public` hold.

Expected values are those that the notes beside the files give, totals reckoned from the files by other
means, or figures of the world `public`, which other readers read from the files as they were published.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smq.config import load_study
from smq.panel import read_panel
from smq.performance.indicator import Lacking, describe
from smq.reference import load_spells
from tests.smq.indicator_cases import PROJECT


@pytest.fixture(scope="module")
def panel(real: Path) -> pd.DataFrame:
    return read_panel(real / "panel.parquet")


def by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Add up figures by the month (2017-09) in which their period begins."""
    months = rows["period"].dt.strftime("%Y-%m")
    return rows[["numerator", "denominator", "value"]].groupby(months).sum()


def test_every_figure_that_the_public_world_has_too_is_the_same(panel: pd.DataFrame, public: Path) -> None:
    published = read_panel(public / "panel.parquet")
    key = ["unit", "indicator", "period", "period_length"]
    rows = panel.merge(published, on=key, suffixes=("", "_public"), validate="one_to_one")
    for quantity in ("numerator", "denominator", "value"):
        one, other = rows[quantity], rows[f"{quantity}_public"]
        apart = rows[~((one - other).abs() <= 1e-12 * other.abs()) & (one.notna() | other.notna())]
        # Barts' beds were rounded to one decimal when the file was converted.
        expected = [] if quantity == "denominator" else ["beds_available"] * 21
        assert apart["indicator"].tolist() == expected
        assert set(apart["unit"]) <= {"R1H"}
        assert (apart[quantity] - apart[f"{quantity}_public"]).abs().max() <= 0.05 or apart.empty
    shared = rows.groupby("indicator").size().to_dict()
    whole = published.groupby("indicator").size().to_dict()
    # Left out in the converted files: figures of nobody (657 of A&E, 22 of beds), names without a code (114).
    fewer = {name: whole[name] - shared[name] for name in whole if whole[name] != shared[name]}
    assert fewer == {"ae_4h": 657, "beds_available": 136}


def test_waits_in_ae_are_those_of_the_panel_compiled_from_both_sources(
    panel: pd.DataFrame, real_data: Path
) -> None:
    compiled = pd.read_csv(real_data / "ae-panel/ae_monthly_trust_panel.csv", parse_dates=["period"])
    waits = panel[panel["indicator"] == "ae_4h"]
    rows = compiled.merge(waits, left_on=["ods_code", "period"], right_on=["unit", "period"], how="left")
    assert len(rows) == 18_833
    same = (rows["denominator"] == rows["attendances"]) & (
        (rows["numerator"] == rows["over_4h"]) | (rows["numerator"].isna() & rows["over_4h"].isna())
    )
    # The panel took the older figure for the one trust-month in which the two sources differ.
    assert rows.loc[~same, ["unit", "period"]].to_numpy().tolist() == [["RAL", pd.Timestamp("2019-03-01")]]


def test_two_sources_agree_but_for_one_trust_month(real: Path) -> None:
    agreement = pd.read_csv(real / "agreement.csv").set_index("indicator")
    found = agreement[["shared", "equal"]]
    # Of the shares of major departments, all agree once each stands in the month that it is of.
    assert found.to_numpy().tolist() == [[5198, 5197], [4152, 4151], [142, 142]]
    assert agreement.loc["ae_4h", "source_used"] == "nhsrdatasets-ae/ae_attendances.csv"
    apart = pd.read_csv(real / "differences.csv")
    assert set(zip(apart["unit"], apart["period"], strict=True)) == {("RAL", "2019-03-01")}
    waits = apart[apart["indicator"] == "ae_4h"].set_index("quantity")
    assert waits["value_used"].to_dict() == {"denominator": 25_166, "numerator": 3_498}
    assert waits["value_other"].to_dict() == {"denominator": 25_167, "numerator": 3_389}


def test_thirty_spells_have_two_years_of_waits_on_both_sides(panel: pd.DataFrame) -> None:
    spells = load_spells(PROJECT / "data/reference/smq_spells.csv")
    study = load_study(PROJECT / "config/study.yaml")
    found = describe(panel, spells, study, "ae_4h", 24)
    assert not isinstance(found, Lacking)
    assert found.numbers["spells_used"].value == 30


def test_staff_groups_are_added_up(panel: pd.DataFrame) -> None:
    staff = by_month(panel[panel["indicator"] == "staff_fte"])["value"]
    # The file's note: 1,052,963 and 1,061,617 full-time equivalents in England.
    assert staff.round().to_dict() == {
        "2017-09": 1_052_963,
        "2018-06": 1_061_617,
    }


def test_cancer_waits_are_those_of_all_care_by_quarter(panel: pd.DataFrame) -> None:
    cancer = panel[panel["indicator"] == "cancer_62d"]
    assert set(cancer["period_length"]) == {"quarter"}
    sums = by_month(cancer)[["numerator", "denominator"]]
    # The file's note: England, all care, 27,713 within and 6,093 after; 29,296 and 6,397.
    assert sums.index.tolist() == ["2015-04", "2015-07"]
    assert sums.to_numpy().tolist() == [[27_713, 27_713 + 6_093], [29_296, 29_296 + 6_397]]


def test_loans_chain_from_year_to_year(panel: pd.DataFrame) -> None:
    loans = panel[panel["indicator"].str.startswith("loans_")]
    closing, opening = (
        by_month(loans[loans["indicator"] == f"loans_{name}"])["value"] / 1e6
        for name in ("closing", "opening")
    )
    # The file's note: balances of £4,723.0m, £7,353.7m and £10,144.2m at the three year ends.
    assert closing.round(1).to_dict() == {
        "2017-03": 4_723.0,
        "2018-03": 7_353.7,
        "2019-03": 10_144.2,
    }
    assert opening.index.tolist() == ["2016-04", "2017-04", "2018-04"]
    assert opening.to_numpy()[1:] == pytest.approx(closing.to_numpy()[:-1])


def test_rows_left_out_are_counted_with_their_reason(real: Path) -> None:
    dropped = pd.read_csv(real / "dropped.csv")
    counted = {file: rows["reason"].value_counts().to_dict() for file, rows in dropped.groupby("file")}
    assert counted["howsmynhs-ae/ae_all_types_monthly_by_provider.csv"] == {
        "a total, compared with the sum of its rows": 132,
        "no code is known for this name": 4_395,
        "the same figures as under another spelling of the name": 1,
    }
    assert "nhsrdatasets-ae/ae_attendances.csv" not in counted
    # 7,863 rows of beds: 46 of England and 151 without a code are no rows of the panel.
    assert list(counted["howsmynhs-beds/overnight_beds_available_quarterly.csv"].values()) == [151, 46]


def test_england_is_never_less_than_the_sum_of_its_rows(real: Path) -> None:
    totals = pd.read_csv(real / "totals.csv", keep_default_na=False)
    assert (totals["difference"] >= 0).all()
    assert ((totals["difference"] == 0) == (totals["explanation"] == "")).all()
    last = totals[(totals["total"] == "England 2021-12") & (totals["quantity"] == "attendances")]
    assert last["difference"].tolist() == [0]


def test_organisations_have_type_region_and_successor(real: Path, real_data: Path) -> None:
    listed = pd.read_csv(real / "organisations.csv", keep_default_na=False)
    by_code = listed.drop_duplicates("code").set_index("code")
    burton = by_code.loc["RJF"]
    assert (burton["type"], burton["succeeded_by"], burton["succeeded_on"]) == ("acute", "RTG", "2018-06-30")
    assert (burton["foundation"], burton["commissioning_region"]) == ("yes", "Midlands and East of England")
    norfolk = by_code.loc["RMY"]
    assert (norfolk["type"], norfolk["region"]) == ("mental health", "East of England")
    types = pd.read_csv(real_data / "trust-types-2022/open_trust_types.csv")[
        "primary_category"
    ].value_counts()
    held = by_code["type"].value_counts()
    assert held["ambulance"] == types["Ambulance service"] == 10
    assert held["mental health"] == types["Mental health - community & residential - NHS"] == 44
    spells = load_spells(PROJECT / "data/reference/smq_spells.csv")
    assert set(spells["ods_code"]) <= set(by_code.index)
