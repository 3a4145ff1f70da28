"""Plans a build and carries it out in one process, so that the Snakefile does not read it all again.

`python -m press.run_snakemake DATA OPTIONS…`: the options are Snakemake's.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from press.errors import EXIT_DONE, EXIT_FAILED, PressError
from press.workflow import planned

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Build. Returns 0 done, 1 a job failed, 2 the configuration or the data folder is wrong."""
    # What is loaded for a plan stays until the end: looking for garbage in it took a sixth of the time.
    gc.set_threshold(200_000)
    data, *options = arguments
    try:
        workflow = planned(data or None)
    except PressError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    # Only now: it takes longer to load than a mistake takes to find.
    from snakemake.cli import main as snakemake

    try:
        snakemake([*options, "--config", f"data={workflow.data}"])
    except SystemExit as ended:
        if ended.code:
            return EXIT_FAILED
    if "--dry-run" not in options:
        print(f"{workflow.layout.dist}/ is up to date.")
    return EXIT_DONE


def _end(code: int) -> None:
    """End at once: timers with which Snakemake looks for jobs would keep the process for another second."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    try:
        _end(main(sys.argv[1:]))
    except KeyboardInterrupt:
        _end(EXIT_FAILED)
