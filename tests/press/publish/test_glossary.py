# ruff: noqa: E501 - a fault and what is said of it stand on one line
"""Abbreviations are spelled out where they come first, listed in order, and none is listed or used in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from press.publish.errors import PublishError
from tests.press.publish.pdf_text import pages_of
from tests.press.publish.test_filter import words

if TYPE_CHECKING:
    from tests.press.publish.library import Study

GLOSSARY = """glossary:
  - short: ILL
    long: interlibrary loan
    plural: interlibrary loans
  - term: branch
    meaning: A library <of> the town
  - short: A&V
    long: audio and video
  - short: ABC
    long: alphabet
"""
LISTS = "# Lists {.unnumbered}\n\n::: {.list-of-abbreviations}\n:::\n\n::: {.glossary}\n:::\n\n"


@pytest.fixture
def library(study: Study) -> Study:
    project = study.report / "_quarto.yml"
    project.write_text(
        project.read_text(encoding="utf-8") + "metadata-files: [glossary.yaml]\n", encoding="utf-8"
    )
    define(study, GLOSSARY.replace("<of>", "of"))
    return study


def define(study: Study, glossary: str) -> None:
    (study.report / "glossary.yaml").write_text(glossary, encoding="utf-8")


def refused(study: Study, text: str) -> list[str]:
    with pytest.raises(PublishError) as caught:
        study.html(text)
    return str(caught.value).replace(f"{study.report}/", "").splitlines()


def test_the_first_use_is_spelled_out_and_only_that(library: Study) -> None:
    text = (
        "# ILL\n\n[A&V]{.abbr} came first. Each [ILL]{.abbr} and [ILLs]{.abbr}; [A&V]{.abbr} again.\n\n"
        "- *[ABC]{.abbr}* at last\n"
    )  # fmt: skip
    expected = "Audio and video (A&V) came first. Each interlibrary loan (ILL) and ILLs; A&V again."
    page = library.html(text)
    assert expected in words(page)
    assert '<abbr title="interlibrary loans">ILLs</abbr>' in page
    assert "Alphabet (ABC) at last" in words(page)
    assert expected.replace(" ", "") in "".join(pages_of(library.pdf(text))).replace(" ", "")


def test_what_a_hidden_block_would_have_spelled_out_is_spelled_out_later(library: Study) -> None:
    hidden = "::: {.content-visible when-result=visits.missing}\nAn [ILL]{.abbr}.\n:::\n\n"
    assert "One interlibrary loan (ILL)." in words(library.html(f"# A\n\n{hidden}One [ILL]{{.abbr}}.\n"))


def test_the_lists_are_in_alphabetical_order_and_alike_in_both_forms(library: Study) -> None:
    text = f"{LISTS}# A\n\nAt a branch, [ABC]{{.abbr}} and [A&V]{{.abbr}}: no [ILLs]{{.abbr}}.\n"
    expected = "ABC Alphabet A&V Audio and video ILL Interlibrary loan branch A library of the town"
    assert expected in words(library.html(text))
    assert expected.replace(" ", "") in "".join(pages_of(library.pdf(text))).replace(" ", "")


def test_what_is_listed_and_never_used_is_refused_at_its_line(library: Study) -> None:
    assert refused(library, f"{LISTS}# A\n\n[ABC]{{.abbr}} and [A&V]{{.abbr}}.\n") == [
        "glossary.yaml, line 2: 'ILL' is listed, but the document never uses it. Take it out.",
        "glossary.yaml, line 5: 'branch' is listed, but the document never uses it. Take it out.",
    ]
    # A document without the lists may leave out what another uses.
    assert "alphabet (ABC)" in words(library.html("# A\n\nThe [ABC]{.abbr}.\n"))


def test_an_abbreviation_that_is_not_defined_is_refused(library: Study) -> None:
    assert refused(library, "# A\n\nThe [ABD]{.abbr}, the [A&Vs]{.abbr}.\n") == [
        "paper.qmd, line 6: the abbreviation 'ABD' is not in the glossary. Did you mean 'ABC'?",
        "paper.qmd, line 6: 'A&Vs' has no plural in the glossary. Add plural: to 'A&V'.",
    ]
    assert refused(library, "# The [ABC]{.abbr}\n") == [
        "paper.qmd, line 4: 'ABC' cannot be spelled out in a heading. Write it without {.abbr}."
    ]


def test_an_unmarked_use_before_it_is_spelled_out_is_refused(library: Study) -> None:
    text = f"{LISTS}# ABC\n\nFirst.\n\nThe ABC of a branch.\n\nAn interlibrary loan (ILL), ILLs, [ABC]{{.abbr}}, [A&V]{{.abbr}}.\n"
    assert refused(library, text) == [
        "paper.qmd, line 16: 'ABC' is not spelled out before it is used. Write [ABC]{.abbr}, or 'alphabet (ABC)'."
    ]


def test_sections_that_take_none_have_none(library: Study) -> None:
    text = "# Abstract {.unnumbered .no-abbreviations}\n\n## Aim {.unnumbered}\n\nAn ILL.\n\n# A\n\nAn [ILL]{.abbr}.\n"
    assert refused(library, text) == [
        "paper.qmd, line 8: 'ILL' stands in the section 'Abstract', which takes no abbreviations. "
        "Write 'interlibrary loan'."
    ]
    page = library.html(text.replace("An ILL.", "A loan."))
    assert "An interlibrary loan (ILL)." in words(page)
    assert "no-abbreviations" not in page


@pytest.mark.parametrize(
    ("glossary", "message"),
    [
        ("glossary:\n  - short: A\n    lang: b\n", "glossary.yaml, line 2: 'A' needs the field 'long': The long form, as it stands inside a sentence."),
        ("glossary:\n  - short: A\n    long: b\n    lang: b\n", "glossary.yaml, line 2: unknown field 'lang'. Did you mean 'long'?"),
        ("glossary:\n  - long: b\n", "glossary.yaml, line 2: an entry of the glossary has either 'short' and 'long', or 'term'."),
        ("glossary:\n  - short: A\n    term: b\n", "glossary.yaml, line 2: an entry of the glossary has either 'short' and 'long', or 'term'."),
        ("glossary:\n  - {short: A, long: b}\n\n  - {short: a, long: c}\n", "glossary.yaml, line 4: 'a' stands in the glossary already (line 2)."),
        ("glossary:\n  - short: NO\n    long: false\n", "glossary.yaml, line 2: short: Input should be a valid string. Put the words in quotation marks."),
        ("glossary: none\n", "glossary.yaml, line 1: glossary: must be a list of entries '- short: …' and '- term: …'."),
        ("glossary:\n  - [\n", "glossary.yaml, line 3: this is no YAML: expected the node content, but found '<stream end>'."),
    ],
)  # fmt: skip
def test_a_glossary_that_cannot_be_read_names_the_line(library: Study, glossary: str, message: str) -> None:
    define(library, glossary)
    assert refused(library, "# A\n")[0] == message


def test_markup_in_the_glossary_is_refused(library: Study) -> None:
    define(library, GLOSSARY)
    assert "raw HTML in the prose: '<of>'" in refused(library, "# A\n")[0]


def test_the_glossary_is_a_file_of_the_document(library: Study) -> None:
    library.write("# A\n")
    assert library.report / "glossary.yaml" in library.read().files
    (library.report / "glossary.yaml").unlink()
    assert "there is no file" in refused(library, "# A\n")[0]
