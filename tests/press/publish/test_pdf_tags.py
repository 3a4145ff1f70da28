"""The PDF can be read out: PDF/UA-1 as far as a program can tell, on a made-up report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf
import pytest

from tests.press.publish.library import table
from tests.press.publish.pdf_readable import assert_readable, elements, levels_of, unexplained
from tests.press.publish.pdf_structure import read_tags, text_of
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


@pytest.mark.parametrize("template", ["report", "summary"])
def test_the_file_can_be_read_out(study: Study, template: str) -> None:
    path = study.pdf(ALL, template=template, front=FRONT)
    assert_readable(path, "Visits & <loans>")
    tags = read_tags(path)
    assert max(levels_of(tags)) == 3
    assert "1.LaneA,HillB." in text_of(tags)
    with pikepdf.open(path) as file:
        found = elements(file)
    assert len(found["/Figure"]) == 2
    # Two tables of results with three columns, one of prose with two.
    assert len(found["/TH"]) == 8


def test_bookmarks_are_the_headings_with_their_numbers(study: Study) -> None:
    with pikepdf.open(study.pdf(ALL, front=FRONT)) as file, file.open_outline() as outline:
        found = [("".join(item.title.split()), [kid.title for kid in item.children]) for item in outline.root]
        assert found == [
            ("Abstract", []), ("Listoftables", []), ("Listoffigures", []), ("1Methods", ["1.1Part one"]),
            ("References", []), ("AppendixA:Allbranches", []),
        ]  # fmt: skip


HIDDEN = "These words are drawn, but nobody who listens will ever hear of them."
WITH_HIDDEN = (
    '# A\n\nWords go on.\n\n::: {.raw-markup reason="a test"}\n```{=html}\n<p>x</p>\n```\n\n'
    f"```{{=typst}}\n#pdf.artifact[{HIDDEN}]\n```\n:::\n"
)


def test_outloud_finds_nothing_that_is_not_explained_and_hears_what_is_missing(study: Study) -> None:
    paths = []
    for template in ("report", "summary"):
        for rows in (8, 90):
            years = table(tuple((f"Branch {row}", f"{row}", "open") for row in range(rows)))
            path = study.pdf(ALL, template=template, front=FRONT, years=years)
            paths.append(path.rename(path.with_stem(f"{template}-{rows}")))
    hidden = study.pdf(WITH_HIDDEN, front=FRONT)
    paths.append(hidden.rename(hidden.with_stem("hidden")))
    found = unexplained(paths, study.folder)
    # The check itself: text that is marked as none of the text is noticed, whatever is explained.
    missing = found.pop("hidden")
    assert [each["rule"] for each in missing] == ["TAG-002"]
    assert "nobody who listens" in missing[0]["evidence"]
    assert found == {"report-8": [], "report-90": [], "summary-8": [], "summary-90": []}
