"""What a PDF needs to be read out, as far as a program can tell: asserted by pikepdf, and asked of outloud.

outloud has an environment of its own (`OUTLOUD`, else `.tools/outloud`, else PATH). This is no certificate.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from tests.press.publish.pdf_structure import drawn_outside_tags, read_tags, text_of

if TYPE_CHECKING:
    from tests.press.publish.pdf_structure import Tag

# The last ones are for formulas, and for code.
TYPEFACES = {"SourceSansPro", "SourceSerifPro", "NewCMMath", "DejaVuSansMono"}
EXPLAINED = {
    "FIG-012": "a rule of thumb, by the share of letters: words for a chart are full of its numbers",
    "ORD-001": "a figure floats, so it is drawn at another place of the page than where it is read out",
}
"""What outloud says of no consequence, and why. Running heads and heads of tables: `around_the_text`."""


def assert_readable(path: Path, title: str) -> None:
    """Assert the marks of a readable file, and that all that is in it can be read out."""
    with pikepdf.open(path) as file:
        assert file.Root.MarkInfo.Marked
        assert not file.Root.MarkInfo.get("/Suspects", False)
        assert str(file.Root.Lang) == "en-GB"
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert str(file.docinfo["/Title"]) == title
        assert all(page.get("/Tabs") == "/S" for page in file.pages if "/Annots" in page)
        with file.open_metadata() as meta:
            assert (meta["pdfuaid:part"], meta["dc:title"]) == ("1", title)
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        with file.open_outline() as outline:
            assert outline.root
        _assert_typefaces(file)
        _assert_words_and_scopes(file)
    assert drawn_outside_tags(path) == []
    tags = read_tags(path)
    levels = levels_of(tags)
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), "headings never skip a level"
    # The number "1." of a reference once began a list of its own.
    assert all(text_of(tag) for tag in tags.walk() if tag.kind == "LBody")


def levels_of(tags: Tag) -> list[int]:
    """Give the level of every heading, in order."""
    return [int(tag.kind[1:]) for tag in tags.walk() if tag.kind[:1] == "H" and tag.kind[1:].isdigit()]


def _assert_typefaces(file: pikepdf.Pdf) -> None:
    fonts = {
        str(font.BaseFont): font for page in file.pages for font in page.Resources.get("/Font", {}).values()
    }
    assert {name.split("+")[1].split("-")[0] for name in fonts} <= TYPEFACES
    for font in fonts.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
        assert "/ToUnicode" in font


def elements(file: pikepdf.Pdf) -> dict[str, list[Any]]:
    """Give the elements of the structure tree by kind."""
    found: dict[str, list[Any]] = {}
    waiting: list[Any] = [file.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        found.setdefault(str(node.get("/S", "")), []).append(node)
        kids = node.get("/K", [])
        waiting += [
            kid
            for kid in (kids if isinstance(kids, pikepdf.Array) else [kids])
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
        ]
    return found


def _assert_words_and_scopes(file: pikepdf.Pdf) -> None:
    found = elements(file)
    for node in (*found.get("/Figure", []), *found.get("/Formula", [])):
        assert str(node.Alt).strip()
    for node in found.get("/TH", []):
        attributes = node.get("/A", [])
        attributes = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
        assert any(each.get("/Scope") == "/Column" for each in attributes)


def unexplained(paths: list[Path], folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Give what outloud finds and nobody has explained, by file. Skips where outloud is not installed.

    Starting it takes longer than a file does, so it reads all files at once.
    """
    own = Path(__file__).resolve().parents[3] / ".tools/outloud/bin/outloud"
    program = os.environ.get("OUTLOUD") or (str(own) if own.exists() else shutil.which("outloud"))
    if not program:
        pytest.skip("needs outloud 0.2.1 in an environment of its own: run envs/browser.sh, or set OUTLOUD")
    report = folder / "found.json"
    subprocess.run(
        [program, *map(str, paths), "--json", str(report), "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    results = json.loads(report.read_text(encoding="utf-8"))["results"]
    return {
        path.stem: [
            each
            for each in result["findings"]
            if each["rule"] not in EXPLAINED
            and not (each["rule"] == "TAG-002" and _is(each["evidence"], around_the_text(path)))
        ]
        for path, result in zip(paths, results, strict=True)
    }


def around_the_text(path: Path) -> tuple[str, ...]:
    """Give how lines begin that are no part of the text: running heads, heads of tables that go on."""
    with pikepdf.open(path) as file:
        title = str(file.docinfo["/Title"]).split(": ")[0]
    heads = [
        "".join(text_of(cell) for cell in tag.walk() if cell.kind == "TH")
        for tag in read_tags(path).walk()
        if tag.kind == "Table"
    ]
    return ("".join(title.split()), *filter(None, heads))


def _is(evidence: str, around: tuple[str, ...]) -> bool:
    lines = ["".join(line.split()).rstrip("…") for line in evidence.split("; ")]
    return all(line.startswith(around) or any(each.startswith(line) for each in around) for line in lines)
