"""From a simulated folder of national files to the panel: rows a second and peak memory, by number of trusts.

`python benchmarks/national_folder.py [TRUSTS ...]` writes the simulated world of each size and prepares it,
each in a process of its own. The world of the demo may take at most 5 seconds to write. With 5,000 trusts
reading may take at most 90 seconds and 2 GB, and time must grow no faster than rows.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT = Path(__file__).resolve().parent.parent
TRUSTS = (160, 1_000, 5_000)
MOST_SECONDS, MOST_BYTES = 90.0, 2e9
MOST_SECONDS_TO_WRITE = 5.0
"""For the smallest world, which is that of the demo."""
SLACK = 1.5
"""By how much seconds a row may grow from the second size to the last."""
STEPS = ("write", "read")


def write(folder: Path, trusts: int) -> int:
    """Simulate a world and write its files; give their bytes."""
    from smq.simulation.folder import write_world
    from smq.simulation.world import simulate

    write_world(simulate(trusts, seed=trusts), folder)
    return sum(path.stat().st_size for path in folder.rglob("*.csv"))


def read(folder: Path, _: int) -> int:
    """Read the files and write the tidy data; give the rows of the panel."""
    from smq.config import load_study
    from smq.worlds.mapped_folder import read_folder
    from smq.worlds.tidy_folder import write_files

    study = load_study(PROJECT / "config/study.yaml")
    made = read_folder(folder, PROJECT / "config/mappings.yaml", study, ())
    write_files(folder / "tidy", made.files(b""))
    return len(made.panel)


def measure(step: str, folder: Path, trusts: int) -> dict[str, float]:
    """Take a step in this process: seconds, what it made, peak memory of it and its children in bytes."""
    start = time.perf_counter()
    made = {"write": write, "read": read}[step](folder, trusts)
    seconds = time.perf_counter() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "seconds": seconds,
        "processor": sum(one.ru_utime + one.ru_stime for one in used),
        "made": made,
        "peak": sum(one.ru_maxrss for one in used) * unit,
    }


def measured(step: str, folder: Path, trusts: int) -> dict[str, float]:
    """Do the same in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), str(trusts), "--step", step]
    done = subprocess.run([*command, "--folder", str(folder)], check=True, capture_output=True, text=True)
    line: dict[str, float] = json.loads(done.stdout)
    return line


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each size; 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(
        description="From simulated national files to the panel, by number of trusts."
    )
    parser.add_argument("trusts", type=int, nargs="*", default=list(TRUSTS))
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.step is not None:
        print(json.dumps(measure(given.step, given.folder, given.trusts[0])))
        return 0
    print(
        f"{'trusts':>7} {'written, s':>11} {'MB':>6} {'panel rows':>11} {'read, s':>8} {'processor, s':>13} "
        f"{'rows/s':>9} {'peak, MB':>9}"
    )
    kept, each = True, []
    for trusts in given.trusts:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "world"
            written, line = (measured(step, folder, trusts) for step in STEPS)
        print(
            f"{trusts:>7,d} {written['seconds']:>11.1f} {written['made'] / 1e6:>6,.0f} "
            f"{line['made']:>11,.0f} {line['seconds']:>8.1f} {line['processor']:>13.1f} "
            f"{line['made'] / line['seconds']:>9,.0f} {line['peak'] / 1e6:>9,.0f}"
        )
        each.append(line["seconds"] / line["made"])
        kept &= line["seconds"] <= MOST_SECONDS and line["peak"] <= MOST_BYTES
        kept &= trusts != TRUSTS[0] or written["seconds"] <= MOST_SECONDS_TO_WRITE
    kept &= len(each) < len(TRUSTS) or each[-1] <= SLACK * each[-2]
    print(
        f"limit: {MOST_SECONDS_TO_WRITE:.0f} s to write, {MOST_SECONDS:.0f} s and "
        f"{MOST_BYTES / 1e6:,.0f} MB to read: {'kept' if kept else 'NOT kept'}"
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
