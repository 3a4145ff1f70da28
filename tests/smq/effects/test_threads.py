"""An estimate must not depend on hash seed, time zone, language, or how many threads add up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]
ESTIMATE = """
import sys
from pathlib import Path
from smq.config import load_study
from smq.effects.estimate import TABLES, effects
from smq.simulation.panel import panel_of, spells_of
from smq.simulation.world import simulate
world = simulate(160, 20130720)
study = load_study(Path("config/study.yaml"))
found = effects(panel_of(world), spells_of(world), study, "rtt_18w", window=24, permutations=49, seed=1)
for name, one in found.estimates.items():
    print(name, f"{one.value:.12g} {one.error:.12g}")
for name, value in found.numbers.items():
    print(name, f"{value:.12g}")
for name in ("events", "bends", "magnitudes"):
    print(getattr(found, name).to_csv(index=False, float_format="%.12g"))
"""
MACHINES = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", "THREADS": "1"},
    {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Chatham", "LC_ALL": "de_DE.UTF-8", "THREADS": "2"},
)


def started(machine: dict[str, str]) -> subprocess.Popen[str]:
    threads = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), machine["THREADS"]
    )
    return subprocess.Popen(
        [sys.executable, "-c", ESTIMATE],
        cwd=PROJECT,
        env={**os.environ, **machine, **threads},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_estimates_are_the_same_to_twelve_digits_on_any_machine() -> None:
    first, second = (process.communicate()[0] for process in [started(machine) for machine in MACHINES])
    assert first.count("\n") > 60, "the estimates are there"
    assert first == second
