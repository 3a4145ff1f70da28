"""The PDF and the page say the same: words, numbers, captions and references in one order."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.press.publish.pdf_structure import read_tags, text_of
from tests.press.publish.test_pdf import FRONT, TEXT
from tests.press.publish.test_pdf_tags import ALL

if TYPE_CHECKING:
    from pathlib import Path

    from tests.press.publish.library import Study

# What a page has besides: the numbers behind a figure, its files, the contents; formulas have another form.
BESIDES = {"details", "nav", "script", "style", "math", "button", "svg"}
BLOCKS = {"h1", "h2", "h3", "h4", "h5", "p", "li", "figcaption", "caption", "th", "td", "dt", "dd", "div"}
VOID = {"img", "br", "hr", "col", "meta", "link", "input", "wbr"}


class Blocks(HTMLParser):
    """Collects the text of the blocks inside `main`, in order; notes at the foot apart."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.notes: list[str] = []
        self.open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        given = dict(attrs)
        self.open.append(
            (tag, f"{given.get('class') or ''} {given.get('id') or ''} {given.get('role') or ''}")
        )
        if tag in BLOCKS:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self.open and self.open.pop()[0] != tag:
            pass
        if tag in BLOCKS:
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        kinds = [tag for tag, _ in self.open]
        words = " ".join(each for _, each in self.open)
        if "main" not in kinds or BESIDES & set(kinds) or re.search(r"\b(files|contents|list-of)\b", words):
            return
        if "footnotes" in words or "doc-endnotes" in words:
            self.notes.append(data)
        elif self.texts:
            self.texts[-1] += data


def blocks_of(html: str) -> list[str]:
    parser = Blocks()
    parser.feed(html)
    return [text for text in ("".join(each.split()) for each in parser.texts) if text]


def assert_the_same(html: str, pdf: Path, first: str) -> None:
    """Assert that both say the same from the heading `first` on: before it, the PDF has a title and lists."""
    blocks = blocks_of(html)
    blocks = blocks[next(index for index, text in enumerate(blocks) if text.endswith(first)) :]
    assert len(blocks) > 40
    text = text_of(read_tags(pdf), frozenset({"Note", "Formula"}))
    at = text.index(blocks[0] + blocks[1])
    between = []
    for block in blocks:
        found = text.find(block, at)
        assert found >= 0, f"'{block}' is not in the PDF after …{text[max(0, at - 60) : at + 60]}…"
        between.append(text[at:found])
        at = found + len(block)
    # Nothing in the PDF is without its counterpart, but for the marks of lists.
    assert re.sub(r"[•–]|\d\.", "", "".join([*between, text[at:]])) == ""


@pytest.mark.parametrize("template", ["report", "summary"])
def test_the_page_and_the_pdf_say_the_same_in_the_same_order(study: Study, template: str) -> None:
    page = study.html(ALL, template=template, front=FRONT)
    assert_the_same(page, study.pdf(ALL, template=template, front=FRONT), "Methods")


def test_the_notes_are_the_same(study: Study) -> None:
    text = TEXT + "\nMore.[^2]\n\n[^2]: Another note, with 17.\n"
    notes = Blocks()
    notes.feed(study.html(text, front=FRONT))
    tags = read_tags(study.pdf(text, front=FRONT)).walk()
    found = [text_of(tag) for tag in tags if tag.kind == "Note"]
    assert found == ["1Anote.", "2Anothernote,with17."]
    words = re.sub(r"\W", "", "".join(notes.notes))
    assert words.replace("Backtothetext", "") == "AnoteAnothernotewith17"


def test_a_word_that_only_one_of_them_has_is_found(study: Study) -> None:
    """The comparison itself: it must not pass whatever it is given."""
    text = text_of(read_tags(study.pdf(ALL, front=FRONT)))
    assert all(block in text for block in ("Visitsbyyear", "1,234", "LaneA,HillB.VisitstolibrariesJLib"[:20]))
    assert "1,235" not in text
