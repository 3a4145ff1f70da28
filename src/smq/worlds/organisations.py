"""Organisations over time: which unit of analysis a code belongs to, and what became of each organisation.

Figures bear the code of their period. A code is a unit of its own unless `config/organisations.yaml` chooses
otherwise; each choice has its reason there, and `unit_table` shows it beside the periods that it concerns.
Successions come from the Organisation Data Service: they explain, and never move figures by themselves.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from smq.yamlfile import load_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNIT_COLUMNS = ["code", "name", "first_period", "last_period", "unit", "reason"]
ORGANISATION_COLUMNS = [
    "code",
    "name",
    "type",
    "region",
    "status",
    "succeeded_by",
    "succeeded_on",
    "foundation",
    "commissioning_region",
]
SUCCESSOR_COLUMNS = ["old_code", "new_code", "date"]

OWN_CODE = "the code is a unit of its own"
_CODE = r"^[A-Z0-9]{3,8}$"
_MONTH = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"
_LISTED = ["name", "type", "region", "status", "commissioning_region"]
_TYPES = (
    (r"R[A-Z0-9]{2}", "NHS trust"),
    (r"T[A-Z0-9]{2}", "care trust"),
    (r"5[A-Z0-9]{2}", "primary care trust"),
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Choice(_Strict):
    """One choice: the unit to which the figures of a code belong, from one month to another (inclusive)."""

    code: str = Field(pattern=_CODE)
    unit: str = Field(pattern=_CODE)
    begin: str = Field(default="1900-01", pattern=_MONTH, alias="from")
    """First month, such as 2018-07; without it, from the beginning."""
    until: str = Field(default="2099-12", pattern=_MONTH)
    """Last month; without it, to the end."""
    reason: str = Field(min_length=1)

    def holds(self, months: pd.Series[str]) -> pd.Series[bool]:
        """Say of each month (2018-07) whether the choice holds then."""
        return (months >= self.begin) & (months <= self.until)


class Organisations(_Strict):
    """All of `config/organisations.yaml`."""

    choices: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _one_at_a_time(self) -> Self:
        for place, one in enumerate(self.choices):
            if one.begin > one.until:
                raise ValueError(f"{one.code}: 'from' ({one.begin}) is later than 'until' ({one.until})")
            for other in self.choices[:place]:
                if one.code == other.code and one.begin <= other.until and other.begin <= one.until:
                    raise ValueError(
                        f"{one.code}: two choices hold in the same month; end one of them before"
                    )
        return self


def load_organisations(path: Path) -> Organisations:
    """Read `organisations.yaml`. Raises `MappingError`, which names each key that is wrong."""
    return load_model(path, Organisations)


def unit_table(
    rows: pd.DataFrame, choices: Sequence[Choice], successors: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Give the unit map of these rows (columns code, name, period): columns `UNIT_COLUMNS`.

    One line for each code and choice: the first and the last period with a row, the newest name, the unit and
    the reason. `successors` (old_code, new_code, date) adds to the reason what became of the code.
    """
    chosen = _chosen(rows, choices)
    dated = rows.assign(choice=chosen, shown=rows["name"].where(rows["name"] != ""))
    dated = dated.sort_values("period", kind="stable")
    # Where a reader gives no name, the name of another source stands for it.
    names = dated.groupby("code")["shown"].last().fillna("")
    then = dated.groupby(["code", "choice"])["shown"].last().dropna().to_dict()
    spans = dated.groupby(["code", "choice"], sort=True)["period"].agg(["min", "max"]).reset_index()
    after = {} if successors is None else _by_code(successors, "old_code", "new_code")
    joined = {} if successors is None else _by_code(successors, "new_code", "old_code")
    lines = []
    for code, choice, first, last in spans.itertuples(index=False, name=None):
        unit = code if choice < 0 else choices[choice].unit
        parts = [OWN_CODE if choice < 0 else choices[choice].reason]
        parts += [
            f"{old} joined on {day:%Y-%m-%d}" for old, day in joined.get(code, ()) if first < day <= last
        ]
        parts += [_ended(new, day, last) for new, day in after.get(code, ()) if day > first]
        name = then.get((code, choice), names[code])
        lines.append((code, name, first, last, unit, "; ".join(parts)))
    table = pd.DataFrame(lines, columns=UNIT_COLUMNS)
    return table.sort_values(["code", "first_period"], ignore_index=True)


def to_units(rows: pd.DataFrame, choices: Sequence[Choice]) -> pd.Series[str]:
    """Give the unit of each row (columns code, period)."""
    chosen = _chosen(rows, choices)
    units = rows["code"].copy()
    if isinstance(units.dtype, pd.CategoricalDtype):
        others = sorted({choice.unit for choice in choices} - set(units.cat.categories))
        units = units.cat.add_categories(others)
    for place, choice in enumerate(choices):
        moved = chosen == place
        if moved.any():
            units[moved] = choice.unit
    return units


def organisation_table(codes: Iterable[str], listed: pd.DataFrame, successors: pd.DataFrame) -> pd.DataFrame:
    """Describe organisations: columns `ORGANISATION_COLUMNS`, a line for each code and successor.

    `listed` has columns code, name, region and status (as of `smq.readers.ods.read_regions`), and may have
    type and commissioning_region. Where it says no type, the form of the code does. Whether a trust is a
    foundation trust follows from its name. An organisation that no list has is there with its code.
    """
    blank = {column: "" for column in _LISTED if column not in listed}
    known = listed.assign(**blank)[["code", *_LISTED]]
    table = pd.DataFrame({"code": sorted(set(codes))}).merge(known, on="code", how="left")
    table[_LISTED] = table[_LISTED].fillna("")
    by_code = table["code"].map(organisation_type)
    table["type"] = table["type"].where(table["type"] != "", by_code)
    table["foundation"] = table["name"].map(foundation)
    ends = successors.rename(columns={"old_code": "code", "new_code": "succeeded_by", "date": "succeeded_on"})
    table = table.merge(ends, on="code", how="left")
    table["succeeded_by"] = table["succeeded_by"].fillna("")
    return table.sort_values(["code", "succeeded_on", "succeeded_by"], ignore_index=True)[
        ORGANISATION_COLUMNS
    ]


def merge_lists(lists: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Give a line for each code of several lists; of what they say, the first that is not blank is taken."""
    whole = pd.concat(list(lists), ignore_index=True)
    merged = whole.replace("", pd.NA).groupby("code", sort=True).first().fillna("")
    return merged.reset_index()


def foundation(name: str) -> str:
    """Say whether a name is that of an NHS foundation trust ("yes", "no"), or "" where it does not tell."""
    words = " ".join(name.upper().split())
    if words.endswith("FOUNDATION TRUST"):
        return "yes"
    return "no" if words.endswith("TRUST") else ""


def organisation_type(code: str) -> str:
    """Say what kind of organisation has a code of this form."""
    for pattern, name in _TYPES:
        if re.fullmatch(pattern, code):
            return name
    return "other provider"


def _chosen(rows: pd.DataFrame, choices: Sequence[Choice]) -> pd.Series[int]:
    """Place of the choice that holds for each row, or −1."""
    chosen = pd.Series(-1, index=rows.index)
    concerned = rows[rows["code"].isin({choice.code for choice in choices})]
    months = concerned["period"].dt.strftime("%Y-%m")
    for place, choice in enumerate(choices):
        held = (concerned["code"] == choice.code) & choice.holds(months)
        chosen[held[held].index] = place
    return chosen


def _ended(successor: str, day: pd.Timestamp, last: pd.Timestamp) -> str:
    merged = f"merged into {successor} on {day:%Y-%m-%d}, which is another unit"
    return f"{merged}; figures under the old code go on to {last:%Y-%m}" if last >= day else merged


def _by_code(successors: pd.DataFrame, key: str, other: str) -> dict[str, list[tuple[str, pd.Timestamp]]]:
    found: dict[str, list[tuple[str, pd.Timestamp]]] = {}
    ordered = successors.sort_values(["date", "old_code", "new_code"])
    for code, counterpart, day in ordered[[key, other, "date"]].itertuples(index=False, name=None):
        found.setdefault(code, []).append((counterpart, day))
    return found
