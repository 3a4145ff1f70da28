"""Cancer waiting times of all standards by provider: the quarterly workbook.

Layout: 14 sheets; all but 'Frontpage' hold a standard: two weeks from referral to a specialist (all cancers,
15 suspected cancers, breast symptoms), 31 days from diagnosis to first treatment (all, six cancers) and to
second or later treatment (surgery, drugs, radiotherapy), 31 days from referral for three rarer cancers, 62
days from referral to first treatment (all, six cancers), from an upgrade by a consultant, and from screening.
The quarter stands in row 2 ('Q1 2015-2016 (April, May, June)'). Sheets on treatment have three parts one
under another (A admitted, B non-admitted, C all care); each part has a row of group headers, a header, rows,
and a total 'ALL ENGLISH PROVIDERS' for each type of cancer. Footnotes follow.

Traps: totals of rows are formulas: the stored values are read. Halves: a patient treated by two providers is
shared between them. Names of columns bear the numbers of footnotes, which differ from sheet to sheet and from
quarter to quarter; the first column (ONS AREA ID) is empty in the second quarter. In sheets of 14 and 31 days
two columns have one name: the sum within the limit, and the band of which it consists. The treatment 'DRUGS'
of the first quarter is 'ANTI-CANCER DRUG REGIMEN' in the second, except in two of its totals. Private,
independent and closed organisations stand among the rows, from the second quarter on without their names. No
date of publication. A provider has no row where it treated nobody.

Verified on: the workbooks of April to June and July to September 2015 (10,341 and 10,421 rows): every total
equals the sum of its rows, but for 14 bands beyond 76 days of rarer cancers in the first quarter, which the
workbook contradicts itself (its total of the three is right). The sheets by type of cancer make the sheets of
all cancers, for each provider: 419,827 and 438,955 seen after urgent referral, 68,640 and 72,535 first
treatments, and 33,806 and 35,693 treated after it.
"""

from __future__ import annotations

import math
from pathlib import Path

from smq.readers import cancer_62d
from smq.readers.cancer_sheet import SETTINGS, Sheet, Standard, read_sheet
from smq.readers.errors import DataFileError, Problem
from smq.readers.gathering import Gathering
from smq.readers.reading import StatisticReading, normal
from smq.readers.workbook import read_workbook

VERIFIED = "verified on real files"

SUSPECTED = {
    "suspected acute leukaemia": "acute_leukaemia",
    "suspected brain/central nervous system tumours": "brain",
    "suspected breast cancer": "breast",
    "suspected children's cancer": "childrens",
    "suspected gynaecological cancer": "gynaecological",
    "suspected haematological malignancies (excluding acute leukaemia)": "haematological",
    "suspected head & neck cancer": "head_neck",
    "suspected lower gastrointestinal cancer": "lower_gastrointestinal",
    "suspected lung cancer": "lung",
    "suspected other cancer": "other",
    "suspected sarcoma": "sarcoma",
    "suspected skin cancer": "skin",
    "suspected testicular cancer": "testicular",
    "suspected upper gastrointestinal cancer": "upper_gastrointestinal",
    "suspected urological malignancies (excluding testicular)": "urological",
}
CANCERS = {
    "breast": "breast",
    "lower gastrointestinal": "lower_gastrointestinal",
    "lung": "lung",
    "other": "other",
    "skin": "skin",
    "urological": "urological",
    "urological (excluding testicular)": "urological",
}
RARER = {
    "acute leukaemia": "acute_leukaemia",
    "children's": "childrens",
    "testicular": "testicular",
    "all rare cancers": "",
}
BREAST_SYMPTOMS = "exhibited (non-cancer) breast symptoms - cancer not initially suspected"
_ALL = {"all cancers": ""}
_FIRST, _LATER = "wait for first treatment", "second or subsequent treatment"

ALL_REFERRALS = Standard(
    "TWO WEEK WAIT-ALL CANCER", "all cancers two week", "cancer_2ww", 14, {"all suspected cancer": ""}, False
)
REFERRALS = Standard(
    "TWO WEEK WAIT-BY CANCER", "by suspected cancer", "cancer_2ww", 14, SUSPECTED, settings=False
)
ALL_FIRST = Standard(
    "31-DAY FIRST TREAT (ALL CANCER)", "diagnosis to treatment", "cancer_31d_first", 31, _ALL
)
FIRST = Standard("31-DAY FIRST TREAT (BY CANCER)", "diagnosis to treatment", "cancer_31d_first", 31, CANCERS)
ALL_URGENT = cancer_62d.STANDARD
URGENT = Standard("62-DAY (BY CANCER)", ALL_URGENT.title, "cancer_62d", 62, CANCERS)
STANDARDS = (
    REFERRALS,
    ALL_REFERRALS,
    ALL_FIRST,
    FIRST,
    ALL_URGENT,
    URGENT,
    Standard("31-DAY (RARER CANCERS)", "rarer cancers", "cancer_31d_rarer", 31, RARER),
    Standard(
        "TWO WEEK WAIT-BREAST SYMPTOMS",
        "breast symptoms",
        "cancer_2ww_breast_symptoms",
        14,
        {BREAST_SYMPTOMS: ""},
        settings=False,
    ),
    Standard("31-DAY SUB TREAT (SURGERY)", "surgery", "cancer_31d_surgery", 31, {"surgery": ""}),
    Standard(
        "31-DAY SUB TREAT (DRUGS)",
        "drug treatments",
        "cancer_31d_drugs",
        31,
        {"drugs": "", "anti-cancer drug regimen": ""},
    ),
    Standard(
        "31-DAY SUB TREAT (RADIOTHERAPY)", "radiotherapy", "cancer_31d_radiotherapy", 31, {"radiotherapy": ""}
    ),
    Standard("62-DAY (CONSULTANT UPGRADE)", "consultant upgrade", "cancer_62d_upgrade", 62, _ALL),
    Standard("62-DAY (SCREENING)", "screening service referral", "cancer_62d_screening", 62, _ALL),
)
WHOLES = ((ALL_REFERRALS, REFERRALS), (ALL_FIRST, FIRST), (ALL_URGENT, URGENT))
"""Sheets of all cancers, and the sheets by type that make them."""
_AGAIN = "Take the workbook as it was published."
_EQUAL = 1e-6


def read_cancer_standards(path: Path, source: str = "") -> StatisticReading:
    """Read one quarterly workbook: percentages of patients within the limit of each standard.

    Indicators: `cancer_2ww`, `cancer_31d_first`, `cancer_62d` and so on (`STANDARDS`), with the type of
    cancer (`cancer_62d_lung`) and the care setting (`cancer_62d_lung_admitted`) behind. Sheets that a
    workbook lacks are said in the log. Raises `DataFileError`.
    """
    tables = {normal(name): table for name, table in read_workbook(path).items()}
    into = Gathering(path, source or path.name)
    sheets: dict[str, Sheet] = {}
    for standard in STANDARDS:
        table = tables.pop(normal(standard.sheet), None)
        if table is None:
            into.log.append(f"sheet {standard.sheet!r}: not in this workbook")
        else:
            sheets[standard.sheet] = read_sheet(table, standard, into)
    into.log += [f"sheet {name!r}: not read, it is not known" for name in tables if name != "frontpage"]
    quarters = {sheet.quarter for sheet in sheets.values()}
    if len(quarters) > 1:
        what = "the sheets name different quarters"
        raise DataFileError(path, [Problem(0, "", None, what, _AGAIN)])
    if not into.problems:
        for whole, parts in WHOLES:
            if whole.sheet in sheets and parts.sheet in sheets:
                _check_types(sheets[whole.sheet], sheets[parts.sheet], into)
    return into.reading()


def _check_types(whole: Sheet, parts: Sheet, into: Gathering) -> None:
    """Compare the printed totals of all cancers, and each provider's, with the sums over the types."""
    for kind, printed in sorted(whole.totals.items()):
        setting = next(name for name, ending in SETTINGS.items() if ending == kind[0])
        name = f"{whole.standard.sheet}: {setting}, against {parts.standard.sheet}"
        for quantity in whole.standard.figures:
            into.total(name, quantity.lower(), printed[quantity], parts.parts(kind, quantity))
        by_type = [rows for (row_setting, _), rows in parts.rows.items() if row_setting == kind[0]]
        codes = {code for rows in (*by_type, whole.rows.get(kind, {})) for code in rows}
        for code in sorted(codes):
            for quantity in whole.standard.figures:
                summed = math.fsum(rows[code][quantity] for rows in by_type if code in rows)
                own = whole.rows.get(kind, {}).get(code, {}).get(quantity, 0.0)
                if abs(summed - own) > _EQUAL:
                    what = f"all cancers ({own:.10g}) is not the sum of the types ({summed:.10g})"
                    what += f" in sheet {parts.standard.sheet!r}, {setting}"
                    into.problems.append(Problem(0, quantity, code, what, _AGAIN))
