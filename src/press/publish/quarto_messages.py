"""Reads what Quarto, pandoc and Typst said in a rendering, and finds the author's file and line in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from press.errors import nearest
from press.publish.errors import at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from press.publish.sources import Document, Place

_SHOWN_LINES = 12
_FILTER_MARK = "press-problem\t"
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_STACK = re.compile(r"\s+at |Stack trace:")
_ERROR = re.compile(r"(ERROR|Error|error|FATAL)\b")
_WARNING = re.compile(r"(?:\[WARNING\]|WARNING:|WARN:|warning:)\s*(.+)")
_CITATION = re.compile(r"Citeproc: citation (\S+) not found")
_REFERENCE = re.compile(r"Unable to resolve crossref @?(\S+)")
_TYPEFACE = re.compile(r"unknown font family: (.+)")
# Where each kind of message names a file (FILE stands for any of the project's) and a line.
_PLACES = (
    r"[Ii]n file FILE,?\s*\n\(line (?P<line>\d+)",
    r"\(FILE, (?P<line>\d+):\d+\)",
    r"FILE:(?P<line>\d+)\b",
    r"FILE:?\n[^\n]* at line (?P<line>\d+)",
    r"FILE\b[^\n]*failed[^\n]*\n(?:[^\n]*\n){0,2}?[^\n]*\(line (?P<line>\d+)",
    r"[Ii]n file FILE(?P<line>)",
)
_FRONT_MATTER = re.compile(r"YAML front matter failed[^\n]*\n(?:[^\n]*\n){0,2}?[^\n]*\(line (?P<line>\d+)")


@dataclass(frozen=True)
class Heard:
    """What a rendering said: problems, for which it must not be used, and warnings."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...]


def read(
    said: str, *, failed: bool, document: Document, files: Sequence[Path], folder: Path, quarto: str
) -> Heard:
    """Sort out what `quarto` (its name and version) said while it worked on a copy of `files` in `folder`.

    A citation, reference or typeface that is not found is a problem, though Quarto goes on without it.
    """
    report = document.report_folder
    text = _COLOUR.sub("", said).replace("\r", "\n").replace(str(folder), str(report))
    lines = [line.rstrip() for line in text.split("\n") if not _STACK.match(line)]
    problems = [*_of_filter(document, lines)]
    warnings = []
    for line in lines:
        warning = _WARNING.search(line)
        if warning is None:
            continue
        problem = _grave(document, warning[1])
        if problem:
            problems.append(problem)
        else:
            warnings.append(f"{document.source}: {quarto} warns: {warning[1]}")
    if failed and not problems:
        problems.append(_failure(document, files, lines, quarto))
    return Heard(tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(warnings)))


def _of_filter(document: Document, lines: list[str]) -> Iterator[str]:
    """Read the problems that the report's filter has found, which Quarto passes on."""
    for line in lines:
        _, mark, written = line.partition(_FILTER_MARK)
        try:
            problem: dict[str, Any] = json.loads(written) if mark else {}
        except ValueError:  # Quarto wrote into the same line; its own words follow
            continue
        if not problem:
            continue
        # The filter knows no lines under Quarto, which expands includes itself, so words are looked for.
        words = [str(problem[name]) for name in ("search", "otherwise") if problem.get(name)]
        places = (document.find(each, last=bool(problem.get("last"))) for each in words)
        message = str(problem["message"])
        if problem.get("label"):
            message = f"{message} {nearest(str(problem['label']), problem.get('known') or [])}"
        yield at(next(filter(None, places), (document.source, 1)), message)


def _grave(document: Document, warning: str) -> str | None:
    if found := _CITATION.search(warning):
        names = " or ".join(path.name for path in document.bibliography if path.suffix != ".csl")
        words = f"@{found[1]}"
        message = f"the citation '{words}' is not in {names or 'any bibliography (the metadata names none)'}."
    elif found := _REFERENCE.search(warning):
        words = f"@{found[1]}"
        message = f"'{words}' points to nothing: no figure, table or heading has that label."
    elif found := _TYPEFACE.search(warning):
        return (
            f"{document.source}: Quarto's Typst lacks the typeface '{found[1]}' and would use another. "
            "Name in the theme only typefaces that come with the project."
        )
    else:
        return None
    return at(document.find(words) or (document.source, 1), message)


def _failure(document: Document, files: Sequence[Path], lines: list[str], quarto: str) -> str:
    spoken = [line for line in lines if line.strip()]
    start = next((number for number, line in enumerate(spoken) if _ERROR.match(line)), None)
    # Without a word of an error, what was said last is the likeliest reason.
    shown = spoken[-_SHOWN_LINES:] if start is None else spoken[start : start + _SHOWN_LINES]
    words = "\n  ".join(shown) if shown else "it said nothing."
    place = _place(document, files, "\n".join(shown))
    return at(place, f"{quarto} failed: {words}") if place else f"{document.source}: {quarto} failed: {words}"


def _place(document: Document, files: Sequence[Path], words: str) -> Place | None:
    known = {path.relative_to(document.report_folder).as_posix(): path for path in files}
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    # Only known names: the intermediate text that Quarto makes of a document is no file of the author's.
    file = rf"(?<![\w./-])(?:\./|{re.escape(document.report_folder.as_posix())}/)?(?P<file>{names})(?!\w)"
    for pattern in _PLACES:
        found = re.search(pattern.replace("FILE", file), words)
        if found:
            return known[found["file"]], int(found["line"] or 1)
    front = _FRONT_MATTER.search(words)
    return (document.source, int(front["line"])) if front else None
