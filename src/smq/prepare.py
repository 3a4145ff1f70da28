"""From the files of a world to its tidy data: `python -m smq.prepare --world demo --data demo --out FOLDER`.

Writes into the folder, all of it or nothing: panel.parquet, spells.csv, unknown_codes.csv (well-formed codes
that are not those of trusts) and missing_values.csv (how often each missing mark stands for what). Exit code
1 where a file holds something wrong, 2 where the command or the folder cannot be meant.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from press.errors import EXIT_DONE, PressError
from smq import panel as tidy
from smq import simulate
from smq.config import load_study
from smq.mappings import DEMO, OWN_MAPPINGS, load_mappings, used_mappings
from smq.readers.errors import DataConflictError, DataFolderError
from smq.readers.mapped_csv import read_mapped_csv
from smq.reference import load_spells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smq.mappings import FileMapping


def prepare(
    world: str, data: str, out: Path, *, mappings: Path, study: Path, spells: Path, raw_demo: Path
) -> pd.DataFrame:
    """Make the tidy data of a world and give its panel.

    `data` is "demo" or a folder. Raises `PressError` with what to do.
    """
    if (world == DEMO) != (data == DEMO):
        raise DataFolderError(
            f"world '{world}' with data '{data}': the world 'demo' is made from the data 'demo' and from "
            "nothing else. Give another name to the world, or leave out the folder."
        )
    folder = raw_demo if data == DEMO else Path(data)
    if data == DEMO:
        _write(folder, simulate.simulate().files())
    panel, missing = _read(folder, mappings, study)
    _check_origins(panel, folder, simulated=data == DEMO)
    source = folder / "spells.csv" if data == DEMO else spells
    load_spells(source, code_pattern=tidy.trust_pattern(panel))
    _write(
        out,
        {
            "panel.parquet": tidy.to_parquet(panel),
            "spells.csv": source.read_bytes(),
            "unknown_codes.csv": _csv(tidy.unknown_codes(panel)),
            "missing_values.csv": _csv(missing),
        },
    )
    return panel


def _read(folder: Path, mappings: Path, study: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "there is no such folder"
        raise DataFolderError(f"{folder}: {what}. DATA is 'demo' or the path of a folder with your files.")
    used = used_mappings(folder, mappings)
    declared = load_mappings(used).files
    known = load_study(study)
    for mapping in declared:
        known.indicator(mapping.indicator)
    present = [mapping for mapping in declared if (folder / mapping.file).is_file()]
    if not present:
        looked = "".join(f"\n  {mapping.file} ({mapping.indicator})" for mapping in declared)
        raise DataFolderError(
            f"{folder}: none of the files that {used} maps is there. Looked for:{looked}\n"
            f"Put the files there, or describe your own in {folder / OWN_MAPPINGS}."
        )
    readings = [read_mapped_csv(folder / mapping.file, mapping) for mapping in present]
    panel = pd.concat([reading.panel for reading in readings], ignore_index=True)
    _check_once(panel, present)
    missing = pd.concat([reading.missing for reading in readings], ignore_index=True)
    return tidy.arrange(panel), missing


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


def _check_origins(panel: pd.DataFrame, folder: Path, *, simulated: bool) -> None:
    origins = set(panel["origin"])
    if origins != ({simulate.ORIGIN} if simulated else origins - {simulate.ORIGIN}):
        raise DataFolderError(
            f"{folder}: simulated figures belong to the world 'demo' only; a folder is read against the "
            "real record of the regime. Take out the files with 'origin: simulated'."
        )


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d").encode("utf-8")


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files under temporary names, and give them their names when all are there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / f".{name}.new").write_bytes(content)
        for name in contents:
            os.replace(folder / f".{name}.new", folder / name)  # noqa: PTH105 - atomic on every system
    except OSError as error:
        raise DataFolderError(
            f"{folder}: cannot be written ({error.strerror}). Check the path and the rights."
        ) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; give the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m smq.prepare", description="Make the tidy data of a world."
    )
    parser.add_argument("--world", required=True, help="name of the world, for example demo or real")
    parser.add_argument("--data", required=True, help="demo, or a folder with data files")
    parser.add_argument("--out", required=True, type=Path, help="folder for the tidy data")
    parser.add_argument("--mappings", type=Path, default=Path("config/mappings.yaml"))
    parser.add_argument("--study", type=Path, default=Path("config/study.yaml"))
    parser.add_argument("--spells", type=Path, default=Path("data/reference/smq_spells.csv"))
    parser.add_argument("--raw-demo", type=Path, default=Path("data/raw/demo"), help="where the demo is made")
    given = parser.parse_args(arguments)
    try:
        panel = prepare(
            given.world,
            given.data,
            given.out,
            mappings=given.mappings,
            study=given.study,
            spells=given.spells,
            raw_demo=given.raw_demo,
        )
    except PressError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    trusts = panel.loc[tidy.is_trust(panel), "unit"].nunique()
    unknown = len(tidy.unknown_codes(panel))
    print(
        f"{given.world}: {len(panel):,d} rows, {trusts} trusts, {unknown} other codes (unknown_codes.csv), "
        f"{int(panel['value'].isna().sum()):,d} rows without a value (missing_values.csv)"
    )
    return EXIT_DONE


if __name__ == "__main__":
    sys.exit(main())
