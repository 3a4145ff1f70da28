"""The PDF can be read out: PDF/UA-1 as far as a program can tell, checked by pikepdf and by outloud.

outloud lives in an environment of its own (`OUTLOUD`, else `.tools/outloud`, else PATH). These checks are not
a certificate.
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

from tests.press.publish.library import table
from tests.press.publish.pdf_structure import drawn_outside_tags, read_tags, text_of
from tests.press.publish.test_pdf import FRONT, TEXT

if TYPE_CHECKING:
    from tests.press.publish.library import Study

ALL = (
    "# Abstract {.unnumbered}\n\nVisits rose.\n\n::: {.contents}\n:::\n\n# List of tables {.unnumbered}\n\n"
    "::: {.list-of-tables}\n:::\n\n# List of figures {.unnumbered}\n\n::: {.list-of-figures}\n:::\n\n"
    + TEXT.replace("# References", "## Part one\n\n### A detail\n\nWords.\n\n"
                   "::: {#tbl-l result=loans.town.years}\n:::\n\n"
                   "::: {#fig-l result=loans.town.trend}\n:::\n\n# References")
    + "\n# All branches {#sec-all .appendix}\n\nThe last words.\n"
)  # fmt: skip
# The last one is for formulas.
TYPEFACES = {"SourceSansPro", "SourceSerifPro", "NewCMMath"}
EXPLAINED = {
    "FIG-012": "a rule of thumb, by the share of letters: words for a chart are full of its numbers",
    "ORD-001": "a figure floats, so it is drawn at another place of the page than where it is read out",
}


@pytest.mark.parametrize("template", ["report", "summary"])
def test_the_marks_of_a_readable_file_are_set(study: Study, template: str) -> None:
    path = study.pdf(ALL, template=template, front=FRONT)
    with pikepdf.open(path) as file:
        assert file.Root.MarkInfo.Marked
        assert not file.Root.MarkInfo.get("/Suspects", False)
        assert str(file.Root.Lang) == "en-GB"
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert str(file.docinfo["/Title"]) == "Visits & <loans>"
        assert all(page.get("/Tabs") == "/S" for page in file.pages if "/Annots" in page)
        with file.open_metadata() as meta:
            assert (meta["pdfuaid:part"], meta["dc:title"]) == ("1", "Visits & <loans>")
    assert drawn_outside_tags(path) == []


@pytest.mark.parametrize("template", ["report", "summary"])
def test_every_figure_and_formula_has_words_and_every_head_a_scope(study: Study, template: str) -> None:
    with pikepdf.open(study.pdf(ALL, template=template, front=FRONT)) as file:
        found: dict[str, list[Any]] = {}

        def walk(node: Any) -> None:
            found.setdefault(str(node.get("/S", "")), []).append(node)
            kids = node.get("/K", [])
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                    walk(kid)

        walk(file.Root.StructTreeRoot)
        assert len(found["/Figure"]) == 2
        assert all(str(node.Alt).strip() for kind in ("/Figure", "/Formula") for node in found[kind])
        # Two tables of results with three columns, one of prose with two.
        assert len(found["/TH"]) == 8
        for node in found["/TH"]:
            attributes = node.get("/A", [])
            attributes = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
            assert any(each.get("/Scope") == "/Column" for each in attributes)


def test_every_typeface_is_in_the_file(study: Study) -> None:
    with pikepdf.open(study.pdf(ALL, front=FRONT)) as file:
        fonts = {
            str(font.BaseFont): font
            for page in file.pages
            for font in page.Resources.get("/Font", {}).values()
        }
        assert {name.split("+")[1].split("-")[0] for name in fonts} <= TYPEFACES
        for font in fonts.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
            assert "/ToUnicode" in font


def test_bookmarks_are_the_headings_with_their_numbers(study: Study) -> None:
    with pikepdf.open(study.pdf(ALL, front=FRONT)) as file, file.open_outline() as outline:
        found = [("".join(item.title.split()), [kid.title for kid in item.children]) for item in outline.root]
        assert found == [
            ("Abstract", []), ("Listoftables", []), ("Listoffigures", []), ("1Methods", ["1.1Part one"]),
            ("References", []), ("AppendixA:Allbranches", []),
        ]  # fmt: skip


def test_headings_never_skip_a_level(study: Study) -> None:
    levels = [
        int(tag.kind[1:])
        for tag in read_tags(study.pdf(ALL, front=FRONT)).walk()
        if tag.kind[:1] == "H" and tag.kind[1:].isdigit()
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_reference_is_no_list_without_items(study: Study) -> None:
    """The number "1." of a reference once began a list of its own."""
    tags = list(read_tags(study.pdf(ALL, front=FRONT)).walk())
    assert all(text_of(tag) for tag in tags if tag.kind == "LBody")
    assert "1.LaneA,HillB." in text_of(tags[0])


def outloud() -> str:
    own = Path(__file__).resolve().parents[3] / ".tools/outloud/bin/outloud"
    found = os.environ.get("OUTLOUD") or (str(own) if own.exists() else shutil.which("outloud"))
    if not found:
        pytest.skip("needs outloud 0.2.1 in an environment of its own: run envs/browser.sh, or set OUTLOUD")
    return found


@pytest.mark.parametrize("template", ["report", "summary"])
@pytest.mark.parametrize("rows", [8, 90])
def test_outloud_finds_nothing_that_is_not_explained(
    study: Study, tmp_path: Path, template: str, rows: int
) -> None:
    program = outloud()
    years = table(tuple((f"Branch {row}", f"{row}", "open") for row in range(rows)))
    path = study.pdf(ALL, template=template, front=FRONT, years=years)
    report = tmp_path / "found.json"
    done = subprocess.run(
        [program, str(path), "--json", str(report), "--quiet"], capture_output=True, text=True, check=False
    )
    result = json.loads(report.read_text(encoding="utf-8"))["results"][0]
    unexplained = [each for each in result["findings"] if each["rule"] not in EXPLAINED]
    assert unexplained == [], done.stdout
    assert done.returncode == 0
