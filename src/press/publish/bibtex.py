"""Reads the entries of a BibTeX file with their lines, for the checks; citing itself is pandoc's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from press.publish.errors import Place, at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ENTRY = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*([{(])", re.MULTILINE)
_KEY = re.compile(r"\s*([^\s,{}\"'#%~\\()]+)\s*,")
_FIELD = re.compile(r"\s*([A-Za-z][\w-]*)\s*=\s*")
_PLAIN = re.compile(r"[^\s,{}\"#]+")


@dataclass(frozen=True)
class Entry:
    """A source: its type and field names in small letters, its values without their outer braces."""

    kind: str
    key: str
    fields: Mapping[str, str]
    place: Place


def read(path: Path, problems: list[str]) -> list[Entry]:
    """Give the entries of a file in their order. What cannot be read is added to `problems`."""
    text = path.read_text(encoding="utf-8-sig")
    entries: list[Entry] = []
    end = 0
    for found in _ENTRY.finditer(text):
        place = (path, text.count("\n", 0, found.start()) + 1)
        if found.start() < end:
            problems.append(at(place, "this entry begins inside another one: a '}' is missing before it."))
            return entries
        kind = found[1].lower()
        close = _closing(text, found.end() - 1)
        if close is None:
            problems.append(at(place, f"this entry '@{found[1]}' is never closed: a '}}' is missing."))
            return entries
        end = close
        if kind == "comment":
            continue
        if found[2] == "(" or kind in ("string", "preamble"):
            problems.append(at(place, f"'@{found[1]}{found[2]}' is not read here. Write the words out."))
            continue
        entry = _entry(kind, text, found.end(), close, place, problems)
        if entry is not None:
            entries.append(entry)
    return entries


def _closing(text: str, start: int) -> int | None:
    """Give the place of the brace that closes the one at `start`."""
    depth = 0
    close = {"{": "}", "(": ")"}[text[start]]
    for found in re.compile(r"\\.|[{}()]", re.DOTALL).finditer(text, start):
        if found[0] == text[start]:
            depth += 1
        elif found[0] == close:
            depth -= 1
            if depth == 0:
                return found.start()
    return None


def _entry(kind: str, text: str, start: int, end: int, place: Place, problems: list[str]) -> Entry | None:
    key = _KEY.match(text, start, end)
    if key is None:
        problems.append(at(place, f"this entry '@{kind}' has no key. Write @{kind}{{key, …}}."))
        return None
    fields: dict[str, str] = {}
    position = key.end()
    while text[position:end].strip():
        line = (place[0], text.count("\n", 0, position + _blank(text, position, end)) + 1)
        name = _FIELD.match(text, position, end)
        value = None if name is None else _value(text, name.end(), end)
        if name is None or value is None:
            problems.append(
                at(line, f"'{key[1]}': this is no field. Write name = {{value}}, and a comma after it.")
            )
            return None
        words, position = value
        if name[1].lower() in fields:
            problems.append(at(line, f"'{key[1]}' has the field '{name[1]}' twice. Take one out."))
        fields[name[1].lower()] = words.strip()
        comma = re.compile(r"\s*(,|$)").match(text, position, end)
        if comma is None:
            problems.append(at(line, f"'{key[1]}': a comma is missing after the field '{name[1]}'."))
            return None
        position = comma.end()
    return Entry(kind, key[1], fields, place)


def _blank(text: str, start: int, end: int) -> int:
    return len(text[start:end]) - len(text[start:end].lstrip())


def _value(text: str, start: int, end: int) -> tuple[str, int] | None:
    if text.startswith("{", start):
        close = _closing(text, start)
        return None if close is None or close >= end else (text[start + 1 : close], close + 1)
    if text.startswith('"', start):
        close = text.find('"', start + 1, end)
        return None if close < 0 else (text[start + 1 : close], close + 1)
    plain = _PLAIN.match(text, start, end)
    return None if plain is None else (plain[0], plain.end())
