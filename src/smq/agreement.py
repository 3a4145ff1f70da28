"""How far two sources of one figure agree, to the unit.

`overlap` counts what two sources share; `differences` lists where they part. Rows have the columns unit,
period, indicator, numerator, denominator; figures are compared as they stand, a missing one with a missing
one.
"""

from __future__ import annotations

import pandas as pd

KEY = ["unit", "period", "indicator"]
QUANTITIES = ("numerator", "denominator")
OVERLAP_COLUMNS = ["indicator", "source_used", "source_other", "shared", "equal"]
DIFFERENCE_COLUMNS = [
    "unit",
    "period",
    "indicator",
    "quantity",
    "value_used",
    "source_used",
    "value_other",
    "source_other",
]


def overlap(used: pd.DataFrame, other: pd.DataFrame, source_used: str, source_other: str) -> pd.DataFrame:
    """Count, by indicator, unit-periods in both sources, and those equal to the unit in both quantities."""
    both = used[[*KEY, *QUANTITIES]].merge(
        other[[*KEY, *QUANTITIES]], on=KEY, suffixes=("_used", "_other"), validate="one_to_one"
    )
    equal = pd.Series(True, index=both.index)
    for quantity in QUANTITIES:
        equal &= _equal(both, quantity)
    counted = (
        both.assign(equal=equal).groupby("indicator", sort=True)["equal"].agg(shared="size", equal="sum")
    )
    named = counted.reset_index().assign(source_used=source_used, source_other=source_other)
    return named[OVERLAP_COLUMNS].astype({"shared": int, "equal": int})


def differences(used: pd.DataFrame, other: pd.DataFrame, source_used: str, source_other: str) -> pd.DataFrame:
    """List the figures that are not equal: columns `DIFFERENCE_COLUMNS`."""
    both = used[[*KEY, *QUANTITIES]].merge(
        other[[*KEY, *QUANTITIES]], on=KEY, suffixes=("_used", "_other"), validate="one_to_one"
    )
    found = []
    for quantity in QUANTITIES:
        apart = both[~_equal(both, quantity)]
        found.append(
            apart[KEY].assign(
                quantity=quantity,
                value_used=apart[f"{quantity}_used"],
                source_used=source_used,
                value_other=apart[f"{quantity}_other"],
                source_other=source_other,
            )
        )
    listed = pd.concat(found, ignore_index=True)[DIFFERENCE_COLUMNS]
    return listed.sort_values([*KEY, "quantity"], ignore_index=True)


def _equal(both: pd.DataFrame, quantity: str) -> pd.Series[bool]:
    used, other = both[f"{quantity}_used"], both[f"{quantity}_other"]
    return (used == other) | (used.isna() & other.isna())
