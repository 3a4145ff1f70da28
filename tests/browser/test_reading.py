"""Pages work from a folder, ask nobody for anything, and are valid HTML."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import tools
from tests.browser.reading import opened, pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request


EXPLAINED = {
    "Resource violates Content Security Policy": "it knows no origin of files; the browser above does",
    "Inline script violates Content Security Policy": "it does not compare hashes; the browser above does",
    "CSS: “container-type”": "its CSS is older than container queries",
    "CSS: “max-width”: Parse Error": "its CSS is older than the unit cqi",
    "CSS: “width”: Unknown dimension": "its CSS is older than the unit cqi",
    "Text run starts with a composing character": "the accent of a formula",
    "Section lacks heading": "the notes at the end",
    "Trailing slash on void elements": "harmless in quoted attributes, and pandoc's are",
}
"""What the validator says by mistake or of no consequence, and why."""


def test_no_page_asks_another_host_for_anything(browser: Browser, documents: Path) -> None:
    """With the network cut off, each page is complete: it asks for nothing outside its folder."""
    for path in pages(documents):
        context = browser.new_context(offline=True)
        page = context.new_page()
        asked, wrong = noted(page)
        page.goto(path.resolve().as_uri(), wait_until="load")
        assert page.evaluate("[...document.images].filter(each => each.naturalWidth === 0).length") == 0
        assert page.evaluate(
            "document.fonts.ready.then(() => document.fonts.check('16px \"Source Sans Pro\"'))"
        )
        folder = documents.resolve().as_uri()
        context.close()
        assert [url for url in asked if not url.startswith((folder, "data:"))] == [], path.name
        assert wrong == [], path.name


def noted(page: Page) -> tuple[list[str], list[str]]:
    """Give what the page will ask for, and what will fail or be complained of."""
    asked: list[str] = []
    wrong: list[str] = []

    def ask(request: Request) -> None:
        asked.append(request.url)

    def fail(request: Request) -> None:
        wrong.append(request.url)

    def complain(message: ConsoleMessage) -> None:
        wrong.append(message.text)

    page.on("request", ask)
    page.on("requestfailed", fail)
    page.on("console", complain)
    return asked, wrong


def test_the_policy_stops_what_is_not_the_pages_own(browser: Browser, documents: Path) -> None:
    for path in pages(documents):
        with opened(browser, path, 800) as page:
            stopped = page.evaluate(
                """async () => {
                    const stopped = [];
                    const note = event => stopped.push(event.effectiveDirective);
                    document.addEventListener("securitypolicyviolation", note);
                    const script = document.createElement("script");
                    script.textContent = "window.ran = true";
                    const image = document.createElement("img");
                    image.src = "https://example.org/x.png";
                    const style = document.createElement("style");
                    style.textContent = "body { display: none }";
                    document.body.append(script, image, style);
                    await fetch("https://example.org/").catch(() => {});
                    await new Promise(done => setTimeout(done, 50));
                    return [window.ran === true, stopped.sort()];
                }"""
            )
            assert stopped == [False, ["connect-src", "img-src", "script-src-elem", "style-src-elem"]], (
                path.name
            )


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("branch records", "2.1 The northern branch"),
        ("NORTHERN", "2.1 The northern branch"),
        ("cafe grosse", ""),
        ("cafe gro", "2.1 The northern branch"),
        ('"comes in once"', "1 Background"),
        ("loans", "3 Loans"),
    ],
)
def test_a_search_finds_its_section_without_a_server(
    browser: Browser, documents: Path, question: str, first: str
) -> None:
    with opened(browser, documents / "report/index.html", 1280) as page:
        page.locator("#search").focus()
        page.keyboard.type(question)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=*")
        assert page.locator("#search").input_value() == question
        results = page.locator("#results a")
        if not first:
            assert page.locator("#count").inner_text().startswith("No section")
            assert results.count() == 0
            return
        assert results.first.inner_text() == first
        results.first.click()
        page.wait_for_load_state()
        assert first in page.locator("main").inner_text()


def test_hostile_words_are_searched_for_and_never_run(browser: Browser, documents: Path) -> None:
    question = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20(%5B*%2B%22"
    with opened(browser, documents / "report/search.html", 800, query=f"?q={question}") as page:
        assert page.locator("#search").input_value() == '<img src=x onerror=alert(1)> ([*+"'
        assert page.locator("#count").inner_text().startswith("No section has all of these words: “<img")
        assert page.locator("main img").count() == 0


def test_every_link_of_the_site_leads_somewhere(browser: Browser, documents: Path) -> None:
    folder = documents / "report"
    anchors: dict[str, set[str]] = {}
    links: list[tuple[str, str]] = []
    for path in pages(folder):
        with opened(browser, path, 1280) as page:
            anchors[path.name] = set(page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)"))
            links += [
                (path.name, href)
                for href in page.evaluate("[...document.links].map(e => e.getAttribute('href'))")
            ]
    for source, href in links:
        if href.startswith(("https://", "mailto:")):
            continue
        name, _, anchor = href.partition("#")
        assert (folder / (name or source)).is_file(), href
        assert not anchor or anchor in anchors[name or source], (source, href)
    assert ("visits.html", "loans.html") in links, "the next chapter"
    assert ("branches.html", "visits.html#tbl-branch") in links


def test_printed_it_has_the_text_and_not_the_ways_around_it(browser: Browser, documents: Path) -> None:
    with opened(browser, documents / "report/visits.html", 1280) as page:
        page.emulate_media(media="print")
        hidden = ("form", "nav.contents", "nav.neighbours", ".files", ".skip")
        assert [name for name in hidden if page.locator(name).first.is_visible()] == []
        assert page.locator("main h1").is_visible()


def test_the_validator_has_nothing_to_say(documents: Path) -> None:
    done = subprocess.run(
        [*tools.validator(), "--format", "json", "--exit-zero-always", *map(str, pages(documents))],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert [
        f"{Path(each['url']).name}: {each['message']} {each.get('extract', '')}"
        for each in json.loads(done.stderr)["messages"]
        if not each["message"].startswith(tuple(EXPLAINED))
    ] == []
