"""What a notebook calls to name its results.

    from press import results

    results.number("exits_24m", 13, format=",d", unit="spells", denominator=42, origin="public record")

In a run, the results land in the folder that the engine names in the environment variable
`PRESS_RUN_FOLDER`. Outside a run (in JupyterLab) the same calls check and show, and write nothing.
Every call raises `ResultError`, and says what to do, where the record could not hold the result.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.errors import ResultError, nearest
from press.record import ORIGINS, Column, Origin, Record, Result, read_record, round_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["absent", "figure", "number", "read", "table", "text"]

RUN_FOLDER = "PRESS_RUN_FOLDER"
RESULTS_FILE = "results.jsonl"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PNG_DPI = 200
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def number(
    name: str,
    value: float,
    *,
    format: str,  # noqa: A002 - the field's standard term
    origin: Origin,
    unit: str = "",
    interval: tuple[float, float] | None = None,
    denominator: int | None = None,
) -> Result:
    """Name a number. `format` is a Python format specification (`,d`, `.1f`, `.0%`, `+.1f`).

    `interval` is (low, high) in the unit of the value; `denominator` is what it was counted out of.
    A minus sign is displayed as one (U+2212), and an interval as "low to high".
    """
    for part in (value, *(interval or ())):
        if not math.isfinite(part):
            raise ResultError(
                f"number '{name}' is {part}. A result must be finite: "
                "name it with results.absent(…) and the reason."
            )
    if interval is not None and interval[0] > interval[1]:
        raise ResultError(f"number '{name}': the interval {interval} has its low end above its high end.")
    low_high = (
        None if interval is None else (round_value(float(interval[0])), round_value(float(interval[1])))
    )
    exact: float | int = (
        int(value) if float(value).is_integer() and "d" in format else round_value(float(value))
    )
    return _add(
        Result(
            name=name,
            kind="number",
            origin=origin,
            value=exact,
            display=_shown(exact, format, name),
            format=format,
            unit=unit,
            interval=low_high,
            interval_display=""
            if low_high is None
            else " to ".join(_shown(end, format, name) for end in low_high),
            denominator=None if denominator is None else int(denominator),
        )
    )


def text(name: str, value: str, *, origin: Origin) -> Result:
    """Name a word or a sentence that prose quotes, for example "rose"."""
    if not value.strip():
        raise ResultError(f"text '{name}' is empty. Name it with results.absent(…) and the reason instead.")
    return _add(Result(name=name, kind="text", origin=origin, value=value, display=value))


def table(
    name: str,
    data: pd.DataFrame,
    *,
    caption: str,
    origin: Origin,
    labels: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    allow_empty: bool = False,
) -> Result:
    """Name a table. The columns of `data` appear in order; its index does not.

    `labels` gives the heading of a column and `formats` the format of its numbers. A missing value is
    displayed as an en dash and is empty in the CSV file, whose last column is the origin.
    """
    if not caption.strip():
        raise ResultError(f"table '{name}' has no caption. Say in one line what it shows, where and when.")
    if data.empty and not allow_empty:
        raise ResultError(
            f"table '{name}' has no rows. "
            "Name it with results.absent(…), or say allow_empty=True if that is meant."
        )
    labels, formats = dict(labels or {}), dict(formats or {})
    for given in (*labels, *formats):
        if given not in data.columns:
            raise ResultError(
                f"table '{name}' has no column '{given}'. {nearest(given, map(str, data.columns))}"
            )
    bare = [str(column) for column in data.columns if not labels.get(column, str(column)).strip()]
    if bare:
        raise ResultError(
            f"table '{name}' has no heading for its column '{bare[0]}'. Give it one in labels: who cannot "
            "see the table hears it with every cell."
        )
    columns = tuple(
        Column(
            name=str(column),
            label=labels.get(column, str(column).replace("_", " ").capitalize()),
            align="right" if _is_numeric(data[column]) else "left",
        )
        for column in data.columns
    )
    records = list(data.itertuples(index=False, name=None))
    rows = tuple(
        tuple(
            _cell(value, formats.get(column.name, ""), name)
            for value, column in zip(row, columns, strict=True)
        )
        for row in records
    )
    files = _write_files(name, {"csv": _csv(data, origin)})
    return _add(
        Result(
            name=name,
            kind="table",
            origin=origin,
            caption=caption,
            notes=tuple(notes),
            columns=columns,
            rows=rows,
            files=files,
        )
    )


def figure(
    name: str,
    picture: Figure,
    *,
    caption: str,
    alt: str,
    data: pd.DataFrame,
    origin: Origin,
    notes: Sequence[str] = (),
) -> Result:
    """Name a figure: a matplotlib figure, its caption, its alternative text and the numbers behind it.

    The alternative text gives the message to someone who does not see the picture, so it may not be the
    caption again.
    """
    if not caption.strip() or not alt.strip():
        raise ResultError(f"figure '{name}' needs a caption and an alternative text (alt=…).")
    if _plain(alt) == _plain(caption):
        raise ResultError(
            f"figure '{name}': the alternative text repeats the caption. "
            "Say what the picture shows, with its numbers."
        )
    if not hasattr(picture, "savefig"):
        raise ResultError(
            f"figure '{name}' is a {type(picture).__name__}, not a matplotlib Figure. "
            "Give the figure: axes.figure."
        )
    if data.empty:
        raise ResultError(
            f"figure '{name}' has no data behind it. Name it with results.absent(…) and the reason."
        )
    files = _write_files(name, {"svg": _svg(picture, name), "png": _png(picture), "csv": _csv(data, origin)})
    return _add(
        Result(
            name=name,
            kind="figure",
            origin=origin,
            caption=caption,
            alt=alt,
            notes=tuple(notes),
            files=files,
        )
    )


def absent(name: str, reason: str) -> Result:
    """Name a result that this world cannot give, with the reason that a reader is told."""
    if not reason.strip():
        raise ResultError(f"absent result '{name}' needs a reason.")
    return _add(Result(name=name, kind="absent", reason=reason))


def read(path: Path) -> Record:
    """Read the record of another run that this notebook has declared as an input."""
    return read_record(path)


def _add(result: Result) -> Result:
    if not _NAME.fullmatch(result.name):
        raise ResultError(
            f"'{result.name}' is no name for a result: "
            "use lower case letters, digits and underscores, a letter first."
        )
    if result.kind != "absent" and result.origin not in ORIGINS:
        raise ResultError(
            f"'{result.name}': unknown origin '{result.origin}'. {nearest(result.origin, ORIGINS)}"
        )
    folder = os.environ.get(RUN_FOLDER)
    if folder is None:
        # Cells are run again and again by hand, so a second call is no mistake here.
        return result
    path = Path(folder) / RESULTS_FILE
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if json.loads(line)["name"] == result.name:
                raise ResultError(
                    f"'{result.name}' is named twice in this notebook. Give the second another name."
                )
    line = json.dumps(result.to_json(), ensure_ascii=False, sort_keys=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    return result


def _write_files(name: str, contents: dict[str, bytes]) -> dict[str, str]:
    folder = os.environ.get(RUN_FOLDER)
    if folder is not None:
        for suffix, content in contents.items():
            (Path(folder) / f"{name}.{suffix}").write_bytes(content)
    return {suffix: hashlib.sha256(content).hexdigest() for suffix, content in sorted(contents.items())}


def _shown(value: object, spec: str, name: str) -> str:
    try:
        shown = format(value, spec)
    except ValueError as error:
        raise ResultError(
            f"'{name}': the format '{spec}' does not fit the value {value!r} ({error})."
        ) from error
    if not any(digit in shown for digit in "123456789"):
        shown = shown.lstrip("-+")
    return shown.replace("-", "−")


def _cell(value: object, spec: str, name: str) -> str:
    if value is None or value != value:  # NaN and NaT are the values that differ from themselves
        return "–"
    if spec:
        return _shown(value, spec, name)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def _is_numeric(column: pd.Series[Any]) -> bool:
    return column.dtype.kind in "iufb" if hasattr(column.dtype, "kind") else False


def _csv(data: pd.DataFrame, origin: Origin) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    # The file is passed on without the page around it, so each row says where its figures come from.
    own = [] if "origin" in data.columns else [origin]
    writer.writerow([*(str(column) for column in data.columns), *(["origin"] if own else [])])
    for row in data.itertuples(index=False, name=None):
        writer.writerow([*(_csv_cell(value) for value in row), *own])
    return stream.getvalue().encode("utf-8")


def _csv_cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return repr(round_value(float(value)))
    written = str(value)
    # A spreadsheet runs a cell that begins like a formula; the leading apostrophe makes it text again.
    return f"'{written}" if written[:1] in FORMULA_STARTS and isinstance(value, str) else written


def _svg(picture: Figure, name: str) -> bytes:
    import matplotlib as mpl

    stream = io.BytesIO()
    # The salt makes the ids in the file the same in every run; paths look alike wherever they are read.
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "path"}):
        picture.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _png(picture: Figure) -> bytes:
    stream = io.BytesIO()
    picture.savefig(stream, format="png", dpi=_PNG_DPI, metadata={"Software": None})
    return stream.getvalue()


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[^\w ]", "", words).lower().split())
