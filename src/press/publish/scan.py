"""Finds the places in Quarto markdown that the engine must know the line of, leaving code alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_ATTRIBUTE = "press-line"
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SPAN = re.compile(r"\[[^\[\]]*\]\{([^{}]*)\}")
_DIV = re.compile(r"^[ \t]*:{3,}[ \t]*\{([^{}\n]*)\}", re.MULTILINE)
_KEY = re.compile(
    r"""(?<![\w-])(n|result|when-result|unless-result)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s}"']+))"""
)
_IMAGE = re.compile(r"!\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^\s)>]+)>?[^)]*\)")
_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(\S+)\s*(.*?)\s*>\}\}(?!\})")


@dataclass(frozen=True)
class Use:
    """A result key that the text quotes, or makes a condition of; `line` counts from 1."""

    key: str
    attribute: str
    line: int


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
        else:
            masked.append(_CODE.sub(lambda code: " " * len(code[0]), line))
    return "\n".join(masked)


def strip_comments(text: str) -> str:
    """Remove HTML comments outside code; line ends stay, so that lines keep their numbers."""
    masked = mask_code(text)
    parts: list[str] = []
    end = 0
    for comment in _COMMENT.finditer(masked):
        parts += [text[end : comment.start()], "\n" * comment[0].count("\n")]
        end = comment.end()
    return "".join([*parts, text[end:]])


def shortcodes(text: str) -> Iterator[tuple[int, str, str]]:
    """Give the line, the name and the argument of every `{{< name argument >}}` outside code."""
    for number, line in enumerate(mask_code(text).split("\n"), start=1):
        for found in _SHORTCODE.finditer(line):
            yield number, found[1], found[2]


def is_alone(line: str) -> bool:
    """Say whether a shortcode is all there is on a line."""
    return _SHORTCODE.fullmatch(line.strip()) is not None


def uses(text: str) -> Iterator[Use]:
    """Give every result key in the attributes of spans and blocks, in the order of the text."""
    masked = mask_code(text)
    for start, attributes in _attributes(masked):
        for found in _KEY.finditer(attributes):
            line = masked.count("\n", 0, start + found.start()) + 1
            for key in (found[2] or found[3] or found[4] or "").split():
                yield Use(key, found[1], line)


def images(text: str) -> Iterator[tuple[int, str]]:
    """Give the line and the path of every picture that prose shows."""
    masked = mask_code(text)
    for found in _IMAGE.finditer(masked):
        yield masked.count("\n", 0, found.start()) + 1, found[1]


def mark_lines(text: str) -> str:
    """Write its line into each span and block with a result key, for the filter's messages."""
    masked = mask_code(text)
    parts: list[str] = []
    end = 0
    for start, attributes in _attributes(masked):
        if _KEY.search(attributes) or ".content-visible" in attributes:
            close = start + len(attributes)
            parts += [text[end:close], f" {LINE_ATTRIBUTE}={masked.count(chr(10), 0, start) + 1}"]
            end = close
    return "".join([*parts, text[end:]])


def lines_with(text: str, words: str) -> list[int]:
    """Give the lines that hold `words` as a whole outside code, then those that hold it in code."""
    pattern = re.compile(
        rf"(?<![\w-]){re.escape(words)}(?![\w-])"
        if words[:1] not in "@#"
        else rf"{re.escape(words)}(?![\w-])"
    )
    numbered = list(enumerate(mask_code(text).split("\n"), start=1))
    return [number for number, line in numbered if pattern.search(line)]


def _attributes(masked: str) -> list[tuple[int, str]]:
    found = [(match.start(1), match[1]) for pattern in (_SPAN, _DIV) for match in pattern.finditer(masked)]
    return sorted(found)
