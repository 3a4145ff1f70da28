"""The two sources of waits in A&E must agree as often as was found by hand when the data were gathered."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from smq.readers.reading import (
    DROPPED_COLUMNS,
    NAT,
    ROW_COLUMNS,
    TOTALS_COLUMNS,
    StatisticReading,
    frame,
)
from smq.worlds.public import assemble

if TYPE_CHECKING:
    from pathlib import Path


def reading(
    code: pd.Series[str], period: pd.Series[str], part: pd.Series, whole: pd.Series
) -> StatisticReading:
    """Give months of waits as a reader gives them."""
    rows = [
        {
            "code": organisation,
            "name": "",
            "period": pd.Timestamp(month),
            "period_length": "month",
            "indicator": "ae_4h",
            "numerator": over,
            "denominator": seen,
            "value": 100 * over / seen if seen else math.nan,
            "missing": "" if over == over else "not published (-)",
            "published": NAT,
            "revised": NAT,
            "source": "",
        }
        for organisation, month, over, seen in zip(code, period, part, whole, strict=True)
    ]
    empty = frame([], DROPPED_COLUMNS), frame([], TOTALS_COLUMNS)
    return StatisticReading(frame(rows, ROW_COLUMNS), *empty, ())


def test_both_sources_agree_in_5197_of_5198_trust_months(real_data: Path) -> None:
    """The long source with its older versions, as converted; the pinned file alone shares 4,568 of them."""
    long = pd.read_csv(real_data / "howsmynhs-ae/ae_all_types_monthly_by_provider.csv")
    coded = long["ods_code"].notna() & (long["ods_code"] != "ENG")
    # A code has two names in April 2020; the sources share nothing after March 2019.
    long = long[coded & (long["period"] < "2019-04-01")]
    typed = pd.read_csv(real_data / "nhsrdatasets-ae/ae_attendances.csv")
    summed = typed.groupby(["org_code", "period"], as_index=False)[["breaches", "attendances"]].sum()
    tidy = assemble(
        {
            "ae_attendances": reading(
                summed["org_code"], summed["period"], summed["breaches"], summed["attendances"]
            ),
            "ae_long": reading(long["ods_code"], long["period"], long["over_4h"], long["attendances"]),
        },
        (),
        pd.DataFrame(columns=["old_code", "new_code", "date"]),
        pd.DataFrame(columns=["code", "name", "region", "status"]),
    )
    counted = tidy.agreement.iloc[0]
    assert (counted["shared"], counted["equal"]) == (5198, 5197)
    apart = tidy.differences
    assert set(apart["unit"]) == {"RAL"}
    assert set(apart["period"].dt.strftime("%Y-%m")) == {"2019-03"}
    assert apart.set_index("quantity")["value_used"].to_dict() == {"denominator": 25166, "numerator": 3498}
    assert apart.set_index("quantity")["value_other"].to_dict() == {"denominator": 25167, "numerator": 3389}
