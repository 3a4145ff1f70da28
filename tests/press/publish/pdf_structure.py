"""Reads the tags of a PDF in the order in which they are read out, and what is drawn outside of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pikepdf

from tests.press.publish.pdf_text import unicode_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAINTS = frozenset(
    ["S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Tj", "TJ", "'", "sh", "Do", "INLINE IMAGE"]
)


@dataclass
class Tag:
    """An element of the structure tree: its kind, its own text, the elements inside it."""

    kind: str
    node: Any
    text: str = ""
    kids: list[Tag] = field(default_factory=list)

    def walk(self) -> Iterator[Tag]:
        """Give this element and all inside it, in order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()


def read_tags(path: Path) -> Tag:
    """Give the tree, the text of the marked content in its place."""
    return _read(path, path.stat().st_mtime_ns)[0]


def drawn_outside_tags(path: Path) -> list[str]:
    """List what pages draw that is neither in an element nor marked as an artifact."""
    return _read(path, path.stat().st_mtime_ns)[1]


# A long document takes seconds, and several tests ask for it.
@lru_cache(maxsize=4)
def _read(path: Path, _written: int) -> tuple[Tag, list[str]]:
    with pikepdf.open(path) as file:
        found = {page.obj.objgen: _marked_text(page) for page in file.pages}
        texts = {page: each for page, (each, _) in found.items()}
        outside = [
            f"page {number}: {operator}"
            for number, (_, operators) in enumerate(found.values(), start=1)
            for operator in operators
        ]
        return _tag(file.Root.StructTreeRoot, texts, None), outside


def text_of(tag: Tag, without: frozenset[str] = frozenset()) -> str:
    """Give the text of an element and all inside it, without white space; some kinds may be left out."""
    if tag.kind in without:
        return ""
    return "".join(tag.text.split()) + "".join(text_of(kid, without) for kid in tag.kids)


def _tag(node: Any, texts: dict[Any, dict[int, str]], page: Any) -> Tag:
    page = node.get("/Pg", page)
    tag = Tag(str(node.get("/S", "/Root"))[1:], node)
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            tag.kids.append(Tag("", None, texts[page.objgen].get(kid, "")))
        elif "/MCID" in kid:
            own = kid.get("/Pg", page)
            tag.kids.append(Tag("", None, texts[own.objgen].get(int(kid.MCID), "")))
        elif "/S" in kid:
            tag.kids.append(_tag(kid, texts, page))
    return tag


def _marked_text(page: Any) -> tuple[dict[int, str], list[str]]:
    fonts = {name: unicode_table(font) for name, font in page.Resources.get("/Font", {}).items()}
    texts: dict[int, str] = {}
    outside: list[str] = []
    marks: list[int | None] = []
    table: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = list(instruction.operands), str(instruction.operator)
        if name in ("BDC", "BMC"):
            properties: Any = operands[1] if name == "BDC" else None
            found = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
            marks.append(None if found is None else int(found))
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            table = fonts[str(operands[0])]
        if name in PAINTS and not marks:
            outside.append(name)
        if name in ("Tj", "TJ"):
            own = next((mark for mark in reversed(marks) if mark is not None), None)
            if own is not None:
                texts[own] = texts.get(own, "") + _shown(operands[0] if name == "TJ" else operands, table)
    return texts, outside


def _shown(parts: Any, table: dict[int, str]) -> str:
    out = []
    for part in parts:
        if isinstance(part, pikepdf.String):
            code = bytes(part)
            out += [
                table.get(int.from_bytes(code[index : index + 2], "big"), "\ufffd")
                for index in range(0, len(code), 2)
            ]
    return "".join(out)
