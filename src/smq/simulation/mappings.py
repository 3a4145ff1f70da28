"""How the simulated files are read: the `mappings.yaml` that is written with them."""

from __future__ import annotations

import json

from smq.simulation.yearly_files import PUBLISHED, SURVEY

WRITTEN_WITH = "# How the simulated files are read. Written with them."
"""First line of the file, by which a simulated folder is known."""
_NATIONAL = {
    "ae/*.csv": ("ae_csv", "attendances and waits in A&E by month"),
    "rtt/*.csv": ("rtt_extract", "waits from referral to treatment by month"),
    "cancer/*.csv": ("cancer_extract", "cancer waits by month"),
    "dtoc/*.csv": ("dtoc_extract", "delayed transfers of care by month"),
    "sickness/*.csv": ("sickness_absence", "sickness absence by month"),
    "shmi/*.csv": ("shmi_trust", "mortality (SHMI) by edition"),
    "accounts/*.csv": ("tac_agency", "accounts by financial year"),
    "ratings/*.csv": ("cqc_ratings", "ratings by inspection"),
}
"""Files, the layout of the national statistic that they have, and what they hold."""
_SHMI = {"trust": "PROVIDER", "name": "PROVIDER NAME", "period": "DATE", "published": "DATE"}
_LOANS = {"trust": "ods_code", "name": "trust_name", "period": "balance_date"}


def mappings_text() -> str:
    """Give the content of `mappings.yaml`. (JSON is YAML.)"""
    declared = {
        "files": _files(),
        "national": _national(),
        "organisations": [_organisations()],
        "successors": [_successors()],
    }
    return f"{WRITTEN_WITH}\n{json.dumps(declared, indent=1)}\n"


def _files() -> list[dict[str, object]]:
    return [*_limits(), *_survey(), _turnover(), *_beds(), _staff(), *_loans()]


def _national() -> list[dict[str, object]]:
    return [{"files": files, "layout": layout, **_said(what)} for files, (layout, what) in _NATIONAL.items()]


def _said(what: str) -> dict[str, str]:
    return {"origin": "simulated", **_titled(what)}


def _titled(what: str) -> dict[str, str]:
    return {"source": f"Simulated data about fictional trusts: {what}", "licence": "MIT"}


_TO_THE_YEAR = -11 - PUBLISHED.month
"""Months from the publication of an edition to the year before, which it covers."""


def _limits() -> list[dict[str, object]]:
    file = {"file": "shmi/limits/shmi_limits.csv", "period_length": "year", "shift_months": _TO_THE_YEAR}
    limits = {"shmi_limit_lower": "OD_LL", "shmi_limit_upper": "OD_UL"}
    return [
        {
            **file,
            "indicator": name,
            "columns": {**_SHMI, "value": column},
            **_said("control limits of mortality"),
        }
        for name, column in limits.items()
    ]


def _survey() -> list[dict[str, object]]:
    file = {"file": "survey/staff_survey.csv", "period_length": "year", "date_format": "%Y"}
    of = {"trust": "ods_code", "name": "trust_name", "period": "year"}
    return [
        {
            **file,
            "indicator": name,
            "columns": {**of, "numerator": column, "denominator": f"{column}_answers"},
            **_said("staff survey by year"),
        }
        for name, column in SURVEY.items()
    ]


def _turnover() -> dict[str, object]:
    columns = {"trust": "ods_code", "name": "trust_name", "period": "financial_year"}
    return {
        "file": "turnover/turnover.csv",
        "indicator": "turnover",
        "columns": {**columns, "numerator": "leavers", "denominator": "average_staff"},
        "period_length": "year",
        "date_format": "financial year",
        **_said("staff turnover by financial year"),
    }


def _beds() -> list[dict[str, object]]:
    columns = {"trust": "ods_code", "name": "org_name", "period": "quarter_start"}
    return [
        {
            "file": "beds/overnight_beds.csv",
            "indicator": f"beds_{column}",
            "columns": {**columns, "numerator": column, "value": column},
            "period_length": "quarter",
            **_said("beds overnight by quarter"),
        }
        for column in ("available", "occupied")
    ]


def _staff() -> dict[str, object]:
    columns = {"trust": "ods_code", "name": "organisation_name", "period": "month"}
    return {
        "file": "staff/staff_in_post.csv",
        "indicator": "staff_fte",
        "columns": {**columns, "value": "fte", "numerator": "fte"},
        "period_length": "snapshot",
        **_said("staff in post"),
    }


def _loans() -> list[dict[str, object]]:
    file: dict[str, object] = {"file": "support/loans.csv", "period_length": "snapshot"}
    year = {**file, "period_length": "year", "shift_months": -11}
    series: dict[str, tuple[dict[str, object], str]] = {
        "loans_closing": (file, "closing_gbp"),
        "loans_count": (file, "loans"),
        "loans_opening": ({**file, "shift_months": -11}, "opening_gbp"),
        "loans_drawn": (year, "drawn_gbp"),
        "loans_repaid": (year, "repaid_gbp"),
        "loans_interest": (year, "interest_gbp"),
    }
    return [
        {
            **where,
            "indicator": name,
            "columns": {**_LOANS, "value": column, "numerator": column},
            **_said("interim loans"),
        }
        for name, (where, column) in series.items()
    ]


def _organisations() -> dict[str, object]:
    listed = {role: role for role in ("code", "name", "type", "region", "status")}
    return {
        "file": "organisations.csv",
        "columns": listed,
        **_titled("list of trusts"),
    }


def _successors() -> dict[str, object]:
    columns = {"old": "old_code", "new": "new_code", "date": "date"}
    return {
        "file": "successors.csv",
        "columns": columns,
        **_titled("successions"),
    }
