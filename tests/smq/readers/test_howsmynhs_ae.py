"""Names become codes or are listed; England stands beside the sum; both A&E sources agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from smq.readers import howsmynhs_ae
from smq.readers.errors import DataFileError
from smq.readers.howsmynhs_ae import read_howsmynhs_ae
from smq.readers.nhsrdatasets_ae import read_nhsrdatasets_ae
from smq.readers.public_names import read_public_names

if TYPE_CHECKING:
    from smq.readers.reading import StatisticReading

NAMES = {"a trust": "RAA", "b trust": "RBB"}


@pytest.fixture(scope="session")
def pinned(mirror: Path, project: Path) -> StatisticReading:
    names = read_public_names(project / "data" / "reference" / "public_names.csv")
    return read_howsmynhs_ae(next(mirror.rglob("NHSwaiting.npy")), names)


@pytest.fixture(scope="session")
def converted(real_data: Path) -> pd.DataFrame:
    path = real_data / "howsmynhs-ae" / "ae_all_types_monthly_by_provider.csv"
    return pd.read_csv(path, parse_dates=["period"])


def test_the_rows_are_those_of_the_converted_table(pinned: StatisticReading, converted: pd.DataFrame) -> None:
    # The converted table merged 24 versions; the pinned file is the one that it names d62ae45.
    same_file = converted[(converted["source_commit"] == "d62ae45") & (converted["ods_code"] != "ENG")]
    coded = same_file.dropna(subset=["ods_code"])
    rows = pinned.rows
    merged = rows.merge(
        coded, left_on=["code", "period"], right_on=["ods_code", "period"], how="outer", indicator=True
    )
    both = merged[merged["_merge"] == "both"]
    assert len(both) == len(coded) == 15_807
    assert (both["denominator"] == both["attendances"]).all()
    assert both["numerator"].equals(both["over_4h"].astype("float64"))
    # What the reader has beyond it: months with no attendances, which the conversion left out.
    assert (merged[merged["_merge"] == "left_only"]["denominator"] == 0).all()
    assert (merged["_merge"] == "left_only").sum() == 657
    assert not (merged["_merge"] == "right_only").any()


def test_the_sources_agree_to_the_unit(
    pinned: StatisticReading, converted: pd.DataFrame, mirror: Path
) -> None:
    other = read_nhsrdatasets_ae(next(mirror.rglob("ae_attendances.rda"))).rows
    other = other[other["indicator"] == "ae_4h"]
    merged = pinned.rows.merge(other, on=["code", "period"], suffixes=("", "_other"))
    same = (merged["numerator"] == merged["numerator_other"]) & (
        merged["denominator"] == merged["denominator_other"]
    )
    assert (len(merged), int(same.sum())) == (4_568, 4_567)
    # The one difference is the Royal Free in March 2019.
    assert merged[~same][["code", "period"]].to_numpy().tolist() == [["RAL", pd.Timestamp(2019, 3, 1)]]
    # With the older versions that the converted table merged: 5,198 trust-months.
    merged = converted.merge(other, left_on=["ods_code", "period"], right_on=["code", "period"])
    same = (merged["over_4h"] == merged["numerator"]) & (merged["attendances"] == merged["denominator"])
    assert len(merged) == 5_198
    assert round(100 * float(same.mean()), 2) == 99.98


def test_england_stands_beside_the_sum_with_the_reason_for_the_difference(pinned: StatisticReading) -> None:
    totals = pinned.totals.set_index(["total", "quantity"])
    assert totals["difference"]["England 2021-12", "attendances"] == 0
    assert totals["printed"]["England 2021-12", "attendances"] == 1_876_791
    different = pinned.totals[pinned.totals["difference"] != 0]
    assert (different["explanation"] != "").all()
    assert "pilot" in totals["explanation"]["England 2019-06", "over"]
    assert "pilot" not in totals["explanation"]["England 2019-04", "over"]
    share = (
        totals["summed"]["England 2011-01", "attendances"]
        / totals["printed"]["England 2011-01", "attendances"]
    )
    assert share == pytest.approx(0.350, abs=0.001)


def test_pilot_trusts_have_no_waits_from_may_2019_and_none_is_zero(pinned: StatisticReading) -> None:
    rows = pinned.rows[pinned.rows["period"] >= "2019-07-01"]
    large = rows[rows["denominator"] > 3000]
    without = large.groupby("code")["numerator"].apply(lambda numbers: numbers.isna().all())
    # The 14 pilot trusts, the codes of Poole (R0D goes on) and Luton (RC9) among them.
    assert set(without[without].index) >= {
        "RNQ",
        "RGT",
        "RC9",
        "RQM",
        "RDU",
        "RYJ",
        "RXF",
        "RVW",
        "RX1",
        "RFR",
        "RK9",
        "RGR",
    }
    assert set(large[large["numerator"].isna()]["missing"]) == {"not published (-)"}


def test_names_without_a_code_are_listed(pinned: StatisticReading) -> None:
    unmatched = pinned.dropped[pinned.dropped["code"] == ""]
    assert len(unmatched) == 53
    # All trusts are matched: what is left are practices, walk-in centres and companies.
    left = unmatched["name"].str.casefold()
    assert left[left.str.contains("nhs")].tolist() == []
    assert unmatched["reason"].str.contains("months with figures").all()


def read(monkeypatch: pytest.MonkeyPatch, parts: list[object]) -> StatisticReading:
    monkeypatch.setattr(howsmynhs_ae, "read_pickled_npy", lambda _: parts)
    return read_howsmynhs_ae(Path("NHSwaiting.npy"), NAMES)


def parts(**changes: object) -> list[object]:
    made = {
        "names": np.array(["England", "A Trust", "B  Trust", "C Centre"]),
        "months": ["05/2019", "04/2019"],
        "attendances": [[40, 35], [20, 20], [0, "-"], [5, 5]],
        "over": [[30, 6], ["-", 5], [0, "-"], [0, 0]],
    }
    return list((made | changes).values())


def test_a_made_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = read(monkeypatch, parts())
    assert reading.rows[["code", "period", "denominator", "missing"]].to_numpy().tolist() == [
        ["RAA", pd.Timestamp(2019, 4, 1), 20.0, ""],
        ["RAA", pd.Timestamp(2019, 5, 1), 20.0, "not published (-)"],
        ["RBB", pd.Timestamp(2019, 5, 1), 0.0, "no attendances (0)"],
    ]
    assert reading.dropped["reason"].tolist() == [
        "England's total, compared with the sum of the rows",
        "1 months without a figure (-)",
        "no code is known for this name; 2 months with figures",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"months": ["05/2019", "13/2019"]}, "value '13/2019': not a month"),
        ({"months": ["05/2019", "05/2019"]}, "a month stands there twice"),
        ({"months": ["05/2019"]}, "column 'attendances': not 4 rows of 1 figures"),
        ({"names": ["England", "A Trust", "a trust", "C"]}, "a name stands there twice"),
        ({"names": ["A Trust", "B Trust", "C", "D"]}, "England's row is missing"),
        (
            {"over": [[30, 6], [21, 5], [0, "-"], [0, 0]]},
            "more waits over four hours in May 2019 than attendances",
        ),
        ({"over": [[30, 6], [2.5j, 5], [0, "-"], [0, 0]]}, "neither a count nor '-'"),
        ({"over": [[30, 6], [-2, 5], [0, "-"], [0, 0]]}, "value '-2': neither a count nor '-'"),
        ({"over": 7}, "not 4 rows of 2 figures"),
        (
            {"attendances": [[40, 35], [50, 20], [0, "-"], [5, 5]]},
            "the total 'England 2019-05' is not the sum",
        ),
    ],
)
def test_what_is_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(DataFileError) as caught:
        read(monkeypatch, parts(**changes))
    assert said in str(caught.value)
    with pytest.raises(DataFileError, match="3 parts and not 4"):
        read(monkeypatch, parts()[:3])
