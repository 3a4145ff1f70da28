"""What reading data costs: rows a second and peak memory. `python benchmarks/data.py`.

First each reader on real files, then whole simulated folders of 160, 1,000 and 5,000 trusts
(`benchmarks/national_folder.py`).

Each file is read in a process of its own, so that the peak is that of the reader (the figure includes Python
and pandas themselves; the first line shows how much that is). Then all are read one after another in one
process, which may take at most 30 seconds and 1 GB. The files are no part of the project: without the folder
../shared/data that part is skipped.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import national_folder

from smq.mappings import load_mappings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smq.mappings import FileMapping

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared" / "data"
NAMES = PROJECT / "data/reference/public_names.csv"
MOST_SECONDS, MOST_BYTES = 30.0, 1e9


@dataclass(frozen=True)
class Job:
    """One file and the reader that reads it: function of a module of `smq.readers`, and a pattern."""

    module: str
    function: str
    pattern: str
    needs_names: bool = False
    mapping: FileMapping | None = None

    def files(self) -> list[Path]:
        """Give the files that fit the pattern."""
        return sorted(SHARED.glob(self.pattern))

    def reader(self) -> Callable[[Path], Any]:
        """Give the function that reads one file."""
        function = getattr(import_module(f"smq.readers.{self.module}"), self.function)
        if self.mapping is not None:
            return partial(function, mapping=self.mapping)
        if not self.needs_names:
            return function  # type: ignore[no-any-return]
        names = import_module("smq.readers.public_names").read_public_names(NAMES)
        return partial(function, names=names)


JOBS = (
    Job("ae_weekly", "read_ae_weekly", "raw-samples/ae-weekly-sitrep-*.xls"),
    Job("ae_monthly", "read_ae_monthly", "raw-samples/ae-by-provider-*.xlsx"),
    Job("ae_csv", "read_ae_csv", "raw-samples/ae-monthly-*.csv"),
    Job("nhsrdatasets_ae", "read_nhsrdatasets_ae", "mirror/nhs-r-community/**/ae_attendances.rda"),
    Job("howsmynhs_ae", "read_howsmynhs_ae", "mirror/HowsMyNHS/**/NHSwaiting.npy", needs_names=True),
    Job("howsmynhs_beds", "read_howsmynhs_beds", "mirror/HowsMyNHS/**/NHSbeds.npy", needs_names=True),
    Job("beds_kh03", "read_beds_kh03", "raw-samples/kh03-*.xls"),
    Job("cancer_standards", "read_cancer_standards", "raw-samples/cancer-waiting-times-provider-*.xlsx"),
    Job("rtt_workbook", "read_rtt_workbook", "raw-samples/rtt-incomplete-*.xls"),
    Job("rtt_dh", "read_rtt_dh", "raw-samples/rtt-dh-*.xls"),
    Job("dtoc_england", "read_dtoc_england", "raw-samples/dtoc-england-*.xls"),
    Job("tac_form", "read_tac_form", "raw-samples/tac-illustrative-form-*.xlsx"),
    Job("shmi_editions", "read_shmi_editions", "raw-samples/shmi-indicator-portal-*.csv"),
    Job("shmi_editions", "read_shmi_editions", "mirror/rufuspollock/**/shmi.csv"),
    Job("shmi_staff_survey", "read_shmi_staff_survey", "mirror/ebmgt/**/data.NHS.2012_2019.csv"),
    Job("staff_survey", "read_staff_survey", "raw-samples/nhs-staff-survey-*.xls"),
    Job("staff_in_post", "read_staff_in_post", "raw-samples/hchs-staff-*.xlsx"),
    Job("loans", "read_loans", "mirror/BBC-Data-Unit/**/*.xlsx"),
    Job("ods", "read_trust_list", "raw-samples/ods-etr-*.csv"),
    Job("ods", "read_successors", "mirror/humaniverse/**/lookup_trust_trust.rda"),
    Job("ods", "read_regions", "mirror/humaniverse/**/lookup_nhs_trusts22_nhs_region21.rda"),
    Job("ods", "read_points", "mirror/humaniverse/**/points_nhs_trusts22.rda"),
)


def mapped() -> list[Job]:
    """Give a job for each file that is read through a declared mapping."""
    declared = load_mappings(PROJECT / "config/mappings.yaml").files
    return [Job("mapped_csv", "read_mapped_csv", f"real/{entry.file}", mapping=entry) for entry in declared]


def tasks() -> Iterator[tuple[Job, Path]]:
    """Give each file that is there with its job."""
    for job in (*JOBS, *mapped()):
        for path in job.files():
            yield job, path


def read(chosen: list[tuple[Job, Path]]) -> dict[str, float]:
    """Read files in this process: seconds (without imports), rows, peak memory in bytes."""
    readers = [(job.reader(), path) for job, path in chosen]
    import pandas as pd

    pd.DataFrame({"a": ["b"]}).groupby("a").size()
    start = time.perf_counter()
    rows = 0
    for reader, path in readers:
        reading = reader(path)
        rows += len(getattr(reading, "panel", getattr(reading, "rows", reading)))
    seconds = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return {"seconds": seconds, "rows": rows, "peak": peak}


def measured(*arguments: str) -> dict[str, float]:
    """Do the same in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    """Print a line for each file and each size of folder; 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description="Rows a second and peak memory of each reader.")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--all", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--none", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    listed = list(tasks())
    if given.one is not None or given.all or given.none:
        chosen = [] if given.none else listed if given.all else [listed[given.one]]
        print(json.dumps(read(chosen)))
        return 0
    kept = real_files(listed)
    print()
    return max(kept, national_folder.main([]))


def real_files(listed: list[tuple[Job, Path]]) -> int:
    """Print a line for each real file and one for all; 1 where all together take too much."""
    if not listed:
        print(f"skipped: real files need the folder {SHARED.relative_to(PROJECT.parent)} beside the project")
        return 0
    print(f"{'reader':<24} {'file':<44} {'rows':>8} {'seconds':>8} {'rows/s':>9} {'peak, MB':>9}")
    base = measured("--none")
    print(f"{'(nothing)':<24} {'':<44} {0:>8,d} {'':>8} {'':>9} {base['peak'] / 1e6:>9,.0f}")
    for number, (job, path) in enumerate(listed):
        line = measured("--one", str(number))
        speed = line["rows"] / line["seconds"]
        name = path.name if len(path.name) <= 44 else f"{path.name[:43]}…"
        print(
            f"{job.function:<24} {name:<44} {line['rows']:>8,.0f} {line['seconds']:>8.2f} {speed:>9,.0f} "
            f"{line['peak'] / 1e6:>9,.0f}"
        )
    for job in (*JOBS, *mapped()):
        if not job.files():
            print(f"{job.function:<24} skipped: no file ../shared/data/{job.pattern}")
    every = measured("--all")
    print(
        f"{'all of them':<24} {'':<44} {every['rows']:>8,.0f} {every['seconds']:>8.2f} "
        f"{every['rows'] / every['seconds']:>9,.0f} {every['peak'] / 1e6:>9,.0f}"
    )
    enough = every["seconds"] <= MOST_SECONDS and every["peak"] <= MOST_BYTES
    print(f"limit: {MOST_SECONDS:.0f} s and {MOST_BYTES / 1e6:,.0f} MB: {'kept' if enough else 'NOT kept'}")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
