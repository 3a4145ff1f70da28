"""The page stands alone, is built for every reader, and shows hostile text literally."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from press.record import Result
from tests.press.publish.library import HOSTILE, Study, make_study, number, table

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """# Methods {#sec-m}

Visits []{n=visits.word}.[@lane2020] See @fig-t, @tbl-t and @sec-m.[^1]

[^1]: A note.

::: {#fig-t result=visits.trend}
:::

::: {#tbl-t result=visits.years}
:::

::: {.key-messages title="Key messages"}
- One
:::

::: {.figures-strip}
- **[]{n=visits.total}** visits
:::

> Quote

Term
:   Definition

![A blue line]( line.svg ){#fig-own fig-alt="It rises."}

# References {.unnumbered}

::: {#refs}
:::
"""


class Page(HTMLParser):
    """Every tag with its attributes, and the text in each kind of tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.text[tag] = self.text.get(tag, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def page(study: Study) -> Page:
    shutil.copy(study.report / "theme" / "press.css", study.folder)
    (study.report / "line.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    return Page(study.html(TEXT))


def test_no_request_leaves_the_file(page: Page) -> None:
    for tag in ("img", "link", "script", "iframe", "object", "embed", "source", "video", "audio"):
        for attributes in page.all(tag):
            assert (attributes.get("src") or "").startswith("data:"), (tag, attributes)
    style = page.text["style"]
    assert "@import" not in style
    assert set(re.findall(r"url\(\"?(\w+):", style)) == {"data"}
    policy = next(each for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(page.text["style"].encode()).digest()).decode()
    assert policy["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    assert len(page.all("style")) == 1
    assert not any("style" in attributes for _, attributes in page.tags)


def test_there_is_one_h1_and_no_level_is_skipped(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_link_inside_has_its_target(page: Page) -> None:
    ids = [str(attributes["id"]) for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    inner = {str(each["href"])[1:] for each in page.all("a") if str(each.get("href", "")).startswith("#")}
    assert inner <= set(ids)


def test_language_landmarks_skip_link_and_contents(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en-GB"
    assert page.all("a")[0]["href"] == "#content"
    assert page.all("main")[0]["id"] == "content"
    for tag in ("header", "nav", "footer"):
        assert len(page.all(tag)) == 1, tag


def test_pictures_have_their_alternative_text(page: Page) -> None:
    alts = [each["alt"] for each in page.all("img")]
    assert alts == ["A line that rises from 1,000 visits in 2010 to 1,259 in 2017.", "It rises."]
    assert "Figure\u00a01. Visits went up" in page.text["figcaption"]
    assert "Figure\u00a02. A blue line" in page.text["figcaption"]


def test_tables_have_captions_scopes_and_a_region_that_scrolls(page: Page) -> None:
    assert all(each.get("scope") in ("col", "row") for each in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) == 2
    ids = {str(attributes.get("id")) for _, attributes in page.tags}
    regions = [attributes for _, attributes in page.tags if attributes.get("class") == "scroll"]
    assert len(regions) == 2
    for region in regions:
        assert region["tabindex"] == "0"
        assert region["role"] == "region"
        assert region["aria-labelledby"] in ids


def test_the_numbers_behind_a_figure_are_given_and_say_that_they_are_rounded(page: Page) -> None:
    assert "1000.12" in page.text["details"]
    assert "Rounded to six significant digits." in page.text["details"]


def test_a_count_is_written_with_its_thousands(study: Study) -> None:
    total = number("total", 1, "1", denominator=1234567)
    assert "of 1,234,567 visits" in study.html(
        "# A\n\nof []{n=visits.total part=denominator} visits\n", total=total
    )


def test_a_long_table_behind_a_figure_is_cut_and_says_so(study: Study) -> None:
    from press.publish.assemble import _head

    head = _head("a,b\n" + "".join(f"{row},x\n" for row in range(365)))
    assert len(head["rows"]) == 200
    assert head["rows_in_all"] == 365
    assert head["align"] == ["right", "left"]


def test_hostile_text_stays_text_everywhere(study: Study) -> None:
    hostile = Result(
        name="trend", kind="figure", origin="public record", caption=HOSTILE, alt=HOSTILE, notes=(HOSTILE,),
        files=study.figure_files(csv=f'"{HOSTILE.replace(chr(34), chr(34) * 2)}",b\n"</td><script>",2\n'),
    )  # fmt: skip
    text = study.html(
        TEXT.replace("![A blue line]( line.svg )", "").replace('{#fig-own fig-alt="It rises."}', ""),
        word=Result(name="word", kind="text", origin="public record", value=HOSTILE, display=HOSTILE),
        total=number("total", 1, HOSTILE),
        years=table(((HOSTILE, HOSTILE),), caption=HOSTILE, notes=(HOSTILE,)),
        trend=hostile,
    )
    page = Page(text)
    assert not page.all("script")
    shown = " ".join(HOSTILE.split())
    for tag in ("p", "td", "th", "caption", "figcaption", "strong", "details"):
        assert shown in " ".join(page.text[tag].split()), tag
    assert page.all("img")[0]["alt"] == HOSTILE


def test_the_same_bytes_wherever_the_project_lies(tmp_path: Path) -> None:
    one = make_study(tmp_path / "one").html(TEXT_WITHOUT_PICTURE)
    other = make_study(tmp_path / "a_n*other" / "far away").html(TEXT_WITHOUT_PICTURE)
    assert one == other
    assert str(tmp_path) not in one


TEXT_WITHOUT_PICTURE = TEXT.replace('![A blue line]( line.svg ){#fig-own fig-alt="It rises."}', "")
