"""Support, costs, loans and counts must add up, and none may be a published amount or count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from smq.simulation.support import (
    SUPPORT_COLUMNS,
    case_study_table,
    cost_table,
    loan_table,
    review_table,
    support_table,
)

if TYPE_CHECKING:
    from smq.simulation.world import World

KINDS = {"improvement director", "buddying", "central funding", "leadership change"}


def one(kind: str, began: str, ended: str, dose: float, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        [("ZZ01", "2013-07-18", kind, began, ended, dose, unit)], columns=list(SUPPORT_COLUMNS)
    )


def test_costs_by_hand() -> None:
    # 31 March to 2 April: a day in each financial year, at 3.5 days a week half a day's work each.
    costs = cost_table(one("improvement director", "2014-03-31", "2014-04-02", 3.5, "days a week"))
    assert costs["financial_year"].tolist() == ["2013/14", "2014/15"]
    assert costs["quantity"].tolist() == [0.5, 0.5]
    assert costs["amount_gbp"].tolist() == [470, 470]
    # 13 days a month are 3 a week: 52 weeks make 156 days, at £430.
    costs = cost_table(one("buddying", "2014-04-01", "2015-03-31", 13, "days a month"))
    assert costs["quantity"].sum() == pytest.approx(156, abs=0.5)
    assert costs["amount_gbp"].sum() == pytest.approx(156 * 430, rel=0.005)
    grant = cost_table(one("central funding", "2014-05-01", "2014-05-01", 300_000, "pounds"))
    assert grant["amount_gbp"].tolist() == [300_000]


def test_every_spell_has_a_director_and_dates_in_order(world: World) -> None:
    given = support_table(world)
    assert set(given["intervention"]) == KINDS
    directors = given[given["intervention"] == "improvement director"]
    assert len(directors) == len(world.spells)
    assert (given["began_on"] <= given["ended_on"]).all()
    assert (given["dose"] > 0).all()


def test_balances_chain(world: World) -> None:
    loans = loan_table(world)
    assert (loans["opening_gbp"] + loans["drawn_gbp"] - loans["repaid_gbp"] == loans["closing_gbp"]).all()
    for _, rows in loans.groupby("ods_code"):
        assert rows["opening_gbp"].tolist()[1:] == rows["closing_gbp"].tolist()[:-1]
        assert len(rows) == 3


def test_the_review_closes_and_its_counts_are_not_the_published_ones(world: World) -> None:
    steps = review_table(world).set_index("step")["records"]
    removed = ["duplicates removed", "excluded on title and abstract", "excluded on full text"]
    assert steps["records found"] - steps[removed].sum() == steps["studies included"] > 0
    sites = case_study_table(world)
    # Published: 8 sites, 60 interviews, 8 observations, 291 documents.
    totals = sites[["interviews", "observations", "documents"]].sum()
    assert len(sites) != 8
    assert (totals["interviews"], totals["observations"], totals["documents"]) != (60, 8, 291)


def test_no_amount_is_a_published_one(world: World, project: Path) -> None:
    published = pd.read_csv(project / "data" / "reference" / "published_costs.csv")["amount_gbp"].dropna()
    made = {float(amount) for amount in cost_table(support_table(world))["amount_gbp"]}
    assert not made & set(published.astype(float))
