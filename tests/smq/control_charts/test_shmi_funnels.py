"""A trust must stand in the band that was published, beside what became of it in the regime."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smq.control_charts.shmi_funnels import FIGURES, NAMES, Description, describe, editions
from smq.panel import arrange
from smq.performance.indicator import Lacking
from smq.readers.errors import MappingError
from smq.reference import load_spells
from smq.statistics.funnels import funnel_limits
from tests.smq import panels
from tests.smq.spc_cases import PROJECT, spells, whole_study
from tests.smq.statistics.test_funnels import COLLECTION

ENTRIES = spells(("RAA", "2013-07-16", "2014-06-09"), ("RBB", "2014-10-14", ""))


def row(unit: str, period: str, indicator: str, value: float, **given: object) -> dict[str, object]:
    return panels.ae_row(unit, period, 0, 1) | {
        "period_length": "year",
        "indicator": indicator,
        "numerator": float("nan"),
        "denominator": float("nan"),
        "value": value,
        **given,
    }


def panel(
    trusts: dict[str, tuple[float, float]],
    limits: tuple[float, float] | None = (0.9, 1.1),
    published: str = "2013-04-01",
    period: str = "2011-10-01",
) -> pd.DataFrame:
    """One edition: observed and expected deaths by trust."""
    rows = []
    for unit, (observed, expected) in trusts.items():
        when = {"published": pd.Timestamp(published)}
        deaths = {"numerator": observed, "denominator": expected} | when
        rows.append(row(unit, period, "shmi_rolling", round(observed / expected, 4), **deaths))
        if limits is not None:
            rows.append(row(unit, period, "shmi_limit_lower", limits[0], **when))
            rows.append(row(unit, period, "shmi_limit_upper", limits[1], **when))
    return arrange(panels.of(rows))


TRUSTS = {"RAA": (1200.0, 1000.0), "RBB": (1000.0, 1000.0), "RCC": (850.0, 1000.0), "RDD": (1300.0, 1000.0)}


def described(**choices: object) -> Description:
    found = describe(panel(TRUSTS), ENTRIES, whole_study(), **choices)  # type: ignore[arg-type]
    assert isinstance(found, Description)
    return found


def test_bands_and_states_by_hand() -> None:
    found = described()
    points = found.chosen.points.set_index("unit")
    assert points["band"].tolist() == ["higher", "as expected", "lower", "higher"]
    assert points["state"].tolist() == ["later", "later", "never", "never"]
    numbers = {name: (number.value, number.denominator) for name, number in found.numbers.items()}
    assert numbers == {
        "editions": (1, None),
        "trusts": (4, None),
        "higher": (2, 4),
        "as_expected": (1, 4),
        "lower": (1, 4),
        "smq_trusts": (2, 4),
        "smq_higher": (1, 2),
        "smq_as_expected": (1, 2),
        "smq_lower": (0, 2),
        "first_entrants": (1, 1),
        "first_entrants_higher": (1, 1),
    }
    assert (found.texts["edition"], found.texts["covers"]) == ("April 2013", "October 2011 to September 2012")
    assert found.tables["outside_table"]["code"].tolist() == ["RAA"]


@pytest.mark.parametrize(
    ("published", "states"),
    [
        ("2013-07-01", ["in", "later"]),
        ("2014-06-01", ["in", "later"]),
        ("2014-07-01", ["earlier", "later"]),
        ("2014-10-01", ["earlier", "in"]),
        ("2022-01-01", ["earlier", "earlier"]),
    ],
)
def test_the_state_is_that_in_the_month_of_publication(published: str, states: list[str]) -> None:
    (one,) = editions(panel(TRUSTS, published=published), ENTRIES, whole_study())
    assert one.points.set_index("unit")["state"][["RAA", "RBB"]].tolist() == states


def test_the_edition_is_the_last_before_the_first_entry() -> None:
    both = pd.concat(
        [
            panel(TRUSTS),
            panel(TRUSTS, published="2013-07-01", period="2012-01-01"),
            panel(TRUSTS, published="2013-01-01", period="2011-07-01"),
        ]
    )
    found = describe(arrange(both), ENTRIES, whole_study())
    assert isinstance(found, Description)
    assert found.texts["edition"] == "April 2013"
    assert found.tables["edition_table"]["edition"].tolist() == ["Jan 2013", "Apr 2013", "Jul 2013"]
    assert described(edition="2013-04").texts["edition"] == "April 2013"
    with pytest.raises(MappingError, match="there is no SHMI edition '2013-05'"):
        described(edition="2013-05")


def test_an_edition_without_limits_gets_ours_and_says_so() -> None:
    many = {f"R{letter}A": (1000.0 + 20 * place, 1000.0) for place, letter in enumerate("ABCDEFGHJK")}
    (one,) = editions(panel(many, limits=None), ENTRIES, whole_study())
    assert one.limits == "ours"
    observed, expected = zip(*many.values(), strict=True)
    assert one.points["upper"].tolist() == funnel_limits(observed, expected)[1].tolist()
    found = describe(panel(many, limits=None), ENTRIES, whole_study())
    assert isinstance(found, Description)
    assert "our own 95% limits" in found.texts["limits"]


def test_every_name_is_given_or_absent() -> None:
    none_outside = describe(panel({"RAA": (1000.0, 1000.0)}), ENTRIES, whole_study())
    assert isinstance(none_outside, Description)
    assert "no trust that was ever" in none_outside.absent["outside_table"]
    for found in (described(), none_outside):
        given = {*found.numbers, *found.texts, *found.tables, *found.absent, *FIGURES}
        assert given == set(NAMES)


def test_a_world_without_expected_deaths_lacks_the_funnel() -> None:
    table = panel(TRUSTS).assign(denominator=float("nan"))
    assert describe(table, ENTRIES, whole_study()) == Lacking(
        "no data file holds SHMI by edition with observed and expected deaths"
    )


def test_every_published_band_comes_out_of_the_published_limits(real_data: Path) -> None:
    path = real_data.parent / COLLECTION
    if not path.is_file():
        pytest.skip("needs the pinned file of SHMI editions, which is not here")
    table = pd.read_csv(path, parse_dates=["DATE"])
    parts = []
    for name, column in (("rolling", "VALUE"), ("limit_lower", "OD_LL"), ("limit_upper", "OD_UL")):
        part = pd.DataFrame({"unit": table["PROVIDER"], "value": table[column], "indicator": f"shmi_{name}"})
        deaths = table["OBSERVED"] if name == "rolling" else float("nan")
        part = part.assign(numerator=deaths, denominator=table["EXPECTED"], published=table["DATE"])
        parts.append(part.assign(period=table["DATE"] - pd.DateOffset(months=18)))
    rows = pd.concat(parts).assign(period_length="year", origin="official statistics", source="shmi")
    record = load_spells(PROJECT / "data" / "reference" / "smq_spells.csv")
    found = editions(arrange(rows.astype({"numerator": float})), record, whole_study())
    assert len(found) == 11
    words = {1: "higher", 2: "as expected", 3: "lower"}
    banded = 0
    for one in found:
        printed = table[table["DATE"] == one.published].set_index("PROVIDER")["OD_BANDING"].map(words)
        points = one.points.set_index("unit")["band"]
        assert points.tolist() == printed.loc[points.index].tolist()
        banded += len(points)
    # The collection has 1,581 rows; five are of a primary care trust.
    assert banded == len(table) - int(table["PROVIDER"].str.match(r"^[^RT]").sum())
