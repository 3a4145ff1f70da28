"""Every original file that is at hand must be read, and each total printed in it must be explained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smq.readers.ae_csv import read_ae_csv
from smq.readers.ae_monthly import read_ae_monthly
from smq.readers.ae_weekly import read_ae_weekly
from smq.readers.beds_kh03 import read_beds_kh03
from smq.readers.cancer_standards import read_cancer_standards
from smq.readers.dtoc_england import read_dtoc_england
from smq.readers.ods import read_trust_list
from smq.readers.rtt_dh import read_rtt_dh
from smq.readers.rtt_workbook import read_rtt_workbook
from smq.readers.shmi_editions import read_shmi_editions
from smq.readers.staff_in_post import read_staff_in_post
from smq.readers.staff_survey import read_staff_survey
from smq.readers.tac_form import read_tac_form

STATISTICS: dict[str, tuple[Callable[[Path], Any], int, int]] = {
    "ae-by-provider-2025-06.xlsx": (read_ae_monthly, 804, 88),
    "ae-monthly-2024-09.csv": (read_ae_csv, 788, 12),
    "ae-weekly-sitrep-by-provider-week-ending-2010-11-07.xls": (read_ae_weekly, 1184, 14),
    "cancer-waiting-times-provider-2015-16-q1.xlsx": (read_cancer_standards, 10341, 826),
    "cancer-waiting-times-provider-2015-16-q2.xlsx": (read_cancer_standards, 10421, 826),
    "dtoc-england-timeseries-aug2010-feb2020.xls": (read_dtoc_england, 2645, 460),
    "hchs-staff-by-organisation-nationality-2017-09-2018-06.xlsx": (read_staff_in_post, 8117, 0),
    "kh03-overnight-beds-2010-11-q1.xls": (read_beds_kh03, 2900, 190),
    "nhs-staff-survey-2018-health-sheet4-extract.xls": (read_staff_survey, 25, 10),
    "rtt-dh-2009-10-dh_112606.xls": (read_rtt_dh, 3060, 786),
    "rtt-incomplete-commissioner-2015-04.xls": (read_rtt_workbook, 4200, 620),
    "shmi-indicator-portal-2013-july.csv": (read_shmi_editions, 994, 0),
}
"""File, its reader, number of rows (7 series of 142 trusts in the SHMI, 23 of 115 months in delayed transfers
and so on) and of totals that are compared."""
LISTS: dict[str, tuple[Callable[[Path], Any], int]] = {
    "ods-etr-2025.csv": (read_trust_list, 209),
    "tac-illustrative-form-2019-20.xlsx": (read_tac_form, 6036),
}
"""Files that hold no figures."""
NOT_DATA = {"README.md"}


def test_no_sample_is_without_a_reader(raw_samples: Path) -> None:
    there = {path.relative_to(raw_samples).as_posix() for path in raw_samples.rglob("*") if path.is_file()}
    assert there - NOT_DATA == STATISTICS.keys() | LISTS.keys()


@pytest.mark.parametrize("name", sorted(STATISTICS))
def test_every_total_of_a_sample_is_equal_or_explained(raw_samples: Path, name: str) -> None:
    read, rows, totals = STATISTICS[name]
    reading = read(raw_samples / name)
    assert (len(reading.rows), len(reading.totals)) == (rows, totals)
    explanations = reading.totals[reading.totals["difference"] != 0]["explanation"]
    assert (explanations != "").all()
    assert not explanations.str.contains("not explained").any()
    # Differences beyond rounding are not hidden by the column of differences either.
    off = (reading.totals["printed"] - reading.totals["summed"]).abs() > 1e-3
    assert (reading.totals["explanation"][off] != "").all()


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_list_is_read(raw_samples: Path, name: str) -> None:
    read, size = LISTS[name]
    found = read(raw_samples / name)
    assert len(getattr(found, "rows", found)) == size
