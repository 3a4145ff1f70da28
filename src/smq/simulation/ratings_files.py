"""Writes ratings as the regulator publishes them: the latest of each trust, once a year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from smq.simulation.csv_files import texts_of, write_csv
from smq.simulation.ratings import DOMAINS, FIRST_RATED, LAST_RATED, WORDS, draw_ratings

if TYPE_CHECKING:
    from pathlib import Path

    from smq.simulation.csv_files import Column
    from smq.simulation.ratings import Rating
    from smq.simulation.world import World

EDITIONS = tuple(date(year, 12, 1) for year in range(FIRST_RATED.year, LAST_RATED.year + 1))
ALL_DOMAINS = (*DOMAINS, "Overall")


def write_ratings(world: World, folder: Path) -> None:
    """Write an edition for each first of December: the latest rating of each trust that had one."""
    ratings = draw_ratings(world, world.score)
    for edition in EDITIONS:
        latest: dict[int, Rating] = {rating.trust: rating for rating in ratings if rating.published < edition}
        _write_edition(world, folder, edition, [latest[trust] for trust in sorted(latest)])


def _write_edition(world: World, folder: Path, edition: date, latest: list[Rating]) -> None:
    trusts = np.repeat([rating.trust for rating in latest], len(ALL_DOMAINS)).astype(np.int64)
    words = np.array([[*rating.domains, rating.overall] for rating in latest], dtype=np.int64).ravel()
    days = [f"{rating.published:%d/%m/%Y}" for rating in latest]
    columns: dict[str, Column] = {
        "Provider ID": texts_of(world.trusts.codes, trusts),
        "Provider Name": texts_of(world.trusts.names, trusts),
        "Provider Type": "NHS Healthcare Organisation",
        "Service / Population Group": "Overall",
        "Domain": texts_of(ALL_DOMAINS, np.tile(np.arange(len(ALL_DOMAINS)), len(latest))),
        "Latest Rating": texts_of(WORDS, words),
        "Publication Date": texts_of(days, np.repeat(np.arange(len(latest)), len(ALL_DOMAINS))),
    }
    write_csv(folder / f"{edition:%d_%B_%Y}_Latest_ratings.csv", columns, len(trusts))
