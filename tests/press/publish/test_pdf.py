"""The PDF is accessible, the same each time, and shows hostile text literally."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from press.publish import pdf
from press.publish.errors import PublishError
from press.record import Result
from tests.press.publish.library import DATE, HOSTILE, Study, make_study, number, table
from tests.press.publish.pdf_text import pages_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FRONT = (
    'title: "Visits & \\\\<loans>"\n'
    'author:\n  - name: Ann "A" Lane\n    affiliation: Town\nkeywords: [a, b]\n'
)
TEXT = """# Methods {#sec-m}

Visits []{n=visits.word}.[@lane2020] See @fig-t, @tbl-t and @sec-m.[^1] Then $x^2$.

[^1]: A note.

::: {#fig-t result=visits.trend}
:::

::: {#tbl-t result=visits.years}
:::

|a|b|
|-|-|
|1|2|

::: {.key-messages title="Key messages"}
- One
:::

::: {.figures-strip}
- **[]{n=visits.total}** visits
:::

> Quote

Term
:   Definition

1. One
   - Two

---

# References {.unnumbered}

::: {#refs}
:::
"""


def elements(node: Any) -> Iterator[Any]:
    """Walk the structure tree."""
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


@pytest.mark.parametrize("template", ["report", "summary"])
def test_the_file_is_tagged_named_and_dated(study: Study, template: str) -> None:
    with pikepdf.open(study.pdf(TEXT, template=template, front=FRONT)) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang) == "en-GB"
        assert file.Root.ViewerPreferences.DisplayDocTitle
        with file.open_metadata() as meta:
            assert meta["dc:title"] == "Visits & <loans>"
            assert meta["dc:creator"] == ["Ann “A” Lane"]
            assert meta["pdfuaid:part"] == "1"
            assert meta["pdfaid:part"] == "2"
            assert meta["pdfaid:conformance"] == "A"
            assert meta["xmp:CreateDate"].startswith(DATE.isoformat())
        tags = list(elements(file.Root.StructTreeRoot))
        kinds = {str(tag.S) for tag in tags}
        assert {"/H1", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/L", "/Note", "/Formula"} <= kinds
        assert all("/Alt" in tag for tag in tags if tag.S in ("/Figure", "/Formula"))


def test_figures_carry_the_alternative_text_of_the_notebook(study: Study) -> None:
    with pikepdf.open(study.pdf(TEXT)) as file:
        alts = [
            str(tag.Alt) for tag in elements(file.Root.StructTreeRoot) if tag.S == "/Figure" and "/Alt" in tag
        ]
    assert alts == ["A line that rises from 1,000 visits in 2010 to 1,259 in 2017."]


def test_numbers_and_references_are_those_of_the_page(study: Study) -> None:
    text = " ".join(pages_of(study.pdf(TEXT)))
    assert "See Figure 1 , Table 1 and Chapter 1 ." in text
    assert "Table 1. Visits by year" in text
    assert "Lane A, Hill B. Visits to libraries." in text


def test_no_page_is_empty_and_the_contents_give_the_right_page(study: Study) -> None:
    pages = pages_of(
        study.pdf(f"{TEXT.replace('---', '')}\n# Appendix {{.unnumbered}}\n\nWords.\n", front=FRONT)
    )
    contents = re.sub(r"[ .]{3,}", " ", pages[1])
    found = re.search(r"1 Methods (\d) References (\d) Appendix (\d)", contents)
    assert found is not None
    for place, word in zip(map(int, found.groups()), ("Methods", "References", "Words."), strict=True):
        assert word in pages[place - 1]
    # The text goes over a page, so no number is right by chance.
    assert found.groups() == ("3", "5", "6")
    for place, page in enumerate(pages[1:], start=2):
        assert f"page {place} of 6" in page
        around = r"Visits & <loans>|(1 )?Methods|References|Appendix|23 November 2026|page \d of 6"
        assert re.sub(around, "", page).strip() != ""


def test_hostile_text_stays_text_everywhere(study: Study) -> None:
    target = study.pdf(
        TEXT,
        word=Result(name="word", kind="text", origin="public record", value=HOSTILE, display=HOSTILE),
        total=number("total", 1, HOSTILE),
        years=table(((HOSTILE,),), caption=HOSTILE, notes=(HOSTILE,)),
        trend=Result(
            name="trend", kind="figure", origin="public record", caption=HOSTILE, alt=HOSTILE,
            notes=(HOSTILE,),
            files=study.figure_files(csv="a\n1\n"),
        ),
    )  # fmt: skip
    text = "".join("".join(pages_of(target)).split())
    # In the prose, the strip, two captions, two notes and a cell.
    assert text.count("".join(HOSTILE.split())) == 7
    with pikepdf.open(target) as file:
        assert [str(tag.Alt) for tag in elements(file.Root.StructTreeRoot) if tag.S == "/Figure"] == [HOSTILE]


def test_prose_that_looks_like_typst_stays_prose(study: Study) -> None:
    text = " ".join(
        pages_of(study.pdf("# A\n\nPrice \\$5 \\#eval(1) \\*a\\* // b `#x` \\<label> \\@c [d] ~~e~~\n"))
    )
    assert "Price $5 #eval(1) *a* // b #x <label> @c [d] e" in text


@pytest.mark.parametrize("lines", [1, 30])
@pytest.mark.parametrize("template", ["report", "summary"])
def test_a_figure_stands_below_the_heading_of_its_chapter_and_in_it(
    study: Study, lines: int, template: str
) -> None:
    words = "Words go on and on, so that a line of them is full, and then a little more than that.\n\n"
    figure = "::: {#fig-t result=visits.trend}\n:::\n\n"
    text = f"# Before\n\nx\n\n# Chapter\n\n{words * lines}{figure}{words}# After\n\n{words * 40}"
    pages = pages_of(study.pdf(text, template=template))
    order = " ".join(pages[2:] if template == "report" else pages)
    # The text of a page is written in the order of reading, so a figure at its head comes first.
    assert order.index("Chapter") < order.index("Visits went up")
    if template == "report":
        assert order.index("Visits went up") < order.index("After")


def test_a_figure_stands_below_the_heading_of_its_section(study: Study) -> None:
    words = "Words go on and on, so that a line of them is full, and then a little more than that.\n\n"
    figure = "::: {#fig-t result=visits.trend}\n:::\n\n"
    text = f"# Chapter\n\n{words * 50}## The section\n\n{words}{figure}{words}"
    order = " ".join(pages_of(study.pdf(text)))
    assert order.rindex("The section") < order.index("Visits went up")


def test_a_table_does_not_overtake_one_that_waits_for_the_next_page(study: Study) -> None:
    words = "Words go on and on, so that a line of them is full, and then a little more than that.\n\n"
    named = "::: {#tbl-a result=visits.years}\n:::\n\n::: {#tbl-b result=loans.town.years}\n:::\n\n"
    long = table((("2010", "1", "2"),) * 14)
    waited = 0
    for lines in range(14, 34, 2):
        text = f"# Chapter\n\n{words * lines}{named}{words * 30}"
        pages = pages_of(study.pdf(text, years=long))
        assert "".join(pages).index("Table 1.") < "".join(pages).index("Table 2.")
        waited += "Table 1." not in pages[2]
    assert 0 < waited < 10, "the page has room for the table in some of them"


def test_many_figures_in_a_row_settle(study: Study) -> None:
    figures = "".join(f"::: {{#fig-{index} result=visits.trend}}\n:::\n\nWords.\n\n" for index in range(12))
    for template in ("report", "summary"):
        text = " ".join(pages_of(study.pdf(f"# A\n\nSee @fig-3\n\n{figures}", template=template)))
        found = [text.index(f"Figure {number}.") for number in range(1, 13)]
        assert found == sorted(found)


def test_the_title_says_what_the_document_was_built_from(study: Study) -> None:
    front = f'{FRONT}press: {{}}\nsubtitle: "Under #it"\n'
    first = pages_of(study.pdf(TEXT, front=front))[0]
    for words in ("Visits & <loans>", "Under #it", "Ann “A” Lane", "Town", "Keywords", "a, b", "Built from"):
        assert words in first
    assert "Built from: demo" in pages_of(study.pdf(TEXT, front=front, template="summary"))[0]
    assert "Built from: demo" in study.html(TEXT, front=front)


def test_a_long_table_repeats_its_head_on_every_page(study: Study) -> None:
    rows = tuple((f"Library {index}", f"{index}") for index in range(120))
    pages = pages_of(study.pdf("# A\n\n::: {#tbl-t result=visits.years}\n:::\n", years=table(rows)))
    with_rows = [page for page in pages if "Library" in page and "Column 0" in page]
    assert len(with_rows) >= 3
    assert not [page for page in pages if "Library 5" in page and "Column 0" not in page]


def test_a_wide_table_stays_on_the_page(study: Study) -> None:
    rows = tuple(tuple(f"{row * column * 1234:,}" for column in range(14)) for row in range(1, 5))
    target = study.pdf("# A\n\n::: {#tbl-t result=visits.years}\n:::\n", years=table(rows))
    text = " ".join(pages_of(target))
    assert all(cell in text for row in rows for cell in row)


def test_a_chapter_may_turn_its_pages_and_the_next_one_turns_them_back(study: Study) -> None:
    text = "# A\n\nx\n\n# B {.landscape}\n\nx\n\n::: {#tbl-t result=visits.years}\n:::\n\n# C\n\nx\n"
    rows = tuple((f"Library {index}", f"{index}") for index in range(40))
    target = study.pdf(text, years=table(rows))
    with pikepdf.open(target) as file:
        wide = [float(page.mediabox[2]) > float(page.mediabox[3]) for page in file.pages]
    assert wide == [False, False, False, True, True, False]
    assert "Library 39" in pages_of(target)[4]


def test_the_same_bytes_wherever_the_project_lies(tmp_path: Path) -> None:
    one = make_study(tmp_path / "one").pdf(TEXT).read_bytes()
    other = make_study(tmp_path / "a_n*other" / "far; away?").pdf(TEXT).read_bytes()
    assert one == other
    assert str(tmp_path).encode() not in one


def test_a_letter_that_no_typeface_has_is_an_error_and_leaves_the_old_file(study: Study) -> None:
    target = study.pdf("# A\n\n[]{n=visits.word}\n")
    before = target.read_bytes()
    strange = Result(name="word", kind="text", origin="public record", value="漢", display="漢")
    with pytest.raises(PublishError, match="Typst"):
        study.pdf("# A\n\n[]{n=visits.word}\n", word=strange)
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["paper.pdf"]


def test_nothing_staged_is_said(study: Study) -> None:
    study.write("# A\n")
    with pytest.raises(PublishError, match="nothing is staged"):
        pdf.render(study.read(), study.folder / "none", study.folder / "x.pdf", report_date=DATE)


def test_an_unknown_template_is_refused(study: Study) -> None:
    with pytest.raises(PublishError, match="Did you mean 'report'"):
        study.pdf("# A\n", front="title: T\npress: {template: reprot}\n", template="")
