"""Finds the places in Quarto markdown that the engine must know the line of, leaving code alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINE_ATTRIBUTE = "press-line"
EQUATION_CLASS = "press-equation"
# What pandoc understands as attributes. Braces that hold anything else are no business of ours.
_ONE_ATTRIBUTE = r"""(?:[#.][^\s{}="'#.][^\s{}="']*|[A-Za-z_][\w:.-]*=(?:"[^"{}]*"|'[^'{}]*'|[^\s"'{}]*))"""
_ATTRIBUTES = rf"[ \t]*{_ONE_ATTRIBUTE}(?:\s+{_ONE_ATTRIBUTE})*[ \t]*"
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
# Behind a span, a picture or a link.
_SPAN = re.compile(rf"[\])]\{{({_ATTRIBUTES})\}}")
_DIV = re.compile(r"^[ \t]*:{3,}[ \t]*\{([^{}\n]*)\}", re.MULTILINE)
_FORMULA = re.compile(
    rf"(?<![\\$])\$\$(?!\$)(?:[^$\n]|\n(?![ \t]*\n)|\\\$)+\$\$(?:[ \t]*\{{({_ATTRIBUTES})\}})?"
)
_KEY = re.compile(
    r"""(?<![\w-])(n|result|when-result|unless-result)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s}"']+))"""
)
_IMAGE = re.compile(r"!\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^\s)>]+)>?[^)]*\)")
_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(\S+)\s*(.*?)\s*>\}\}(?!\})")
_CITATION = re.compile(r"(?<![\w\\./-])-?@(?:\{([^{}\s]+)\}|(\w(?:[\w:.#$%&+?<>~/-]*\w)?))")


@dataclass(frozen=True)
class Use:
    """A result key that the text quotes, or makes a condition of; `line` counts from 1."""

    key: str
    attribute: str
    line: int


@lru_cache(maxsize=8)
def mask_code(text: str) -> str:
    """Replace code (fenced and in a line) by blanks; every other character keeps its place."""
    masked: list[str] = []
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence:
            closes = found and found[1].startswith(fence) and not found[2].strip()
            masked.append(" " * len(line))
            fence = "" if closes else fence
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
            masked.append(" " * len(line))
        elif "`" in line:
            masked.append(_CODE.sub(lambda code: " " * len(code[0]), line))
        else:
            masked.append(line)
    return "\n".join(masked)


def code_fences(text: str) -> Iterator[tuple[int, str, bool]]:
    """Give the line, the words after the opening fence, and whether it is closed, of every block of code."""
    fence, opened, words = "", 0, ""
    for number, line in enumerate(text.split("\n"), start=1):
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not found[2].strip():
                yield opened, words, True
                fence = ""
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence, opened, words = found[1], number, found[2].strip()
    if fence:
        yield opened, words, False


def strip_comments(text: str) -> str:
    """Remove HTML comments outside code; line ends stay, so that lines keep their numbers."""
    masked = mask_code(text)
    parts: list[str] = []
    end = 0
    while (start := masked.find("<!--", end)) >= 0 and (close := masked.find("-->", start)) >= 0:
        parts += [text[end:start], "\n" * masked.count("\n", start, close)]
        end = close + len("-->")
    return "".join([*parts, text[end:]])


def shortcodes(text: str) -> Iterator[tuple[int, str, str]]:
    """Give the line, the name and the argument of every `{{< name argument >}}` outside code."""
    for number, line in enumerate(mask_code(text).split("\n"), start=1):
        if "{{<" in line:
            for found in _SHORTCODE.finditer(line):
                yield number, found[1], found[2]


def is_alone(line: str) -> bool:
    """Say whether a shortcode is all there is on a line."""
    return _SHORTCODE.fullmatch(line.strip()) is not None


def uses(text: str) -> Iterator[Use]:
    """Give every result key in the attributes of spans and blocks, in the order of the text."""
    masked = mask_code(text)
    line_of = _lines(masked)
    for start, attributes in _attributes(masked):
        for found in _KEY.finditer(attributes):
            line = line_of(start + found.start())
            for key in (found[2] or found[3] or found[4] or "").split():
                yield Use(key, found[1], line)


def images(text: str) -> Iterator[tuple[int, str]]:
    """Give the line and the path of every picture that prose shows."""
    masked = mask_code(text)
    line_of = _lines(masked)
    for found in _IMAGE.finditer(masked):
        yield line_of(found.start()), found[1]


def citations(text: str) -> Iterator[tuple[int, str]]:
    """Give the line and the name of every `@name`: sources, and labels of figures and other things."""
    masked = mask_code(text)
    line_of = _lines(masked)
    for found in _CITATION.finditer(masked):
        yield line_of(found.start()), found[1] or found[2]


def mark_lines(text: str) -> str:
    """Write its line into each span, picture and block with attributes, for the filter's messages.

    The attributes of a displayed formula, for which pandoc has no place, go into an empty span before it.
    """
    masked = mask_code(text)
    line_of = _lines(masked)
    changes: list[tuple[int, int, str]] = []
    formulas = list(_FORMULA.finditer(masked))
    for found in formulas:
        given = f"{found[1] or ''} {LINE_ATTRIBUTE}={line_of(found.start())}".strip()
        changes.append((found.start(), found.start(), f"[]{{.{EQUATION_CLASS} {given}}}"))
        if found[1]:
            changes.append((found.start() + found[0].rindex("$$") + 2, found.end(), ""))
    inside = [(found.start(), found.end()) for found in formulas]
    for start, attributes in _attributes(masked):
        if not any(first <= start < last for first, last in inside):
            close = start + len(attributes)
            changes.append((close, close, f" {LINE_ATTRIBUTE}={line_of(start)}"))
    parts: list[str] = []
    end = 0
    for first, last, words in sorted(changes):
        parts += [text[end:first], words]
        end = last
    return "".join([*parts, text[end:]])


def lines_with(text: str, words: str, *, literal: bool = False, code: bool = False) -> list[int]:
    """Give the lines that hold `words` as a whole outside code.

    `literal`: also as a part of other words, and over the end of a line; `code`: also in code.
    """
    pattern = r"\s+".join(re.escape(part) for part in words.split(" "))
    if not literal and not code:
        before = "" if words[:1] in "@#" else r"(?<![\w-])"
        pattern = rf"{before}{pattern}(?![\w-])"
    searched = text if code else mask_code(text)
    line_of = _lines(searched)
    return [line_of(found.start()) for found in re.finditer(pattern, searched)]


def _lines(text: str) -> Callable[[int], int]:
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return lambda place: bisect_right(starts, place)


def _attributes(masked: str) -> list[tuple[int, str]]:
    found = [(match.start(1), match[1]) for pattern in (_SPAN, _DIV) for match in pattern.finditer(masked)]
    return sorted(found)
