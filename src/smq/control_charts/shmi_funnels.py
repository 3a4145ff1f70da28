"""SHMI by edition beside its control limits: which trusts were higher than expected, and which entered.

An edition covers twelve months and is named by the month in which it was published. Its published limits
(with over-dispersion) are shown as they are; where an edition has none, the limits are ours
(`smq.statistics.funnels`) and are called so. `describe` gives a `Description`, or a `Lacking` with the
reason. Trusts were chosen for special measures partly because of their mortality, so that a later fall is
expected by chance alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from press.errors import nearest
from smq import naming
from smq.panel import is_trust
from smq.performance.indicator import Lacking, Number
from smq.readers.errors import MappingError
from smq.statistics import funnels

if TYPE_CHECKING:
    from smq.config import Study

SHMI, LOWER, UPPER = "shmi_rolling", "shmi_limit_lower", "shmi_limit_upper"
Limits = Literal["published", "ours"]
STATES = ("in", "later", "earlier", "never")
"""In special measures in the month of publication; to enter (again) later; left before it; never in."""
EVER = STATES[:3]
NUMBERS = (
    "editions",
    "trusts",
    "higher",
    "as_expected",
    "lower",
    "smq_trusts",
    "smq_higher",
    "smq_as_expected",
    "smq_lower",
    "first_entrants",
    "first_entrants_higher",
)
TEXTS = ("edition", "covers", "limits")
TABLES = ("edition_table", "outside_table")
FIGURES = ("funnel",)
NAMES = (*NUMBERS, *TEXTS, *TABLES, *FIGURES)
"""Every result of the notebook `chart_funnel`: each is present, or absent with a reason."""


@dataclass(frozen=True)
class Edition:
    """One edition of SHMI."""

    published: pd.Timestamp
    first_month: pd.Timestamp
    """First of the twelve months that it covers."""
    points: pd.DataFrame
    """A row for each trust, by code: unit, observed, expected (deaths), shmi, lower, upper (limits), band
    (higher, as expected, lower), name (of trusts ever in the regime, else empty), state (one of `STATES`),
    entered (day of first entry)."""
    limits: Limits

    @property
    def name(self) -> str:
        """Month of publication in words."""
        return f"{self.published:%B %Y}"

    @property
    def covers(self) -> str:
        """The twelve months in words."""
        return f"{self.first_month:%B %Y} to {self.first_month + pd.DateOffset(months=11):%B %Y}"


@dataclass(frozen=True)
class Description:
    """What is reported of SHMI by edition."""

    chosen: Edition
    origin: str
    numbers: dict[str, Number]
    texts: dict[str, str]
    tables: dict[str, pd.DataFrame]
    absent: dict[str, str]
    notes: tuple[str, ...]


def describe(
    panel: pd.DataFrame, spells: pd.DataFrame, study: Study, edition: str = ""
) -> Description | Lacking:
    """Describe one edition, and count over all of them.

    `edition` is a month of publication such as `2013-04`; empty: the last one published before the month of
    the first entry, or else the first. Raises `MappingError` where there is no such edition.
    """
    found = editions(panel, spells, study)
    if not found:
        return Lacking("no data file holds SHMI by edition with observed and expected deaths")
    chosen = _choose(found, spells, edition)
    points = chosen.points
    ever = points[points["state"] != "never"]
    first = spells["entered_on"].min()
    entrants = points[points["entered"] == first]
    outside = outside_table(chosen)
    counts = {
        "editions": Number(len(found), ",d", "editions"),
        "trusts": Number(len(points), ",d", "trusts"),
        "smq_trusts": _count(len(ever), len(points)),
        "first_entrants": _count(len(entrants), int((spells["entered_on"] == first).sum())),
        "first_entrants_higher": _count(int((entrants["band"] == "higher").sum()), len(entrants)),
    }
    for prefix, rows in (("", points), ("smq_", ever)):
        for band in ("higher", "as expected", "lower"):
            name = f"{prefix}{band.replace(' ', '_')}"
            counts[name] = _count(int((rows["band"] == band).sum()), len(rows))
    absent = {}
    if outside.empty:
        absent["outside_table"] = "no trust that was ever in special measures lay outside the limits"
    return Description(
        chosen=chosen,
        origin=str(panel.loc[panel["indicator"] == SHMI, "origin"].iloc[0]),
        numbers=counts,
        texts={"edition": chosen.name, "covers": chosen.covers, "limits": limits_words(chosen)},
        tables={"edition_table": edition_table(found)}
        | ({} if outside.empty else {"outside_table": outside}),
        absent=absent,
        notes=_notes(chosen),
    )


def editions(panel: pd.DataFrame, spells: pd.DataFrame, study: Study) -> list[Edition]:
    """Give the editions with observed and expected deaths, in order of the months that they cover.

    An edition without a date of publication counts as published in the month after its twelve months.
    """
    rows = panel[is_trust(panel) & panel["indicator"].isin([SHMI, LOWER, UPPER])]
    figures = rows[(rows["indicator"] == SHMI) & (rows["denominator"] > 0) & rows["numerator"].notna()]
    found = []
    for period, inside in figures.groupby("period", sort=True):
        first_month = pd.Timestamp(str(period))
        table = inside.set_index("unit").sort_index()
        printed = table["published"].max()
        published = first_month + pd.DateOffset(years=1) if pd.isna(printed) else pd.Timestamp(printed)
        limits = rows[(rows["period"] == period) & (rows["indicator"] != SHMI)]
        wide = limits.pivot_table(index="unit", columns="indicator", values="value")
        wide = wide.reindex(index=table.index, columns=[LOWER, UPPER])
        of: Limits = "published"
        if wide.isna().to_numpy().any():
            of = "ours"
            ours = funnels.funnel_limits(table["numerator"], table["denominator"])
            wide = pd.DataFrame(dict(zip((LOWER, UPPER), ours, strict=True)), index=table.index)
        points = pd.DataFrame(
            {
                "unit": table.index,
                "observed": table["numerator"].to_numpy(),
                "expected": table["denominator"].to_numpy(),
                "shmi": table["value"].to_numpy(),
                "lower": wide[LOWER].to_numpy(),
                "upper": wide[UPPER].to_numpy(),
            }
        )
        # Observed over expected, because SHMI and the limits are both rounded: a tie would hide a band.
        ratio = points["observed"] / points["expected"]
        points["band"] = np.select(
            [ratio > points["upper"], ratio < points["lower"]],
            ["higher", "lower"],
            "as expected",
        )
        found.append(Edition(published, first_month, _with_regime(points, published, spells, study), of))
    return found


def edition_table(found: list[Edition]) -> pd.DataFrame:
    """A row for each edition: trusts by band, and those in the regime then, later, earlier by band."""
    lines = []
    for one in found:
        higher = one.points[one.points["band"] == "higher"]
        ever = one.points[one.points["state"] != "never"]
        lines.append(
            {
                "edition": f"{one.published:%b %Y}",
                "covers": f"{one.first_month:%b %Y} to {one.first_month + pd.DateOffset(months=11):%b %Y}",
                "trusts": len(one.points),
                "higher": len(higher),
                "higher_ever": int((higher["state"] != "never").sum()),
                "higher_in": int((higher["state"] == "in").sum()),
                "ever": len(ever),
                "lower": int((one.points["band"] == "lower").sum()),
                "lower_ever": int((ever["band"] == "lower").sum()),
                "limits": one.limits,
            }
        )
    return pd.DataFrame(lines)


def outside_table(edition: Edition) -> pd.DataFrame:
    """Trusts ever in the regime that lay outside the limits, highest SHMI first."""
    points = edition.points
    outside = points[(points["band"] != "as expected") & (points["state"] != "never")]
    outside = outside.sort_values(["shmi", "unit"], ascending=[False, True])
    return pd.DataFrame(
        {
            "trust": [naming.short_name(name) for name in outside["name"]],
            "code": outside["unit"].to_numpy(),
            "entered": [f"{day:%B %Y}" for day in outside["entered"]],
            "observed": outside["observed"].to_numpy(),
            "expected": outside["expected"].to_numpy(),
            "shmi": outside["shmi"].to_numpy(),
            "lower": outside["lower"].to_numpy(),
            "upper": outside["upper"].to_numpy(),
            "band": [f"{band} than expected" for band in outside["band"]],
        }
    )


def limits_words(edition: Edition) -> str:
    """Say whose limits an edition is shown with."""
    if edition.limits == "published":
        return "the published limits, with over-dispersion"
    return "our own 95% limits, with over-dispersion, as the edition comes without any"


def _with_regime(
    points: pd.DataFrame, published: pd.Timestamp, spells: pd.DataFrame, study: Study
) -> pd.DataFrame:
    month = published.to_period("M")
    end = pd.Timestamp(study.regime.end)
    exits = spells["exited_on"].where(spells["exited_on"] <= end, end)
    entry, leaving = spells["entered_on"].dt.to_period("M"), exits.dt.to_period("M")
    state = dict.fromkeys(spells["ods_code"], "earlier")
    state |= dict.fromkeys(spells.loc[entry > month, "ods_code"], "later")
    state |= dict.fromkeys(spells.loc[(entry <= month) & (leaving >= month), "ods_code"], "in")
    first = spells.sort_values("entered_on").groupby("ods_code")[["trust_name", "entered_on"]].first()
    return points.assign(
        name=points["unit"].map(first["trust_name"]).fillna(""),
        state=points["unit"].map(state).fillna("never"),
        entered=points["unit"].map(first["entered_on"]),
    )


def _choose(found: list[Edition], spells: pd.DataFrame, edition: str) -> Edition:
    if edition:
        by_month = {f"{one.published:%Y-%m}": one for one in found}
        if edition not in by_month:
            raise MappingError(f"there is no SHMI edition '{edition}'. {nearest(edition, by_month)}")
        return by_month[edition]
    first = spells["entered_on"].min().to_period("M")
    before = [one for one in found if one.published.to_period("M") < first]
    return before[-1] if before else found[0]


def _notes(chosen: Edition) -> tuple[str, ...]:
    return (
        f"Limits: {limits_words(chosen)}; 95% of trusts are expected within them where only chance and "
        "the usual differences between trusts are at work. Higher and lower than expected: outside them.",
        "SHMI: deaths in hospital or within 30 days of discharge over those expected. Non-specialist acute "
        "trusts only. An edition covers twelve months, so editions of successive quarters overlap.",
    )


def _count(number: int, denominator: int) -> Number:
    return Number(number, ",d", "trusts", denominator=denominator)
