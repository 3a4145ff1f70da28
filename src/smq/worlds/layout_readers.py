"""The reader of each layout in which national statistics are published.

Apart from `smq.worlds.layouts`, because a build only plans with the names, and readers take long to load.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from smq.readers.ae_csv import read_ae_csv
from smq.readers.ae_monthly import read_ae_monthly
from smq.readers.beds_kh03 import read_beds_kh03
from smq.readers.cancer_62d import read_cancer_62d
from smq.readers.cancer_extract import read_cancer_extract
from smq.readers.cqc_ratings import RatingsReading, read_cqc_ratings
from smq.readers.dtoc_extract import read_dtoc_extract
from smq.readers.friends_and_family import read_friends_and_family
from smq.readers.loans import read_loans
from smq.readers.reading import StatisticReading
from smq.readers.rtt_extract import read_rtt_extract
from smq.readers.rtt_workbook import read_rtt_workbook
from smq.readers.shmi_trust import read_shmi_trust
from smq.readers.sickness_absence import read_sickness_absence
from smq.readers.staff_in_post import read_staff_in_post
from smq.readers.tac_agency import read_tac_agency

Reader = Callable[[Path, str, Mapping[str, str]], StatisticReading]


def _plain(read: Callable[[Path, str], StatisticReading]) -> Reader:
    return lambda path, source, _: read(path, source)


def _kh03(path: Path, source: str, _: Mapping[str, str]) -> StatisticReading:
    """Give occupied beds as a series of their own: they are the numerator of the occupancy."""
    reading = read_beds_kh03(path, source)
    rows = reading.rows
    occupied = rows[rows["indicator"] == "beds_occupancy"]
    beds = occupied.assign(indicator="beds_occupied", value=occupied["numerator"], denominator=float("nan"))
    # Nobody in no beds is a number, though the share of them is none.
    beds = beds.assign(missing=beds["missing"].where(beds["numerator"].isna(), ""))
    return replace(reading, rows=pd.concat([rows, beds], ignore_index=True))


READERS: dict[str, Reader] = {
    "ae_csv": _plain(read_ae_csv),
    "ae_monthly": _plain(read_ae_monthly),
    "rtt_extract": _plain(read_rtt_extract),
    "rtt_workbook": _plain(read_rtt_workbook),
    "cancer_62d": _plain(read_cancer_62d),
    "cancer_extract": _plain(read_cancer_extract),
    "dtoc_extract": _plain(read_dtoc_extract),
    "kh03": _kh03,
    "shmi_trust": _plain(read_shmi_trust),
    "sickness_absence": _plain(read_sickness_absence),
    "staff_in_post": _plain(read_staff_in_post),
    "tac_agency": read_tac_agency,
    "loans": _plain(read_loans),
    "friends_and_family": _plain(read_friends_and_family),
}
"""By layout of figures: reads a file, given its name as a source and the codes of organisations by name."""
RATING_READERS: dict[str, Callable[[Path], RatingsReading]] = {"cqc_ratings": read_cqc_ratings}
"""By layout of ratings."""
