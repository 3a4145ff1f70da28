"""What is known of pandoc's HTML: its words as they are read, and its styles, which no page may have."""

from __future__ import annotations

from press.publish import markup


def test_words_are_those_that_are_read() -> None:
    html = (
        '<p>The <em>sh</em>are&nbsp;&lt; 5%<sup><a href="#r">1</a></sup></p>'
        "<table><tr><td>a</td><td>b</td></tr></table>"
        "<math><mi>p</mi><annotation>\\hat{p}</annotation></math>"
        '<li>Note<a href="#x" class="footnote-back" role="doc-backlink">Back to the text</a></li>'
    )
    assert markup.words(html) == "The share < 5%1 a b p Note"


def test_cells_keep_their_side_and_lose_their_style() -> None:
    html = (
        '<col style="width: 20%" /><th style="text-align: right;">Visits</th>'
        '<td style="text-align: left;">style="x"</td>'
    )
    assert markup.tidied(html) == '<col /><th class="num">Visits</th><td>style="x"</td>'


def test_the_way_back_from_a_note_is_said_in_words() -> None:
    assert markup.tidied('<a href="#fnref1">↩︎</a>') == '<a href="#fnref1">Back to the text</a>'
