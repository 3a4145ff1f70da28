"""`config/study.yaml`: the indicators, the dates of the regime and the windows of the study."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from press.errors import nearest
from smq.readers.errors import MappingError
from smq.yamlfile import load_model

if TYPE_CHECKING:
    from pathlib import Path

Better = Literal["up", "down"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(_Strict):
    """A standard that was set nationally, in the unit of the indicator, and where it is laid down."""

    value: float
    source: str = Field(min_length=1)


class Indicator(_Strict):
    """One indicator: what it is called in prose, its unit, what it is a share of, which way is better.

    note: a remark that stands under its tables and figures.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    of: str = Field(min_length=1)
    better: Better
    target: Target | None = None
    note: str = ""

    @property
    def difference_unit(self) -> str:
        """Unit of a difference between two values."""
        return "percentage points" if self.unit == "%" else self.unit


class Supporting(_Strict):
    """A series that is read and checked, but not compared: what it is called and its unit."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    unit: str = Field(min_length=1)


class Regime(_Strict):
    """First day, day of replacement and last observed day of the regime."""

    start: date
    end: date
    cutoff: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.start < self.cutoff <= self.end:
            raise ValueError("start, cutoff and end must follow each other in that order")
        return self


class Comparators(_Strict):
    """What a trust needs to be a comparator: months with a value, and a median denominator above this.

    Quarters and years count as the months that they have. The denominator is asked, by indicator, of those
    that are named and by month.
    """

    months: int = Field(ge=1)
    median_denominator: dict[str, Annotated[float, Field(ge=0)]]


class StepChange(_Strict):
    """A month from which a series is another process, for a documented cause: control limits begin anew.

    `trust` is the code of the one trust it holds for; empty for all.
    """

    indicator: str
    month: date
    cause: str = Field(min_length=1)
    source: str = Field(min_length=1)
    trust: str = ""


class Study(_Strict):
    """All of `config/study.yaml`.

    window: months before and after entry that are compared; window_years: the same where an indicator is by
    year; months_lost: months without a figure of any trust that a spell may have on each side.
    """

    regime: Regime
    window: int = Field(ge=1, le=120)
    window_years: int = Field(default=1, ge=1, le=10)
    months_lost: int = Field(default=0, ge=0, le=12)
    comparators: Comparators
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    supporting: tuple[Supporting, ...] = ()
    step_changes: tuple[StepChange, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [series.id for series in self._all()]
        if len(ids) != len(set(ids)):
            raise ValueError("each indicator and supporting series needs an id of its own")
        named = {
            "a step change": {step.indicator for step in self.step_changes},
            "median_denominator": set(self.comparators.median_denominator),
        }
        for what, names in named.items():
            if names - set(ids):
                raise ValueError(
                    f"{what} names a series that is not there: {', '.join(sorted(names - set(ids)))}"
                )
        return self

    def series(self, name: str) -> Indicator | Supporting:
        """Give the indicator or supporting series with this id. Raises `MappingError`."""
        for series in self._all():
            if series.id == name:
                return series
        raise MappingError(
            f"there is no series '{name}' in the study. "
            f"{nearest(name, (series.id for series in self._all()))}"
        )

    def _all(self) -> list[Indicator | Supporting]:
        return [*self.indicators, *self.supporting]

    def indicator(self, name: str) -> Indicator:
        """Give the indicator with this id. Raises `MappingError` with the nearest known id."""
        for indicator in self.indicators:
            if indicator.id == name:
                return indicator
        raise MappingError(
            f"there is no indicator '{name}' in the study. "
            f"{nearest(name, (indicator.id for indicator in self.indicators))}"
        )


def load_study(path: Path) -> Study:
    """Read `study.yaml`. Raises `MappingError`, which names each key that is wrong."""
    return load_model(path, Study)
