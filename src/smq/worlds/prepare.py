"""From the files of a world to its tidy data: `python -m smq.worlds.prepare --world W --data D --out FOLDER`.

Writes the files of `smq.worlds.tidy_folder` into the folder, all of them or none. Exit code 1 where a file
holds something wrong, 2 where the command or the folder cannot be meant.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import EXIT_DONE, PressError
from smq import panel as tidy
from smq.config import load_study
from smq.mappings import DEMO, PUBLIC
from smq.readers.errors import DataFolderError
from smq.readers.public_names import read_public_names
from smq.reference import load_spells
from smq.simulation.folder import write_world
from smq.simulation.plan import load_plan
from smq.simulation.truth import effect_table
from smq.simulation.world import ORIGIN, simulate
from smq.worlds.mapped_folder import read_folder
from smq.worlds.organisations import load_organisations
from smq.worlds.public import read_public
from smq.worlds.tidy_folder import CHALLENGED, CONFIDENTIAL, write_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from smq.worlds.tidy_folder import TidyData


@dataclass(frozen=True)
class Files:
    """The project's files and folders that preparing reads or writes, relative to the project folder."""

    mappings: Path = Path("config/mappings.yaml")
    study: Path = Path("config/study.yaml")
    organisations: Path = Path("config/organisations.yaml")
    sources: Path = Path("config/sources.yaml")
    simulation: Path = Path("config/simulation.yaml")
    spells: Path = Path("data/reference/smq_spells.csv")
    names: Path = Path("data/reference/public_names.csv")
    raw_demo: Path = Path("data/raw/demo")
    raw_public: Path = Path("data/raw/public")


def prepare(world: str, data: str, out: Path, files: Files) -> TidyData:
    """Make the tidy data of a world and write them into `out`.

    `data` is "demo", "public" or a folder. Raises `PressError` with what to do.
    """
    for name in (DEMO, PUBLIC):
        if (world == name) != (data == name):
            raise DataFolderError(
                f"world '{world}' with data '{data}': the world '{name}' is made from the data '{name}' and "
                "from nothing else. Give another name to the world, or leave out the folder."
            )
    choices = load_organisations(files.organisations).choices
    study = load_study(files.study)
    spells = files.spells
    if data == PUBLIC:
        made = read_public(files.raw_public, sources=files.sources, names=files.names, choices=choices)
    elif data == DEMO:
        plan = load_plan(files.simulation)
        simulated = simulate(plan.trusts, plan.seed)
        write_world(simulated, files.raw_demo)
        spells = files.raw_demo / "spells.csv"
        made = read_folder(files.raw_demo, files.mappings, study, choices)
        made = replace(made, truth=effect_table(simulated))
    else:
        names = read_public_names(files.names)
        made = read_folder(Path(data), files.mappings, study, choices, names)
    for indicator in made.panel["indicator"].unique():
        study.series(indicator)
    _check_origins(made.panel, data)
    load_spells(spells, code_pattern=tidy.trust_pattern(made.panel))
    write_files(out, made.files(spells.read_bytes()), CONFIDENTIAL)
    return made


def _check_origins(panel: pd.DataFrame, data: str) -> None:
    origins = set(panel["origin"])
    if origins != ({ORIGIN} if data == DEMO else origins - {ORIGIN}):
        raise DataFolderError(
            f"{data}: simulated figures belong to the world 'demo' only; a folder is read against the "
            "real record of the regime. Take out the files with 'origin: simulated'."
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; give the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m smq.worlds.prepare", description="Make the tidy data of a world."
    )
    parser.add_argument("--world", required=True, help="name of the world, for example demo or real")
    parser.add_argument("--data", required=True, help="demo, public, or a folder with data files")
    parser.add_argument("--out", required=True, type=Path, help="folder for the tidy data")
    for name, path in vars(Files()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=Path, default=path, metavar="PATH")
    given = parser.parse_args(arguments)
    files = Files(**{name: getattr(given, name) for name in vars(Files())})
    try:
        made = prepare(given.world, given.data, given.out, files)
    except PressError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    panel = made.panel
    trusts = panel.loc[tidy.is_trust(panel), "unit"].nunique()
    unknown = len(tidy.unknown_codes(panel))
    print(
        f"{given.world}: {len(panel):,d} rows, {trusts} trusts, {unknown} other codes (unknown_codes.csv), "
        f"{int(panel['value'].isna().sum()):,d} rows without a value (missing_values.csv)"
    )
    if len(made.challenged):
        listed = made.challenged["trust"].unique()
        without = len(set(listed) - set(panel["unit"].unique()))
        print(
            f"{given.world}: {CHALLENGED}, confidential: {len(made.challenged)} rows, {len(listed)} trusts, "
            f"{without} of them without figures"
        )
    for file in made.unread:
        print(f"{given.world}: {file} was not read, because files that it was compiled from are there")
    return EXIT_DONE


if __name__ == "__main__":
    sys.exit(main())
