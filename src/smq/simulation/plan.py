"""`config/simulation.yaml`: how large the simulated world of the demo is, and its seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from smq.simulation.trusts import FEWEST, MOST
from smq.yamlfile import load_model

if TYPE_CHECKING:
    from pathlib import Path


class Plan(BaseModel):
    """All of `config/simulation.yaml`. The same plan gives the same files, byte for byte."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trusts: int = Field(ge=FEWEST, le=MOST)
    seed: int = Field(ge=0, lt=2**32)


def load_plan(path: Path) -> Plan:
    """Read `simulation.yaml`. Raises `MappingError`, which names each key that is wrong."""
    return load_model(path, Plan)
