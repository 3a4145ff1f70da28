"""Checks the blocks of the prose before pandoc reads it: each is closed, and none is too long to be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from press.publish import scan
from press.publish.errors import at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from press.publish.errors import Place

# A page holds about 3,000 characters. Far longer ones cost pandoc minutes and gigabytes.
MOST_IN_PARAGRAPH = 100_000
MOST_IN_FILE = 20_000_000
_DIV_LINE = re.compile(r"[ \t]*(:{3,})[ \t]*(.*?)[ \t]*:*[ \t]*$")
_HEADING = re.compile(r"#{1,6}\s")
_LANGUAGE = re.compile(r"[\w+#-]*|\{=(?:html|typst)\}")


def too_long(path: Path, text: str) -> str | None:
    """Give the problem of a file, or of a paragraph in it, that is longer than anyone would read."""
    if len(text) > MOST_IN_FILE:
        return f"{path}: the file has more than {MOST_IN_FILE:,} characters. Split it."
    length, first = 0, 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            length = 0
            continue
        first = number if length == 0 else first
        length += len(line) + 1
        if length > MOST_IN_PARAGRAPH:
            return at(
                (path, first),
                f"this paragraph has more than {MOST_IN_PARAGRAPH:,} characters. Split it with blank lines.",
            )
    return None


def unclosed(text: str, places: Sequence[Place]) -> list[str]:
    """Give the problems of blocks `:::`, blocks of code and comments that are not closed, or not opened."""
    problems = [*_code(text, places), *_comment(text, places)]
    # Where code is open to the end, everything behind it is code.
    return problems or [*_divs(text, places)]


def _code(text: str, places: Sequence[Place]) -> Iterator[str]:
    for line, words, closed in scan.code_fences(text):
        place = places[line - 1]
        if not closed:
            yield at(place, "this block of code is never closed. End it with a line of the same signs.")
        elif re.match(r"\{[^.#=]", words):
            yield at(
                place, "code is not run in a document. Put it into a notebook, and name what it finds there."
            )
        elif not _LANGUAGE.fullmatch(words):
            yield at(place, f"a block of code takes the name of one language and no more, not '{words}'.")


def _comment(text: str, places: Sequence[Place]) -> Iterator[str]:
    masked = scan.mask_code(scan.strip_comments(text))
    start = masked.find("<!--")
    if start >= 0:
        yield at(places[masked.count("\n", 0, start)], "this comment is never closed: '-->' is missing.")


def _divs(text: str, places: Sequence[Place]) -> Iterator[str]:
    opened: list[tuple[int, str]] = []
    before = ""
    for number, line in enumerate(scan.mask_code(text).split("\n"), start=1):
        found = _DIV_LINE.match(line) if ":::" in line else None
        if found:
            words = found[2]
            place = places[number - 1]
            if not words:
                if not opened:
                    yield at(place, "this ':::' closes nothing. Take it out, or open a block before it.")
                else:
                    opened.pop()
            else:
                if not words.startswith("{"):
                    yield at(place, f"write ::: {{.{words.split()[0]}}}, with a dot and braces.")
                elif before.strip() and not _DIV_LINE.match(before) and not _HEADING.match(before):
                    yield at(place, "a block ':::' needs a blank line before it.")
                opened.append((number, words))
        before = line
    for number, words in opened:
        yield at(places[number - 1], f"the block '::: {words}' is never closed. End it with a line ':::'.")
