"""Cancer treated within 62 days of urgent referral: one sheet of the quarterly workbook by provider.

Layout: of the 14 sheets of the workbook (`cancer_standards` reads them all), '62-DAY (ALL CANCER)'. Three
parts stand one under another: A admitted, B non-admitted, C all care.

Traps: those of `cancer_standards`. The sheets of upgrades and of screening have the same layout and columns:
the title tells them apart.

Verified on: the workbooks of April to June and July to September 2015 (168 and 166 providers; 974 rows): 'ALL
ENGLISH PROVIDERS' is the sum of the rows in each part (27,713 within and 6,093 after 62 days; 29,296 and
6,397); within and after make the total, the bands make within and after, and admitted and non-admitted make
all care, in every row.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from smq.readers.cancer_sheet import Standard, read_sheet
from smq.readers.gathering import Gathering
from smq.readers.workbook import find_sheet

if TYPE_CHECKING:
    from smq.readers.reading import StatisticReading

VERIFIED = "verified on real files"

STANDARD = Standard(
    "62-DAY (ALL CANCER)", "urgent gp referral to treatment", "cancer_62d", 62, {"all cancers": ""}
)


def read_cancer_62d(path: Path, source: str = "") -> StatisticReading:
    """Read one quarterly workbook. Values are percentages of patients treated within 62 days.

    Indicators: `cancer_62d` (all care), `cancer_62d_admitted`, `cancer_62d_non_admitted`.
    Raises `DataFileError`.
    """
    into = Gathering(path, source or path.name)
    read_sheet(find_sheet(path, [STANDARD.sheet]), STANDARD, into)
    return into.reading()
