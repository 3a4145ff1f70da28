"""The layouts in which national statistics are published, by the names that `mappings.yaml` knows them by.

A file of such a layout needs no mapping of its columns: its reader finds them. Each layout says which of the
series of `config/study.yaml` it gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Layout:
    """A layout that gives figures: its reader (file, source, codes by name), and the series that it gives."""

    read: Reader
    series: tuple[str, ...]


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


_AE = ("ae_4h", "ae_4h_type1", "ae_4h_type2", "ae_4h_other")
_LOANS = ("loans_opening", "loans_drawn", "loans_repaid", "loans_closing", "loans_interest", "loans_count")
LAYOUTS: dict[str, Layout] = {
    "ae_csv": Layout(_plain(read_ae_csv), _AE),
    "ae_monthly": Layout(_plain(read_ae_monthly), _AE),
    "rtt_extract": Layout(_plain(read_rtt_extract), ("rtt_18w",)),
    "rtt_workbook": Layout(_plain(read_rtt_workbook), ("rtt_18w",)),
    "cancer_62d": Layout(_plain(read_cancer_62d), ("cancer_62d",)),
    "cancer_extract": Layout(_plain(read_cancer_extract), ("cancer_62d",)),
    "dtoc_extract": Layout(_plain(read_dtoc_extract), ("dtoc_days",)),
    "kh03": Layout(_kh03, ("beds_available", "beds_occupied")),
    "shmi_trust": Layout(_plain(read_shmi_trust), ("shmi", "shmi_rolling")),
    "sickness_absence": Layout(_plain(read_sickness_absence), ("sickness",)),
    "staff_in_post": Layout(_plain(read_staff_in_post), ("staff_fte",)),
    "tac_agency": Layout(read_tac_agency, ("agency",)),
    "loans": Layout(_plain(read_loans), _LOANS),
    "friends_and_family": Layout(_plain(read_friends_and_family), ("fft_recommend", "fft_positive")),
}
"""Layouts of figures."""
RATINGS: dict[str, Callable[[Path], RatingsReading]] = {"cqc_ratings": read_cqc_ratings}
"""Layouts of ratings, which are words and no figures of the panel."""
