"""Directions that the published evaluation reports, and whether ours point the same way.

The evaluation gives directions and no sizes, each relative to the national trend. Simulated figures are set
beside none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smq import wording
from smq.naming import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from smq.config import Better

QUANTITIES = {"ae_4h": "four_hour_waits", "shmi": "mortality", "dtoc": "delayed_transfers"}
"""Published quantity of an indicator."""
SHORT = {"ae_4h": "waits in A&E", "shmi": "mortality", "dtoc": "delayed transfers"}
SIMULATED = "simulated figures are set beside no published finding"


def directions(published: pd.DataFrame) -> dict[str, str]:
    """Give the published direction by indicator, from the table of `reference.load_results`.

    Raises `KeyError` where the table lacks one.
    """
    known = published.dropna(subset=["direction"]).set_index("quantity")["direction"]
    return {indicator: str(known[quantity]) for indicator, quantity in QUANTITIES.items()}


def of_change(interval: wording.Interval, better: Better) -> str:
    """Give the direction of a change by its interval, in the words of the published results."""
    return wording.relative(interval, better)


def agreement(ours: str, published: str) -> str:
    """Say of our direction how it stands to a published one. Both: better, worse, no different."""
    if ours == published:
        return "points the same way"
    return "shows no clear direction" if ours == "no different" else "points the other way"


def sentence(agreements: Mapping[str, str]) -> str:
    """Say of our estimates, by indicator, how they stand to the published directions; without a stop.

    agreements: what `agreement` says, of one indicator or more.
    """
    said = dict.fromkeys(agreements.values())
    groups = [[SHORT[name] for name, one in agreements.items() if one == words] for words in said]
    parts = [f"on {listed(names)}, ours {words}" for names, words in zip(groups, said, strict=True)]
    return "; ".join(parts)
