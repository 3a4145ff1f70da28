"""Writes a simulated world as a folder of raw files: all of it, or none."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from smq.mappings import OWN_MAPPINGS
from smq.readers.errors import DataFolderError
from smq.simulation import support
from smq.simulation.mappings import WRITTEN_WITH, mappings_text
from smq.simulation.monthly_files import write_monthly
from smq.simulation.ratings_files import write_ratings
from smq.simulation.record_files import write_record, write_table
from smq.simulation.truth import event_table, parameter_table
from smq.simulation.yearly_files import write_yearly

if TYPE_CHECKING:
    from pathlib import Path

    from smq.simulation.world import World

NOTICE = """\
Everything in this folder is simulated, by smq.simulation. The trusts are fictional, and no figure, date,
rating or amount is about a real organisation. Files have the layouts of national statistics, so that they
pass through the same readers. The folder truth/ says what was planted; only tests and the validation
appendix read it.
"""
TRUTH = "truth"


def write_world(world: World, folder: Path) -> None:
    """Write all files of a world; a simulated world that is there is replaced. Raises `DataFolderError`."""
    new = folder.with_name(f".{folder.name}.new")
    try:
        _check_own(folder)
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        _write_files(world, new)
        if folder.exists():
            shutil.rmtree(folder)
        new.rename(folder)
    except OSError as error:
        raise DataFolderError(
            f"{folder}: cannot be written ({error.strerror}). Check the path and the rights."
        ) from error


def _check_own(folder: Path) -> None:
    """Refuse to replace a folder that holds something else than a simulated world."""
    written = folder / OWN_MAPPINGS
    own = written.is_file() and written.read_bytes().startswith(WRITTEN_WITH.encode())
    if not own and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DataFolderError(
            f"{folder}: it holds something else than a simulated world, and would be replaced. "
            "Move it away, or name another folder."
        )


def _write_files(world: World, folder: Path) -> None:
    (folder / "SIMULATED.txt").write_text(NOTICE, encoding="utf-8")
    (folder / OWN_MAPPINGS).write_text(mappings_text(), encoding="utf-8")
    write_record(world, folder)
    write_monthly(world, folder)
    write_yearly(world, folder)
    write_ratings(world, folder / "ratings")
    given = support.support_table(world)
    write_table(folder / "support" / "interventions.csv", given)
    write_table(folder / "support" / "costs.csv", support.cost_table(given))
    write_table(folder / "support" / "loans.csv", support.loan_table(world))
    write_table(folder / "studies" / "case_studies.csv", support.case_study_table(world))
    write_table(folder / "studies" / "review.csv", support.review_table(world))
    write_table(folder / TRUTH / "parameters.csv", parameter_table(world))
    write_table(folder / TRUTH / "event_time.csv", event_table(world))
