"""Simulated data never looks real, and real data are never called simulated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from press.publish.errors import PublishError
from tests.press.publish.pdf_text import pages_of

if TYPE_CHECKING:
    from tests.press.publish.library import Study

MARKER = "Simulated data: this section is about made-up units."
BANNER = "Demonstration with simulated data."
TEXT = """# Real

[]{n=visits.total}

::: {#fig-real result=visits.trend}
:::

# Mixed

Words.

## Made up

### Deep

[]{n=loans.town.total}

## Real again

[]{n=visits.share}

# Tables

::: {#tbl-made result=loans.town.years}
:::

::: {#tbl-real result=visits.years}
:::
"""


def headings_before_markers(page: str) -> list[str]:
    return re.findall(
        r'<h\d[^>]*>(?:<span class="section-number">[\d.]+</span> )?([^<]*)</h\d>\s*'
        r'<div class="simulated-section">',
        page,
    )


def test_the_innermost_section_of_level_one_or_two_is_marked(study: Study) -> None:
    assert headings_before_markers(study.html(TEXT)) == ["Made up", "Tables"]


def test_captions_are_tagged_where_the_result_is_simulated_and_only_there(study: Study) -> None:
    page = study.html(TEXT)
    assert len(re.findall('<span class="simulated-tag">Simulated data</span>', page)) == 1
    assert re.search(r"Table\u00a01\.</strong> Visits by year <span class=\"simulated-tag\">", page)


def test_a_document_of_real_results_says_nothing_of_simulated_data(study: Study) -> None:
    page = study.html("# Real\n\n[]{n=visits.total}\n")
    assert "imulated" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def test_what_stands_before_the_first_heading_is_marked_too(study: Study) -> None:
    page = study.html("[]{n=loans.town.total} loans\n\n# Real\n\n[]{n=visits.total}\n")
    body = page[page.index("<main") :]
    assert body.index("simulated-section") < body.index("99")
    assert headings_before_markers(page) == []


def test_an_abstract_with_simulated_results_is_marked(study: Study) -> None:
    front = "title: T\nabstract: |\n  We counted []{n=loans.town.total} loans.\n"
    page = study.html("# Real\n\nWords.\n", front=front)
    abstract = page[page.index('<section class="abstract"') : page.index("</section>")]
    assert MARKER in abstract
    assert "99" in abstract


def test_the_banner_stands_at_the_top_of_the_page(study: Study) -> None:
    page = study.html(TEXT)
    assert page.index(BANNER) < page.index("<h1")
    assert "@top-center" in page


def test_every_page_of_the_pdf_carries_the_banner(study: Study) -> None:
    pages = pages_of(study.pdf(TEXT))
    assert len(pages) > 3
    assert all(BANNER in page for page in pages)
    text = " ".join(pages)
    assert text.count(MARKER) == 2
    assert re.search(r"Table 1\. ?Visits by year ?Simulated data", text)
    assert not re.search(r"(Figure 1|Table 2)\.[^.]{0,40}Simulated", text)
    assert "imulated" not in " ".join(pages_of(study.pdf("# Real\n\n[]{n=visits.total}\n")))


def test_the_words_of_the_marks_are_the_reports_own(study: Study) -> None:
    path = study.report / "_quarto.yml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + 'press:\n  simulated-banner: "All made up."\n  simulated-section: "Made-up towns."\n',
        encoding="utf-8",
    )
    page = study.html(TEXT)
    assert "All made up." in page
    assert "Made-up towns." in page
    path.write_text(path.read_text(encoding="utf-8").replace("All made up.", " "), encoding="utf-8")
    with pytest.raises(PublishError, match="simulated-banner"):
        study.html(TEXT)
