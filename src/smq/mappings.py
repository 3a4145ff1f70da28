"""`mappings.yaml`: which file holds which indicator, in which columns.

Any CSV file with a row for each provider and month can be declared here; no code changes. The keys are
explained by the models below, from which the messages about a wrong mapping come as well.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from smq.readers.errors import MappingError
from smq.yamlfile import load_yaml, validation_text

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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Columns(_Strict):
    """Names of the columns as they stand in the header of the file."""

    trust: str = Field(min_length=1)
    month: str = Field(min_length=1)
    numerator: str = Field(min_length=1)
    denominator: str = Field(min_length=1)


class Totals(_Strict):
    """Rows that are totals: left out, after they have been compared with the sum of their month."""

    codes: tuple[str, ...] = Field(min_length=1)
    check: bool = True


class FileMapping(_Strict):
    """How one CSV file becomes rows of the panel."""

    file: str
    """Path inside the data folder, with forward slashes."""
    indicator: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    columns: Columns
    date_format: str = "%Y-%m-%d"
    """As of `datetime.strptime`; any day stands for its month."""
    scale: float = Field(default=100, gt=0)
    """value = scale × numerator / denominator: 100 for a percentage, 1 for a ratio, 1000 for a rate."""
    proportion: bool = True
    """Whether the numerator is a part of the denominator, so that it cannot be larger."""
    origin: Origin
    missing: dict[str, str] = Field(default=DEFAULT_MISSING)
    """Marks that stand for a missing value, each with what it means. None of them ever becomes 0."""
    totals: Totals | None = None
    source: str = ""
    licence: str = ""
    note: str = ""

    @field_validator("file")
    @classmethod
    def _inside_the_folder(cls, file: str) -> str:
        path = PurePosixPath(file)
        if not file or path.is_absolute() or ".." in path.parts or "\\" in file:
            raise ValueError("a path inside the data folder, with forward slashes and without '..'")
        return file

    @field_validator("date_format")
    @classmethod
    def _gives_a_month(cls, date_format: str) -> str:
        example = datetime(2016, 4, 1, tzinfo=UTC)
        try:
            read = datetime.strptime(example.strftime(date_format), date_format).replace(tzinfo=UTC)
        except ValueError as error:
            raise ValueError(f"not a date format ({error})") from error
        if (read.year, read.month) != (example.year, example.month):
            raise ValueError("the format must hold a year and a month, for example %Y-%m-%d or %b-%y")
        return date_format

    @field_validator("missing")
    @classmethod
    def _not_zero(cls, missing: dict[str, str]) -> dict[str, str]:
        if any(mark.strip().replace(".", "", 1).isdigit() for mark in missing):
            raise ValueError("a number cannot mark a missing value: 0 means none, not unknown")
        return missing


class Mappings(_Strict):
    """All files that a data folder may hold."""

    files: tuple[FileMapping, ...] = Field(min_length=1)

    @field_validator("files")
    @classmethod
    def _each_once(cls, files: tuple[FileMapping, ...]) -> tuple[FileMapping, ...]:
        seen = set()
        for mapping in files:
            if (mapping.file, mapping.indicator) in seen:
                raise ValueError(f"{mapping.file} is mapped to {mapping.indicator} twice")
            seen.add((mapping.file, mapping.indicator))
        return files


def load_mappings(path: Path) -> Mappings:
    """Read `mappings.yaml`. Raises `MappingError`, which names each key that is wrong."""
    content = load_yaml(path)
    try:
        return Mappings.model_validate(content)
    except ValidationError as error:
        raise MappingError(validation_text(path, error)) from error


def used_mappings(data_folder: Path, default: Path) -> Path:
    """Give the mappings that hold for a data folder: its own `mappings.yaml`, or else the project's."""
    own = data_folder / OWN_MAPPINGS
    return own if own.is_file() else default


def data_files(data: str, default: Path) -> list[str]:
    """List the files that preparing a world reads: the mappings, and the data files they map that are there.

    `data` is "demo" or "public", which are not read through mappings, or a folder.
    """
    folder = Path(data)
    if data in (DEMO, PUBLIC) or not folder.is_dir():
        return []
    mappings = used_mappings(folder, default)
    present = {folder / mapping.file for mapping in load_mappings(mappings).files}
    return sorted(str(path) for path in {mappings, *(path for path in present if path.is_file())})
