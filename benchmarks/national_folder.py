"""From a folder of national files to the panel: rows a second and peak memory, by number of trusts.

`python benchmarks/national_folder.py [TRUSTS ...]` writes fictional files in the CSV layouts of the national
statistics, eleven years of months, and prepares them in a process of its own. The figures mean nothing. With
5,000 trusts it may take at most 90 seconds and 2 GB, and time must grow no faster than rows.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as arrow
from pyarrow import csv

from smq.readers import ae_csv, cancer_extract, dtoc_extract, rtt_extract, sickness_absence

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = Path(__file__).resolve().parent.parent
TRUSTS = (160, 1_000, 5_000)
MOST_SECONDS, MOST_BYTES = 90.0, 2e9
SLACK = 1.5
"""By how much seconds a row may grow from the second size to the last."""
MONTHS = np.arange("2010-04", "2021-04", dtype="datetime64[M]")
NAMES = [date(2000, number, 1).strftime("%B") for number in range(1, 13)]
MAPPINGS = """\
national:
  - {files: ae/*.csv, layout: ae_csv, origin: simulated}
  - {files: rtt/*.csv, layout: rtt_extract, origin: simulated}
  - {files: cancer/*.csv, layout: cancer_extract, origin: simulated}
  - {files: dtoc/*.csv, layout: dtoc_extract, origin: simulated}
  - {files: sickness/*.csv, layout: sickness_absence, origin: simulated}
files:
  - file: beds.csv
    indicator: beds_available
    columns: {trust: code, name: name, period: quarter, value: available, numerator: available}
    period_length: quarter
    origin: simulated
  - file: beds.csv
    indicator: beds_occupied
    columns: {trust: code, name: name, period: quarter, value: occupied, numerator: occupied}
    period_length: quarter
    origin: simulated
  - file: turnover.csv
    indicator: turnover
    columns: {trust: code, name: name, period: month, numerator: leavers, denominator: staff}
    origin: simulated
"""

Table = dict[str, Any]


def write(path: Path, table: Mapping[str, Any], above: str = "") -> None:
    """Write columns as CSV, with lines above the header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(above.encode("utf-8"))
        csv.write_csv(arrow.table(dict(table)), stream, csv.WriteOptions(quoting_style="needed"))


def make(folder: Path, trusts: int) -> None:
    """Write the files of a world of so many trusts."""
    draw = np.random.default_rng(trusts)
    codes = np.array([f"ZZ{n:04d}" for n in range(trusts)])
    names = np.array([f"Fictional Trust {n:04d} (simulated)" for n in range(trusts)])
    for month in MONTHS:
        year, number = 1970 + int(month.astype(int)) // 12, int(month.astype(int)) % 12
        name, first = NAMES[number], year - (number < 3)
        financial = f"{first}-{(first + 1) % 100:02d}"
        stamp = f"{year}-{number + 1:02d}"
        write(
            folder / f"ae/Monthly-AE-{name}-{year}.csv",
            ae(draw, codes, names, f"MSitAE-{name.upper()}-{year}"),
        )
        write(folder / f"rtt/{stamp}-RTT.csv", rtt(draw, codes, names, f"RTT-{name}-{year}"))
        treated = draw.poisson(60, trusts)
        within = draw.binomial(treated, 0.82)
        columns = (np.full(trusts, stamp), codes, np.full(trusts, cancer_extract.STANDARD))
        values = (*columns, treated, within, treated - within)
        write(folder / f"cancer/{stamp}.csv", dict(zip(cancer_extract.COLUMNS, values, strict=True)))
        write(folder / f"dtoc/{stamp}.csv", dtoc(draw, codes, names, financial, name.upper()), "\n\n\n")
    for year in sorted({int(month.astype(int)) // 12 + 1970 for month in MONTHS}):
        months = [month for month in MONTHS if int(month.astype(int)) // 12 + 1970 == year]
        write(folder / f"sickness/{year}.csv", sickness(draw, codes, names, months))
    quarters = np.repeat(np.array([f"{month}-01" for month in MONTHS[::3]]), trusts)
    size = len(quarters)
    available = draw.poisson(600, size)
    several = {"code": np.tile(codes, size // trusts), "name": np.tile(names, size // trusts)}
    occupied = draw.binomial(available, 0.9)
    write(folder / "beds.csv", several | {"quarter": quarters, "available": available, "occupied": occupied})
    days = np.repeat(np.array([f"{month}-01" for month in MONTHS]), trusts)
    staff = draw.poisson(4000, len(days))
    several = {"code": np.tile(codes, len(MONTHS)), "name": np.tile(names, len(MONTHS))}
    leavers = draw.binomial(staff, 0.01)
    write(folder / "turnover.csv", several | {"month": days, "leavers": leavers, "staff": staff})
    (folder / "mappings.yaml").write_text(MAPPINGS, encoding="utf-8")


def ae(draw: np.random.Generator, codes: Any, names: Any, period: str) -> Table:  # noqa: ANN401
    """Give one month of A&E, with its row of totals."""
    size = len(codes)
    seen = [draw.poisson(mean, size) for mean in (7000, 400, 2500, 10, 1, 5)]
    over = [draw.binomial(count, 0.1) for count in seen]
    rest = [np.zeros(size, dtype=int)] * (len(ae_csv.COLUMNS) - 16)
    counts = [np.append(column, column.sum()) for column in (*seen, *over, *rest)]
    texts = [
        np.append(np.full(size, period), "TOTAL"),
        np.append(codes, "TOTAL"),
        np.append(np.full(size, "NHS ENGLAND"), "TOTAL"),
        np.append(names, "TOTAL"),
    ]
    return dict(zip(ae_csv.COLUMNS, (*texts, *counts), strict=True))


def rtt(draw: np.random.Generator, codes: Any, names: Any, period: str) -> Table:  # noqa: ANN401
    """Give one month of waits: two functions and their total, one commissioner."""
    size = len(codes)
    weeks = draw.poisson(12, (2, size, len(rtt_extract.WEEKS)))
    weeks = np.concatenate([weeks, weeks.sum(axis=0, keepdims=True)]).reshape(3 * size, -1)
    texts: Table = {
        "Period": period,
        "Provider Org Code": np.tile(codes, 3),
        "Provider Org Name": np.tile(names, 3),
        "Commissioner Org Code": "01A",
        "RTT Part Type": rtt_extract.INCOMPLETE,
        "RTT Part Description": "Incomplete Pathways",
        "Treatment Function Code": np.repeat(["C_100", "C_110", rtt_extract.ALL_FUNCTIONS], size),
    }
    numbers = dict(zip(rtt_extract.WEEKS, weeks.T, strict=True)) | {"Total All": weeks.sum(axis=1)}
    return {
        name: numbers[name] if name in numbers else np.broadcast_to(texts.get(name) or "", 3 * size)
        for name in rtt_extract.COLUMNS
    }


def dtoc(draw: np.random.Generator, codes: Any, names: Any, year: str, month: str) -> Table:  # noqa: ANN401
    """Give one month of delays: two reasons, one local authority."""
    size = 2 * len(codes)
    texts: Table = dict.fromkeys(dtoc_extract.KEYS, "X") | {"Year": year, "Period Name": month}
    both: Table = {"Provider Org Code": np.tile(codes, 2), "Provider Org Name": np.tile(names, 2)}
    both["Reason For Delay"] = np.repeat(["A_COMPLETION_ASSESSMENT", "I_HOUSING"], len(codes))
    days = {name: draw.poisson(40, size) for name in (*dtoc_extract.PATIENTS, *dtoc_extract.DAYS)}
    return {
        name: days[name] if name in days else np.broadcast_to((texts | both)[name], size)
        for name in dtoc_extract.COLUMNS
    }


def sickness(draw: np.random.Generator, codes: Any, names: Any, months: Any) -> Table:  # noqa: ANN401
    """Give one year of sickness absence."""
    size = len(codes) * len(months)
    days = [f"{str(month)[:4]}-{NAMES[int(str(month)[5:]) - 1][:3].upper()}" for month in months]
    available = draw.poisson(100_000, size)
    lost = draw.binomial(available, 0.04)
    values = (
        np.repeat(days, len(codes)),
        np.full(size, "X"),
        np.full(size, "X"),
        np.tile(codes, len(months)),
        np.tile(names, len(months)),
        np.full(size, "Acute"),
        lost,
        available,
        np.round(100 * lost / available, 2),
    )
    return dict(zip(sickness_absence.COLUMNS, values, strict=True))


def prepare(folder: Path) -> dict[str, float]:
    """Read the folder and write the panel in this process: seconds, rows, peak memory in bytes."""
    from smq.config import load_study
    from smq.mapped_folder import read_folder
    from smq.tidy_folder import write_files

    start = time.perf_counter()
    study = load_study(PROJECT / "config/study.yaml")
    made = read_folder(folder, PROJECT / "config/mappings.yaml", study, ())
    write_files(folder / "tidy", made.files(b""))
    seconds = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return {"seconds": seconds, "rows": len(made.panel), "peak": peak}


def main() -> int:
    """Print a line for each size; 1 where the largest takes too much."""
    parser = argparse.ArgumentParser(description="From national files to the panel, by number of trusts.")
    parser.add_argument("trusts", type=int, nargs="*", default=list(TRUSTS))
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder is not None:
        print(json.dumps(prepare(given.folder)))
        return 0
    print(
        f"{'trusts':>7} {'written, MB':>12} {'panel rows':>11} {'seconds':>8} {'rows/s':>9} {'peak, MB':>9}"
    )
    found = []
    for trusts in given.trusts:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            make(folder, trusts)
            size = sum(path.stat().st_size for path in folder.rglob("*.csv"))
            command = [sys.executable, str(Path(__file__).resolve()), "--folder", str(folder)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            line: dict[str, float] = json.loads(done.stdout)
        found.append(line)
        speed = line["rows"] / line["seconds"]
        print(
            f"{trusts:>7,d} {size / 1e6:>12,.0f} {line['rows']:>11,.0f} "
            f"{line['seconds']:>8.1f} {speed:>9,.0f} {line['peak'] / 1e6:>9,.0f}"
        )
    last = found[-1]
    kept = last["seconds"] <= MOST_SECONDS and last["peak"] <= MOST_BYTES
    each = [line["seconds"] / line["rows"] for line in found]
    kept &= len(each) < len(TRUSTS) or each[-1] <= SLACK * each[-2]
    print(f"limit: {MOST_SECONDS:.0f} s and {MOST_BYTES / 1e6:,.0f} MB: {'kept' if kept else 'NOT kept'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
