# ruff: noqa: E501 - a fault and what is said of it stand on one line
"""A list of sources with a gap, a double or an uncited entry does not get through; the style is NIHR's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from press.publish import citations
from press.publish.errors import PublishError
from tests.press.publish.test_filter import words

if TYPE_CHECKING:
    from tests.press.publish.library import Study

WHOLE = (
    "@article{a1,\n author = {Lane, A},\n title = {T}, journal = {J}, year = 2020, doi = {10.1000/AB1}\n}\n"
)


def said(study: Study, bibliography: str, text: str = "Words.\n") -> list[str]:
    (study.report / "references.bib").write_text(bibliography, encoding="utf-8")
    study.write(text)
    with pytest.raises(PublishError) as caught:
        study.read()
    return str(caught.value).replace(f"{study.report}/", "").splitlines()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("@article{x, author={A}, title={T}, year=2020, doi={10.1000/1}}", "'x' (@article) has no journal or journaltitle."),
        ("@article{x, author={A}, title={T}, journal={J}, doi={10.1000/1}}", "'x' (@article) has no year or date."),
        ("@article{x, author={A}, title={T}, journal={J}, year={ }, volume=1}", "'x' (@article) has no year or date."),
        ("@article{x, author={A}, title={T}, journal={J}, year=2020}", "'x' (@article) has no volume or doi or url."),
        ("@book{x, author={A}, title={T}, year=2020}", "'x' (@book) has no publisher."),
        ("@online{x, title={T}, url={https://x.org}, urldate={2026-11-23}}", "'x' (@online) has no author or editor or organization."),
        ("@online{x, author={A}, title={T}, url={https://x.org}}", "'x' has a url without urldate: the day it was last looked at, as 2026-11-23."),
        ("@online{x, author={A}, title={T}, url={https://x.org}, urldate={2026-11}}", "'x' has the urldate '2026-11'. Write the day as well: 2026-11-23."),
        ("@online{x, author={A}, title={T}, url={https://x.org}, urldate={23 Nov 2026}}", "'x' has the urldate '23 Nov 2026'. Write it as 2026-11-23."),
        ("@artcle{x, author={A}}", "'x' is of the unknown type '@artcle'. Did you mean 'article'?"),
        ("@book{x, author={A}, title={T}, publisher={P}, yaer=2020, year=2020}", "'x' has the unknown field 'yaer'. Did you mean 'year'?"),
        ("@book{x, author={A}, title={T}, publisher={P}, year=2020, doi={https://doi.org/10.1000/1}}", "'x' has the doi 'https://doi.org/10.1000/1'. Write it without an address: 10.3310/GQQV3512."),
        ("@book{x, author={A}, author={B}, title={T}, publisher={P}, year=2020}", "'x' has the field 'author' twice. Take one out."),
        ("@book{x, author={A} title={T}}", "'x': a comma is missing after the field 'author'."),
        ("@book{x, author={A}, {T}}", "'x': this is no field. Write name = {value}, and a comma after it."),
        ("@book{title={T}}", "this entry '@book' has no key. Write @book{key, …}."),
        ("@book{x, title={T", "this entry '@book' is never closed: a '}' is missing."),
        ("@string{j = {Journal}}", "'@string{' is not read here. Write the words out."),
    ],
)  # fmt: skip
def test_an_entry_that_is_not_complete_is_refused(study: Study, entry: str, message: str) -> None:
    assert said(study, f"{WHOLE}\n{entry}\n")[0] == f"references.bib, line 6: {message}"


def test_the_same_source_under_two_keys_is_refused(study: Study) -> None:
    other = WHOLE.replace("a1", "a2").replace("10.1000/AB1", "10.1000/ab1")
    assert said(study, WHOLE + other) == [
        "references.bib, line 5: 'a2' has the doi of 'a1' (line 1). Keep one of them."
    ]
    assert said(study, WHOLE + WHOLE.replace("AB1", "2")) == [
        "references.bib, line 5: the key 'a1' is used already in line 1."
    ]


def test_a_citation_without_an_entry_names_its_line(study: Study) -> None:
    assert said(study, WHOLE, "# A\n\nOne.[@a1; @b1]\n\n`[@in_code]` and a@b.org\n") == [
        "paper.qmd, line 6: the citation '@b1' is not in references.bib. Known: a1."
    ]


def test_listing_what_is_not_cited_is_refused(study: Study) -> None:
    study.write("Words.\n", front="title: T\nnocite: '@*'\n")
    with pytest.raises(PublishError, match=r"paper\.qmd, line 1: 'nocite' lists what is not cited\."):
        study.read()


def test_an_entry_must_be_cited_in_one_document_of_the_build(study: Study) -> None:
    entries = WHOLE + "".join(
        WHOLE.replace("a1", key).replace("AB1", key) for key in ("b1", "c1", "d1", "e1")
    )
    (study.report / "references.bib").write_text(entries, encoding="utf-8")
    hidden = "::: {.content-visible when-result=visits.missing}\nIn one world.[@c1]\n:::\n"
    study.write(f"One.[see @a1, p. 3; -@b1]\n\n{hidden}", "one.qmd")
    study.write("@d1 says so.\n\n`@e1` <!-- @e1 -->\n", "other.qmd")
    documents = [study.read("one.qmd"), study.read("other.qmd")]
    assert citations.uncited(documents) == [
        f"{study.report / 'references.bib'}, line 17: no document cites 'e1'. Cite it, or take the entry out."
    ]
    with pytest.raises(PublishError, match="no document cites 'e1'"):
        citations.refuse_uncited(documents)
    citations.refuse_uncited([*documents, study.read("one.qmd")][:0])


def test_the_list_is_in_the_style_of_nihr(study: Study) -> None:
    # Seven authors; NLM's "Citing Medicine" gives six and then et al., and abridges the journal's pages.
    authors = " and ".join(f"Lane, {letter}." for letter in "ABCDEFG")
    (study.report / "references.bib").write_text(
        f"@article{{many, author={{{authors}}}, title={{On visits}}, journal={{J Lib}}, year=2020, volume=3, "
        "number=2, pages={110--119}}\n@online{web, author={{The Town}}, title={Visits}, "
        "url={https://x.org/v}, urldate={2026-11-23}}\n",
        encoding="utf-8",
    )
    text = "# A\n\nSecond in the file.[@web] Then both.[@many; @web]\n\n# References {.unnumbered}\n\n::: {#refs}\n:::\n"
    page = study.html(text)
    # Superscript, after the full stop; sources have their number from where they come first.
    assert "Second in the file.1 Then both.1,2" in words(page).replace(" ,", ",").replace(", ", ",")
    assert page.count("<sup>") == 2
    listed = words(page)
    assert "1. The Town. Visits [Internet]. [cited 2026 Nov 23]. Available from: https://x.org/v" in listed
    assert (
        "2. Lane A, Lane B, Lane C, Lane D, Lane E, Lane F, et al. On visits. J Lib. 2020;3(2):110–9."
        in listed
    )
    assert "Lane G" not in listed
