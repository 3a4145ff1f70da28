"""What the effects of all indicators cost at 160 and 1,000 trusts: `python benchmarks/effects.py`.

Each size is a simulated world in a process of its own; seconds are processor time of one core, without
imports. The peer, in the same process, is diff-diff's Callaway-Sant'Anna event study of the same blocks with
as many bootstrap draws as the randomisation has: one estimate, where a run has a few dozen and their checks.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
import warnings
from pathlib import Path

import diff_diff  # type: ignore[import-untyped]

from smq.config import load_study
from smq.effects import library
from smq.effects.estimate import effects
from smq.performance.indicator import Lacking
from smq.simulation.panel import panel_of, spells_of
from smq.simulation.plan import load_plan
from smq.simulation.world import simulate

PROJECT = Path(__file__).parents[1]
SIZES, DRAWS = (160, 1000), 1999


def peak() -> float:
    """Give the largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(trusts: int) -> None:
    """Print seconds and peak memory of every indicator, the peer's seconds, and the sums."""
    world = simulate(trusts, load_plan(PROJECT / "config/simulation.yaml").seed)
    panel, spells = panel_of(world), spells_of(world)
    study = load_study(PROJECT / "config/study.yaml")
    print(f"{trusts:,d} trusts: {peak():.0f} MB before any estimate\nindicator      seconds  peer  ratio  MB")
    total = peers = 0.0
    for indicator in study.indicators:
        begun = time.process_time()
        found = effects(
            panel,
            spells,
            study,
            indicator.id,
            window=24,
            permutations=DRAWS,
            seed=1,
            placebo="beds_available",
        )
        taken = time.process_time() - begun
        if isinstance(found, Lacking):
            raise SystemExit(f"{indicator.id}: {found.reason}")
        table = library.long(found.blocks)
        begun = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            diff_diff.CallawaySantAnna(n_bootstrap=DRAWS, seed=1).fit(
                table,
                outcome="value",
                unit="unit",
                time="block",
                first_treat="start",
                aggregate="event_study",
            )
        peer = time.process_time() - begun
        total, peers = total + taken, peers + peer
        print(f"{indicator.id:14} {taken:7.1f} {peer:5.1f} {taken / peer:6.1f} {peak():4.0f}", flush=True)
    print(f"{'all':14} {total:7.1f} {peers:5.1f} {total / peers:6.1f} {peak():4.0f}\n")


def main() -> None:
    """Measure each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trusts", type=int, help="measure this size in this process")
    given = parser.parse_args()
    if given.trusts:
        measure(given.trusts)
        return
    for trusts in SIZES:
        subprocess.run([sys.executable, __file__, "--trusts", str(trusts)], check=True)


if __name__ == "__main__":
    main()
