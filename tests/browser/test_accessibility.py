"""Every page is read by axe-core, by the keyboard alone, and at the width of a small phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import tools
from tests.browser.reading import findings, opened, pages, sideways

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def test_axe_finds_nothing_and_leaves_nothing_open(browser: Browser, documents: Path) -> None:
    axe = tools.axe_core()
    found = []
    for path in pages(documents):
        with opened(browser, path) as page:
            found += findings(page, axe)
    assert found == []


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("document.querySelector('.picture img').removeAttribute('alt')", "image-alt"),
        ("document.querySelector('main p').style.color = 'light-dark(#000, #333)'", "color-contrast"),
        ("document.querySelector('details tbody tr:nth-child(2) td').style.color = '#ccc'", "color-contrast"),
        (
            "document.querySelectorAll('.contents a').forEach(each => {"
            " each.style.cssText = 'font-size: 4px; line-height: 1; padding: 0; min-height: 0' })",
            "target-size",
        ),
    ],
)
def test_axe_notices_a_fault(browser: Browser, documents: Path, fault: str, rule: str) -> None:
    """The check itself, in what is folded, in the dark, and at one width alone."""
    with opened(browser, documents / "report/visits.html") as page:
        page.evaluate(fault)
        assert rule in {line.split(": ")[1] for line in findings(page, tools.axe_core())}


def test_axe_reads_the_results_of_a_search(browser: Browser, documents: Path) -> None:
    with opened(browser, documents / "report/search.html", 320, query="?q=visits") as page:
        assert page.locator("#results li").count() > 2
        assert findings(page, tools.axe_core()) == []


def test_no_page_scrolls_sideways_and_targets_are_24_pixels_high(browser: Browser, documents: Path) -> None:
    """Links in a sentence are exempt (WCAG 2.5.8)."""
    found = []
    for path in pages(documents):
        with opened(browser, path) as page:
            found += page.evaluate(
                "[...document.querySelectorAll('nav a, summary, button, input, .files a, .home')]"
                ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24)"
                ".map(e => e.outerHTML)"
            )
            found += sideways(page)
    assert found == []


def test_text_may_be_spaced_as_readers_need_it(browser: Browser, documents: Path) -> None:
    """WCAG 1.4.12: with these spaces nothing is cut off or lies over its neighbour."""
    with opened(browser, documents / "report/visits.html", 320) as page:
        page.evaluate(
            "const wide = [['line-height', '1.5'], ['letter-spacing', '0.12em'], ['word-spacing', '0.16em']];"
            "for (const each of document.querySelectorAll('body *')) {"
            "  wide.forEach(([name, value]) => each.style.setProperty(name, value, 'important')); }"
        )
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        )


def focused(page: Page) -> str:
    said = page.evaluate(
        "(e => e.id || e.getAttribute('rel') || (e.tagName === 'DIV' && e.className)"
        "|| e.innerText.split('\\n')[0])"
        "(document.activeElement)"
    )
    return str(said).replace("\u00a0", " ")


def tabbed(page: Page, presses: int = 60) -> list[str]:
    """Press Tab until the focus comes round, and list what has it."""
    found: list[str] = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        found.append(focused(page))
    return found


@pytest.mark.parametrize("width", [320, 1280])
def test_the_keyboard_alone_reaches_all_parts_in_their_order(
    browser: Browser, documents: Path, width: int
) -> None:
    with opened(browser, documents / "report/visits.html", width) as page:
        order = tabbed(page)
    # On a small screen the contents are folded, as one stop that opens them.
    contents = "Contents" if width == 320 else "1 Background"
    stops = [
        "Skip to the content", "Visits to libraries", "search", "Search", contents,
        "picture", "The numbers behind Figure 1", "The numbers of Figure 1 (CSV, 42 bytes)", "prev", "next",
    ]  # fmt: skip
    assert [stop for stop in order if stop in stops] == stops


def test_the_folded_contents_open_by_key_and_lead_on(browser: Browser, documents: Path) -> None:
    with opened(browser, documents / "report/visits.html", 320) as page:
        page.locator("nav.contents summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert focused(page) == "1 Background"
        page.keyboard.press("Enter")
        page.wait_for_url("**/background.html")


def test_the_skip_link_leads_past_the_contents(browser: Browser, documents: Path) -> None:
    with opened(browser, documents / "report/visits.html", 1280) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
        page.keyboard.press("Enter")
        assert focused(page) == "content"
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_numbers_behind_a_figure_open_by_key(browser: Browser, documents: Path) -> None:
    with opened(browser, documents / "summary.html", 1280) as page:
        page.locator("details.numbers summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("details.numbers table").first.is_visible()


def test_what_has_the_focus_is_seen_and_not_hidden_under_the_banner(
    browser: Browser, documents: Path
) -> None:
    with opened(browser, documents / "report/loans.html", 1280) as page:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            seen = page.evaluate(
                "() => { const e = document.activeElement, box = e.getBoundingClientRect();"
                "const banner = document.querySelector('.banner').getBoundingClientRect();"
                "const clear = box.bottom > banner.bottom || e.className === 'skip';"
                "return [getComputedStyle(e).outlineStyle, clear]; }"
            )
            assert seen == ["solid", True], focused(page)
