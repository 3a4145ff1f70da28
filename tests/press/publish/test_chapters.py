"""The pages of a site: where a document is split, how its pages are named, and where its links lead."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.publish import chapters
from press.publish.errors import PublishError

BODY = """<p>Before.</p>
<h1 id="sec-methods"><span class="section-number">1</span> Methods &amp; <em>data</em></h1>
<p id="p"><a href="#tbl-a">Table 1</a>, <a href="#p">above</a>, <a href="#sec-results">Chapter 2</a>.</p>
<div class="callout"><div><p>Nested.</p></div></div>
<h1 id="sec-results">Results</h1>
<div class="table" id="tbl-a"><h2 id="größe">Size</h2></div>
<p><a href="https://example.org/#p">Elsewhere</a> <a class="x" href="#sec-methods">back</a></p>
"""


def test_a_document_is_split_where_its_chapters_begin() -> None:
    front, found = chapters.split(BODY)
    assert front == "<p>Before.</p>"
    assert [(each.file, each.id, each.title) for each in found] == [
        ("methods.html", "sec-methods", "1 Methods & data"),
        ("results.html", "sec-results", "Results"),
    ]
    assert found[0].html.endswith('<div class="callout"><div><p>Nested.</p></div></div>')
    assert front + found[0].html + found[1].html == BODY.replace("\n<h1", "<h1").strip()


def test_links_lead_to_the_page_that_holds_their_label() -> None:
    _, (methods, results) = chapters.linked(*chapters.split(BODY))
    assert re.findall(r'href="([^"]*)"', methods.html) == ["results.html#tbl-a", "#p", "results.html"]
    assert re.findall(r'href="([^"]*)"', results.html) == ["https://example.org/#p", "methods.html"]


def test_a_chapter_that_begins_inside_a_block_is_named() -> None:
    with pytest.raises(
        PublishError, match=r"the chapter 'Inner words' begins inside a block\. Close the block"
    ):
        chapters.split('<div class="callout">\n<h1 id="a">Inner <em>words</em></h1>\n</div>')


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (["sec-data", "data", "sec-Data"], ["data", "data-2", "data-3"]),
        (["index", "search", "..", "größe/../x"], ["index-2", "search-2", "chapter", "gr-e-x"]),
    ],
)
def test_no_two_pages_have_one_name_and_none_leaves_its_folder(ids: list[str], names: list[str]) -> None:
    body = "".join(f'<h1 id="{each}">T</h1>' for each in ids)
    assert [each.name for each in chapters.split(body, taken=["search"])[1]] == names


class _Open(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def handle_starttag(self, *_: object) -> None:
        self.depth += 1

    def handle_endtag(self, *_: object) -> None:
        self.depth -= 1


BLOCKS = st.recursive(
    st.sampled_from(["<p>a</p>", "<p>b &lt;h1&gt;</p>", "<h2 id='x'>c</h2>"]),
    lambda inner: st.tuples(st.sampled_from(["div", "ul", "blockquote", "section"]), inner).map(
        lambda pair: f'<{pair[0]} class="z">{pair[1]}</{pair[0]}>'
    ),
)


@given(st.lists(st.lists(BLOCKS, max_size=4), min_size=1, max_size=5))
def test_every_page_is_whole_and_no_word_is_lost(contents: list[list[str]]) -> None:
    body = "\n".join(
        f'<h1 id="c{number}">T</h1>\n' + "\n".join(blocks) for number, blocks in enumerate(contents)
    )
    front, found = chapters.split(body)
    assert front == ""
    assert len(found) == len(contents)
    for each in found:
        reader = _Open()
        reader.feed(each.html)
        assert reader.depth == 0
    assert "\n".join(each.html for each in found).split() == body.split()


CONTENTS = """<ul>
<li><a href="#a" id="toc-a">A</a>
<ul>
<li><a href="#a1" id="toc-a1">A 1</a>
<ul>
<li><a href="#a11" id="toc-a11">A 1 1</a></li>
</ul></li>
</ul></li>
<li><a href="#b" id="toc-b">B</a></li>
</ul>"""


def test_the_contents_beside_a_page_show_the_sections_of_its_own_chapter_only() -> None:
    one, other = chapters.entries(CONTENTS)
    assert re.findall(r">([AB][ 1]*)<", one) == ["A", "A 1", "A 1 1"]
    assert "toc-" not in one + other
    assert chapters.without_sections(one) == '<li><a href="#a">A</a></li>'
    assert chapters.without_sections(other) == other == '<li><a href="#b">B</a></li>'
