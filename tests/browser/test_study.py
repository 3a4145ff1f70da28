"""Every page of the study's own documents, and both PDFs, as the demo build publishes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import test_reading, tools
from tests.browser.reading import findings, opened, pages, sideways
from tests.press.publish.pdf_readable import assert_readable, unexplained
from tests.press.publish.test_pdf_and_html import assert_the_same

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TITLE = "Special Measures for Quality"
TITLES = {
    "summary": f"{TITLE}: a summary for NHS trusts and stakeholders",
    "full-report": f"{TITLE} in English NHS trusts: a retrospective cohort study",
}


@pytest.fixture(scope="session")
def published(built: Path) -> Path:
    """Give the folder with the published documents."""
    return built / "dist"


# In halves, so that two processes of a run share the pages.
@pytest.mark.parametrize("half", [0, 1])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(browser: Browser, published: Path, half: int) -> None:
    everything = pages(published)
    assert {path.parent.name for path in everything} == {"dist", "full-report"}
    axe = tools.axe_core()
    found = []
    for path in everything[half::2]:
        with opened(browser, path) as page:
            found += [*sideways(page), *findings(page, axe)]
    assert found == []


def test_no_page_asks_another_host_for_anything(browser: Browser, published: Path) -> None:
    test_reading.test_no_page_asks_another_host_for_anything(browser, published)


def test_the_validator_has_nothing_to_say(published: Path) -> None:
    test_reading.test_the_validator_has_nothing_to_say(published)


@pytest.mark.parametrize("name", TITLES)
def test_the_pdf_can_be_read_out(published: Path, name: str) -> None:
    assert_readable(published / f"{name}.pdf", TITLES[name])


def test_the_page_and_the_pdf_of_the_summary_say_the_same(published: Path) -> None:
    page = (published / "summary.html").read_text(encoding="utf-8")
    assert_the_same(page, published / "summary.pdf", "Whatweasked")


def test_the_site_and_the_pdf_say_the_same(published: Path) -> None:
    site = published / "full-report"
    index = (site / "index.html").read_text(encoding="utf-8")
    chapters = dict.fromkeys(re.findall(r'href="([a-z0-9-]+\.html)"', index.partition("whole-contents")[2]))
    assert len(chapters) > 15
    mains = [
        re.search(r'<main\b.*?(?=<nav class="neighbours")', page, re.DOTALL)
        for page in ((site / name).read_text(encoding="utf-8") for name in chapters)
    ]
    html = "".join(f"{main[0]}</main>" for main in mains if main)
    assert html.count("</main>") == len(chapters)
    assert_the_same(html, published / "full-report.pdf", "Introduction:aregimemeanttobeshort")


def test_outloud_finds_nothing_that_is_not_explained(published: Path, tmp_path: Path) -> None:
    found = unexplained([published / f"{name}.pdf" for name in TITLES], tmp_path)
    assert found == {name: [] for name in TITLES}
