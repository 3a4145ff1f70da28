"""The failure card: what a person needs to find and mend a failing cell, in at most 25 lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from press.errors import PressError

MAX_LINES = 25
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CELL_FRAME = re.compile(r"^Cell In\[\d+\], line (\d+)", re.MULTILINE)
_FILE_FRAME = re.compile(r"^File (.+?):(\d+), in ([\w.<>]+)", re.MULTILINE)
_MESSAGE_WIDTH = 400


class NotebookError(PressError):
    """A cell failed, took too long, or lost its kernel; the message is the card."""


@dataclass(frozen=True)
class Failure:
    """What went wrong where. `cell` counts the author's code cells from 1; 0 is before the first."""

    run: str
    notebook: Path
    cell: int
    heading: str
    source: str
    cause: str
    parameters: dict[str, str]
    traceback: str = ""
    kept: Path | None = None
    withheld: bool = False
    """Whether message and outputs are kept back."""


def card(failure: Failure, source_folder: Path) -> str:
    """Lay a failure out as a card."""
    line_number = _line_in_cell(failure.traceback)
    lines = [f"Run {failure.run} failed."]
    if failure.cell:
        where = f"code cell {failure.cell}"
        where += f", under “{failure.heading}”" if failure.heading else ""
        lines.append(f"  notebook    {failure.notebook}, {where}")
    else:
        lines.append(f"  notebook    {failure.notebook}, before its first cell")
    source_lines = failure.source.splitlines()
    if line_number is not None and line_number <= len(source_lines):
        lines.append(f"  line {line_number:<6} {source_lines[line_number - 1].strip()[:120]}")
    first, *rest = failure.cause.splitlines() or ["no message"]
    lines.append(f"  cause       {first[:_MESSAGE_WIDTH]}")
    lines.extend(f"              {line[:_MESSAGE_WIDTH]}" for line in rest[:6])
    for position, (name, value) in enumerate(sorted(failure.parameters.items())):
        if position == 5:
            lines.append(f"              … and {len(failure.parameters) - 5} more")
            break
        lines.append(f"  {'parameters' if position == 0 else '':<11} {name} = {value[:80]}")
    for position, frame in enumerate(_project_frames(failure.traceback, source_folder)[-5:]):
        lines.append(f"  {'through' if position == 0 else '':<11} {frame}")
    if failure.kept is not None:
        lines.append(f"  kept        {failure.kept} (executed up to the failure)")
        again = ", and execute it there to see what is kept back" if failure.withheld else ""
        lines.append(f"  look at it  press open {failure.run}{again}")
    return "\n".join(lines[:MAX_LINES])


def _line_in_cell(traceback: str) -> int | None:
    frames = _CELL_FRAME.findall(_ANSI.sub("", traceback))
    return int(frames[-1]) if frames else None


def _project_frames(traceback: str, source_folder: Path) -> list[str]:
    """Name the frames of the traceback that lie in the project, as `library/sums.py, line 12, in total`."""
    frames = []
    for file, line, function in _FILE_FRAME.findall(_ANSI.sub("", traceback)):
        path = Path(file).expanduser()
        if path.is_relative_to(source_folder):
            frames.append(f"{path.relative_to(source_folder).as_posix()}, line {line}, in {function}")
    return frames
