"""Splits a document's HTML into chapters, a page each, and leads its links to the page they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import quote

from press.publish import markup
from press.publish.errors import PublishError

INDEX = "index"
"""The page before the first chapter."""

_BLOCK = re.compile(r"<(/?)(?:(h1)|aside|blockquote|details|div|dl|figure|ol|section|table|ul)\b[^>]*>")
_HEADING = re.compile(r'<h1\b[^>]*?id="([^"]*)"[^>]*>(.*?)</h1>', re.DOTALL)
_ID = re.compile(r'<[^>]*?\sid="([^"]*)"')
_LINK = re.compile(r'(<a\b[^>]*?\bhref=")#([^"]*)"')
_ENTRY = re.compile(r"</?[ul][li]>")


@dataclass(frozen=True)
class Chapter:
    """A page: the name of its file without suffix, the id and the words of its heading, and its HTML."""

    name: str
    id: str
    title: str
    html: str

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.html"


def split(body: str, taken: Sequence[str] = ()) -> tuple[str, list[Chapter]]:
    """Give what stands before the first chapter, and the chapters.

    `body` is pandoc's HTML of a document whose chapters begin with `<h1>`; `taken` are names of other pages.
    Raises `PublishError` where a chapter begins inside a block.
    """
    starts = list(_starts(body))
    chapters: list[Chapter] = []
    for start, end in zip(starts, [*starts[1:], len(body)], strict=True):
        html = body[start:end].strip()
        heading = _HEADING.match(html)
        if heading is None:
            raise PublishError(f"a chapter has no label: {markup.words(html[:200])}")
        names = [*taken, INDEX, *(chapter.name for chapter in chapters)]
        identifier = unescape(heading[1])
        chapters.append(Chapter(_name(identifier, names), identifier, markup.words(heading[2]), html))
    return body[: starts[0] if starts else len(body)].strip(), chapters


def _starts(body: str) -> Iterator[int]:
    depth = 0
    for found in _BLOCK.finditer(body):
        closing, heading = found[1], found[2]
        if heading and not closing:
            if depth:
                words = markup.words(body[found.start() : body.index("</h1>", found.start())])
                raise PublishError(f"the chapter '{words}' begins inside a block. Close the block before it.")
            yield found.start()
        elif not heading:
            depth += -1 if closing else 1


def _name(identifier: str, taken: Sequence[str]) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", identifier.removeprefix("sec-").lower()).strip("-") or "chapter"
    number, chosen = 1, name
    while chosen in taken:
        number += 1
        chosen = f"{name}-{number}"
    return chosen


def addresses(front: str, chapters: Sequence[Chapter]) -> dict[str, str]:
    """Give the file that holds each id."""
    pages = [(f"{INDEX}.html", front), *((chapter.file, chapter.html) for chapter in chapters)]
    return {unescape(found): file for file, html in pages for found in _ID.findall(html)}


def lead(html: str, file: str, files: Mapping[str, str], tops: Mapping[str, str]) -> str:
    """Lead the links of a page to the pages that hold their labels.

    `file` is the page's own, `files` what `addresses` gives; a link to the heading of a chapter (`tops`: id
    to file) goes to the top of its page.
    """

    def led(found: re.Match[str]) -> str:
        label = unescape(found[2])
        if label in tops and tops[label] != file:
            return f'{found[1]}{tops[label]}"'
        there = files.get(label, file)
        return found[0] if there == file else f'{found[1]}{there}#{quote(label)}"'

    return _LINK.sub(led, html)


def linked(front: str, chapters: Sequence[Chapter]) -> tuple[str, list[Chapter]]:
    """Lead the links of all pages; gives them as `split` does."""
    files, tops = addresses(front, chapters), {chapter.id: chapter.file for chapter in chapters}
    return (
        lead(front, f"{INDEX}.html", files, tops),
        [replace(each, html=lead(each.html, each.file, files, tops)) for each in chapters],
    )


def entries(contents: str) -> list[str]:
    """Give the entries of pandoc's contents (`<ul>…</ul>`), one for each chapter, with those inside it."""
    found: list[str] = []
    depth = start = 0
    for tag in _ENTRY.finditer(contents):
        if tag[0] == "<li>":
            depth += 1
            start = tag.start() if depth == 1 else start
        elif tag[0] == "</li>":
            depth -= 1
            if not depth:
                found.append(contents[start : tag.end()])
    return [re.sub(r' id="toc-[^"]*"', "", entry) for entry in found]


def without_sections(entry: str) -> str:
    """Give an entry of the contents without those inside it."""
    start, end = entry.find("<ul>"), entry.rfind("</ul>")
    return entry if start < 0 else entry[:start].rstrip() + entry[end + len("</ul>") :]
