"""Writes the accepted simulation study of the headline: `make study`, which takes half an hour on one core.

The worlds are those of `smq.effects.study`. Where the table differs from the accepted one, the estimator, the
simulation or a library has changed; read it before it is committed. Rows of single worlds go to `--rows` as
they come.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import pandas as pd

from smq.config import load_study
from smq.effects.family import PRIMARY
from smq.effects.study import ACCEPTED, ROW, accepted, worlds

PROJECT = Path(__file__).parents[1]


def main() -> None:
    """Run the study, write its summary and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=PROJECT / ACCEPTED)
    parser.add_argument("--rows", type=Path, default=PROJECT / "results/study/worlds.csv")
    parser.add_argument("--first", type=int, default=5001)
    parser.add_argument("--seeds", type=int, default=500, help="worlds for the primary indicators")
    parser.add_argument("--others", type=int, default=60, help="worlds for the others")
    parser.add_argument("--trusts", type=int, default=160)
    parser.add_argument("--draws", type=int, default=199)
    given = parser.parse_args()
    study = load_study(PROJECT / "config" / "study.yaml")
    others = [one.id for one in study.indicators if one.id not in PRIMARY]
    given.rows.parent.mkdir(parents=True, exist_ok=True)
    with given.rows.open("w", encoding="utf-8", newline="", buffering=1) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(ROW)
        for indicators, number in ((PRIMARY, given.seeds), (others, given.others)):
            seeds = range(given.first, given.first + number)
            writer.writerows(worlds(study, seeds, given.trusts, given.draws, indicators))
    table = accepted(pd.read_csv(given.rows), given.trusts, given.draws)
    table.to_csv(given.output, index=False, float_format="%.4g", lineterminator="\n")
    print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
