"""A site stands alone in its folder: whole pages, one style for all, a search that is data and no markup."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from press.publish import search, site
from press.record import Result
from tests.press.publish.library import DATE, HOSTILE, Study, make_study, number, table
from tests.press.publish.test_html import Page

TEXT = """# Methods {#sec-methods}

Visits []{n=visits.word}.[@lane2020] See @tbl-t.[^1]

[^1]: A note.

## Places {#sec-p}

Both towns.

# Results {#sec-results}

::: {#fig-t result=visits.trend}
:::

::: {#tbl-t result=visits.years}
:::

Another note.[^2]

[^2]: The second note.

# References {.unnumbered}

::: {#refs}
:::
"""
FRONT = "title: Visits & loans\nabstract: What came of it.\n"


def rendered(study: Study, text: str = TEXT, **changes: Result) -> dict[str, str]:
    """Render the text as a site, and give its pages and its style by name."""
    study.write(text, front=FRONT)
    document = study.read()
    folder = study.folder / "dist" / "paper"
    site.render(document, study.stage(document, **changes), folder, report_date=DATE, template="report")
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def pages(study: Study) -> dict[str, str]:
    return rendered(study)


def test_there_is_a_page_for_each_chapter(pages: dict[str, str], study: Study) -> None:
    assert sorted(pages) == [
        "index.html",
        "methods.html",
        "press.css",
        "references.html",
        "results.html",
        "search.html",
    ]
    assert sorted(path.name for path in (study.folder / "dist/paper/figures").iterdir()) == [
        "visits.trend.csv", "visits.trend.svg",
    ]  # fmt: skip


def test_each_page_has_its_title_one_h1_and_its_landmarks(pages: dict[str, str]) -> None:
    titles = {name: Page(text).text["title"] for name, text in pages.items() if name.endswith(".html")}
    assert titles == {
        "index.html": "Visits & loans",
        "methods.html": "1 Methods – Visits & loans",
        "results.html": "2 Results – Visits & loans",
        "references.html": "References – Visits & loans",
        "search.html": "Search – Visits & loans",
    }
    for name in titles:
        page = Page(pages[name])
        assert len(page.all("h1")) == len(page.all("main")) == len(page.all("header")) == 1, name
        assert page.all("html")[0]["lang"] == "en-GB"
        assert page.all("a")[0]["href"] == "#content"


def test_notes_stand_at_the_end_of_their_chapter(pages: dict[str, str]) -> None:
    assert "A note." in pages["methods.html"]
    assert "The second note." in pages["results.html"]
    assert "The second note." not in pages["methods.html"] + pages["references.html"]


def test_one_goes_on_and_back_through_all_pages(pages: dict[str, str]) -> None:
    ways = {
        name: [
            (str(each["rel"]), str(each["href"])) for each in Page(pages[name]).all("a") if each.get("rel")
        ]
        for name in ("methods.html", "results.html", "references.html")
    }
    assert ways == {
        "methods.html": [("prev", "index.html"), ("next", "results.html")],
        "results.html": [("prev", "methods.html"), ("next", "references.html")],
        "references.html": [("prev", "results.html")],
    }


def test_the_contents_say_where_one_is(pages: dict[str, str]) -> None:
    current = [each for each in Page(pages["methods.html"]).all("a") if each.get("aria-current")]
    assert [each["href"] for each in current] == ["methods.html"]
    assert '<a href="#sec-p">' in pages["methods.html"]
    assert "sec-p" not in pages["results.html"]
    assert '<a href="methods.html#sec-p">' in pages["index.html"]


def test_no_page_has_a_script_but_the_search(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        if not name.endswith(".html"):
            continue
        page = Page(text)
        policy = next(each["content"] for each in page.all("meta") if each.get("http-equiv"))
        assert str(policy).startswith("default-src 'none'; ")
        assert "unsafe" not in str(policy)
        assert not page.all("style")
        assert not any("style" in attributes for _, attributes in page.tags), name
        scripts = [each.get("type") for each in page.all("script")]
        assert scripts == (["application/json", None] if name == "search.html" else []), name
        assert ("script-src 'sha256-" in str(policy)) == (name == "search.html")


def test_the_index_holds_the_words_of_each_section_and_not_the_numbers_behind_figures(
    pages: dict[str, str],
) -> None:
    found = re.search(r'<script type="application/json" id="index">(.*?)</script>', pages["search.html"])
    assert found is not None
    sections = {address: (chapter, title, text) for address, chapter, title, text in json.loads(found[1])}
    assert sections["methods.html"][:2] == ("1 Methods", "")
    assert sections["methods.html"][2].startswith("Visits rose.")
    assert sections["methods.html#sec-p"] == ("1 Methods", "1.1 Places", "Both towns. A note.")
    assert "Visits by year" in sections["results.html"][2]
    assert "1000.12" not in sections["results.html"][2]
    assert "slides" not in sections["results.html"][2]


def test_data_in_the_index_cannot_end_their_element() -> None:
    block = search.data_block([["a.html", "A", "", "</script><!--<script>"]])
    assert block.count("<") == 2
    inner = block[block.index(">") + 1 : block.rindex("<")]
    assert json.loads(inner) == [["a.html", "A", "", "</script><!--<script>"]]


def test_hostile_text_stays_text_on_every_page(study: Study) -> None:
    pages = rendered(
        study,
        word=Result(name="word", kind="text", origin="public record", value=HOSTILE, display=HOSTILE),
        years=table(((HOSTILE, HOSTILE),), caption=HOSTILE, notes=(HOSTILE,)),
        total=number("total", 1, HOSTILE),
    )
    shown = " ".join(HOSTILE.split())
    for name in ("methods.html", "results.html"):
        page = Page(pages[name])
        assert not page.all("script")
        assert shown in " ".join(page.text["main"].split())
    assert len(Page(pages["search.html"]).all("script")) == 2


def test_the_same_bytes_wherever_the_project_lies(tmp_path: Path) -> None:
    one = rendered(make_study(tmp_path / "one"))
    other = rendered(make_study(tmp_path / "a_n*other" / "far away"))
    assert one == other
    assert not any(str(tmp_path) in text for text in one.values())


def test_pages_of_an_older_edition_do_not_stay(study: Study) -> None:
    rendered(study)
    pages = rendered(study, "# Only this {#sec-only}\n\nSee nothing.[@lane2020]\n")
    assert sorted(pages) == ["index.html", "only.html", "press.css", "search.html"]
    assert not (study.folder / "dist/paper/figures").exists()
    assert sorted(path.name for path in (study.folder / "dist").iterdir()) == ["paper"]


def test_every_page_leads_to_the_statement_on_accessibility_where_there_is_one(study: Study) -> None:
    with_it = rendered(study, f"{TEXT}\n# Reading {{#sec-accessibility .unnumbered}}\n\nIn a browser.\n")
    pages = {name: text for name, text in with_it.items() if name.endswith(".html")}
    feet = {name: text[text.index("<footer>") :] for name, text in pages.items()}
    assert "accessibility.html" in feet
    assert [name for name, foot in feet.items() if '<a href="accessibility.html">' not in foot] == []
    without = rendered(study)
    assert not any("ccessibility" in text for name, text in without.items() if name.endswith(".html"))
