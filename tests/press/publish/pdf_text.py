"""Reads the text of a PDF that Typst wrote, page by page, through the fonts' ToUnicode tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from pathlib import Path


def pages_of(path: Path) -> list[str]:
    """Give the text of every page, white space folded."""
    with pikepdf.open(path) as pdf:
        return [" ".join(_text(page).replace("\u00a0", " ").split()) for page in pdf.pages]


def _text(page: Any) -> str:
    fonts = {name: unicode_table(font) for name, font in page.Resources.get("/Font", {}).items()}
    out: list[str] = []
    table: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = list(instruction.operands), str(instruction.operator)
        if name == "Tf":
            table = fonts[str(operands[0])]
        elif name in ("Tm", "Td", "T*", "ET"):
            out.append(" " if name == "ET" else "")
        elif name in ("Tj", "TJ"):
            parts = operands[0] if name == "TJ" else [operands[0]]
            for part in parts:
                if isinstance(part, pikepdf.String):
                    code = bytes(part)
                    out += [
                        table.get(int.from_bytes(code[index : index + 2], "big"), "\ufffd")
                        for index in range(0, len(code), 2)
                    ]
    return "".join(out)


def unicode_table(font: Any) -> dict[int, str]:
    """Give the letter behind each code of a font, as its ToUnicode table says."""
    table: dict[int, str] = {}
    text = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, shown in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            table[int(code, 16)] = bytes.fromhex(shown).decode("utf-16-be")
    return table
