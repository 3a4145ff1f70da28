"""Stages what a document quotes: `values.json` and the figures and tables beside it.

`values.json` holds `{"version": 1, "world": …, "simulated": …, "results": {key: …}}`. A result is what
`Result.to_json` gives, with `file` (the stem of its files) and, for a figure, `data`: the head of the numbers
behind it as texts.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.errors import nearest
from press.publish.errors import PublishError, at, joined
from press.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from press.publish.sources import Document
    from press.record import Record, Result

VALUES_FILE = "values.json"
VALUES_VERSION = 1
ROWS_SHOWN = 200
_SIGNIFICANT = 6
_STAGED_SUFFIXES = (".svg", ".png", ".csv")
# Control characters and those that turn the direction of writing: they would hide or reorder other words.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def stage(
    document: Document,
    records: Mapping[str, Record],
    figure_folders: Mapping[str, Path],
    folder: Path,
    world: str,
) -> dict[str, Any]:
    """Write what `document` quotes into `folder`, take out what it no longer quotes, and give the values.

    `records` and `figure_folders` go by key prefix (`indicator.ae_4h`). Raises `PublishError` that names the
    file and line of every unknown key, and where a figure is missing or is not the one its run recorded.
    """
    results = _quoted(document, records)
    values: dict[str, Any] = {
        "version": VALUES_VERSION,
        "world": world,
        "simulated": any(result.origin == "simulated" for result in results.values()),
        "results": {key: {**_clean(result.to_json()), "file": key} for key, result in results.items()},
    }
    contents: dict[str, bytes] = {}
    for key, result in results.items():
        prefix = key.rpartition(".")[0]
        for suffix, digest in sorted(result.files.items()):
            source = Path(figure_folders.get(prefix, Path())) / f"{result.name}.{suffix}"
            contents[f"{key}.{suffix}"] = _read_checked(source, digest, key)
        if result.kind == "figure":
            values["results"][key]["data"] = _head(contents[f"{key}.csv"].decode("utf-8"))
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.suffix in _STAGED_SUFFIXES and path.name not in contents:
            path.unlink()
    for name, content in sorted(contents.items()):
        write_bytes(folder / name, content)
    text = json.dumps(values, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    # Last, so that values never speak of a figure that is not there yet.
    write_bytes(folder / VALUES_FILE, text.encode("utf-8"))
    return values


def _quoted(document: Document, records: Mapping[str, Record]) -> dict[str, Result]:
    known = [f"{prefix}.{result.name}" for prefix, record in records.items() for result in record.results]
    problems: list[str] = []
    found: dict[str, Result] = {}
    for use in document.uses:
        prefix, _, name = use.key.rpartition(".")
        record = records.get(prefix)
        if record is not None and name in record:
            found[use.key] = record[name]
        else:
            problems.append(
                at(
                    document.place(use.line),
                    f"no notebook names a result '{use.key}'. {_suggest(use.key, known)}",
                )
            )
    if problems:
        raise joined(problems)
    return dict(sorted(found.items()))


def _suggest(key: str, known: list[str]) -> str:
    suggestion = nearest(key, known)
    return suggestion if suggestion.startswith("Did you mean") else "Check the key in the record of its run."


def _read_checked(path: Path, digest: str, key: str) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise PublishError(
            f"{path}: the file of the result '{key}' is missing. Build its run again."
        ) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise PublishError(
            f"{path}: this is not the file that the run recorded for '{key}'; it was changed afterwards. "
            "Build its run again."
        )
    return content


def _head(text: str) -> dict[str, Any]:
    rows = list(csv.reader(text.splitlines(keepends=True)))
    header, body = (rows[0], rows[1:]) if rows else ([], [])
    shown = [[_short(cell) for cell in row] for row in body[:ROWS_SHOWN]]
    numeric = [
        all(_is_number(row[index]) for row in shown if index < len(row) and row[index])
        for index in range(len(header))
    ]
    head: dict[str, Any] = _clean(
        {
            "header": header,
            "align": ["right" if each and shown else "left" for each in numeric],
            "rows": shown,
            "rows_in_all": len(body),
            "rounded": any(
                short != cell
                for row, full in zip(shown, body, strict=False)
                for short, cell in zip(row, full, strict=True)
            ),
        }
    )
    return head


def _short(cell: str) -> str:
    if "." not in cell or len(cell) <= _SIGNIFICANT + 2 or not _is_number(cell):
        return cell
    return f"{float(cell):.{_SIGNIFICANT}g}"


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", cell) is not None


def _clean(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, str):
        return _UNPRINTABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(each) for each in value]
    return value
