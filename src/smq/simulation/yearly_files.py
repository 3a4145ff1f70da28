"""Writes the quarterly and yearly statistics as raw files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from smq.readers import shmi_trust, tac_accounts
from smq.simulation.calendar import MONTHS, YEARS
from smq.simulation.courses import QUALITY_PERSISTENCE
from smq.simulation.csv_files import texts_of, write_csv, write_parts
from smq.simulation.indicators import BY_ID
from smq.simulation.streams import stream
from smq.simulation.trusts import NEVER

if TYPE_CHECKING:
    from pathlib import Path

    from smq.simulation.csv_files import Column, Part
    from smq.simulation.indicators import Planted
    from smq.simulation.streams import Counts
    from smq.simulation.world import World

SURVEY = {
    "survey_work": "would_recommend_work",
    "survey_care": "would_recommend_care",
    "survey_stress": "unwell_from_stress",
}
"""Item of the survey and its column; each beside the number that answered it."""
PUBLISHED = date(2000, 6, 25)
"""Day of the next year on which an edition is published: the last one before the first entries is of 2012."""
NORMAL_95 = 1.959964
_SPELLS_A_DEATH = 31
STAFF_COSTS, AGENCY_STAFF, BANK_STAFF = "STA0330", "STA0310", "STA0300"
_STAFF_YEARS = (2017, 2018)
"""As few as are public of real trusts."""
_FTE = 4_300.0


def write_yearly(world: World, folder: Path) -> None:
    """Write all quarterly and yearly statistics below a folder."""
    _write_shmi(world, folder / "shmi")
    _write_survey(world, folder / "survey")
    _write_turnover(world, folder / "turnover")
    _write_accounts(world, folder / "accounts")
    _write_beds(world, folder / "beds")
    _write_staff(world, folder / "staff")


def _having(world: World, indicator: str) -> tuple[Counts, Counts]:
    """Give trust and year, as places, of each figure: by year, then by trust."""
    years, trusts = np.nonzero(world.figures[indicator].reported.T)
    return trusts, years


def _named(world: World, trusts: Counts) -> tuple[Column, Column]:
    return texts_of(world.trusts.codes, trusts), texts_of(world.trusts.names, trusts)


def _write_shmi(world: World, folder: Path) -> None:
    """Write an edition for each calendar year, and the control limits of all editions.

    The limits with over-dispersion are those that follow from the planted spread between trusts.
    """
    figures, planted = world.figures["shmi"], BY_ID["shmi"]
    limits: list[Part] = []
    for place, year in enumerate(YEARS):
        trusts = np.flatnonzero(figures.reported[:, place])
        observed, expected = figures.numerator[trusts, place], figures.denominator[trusts, place]
        value = np.round(observed / expected, 4)
        apart = NORMAL_95 * np.sqrt(1 / expected + _between_trusts(planted))
        lower, upper = np.round(1 - apart, 4), np.round(1 + apart, 4)
        codes, names = _named(world, trusts)
        values: tuple[Column, ...] = (
            codes,
            names,
            value,
            np.where(value > upper, 1, np.where(value < lower, 3, 2)),
            expected * _SPELLS_A_DEATH,
            observed,
            expected,
        )
        edition = f"January {year} to December {year}"
        front = (
            "Summary hospital-level mortality indicator: simulated data about fictional trusts",
            edition,
            f"Published:,{PUBLISHED:%d/%m}/{year + 1}",
        )
        path = folder / f"SHMI data at trust level, {edition}.csv"
        write_csv(path, dict(zip(shmi_trust.COLUMNS, values, strict=True)), len(trusts), front=front)
        edges: dict[str, Column] = {
            "PROVIDER": codes,
            "PROVIDER NAME": names,
            "DATE": f"{year + 1}-{PUBLISHED:%m-%d}",
        }
        limits.append(({**edges, "OD_LL": lower, "OD_UL": upper}, len(trusts)))
    write_parts(folder / "limits" / "shmi_limits.csv", limits)


def _between_trusts(planted: Planted) -> float:
    """Give the variance between trusts of what is planted, as a mean of twelve months."""
    months_apart = np.arange(1, 12)

    def of_mean(persistence: float) -> float:
        return float((1 + 2 * np.sum((1 - months_apart / 12) * persistence**months_apart)) / 12)

    shared = planted.loading**2
    swing = shared * of_mean(QUALITY_PERSISTENCE) + (1 - shared) * of_mean(planted.persistence)
    return planted.spread**2 + planted.swing**2 * swing


def _write_survey(world: World, folder: Path) -> None:
    trusts, years = _having(world, "survey_work")
    codes, names = _named(world, trusts)
    columns: dict[str, Column] = {"ods_code": codes, "trust_name": names, "year": np.array(YEARS)[years]}
    for indicator, column in SURVEY.items():
        figures = world.figures[indicator]
        columns[f"{column}_answers"] = figures.denominator[trusts, years]
        columns[column] = figures.numerator[trusts, years]
    write_csv(folder / "staff_survey.csv", columns, len(trusts))


def _write_turnover(world: World, folder: Path) -> None:
    trusts, years = _having(world, "turnover")
    figures = world.figures["turnover"]
    codes, names = _named(world, trusts)
    columns: dict[str, Column] = {
        "ods_code": codes,
        "trust_name": names,
        "financial_year": texts_of([f"{year}-{(year + 1) % 100:02d}" for year in YEARS], years),
        "leavers": figures.numerator[trusts, years],
        "average_staff": figures.denominator[trusts, years],
    }
    write_csv(folder / "turnover.csv", columns, len(trusts))


def _write_accounts(world: World, folder: Path) -> None:
    """Write the accounts of each year: bank staff, agency staff and gross staff costs, in £000."""
    figures = world.figures["agency"]
    codes = (BANK_STAFF, AGENCY_STAFF, STAFF_COSTS)
    for place, year in enumerate(YEARS):
        there = np.flatnonzero(figures.reported[:, place])
        if not there.size:
            continue
        agency, costs = (
            np.rint(part[there, place] / 1000).astype(np.int64)
            for part in (figures.numerator, figures.denominator)
        )
        amounts = np.stack([np.rint(0.04 * costs).astype(np.int64), agency, costs], axis=1).ravel()
        rows = len(amounts)
        values: tuple[Column, ...] = (
            texts_of(world.trusts.names, np.repeat(there, len(codes))),
            "TAC09 Staff",
            "2",
            "A09CY01",
            "1",
            texts_of(codes, np.tile(np.arange(len(codes)), len(there))),
            amounts,
        )
        columns = dict(zip(tac_accounts.COLUMNS.values(), values, strict=True))
        write_csv(folder / f"TAC all trusts {year}-{(year + 1) % 100:02d}.csv", columns, rows)


def _write_beds(world: World, folder: Path) -> None:
    quarters, trusts = np.nonzero(world.beds_available.T)
    codes, names = _named(world, trusts)
    columns: dict[str, Column] = {
        "ods_code": codes,
        "org_name": names,
        "quarter_start": texts_of([f"{month:%Y-%m-%d}" for month in MONTHS[::3]], quarters),
        "available": world.beds_available[trusts, quarters],
        "occupied": world.beds_occupied[trusts, quarters],
    }
    write_csv(folder / "overnight_beds.csv", columns, len(trusts))


def _write_staff(world: World, folder: Path) -> None:
    random = stream(world.seed, "staff in post")
    lasting = np.flatnonzero(world.trusts.dissolved == NEVER)
    drawn = np.exp(random.normal(0, 0.02, (len(_STAFF_YEARS), len(lasting))))
    fte = np.round(
        _FTE * world.trusts.sizes[lasting] * drawn * 1.01 ** np.arange(len(_STAFF_YEARS))[:, None], 1
    )
    years = np.repeat(np.arange(len(_STAFF_YEARS)), len(lasting))
    codes, names = _named(world, np.tile(lasting, len(_STAFF_YEARS)))
    columns: dict[str, Column] = {
        "ods_code": codes,
        "organisation_name": names,
        "month": texts_of([f"{year}-09-30" for year in _STAFF_YEARS], years),
        "fte": fte.ravel(),
    }
    write_csv(folder / "staff_in_post.csv", columns, fte.size)
