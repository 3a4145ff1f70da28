"""`mappings.yaml`: which file holds which figures, in which columns.

Any CSV file with a row for each organisation and period can be declared here; no code changes. The keys are
explained by the models below, from which the messages about a wrong mapping come as well.

A file may be declared several times: once for each series that it holds.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from pydantic import AliasChoices, Field, field_validator, model_validator

from press.errors import nearest
from smq.challenged_mapping import ChallengedList
from smq.mapping_parts import File, Name, Strict, Words
from smq.periods import Length, fault_of
from smq.worlds.layouts import LAYOUTS, RATINGS
from smq.yamlfile import load_model

if TYPE_CHECKING:
    from collections.abc import Iterable

DEMO = "demo"
PUBLIC = "public"
OWN_MAPPINGS = "mappings.yaml"
Origin = Literal["official statistics", "simulated"]

DEFAULT_MISSING = {
    "": "not given",
    "-": "no such service",
    "*": "suppressed because small",
    "N/A": "not applicable",
}


class Columns(Strict):
    """Names of the columns as they stand in the header of the file.

    Either `numerator` and `denominator`, whose ratio is the value, or `value`; beside a `value` the other
    two may be given and are taken as they stand. `period` may also be called `month`.
    """

    trust: Name
    """Code of the organisation (ODS)."""
    period: Name = Field(validation_alias=AliasChoices("period", "month"))
    """Period of the figure, in the form of `date_format`."""
    numerator: Name | None = None
    """What is counted."""
    denominator: Name | None = None
    """What it is counted out of."""
    value: Name | None = None
    """The figure itself, where the file gives it."""
    name: Name | None = None
    """What the organisation is called, where the file says so."""
    published: Name | None = None
    """Day on which the figure of the row was published, year-month-day."""

    @model_validator(mode="after")
    def _gives_a_value(self) -> Self:
        for role, column in (("numerator", self.numerator), ("denominator", self.denominator)):
            if self.value is None and column is None:
                raise ValueError(f"{role} is needed; or give the column that holds the value as 'value'")
        return self


class LeaveOut(Strict):
    """Rows to leave out, each listed with the reason: those that have these words in these columns."""

    where: dict[Name, Words] = Field(min_length=1)
    """Column: word, or list of words; "" is a blank cell."""
    reason: str = Field(min_length=1)
    """Why, in words that a reader of the report knows."""
    in_totals: bool = False
    """Whether the totals of the file hold these rows too."""


class Totals(Strict):
    """Rows that are totals: left out, after they have been compared with the sum of their period.

    Where rows are parts of one figure (`sum_over`), each total is one of the rows of its part.
    """

    codes: tuple[str, ...] = Field(min_length=1)
    """What stands in the place of a code in these rows."""
    check: bool = True
    """Whether they are compared; not where they are no sums, such as averages."""
    name: str = ""
    """What the total is called in totals.csv ("England"); without it, its code."""
    quantities: dict[Literal["numerator", "denominator", "value"], Name] = Field(default_factory=dict)
    """What the summed columns are called in totals.csv; without it, as in the file."""
    explanation: str = ""
    """Why a total may exceed the sum of the rows. Without it, one that does is refused."""


class FileMapping(Strict):
    """How one CSV file becomes rows of the panel."""

    file: File
    """Path inside the data folder, with forward slashes."""
    indicator: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """A series of config/study.yaml."""
    columns: Columns
    """See below."""
    period_length: Length = "month"
    """month, quarter, year or snapshot: a balance of one day, which stands in the month of that day."""
    date_format: str = "%Y-%m-%d"
    """As of `datetime.strptime`, or "financial quarter" (2015-16 Q1) or "financial year" (2015-16). Any day
    stands for its month or quarter; a year begins in the month that is named (%Y: January)."""
    shift_months: int = Field(default=0, ge=-60, le=60)
    """Months from the one that the column names to the first of the period: -18 where the column names a
    publication that covers the twelve months from eighteen months before on."""
    scale: float | None = Field(default=None, gt=0)
    """value = scale × numerator / denominator: 100 for a percentage (the default), 1 for a ratio, 1000 for a
    rate. Where the column `value` is given, value = scale × what stands there, and the default is 1."""
    complement: bool = False
    """Whether `value` is the share that is not meant: value = scale × (1 - what stands there)."""
    decimals: int | None = Field(default=None, ge=0, le=12)
    """To how many decimals the file rounds `value`: figures that differ by no more than that are equal."""
    proportion: bool = True
    """Whether the numerator is a part of the denominator, so that it cannot be larger."""
    where: dict[Name, Words] = Field(default_factory=dict)
    """Rows to read: those with this word, or one of these, in each of these columns. The others are listed
    as left out, unless another mapping of the file reads them."""
    others: str = ""
    """Why those others are left out, in words; without it, "type is not 1"."""
    leave_out: tuple[LeaveOut, ...] = ()
    """Further rows to leave out, such as those without a code."""
    sum_over: Name | None = None
    """Column that tells apart the rows that are parts of one figure (types of department, groups of staff)
    and are added. A sum with an unknown part is unknown."""
    origin: Origin
    """"official statistics"; simulated figures belong to the demo alone."""
    missing: dict[str, str] = Field(default=DEFAULT_MISSING)
    """Marks that stand for a missing value, each with what it means. None of them ever becomes 0."""
    totals: Totals | None = None
    """See below."""
    published: date | None = None
    """Day on which the file was published. Where several files give the same figure and all say when they
    were published, the newest is used and the others are compared with it; otherwise they are refused."""
    stands_in_for: tuple[File, ...] = ()
    """Files that this one was compiled from: it is read only where none of them is there."""
    source: str = ""
    """Title of the source, in words that a reader of the report knows."""
    licence: str = ""
    """Licence of the figures."""
    note: str = ""
    """What else should be known."""

    @property
    def factor(self) -> float:
        """By what a ratio, or the column `value`, is multiplied."""
        return self.scale if self.scale is not None else 100.0 if self.columns.value is None else 1.0

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        fault = fault_of(self.date_format, self.period_length)
        if fault is not None:
            raise ValueError(f"date_format: {fault}")
        if self.period_length == "quarter" and self.shift_months % 3:
            raise ValueError("shift_months: quarters are moved by 3, 6, 9 … months")
        for key, given in (("complement", self.complement), ("decimals", self.decimals is not None)):
            if given and self.columns.value is None:
                raise ValueError(f"{key}: needs the column 'value'")
        if self.complement and self.sum_over is not None:
            raise ValueError("complement: shares cannot be added, so leave out 'sum_over'")
        return self

    @field_validator("missing")
    @classmethod
    def _not_zero(cls, missing: dict[str, str]) -> dict[str, str]:
        if any(mark.strip().replace(".", "", 1).isdigit() for mark in missing):
            raise ValueError("a number cannot mark a missing value: 0 means none, not unknown")
        return missing


class NationalFiles(Strict):
    """Files in a layout in which a national statistic is published: the layout's reader finds the columns."""

    files: File
    """Path inside the data folder, or a pattern of paths: rtt/*.csv."""
    layout: str
    """One of the layouts listed below."""
    series: tuple[str, ...] = ()
    """Which of the layout's series are taken; without it, all."""
    origin: Origin
    """"official statistics"; simulated figures belong to the demo alone."""
    published: date | dict[File, date] | None = None
    """Day on which the files were published, or the day of each file by its path, where the files do not say
    it themselves. Of a figure in several files the newest publication is used."""
    source: str = ""
    """Title of the source, in words that a reader of the report knows."""
    licence: str = ""
    """Licence of the figures."""
    note: str = ""
    """What else should be known."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = [*LAYOUTS, *RATINGS]
        if self.layout not in known:
            raise ValueError(f"layout: {nearest(self.layout, known)}")
        given = LAYOUTS.get(self.layout, ())
        other = [name for name in self.series if name not in given]
        if other:
            raise ValueError(
                f"series: {self.layout} gives {', '.join(given) or 'ratings'}, not {', '.join(other)}"
            )
        return self


ListColumn = Literal["name", "type", "region", "commissioning_region", "status"]


class ListColumns(Strict):
    """Names of the columns of a list of organisations; all but `code` may be left out."""

    code: Name
    name: Name | None = None
    type: Name | None = None
    """What kind of organisation it is."""
    region: Name | None = None
    """Region of NHS England from 2018 on."""
    commissioning_region: Name | None = None
    """One of the four regions of NHS England until 2018."""
    status: Name | None = None
    """Whether it is open or closed."""


class OrganisationList(Strict):
    """A list of organisations, a row for each. Of several lists, the first that says something counts."""

    file: File
    """Path inside the data folder, with forward slashes."""
    columns: ListColumns
    """code, and of name, type, region, commissioning_region and status those that the list has."""
    words: dict[ListColumn, dict[str, str]] = Field(default_factory=dict)
    """For each column, how the words of the file are put; those not listed stay as they are."""
    every: dict[ListColumn, Name] = Field(default_factory=dict)
    """What holds for all organisations of the list, such as the type."""
    source: str = ""
    """Title of the source."""
    licence: str = ""
    """Licence of the figures."""
    note: str = ""
    """What else should be known."""


class SuccessorColumns(Strict):
    """Names of the columns of a list of successions."""

    old: Name
    new: Name
    date: Name


class SuccessorList(Strict):
    """A list of successions: which organisation took over another, and on which day."""

    file: File
    """Path inside the data folder, with forward slashes."""
    columns: SuccessorColumns
    """All three: old (the code that ended), new (its successor), date."""
    date_format: str = "%Y-%m-%d"
    """As of `datetime.strptime`."""
    source: str = ""
    """Title of the source."""
    licence: str = ""
    """Licence of the figures."""
    note: str = ""
    """What else should be known."""


class Mappings(Strict):
    """All files that a data folder may hold: figures, lists that describe the organisations, and one that is
    confidential."""

    files: tuple[FileMapping, ...] = ()
    national: tuple[NationalFiles, ...] = ()
    organisations: tuple[OrganisationList, ...] = ()
    successors: tuple[SuccessorList, ...] = ()
    challenged: ChallengedList = ChallengedList()

    @field_validator("files")
    @classmethod
    def _each_once(cls, files: tuple[FileMapping, ...]) -> tuple[FileMapping, ...]:
        seen = set()
        names = {mapping.file for mapping in files}
        lengths: dict[str, Length] = {}
        for mapping in files:
            length = lengths.setdefault(mapping.indicator, mapping.period_length)
            if length != mapping.period_length:
                raise ValueError(
                    f"{mapping.file} gives {mapping.indicator} by {mapping.period_length}, another file by "
                    f"{length}; a series has one period length"
                )
            if (mapping.file, mapping.indicator) in seen:
                raise ValueError(f"{mapping.file} is mapped to {mapping.indicator} twice")
            seen.add((mapping.file, mapping.indicator))
            for other in mapping.stands_in_for:
                if other not in names or other == mapping.file:
                    raise ValueError(f"{mapping.file} stands in for {other}, which no other mapping reads")
        return files

    @model_validator(mode="after")
    def _anything(self) -> Self:
        if not self.files and not self.national:
            raise ValueError("files: at least 1 item is needed, or one of 'national'")
        return self


Declared = FileMapping | OrganisationList | SuccessorList
D = TypeVar("D", FileMapping, OrganisationList, SuccessorList)


def load_mappings(path: Path) -> Mappings:
    """Read `mappings.yaml`. Raises `MappingError`, which names each key that is wrong."""
    return load_model(path, Mappings)


def used_mappings(data_folder: Path, default: Path) -> Path:
    """Give the mappings that hold for a data folder: its own `mappings.yaml`, or else the project's."""
    own = data_folder / OWN_MAPPINGS
    return own if own.is_file() else default


def present(folder: Path, declared: Iterable[D]) -> list[D]:
    """Give those whose file is there and is not stood in for by others that are."""
    there = [mapping for mapping in declared if (folder / mapping.file).is_file()]
    return [
        mapping
        for mapping in there
        if not any((folder / other).is_file() for other in getattr(mapping, "stands_in_for", ()))
    ]


def data_files(data: str, default: Path) -> list[str]:
    """List the files that preparing a world reads: the mappings, and the data files they map that are there.

    `data` is "demo" or "public", which are not read through mappings, or a folder. The confidential list is
    none of them.
    """
    folder = Path(data)
    if data in (DEMO, PUBLIC) or not folder.is_dir():
        return []
    path = used_mappings(folder, default)
    mappings = load_mappings(path)
    declared: tuple[Declared, ...] = (*mappings.files, *mappings.organisations, *mappings.successors)
    there = {folder / mapping.file for mapping in declared if (folder / mapping.file).is_file()}
    there |= {file for entry in mappings.national for file in folder.glob(entry.files) if file.is_file()}
    there.discard(folder / mappings.challenged.file)
    return sorted(str(file) for file in {path, *there})


def confidential_files(data: str, default: Path) -> list[str]:
    """List the confidential files that preparing a world reads: the list, if it is there. Data as above."""
    folder = Path(data)
    if data in (DEMO, PUBLIC) or not folder.is_dir():
        return []
    listed = folder / load_mappings(used_mappings(folder, default)).challenged.file
    return [str(listed)] if listed.is_file() else []
