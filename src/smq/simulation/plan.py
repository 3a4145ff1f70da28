"""`config/simulation.yaml`: how large the simulated world of the demo is, and its seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from smq.readers.errors import MappingError
from smq.simulation.trusts import FEWEST, MOST
from smq.yamlfile import load_yaml, validation_text

if TYPE_CHECKING:
    from pathlib import Path


class Plan(BaseModel):
    """All of `config/simulation.yaml`. The same plan gives the same files, byte for byte."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trusts: int = Field(ge=FEWEST, le=MOST)
    seed: int = Field(ge=0, lt=2**32)


def load_plan(path: Path) -> Plan:
    """Read `simulation.yaml`. Raises `MappingError`, which names each key that is wrong."""
    content = load_yaml(path)
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        raise MappingError(validation_text(path, error)) from error
