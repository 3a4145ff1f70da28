"""What every part of `mappings.yaml` is made of."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


def _inside_the_folder(file: str) -> str:
    path = PurePosixPath(file)
    if not file or path.is_absolute() or ".." in path.parts or "\\" in file:
        raise ValueError("a path inside the data folder, with forward slashes and without '..'")
    return file


File = Annotated[str, AfterValidator(_inside_the_folder)]
"""Path inside the data folder, with forward slashes."""
Name = Annotated[str, Field(min_length=1)]
# YAML reads 2016-04-01 as a day, and what stands in the file is text.
Word = Annotated[str, BeforeValidator(lambda word: str(word) if isinstance(word, date) else word)]
Words = tuple[Word, ...] | Word


class Strict(BaseModel):
    """A part of a mapping: an unknown key is an error."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        coerce_numbers_to_str=True,
        use_attribute_docstrings=True,
    )
