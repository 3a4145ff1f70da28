"""From the files of a world to its tidy data: `python -m smq.prepare --world demo --data demo --out FOLDER`.

Writes the files of `smq.tidy_folder` into the folder, all of them or none. Exit code 1 where a file holds
something wrong, 2 where the command or the folder cannot be meant.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from press.errors import EXIT_DONE, PressError
from smq import panel as tidy
from smq import simulate
from smq.config import load_study
from smq.mappings import DEMO, OWN_MAPPINGS, PUBLIC, load_mappings, used_mappings
from smq.organisations import load_organisations, to_units, unit_table
from smq.public import read_public
from smq.readers.errors import DataConflictError, DataFolderError
from smq.readers.mapped_csv import read_mapped_csv
from smq.reference import load_spells
from smq.tidy_folder import TidyData, write_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smq.config import Study
    from smq.mappings import FileMapping
    from smq.organisations import Choice


@dataclass(frozen=True)
class Files:
    """The project's files and folders that preparing reads or writes, relative to the project folder."""

    mappings: Path = Path("config/mappings.yaml")
    study: Path = Path("config/study.yaml")
    organisations: Path = Path("config/organisations.yaml")
    sources: Path = Path("config/sources.yaml")
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
        write_files(files.raw_demo, simulate.simulate().files())
        spells = files.raw_demo / "spells.csv"
        made = _read(files.raw_demo, files.mappings, study, choices)
    else:
        made = _read(Path(data), files.mappings, study, choices)
    for indicator in made.panel["indicator"].unique():
        study.series(indicator)
    _check_origins(made.panel, data)
    load_spells(spells, code_pattern=tidy.trust_pattern(made.panel))
    write_files(out, made.files(spells.read_bytes()))
    return made


def _read(folder: Path, mappings: Path, study: Study, choices: Sequence[Choice]) -> TidyData:
    """Read the mapped files of a folder."""
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "there is no such folder"
        raise DataFolderError(
            f"{folder}: {what}. DATA is 'demo', 'public' or the path of a folder with your files."
        )
    used = used_mappings(folder, mappings)
    declared = load_mappings(used).files
    for mapping in declared:
        study.series(mapping.indicator)
    present = [mapping for mapping in declared if (folder / mapping.file).is_file()]
    if not present:
        looked = "".join(f"\n  {mapping.file} ({mapping.indicator})" for mapping in declared)
        raise DataFolderError(
            f"{folder}: none of the files that {used} maps is there. Looked for:{looked}\n"
            f"Put the files there, or describe your own in {folder / OWN_MAPPINGS}."
        )
    readings = [read_mapped_csv(folder / mapping.file, mapping) for mapping in present]
    by_code = pd.concat([reading.panel for reading in readings], ignore_index=True)
    by_code = by_code.rename(columns={"unit": "code"}).assign(name="")
    panel = by_code.assign(unit=to_units(by_code, choices))
    _check_once(panel, present)
    missing = pd.concat([reading.missing for reading in readings], ignore_index=True)
    return TidyData(tidy.arrange(panel), unit_table(by_code, choices), missing)


def _check_once(panel: pd.DataFrame, present: Sequence[FileMapping]) -> None:
    doubled = panel[panel.duplicated(tidy.KEY)]
    if doubled.empty:
        return
    row = doubled.iloc[0]
    files = " and ".join(mapping.file for mapping in present if mapping.indicator == row["indicator"])
    raise DataConflictError(
        f"{files}: {len(doubled):,d} trust-months of {row['indicator']} are in more than one file, "
        f"the first of them {row['unit']} in {row['period']:%B %Y}. Keep each in one file only."
    )


def _check_origins(panel: pd.DataFrame, data: str) -> None:
    origins = set(panel["origin"])
    if origins != ({simulate.ORIGIN} if data == DEMO else origins - {simulate.ORIGIN}):
        raise DataFolderError(
            f"{data}: simulated figures belong to the world 'demo' only; a folder is read against the "
            "real record of the regime. Take out the files with 'origin: simulated'."
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; give the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m smq.prepare", description="Make the tidy data of a world."
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
    return EXIT_DONE


if __name__ == "__main__":
    sys.exit(main())
