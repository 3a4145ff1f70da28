"""Reading the study's YAML files, with errors that name the file and the place in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from smq.readers.errors import MappingError

if TYPE_CHECKING:
    from pathlib import Path

Content = TypeVar("Content")


def load_model(path: Path, model: type[Content]) -> Content:
    """Read a YAML file as a model, or a list of one. Raises `MappingError`, which names what is wrong."""
    content = load_yaml(path)
    try:
        return TypeAdapter(model).validate_python(content)
    except ValidationError as error:
        raise MappingError(_validation_text(path, error)) from error


def load_yaml(path: Path) -> object:
    """Read a YAML file. Raises `MappingError` where it is not there or not YAML."""
    try:
        content: object = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
        return content
    except FileNotFoundError as error:
        raise MappingError(f"{path}: there is no such file. Give its path, or restore it.") from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        place = getattr(error, "problem_mark", None)
        line = f", line {place.line + 1}" if place is not None else ""
        detail = getattr(error, "problem", None) or type(error).__name__
        raise MappingError(f"{path}{line}: not readable as YAML ({detail}). Correct that line.") from error


def _validation_text(path: Path, error: ValidationError) -> str:
    """Say which keys of a YAML file are wrong, one a line."""
    lines = [f"{path}: {error.error_count()} thing(s) to correct."]
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in detail["loc"]) or "whole file"
        lines.append(f"  {place}: {detail['msg']}.")
    return "\n".join(lines)
