"""The filter fills, numbers and refers alike, and refuses what it cannot do with file and line."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from press.publish.errors import PublishError

if TYPE_CHECKING:
    from tests.press.publish.library import Study

FIGURE = "::: {#fig-trend result=visits.trend}\n:::\n"
TABLE = "::: {#tbl-years result=visits.years}\n:::\n"


class Words(HTMLParser):
    """The text of a page without its style sheets."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(page[page.index("<main") :])

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(page: str) -> str:
    return " ".join("".join(Words(page).words).replace("\u00a0", " ").split())


def test_values_intervals_denominators_and_words_are_filled(study: Study) -> None:
    page = words(
        study.html(
            "# A\n\nOf []{n=visits.total part=denominator}, []{n=visits.share} "
            "([]{n=visits.share part=interval}) and **[]{n=visits.word}**.\n"
        )
    )
    assert "Of 42, 15.8% (10.1% to 22.0%) and rose." in page


def test_figures_and_tables_are_numbered_in_one_run_over_chapters(study: Study) -> None:
    page = words(
        study.html(
            f"# A {{#sec-a}}\n\n@fig-two, @tbl-years, @sec-a and @sec-b.\n\n{FIGURE}\n"
            f"# B\n\n## C {{#sec-b}}\n\n{TABLE}\n"
            "::: {#fig-two result=visits.trend}\n:::\n\n"
            "|a|b|\n|-|-|\n|1|2|\n\n: Typed {#tbl-typed}\n\nSee @tbl-typed [and @fig-trend].\n"
        )
    )
    assert "Figure 2, Table 1, Chapter 1 and Section 2.1." in page
    assert "See Table 2" in page
    assert "Figure 1. Visits went up" in page
    assert "Table 2. Typed" in page


def test_a_hidden_block_takes_its_headings_and_numbers_with_it(study: Study) -> None:
    page = words(
        study.html(
            "# A\n\n::: {.content-visible when-result=visits.missing}\n# Gone\n\n"
            f"[]{{n=visits.missing}}\n\n{FIGURE}\n"
            ":::\n\n::: {.content-visible unless-result=visits.missing}\n# Why\n\n"
            "Not counted: []{n=visits.missing part=reason}.\n\n"
            "::: {.content-visible when-result=visits.total}\nNested []{n=visits.total}.\n:::\n:::\n\n"
            "# Next\n\n::: {#fig-two result=visits.trend}\n:::\n\n@fig-two\n"
        )
    )
    assert "Gone" not in page
    assert "2 Why" in page
    assert "Not counted: the town keeps no count. Nested 1,234." in page
    assert "3 Next" in page
    assert "Figure 1. Visits" in page


def test_several_keys_must_all_be_there(study: Study) -> None:
    page = words(
        study.html(
            '# A\n\n::: {.content-visible when-result="visits.total visits.missing"}\nBoth.\n:::\n\n'
            '::: {.content-visible when-result="visits.total visits.share"}\nThese.\n:::\n'
        )
    )
    assert "Both." not in page
    assert "These." in page


def test_unnumbered_headings_take_no_number(study: Study) -> None:
    page = study.html(
        "# Abstract {.unnumbered}\n\n# One\n\n## Two\n\n# Refs {.unnumbered #sec-refs}\n\n@sec-refs\n"
    )
    assert re.findall(r'<span class="section-number">([\d.]+)</span> (\w+)</h', page) == [
        ("1", "One"),
        ("1.1", "Two"),
    ]
    assert '<a href="#sec-refs">Refs</a>' in page


def test_a_summary_numbers_no_headings(study: Study) -> None:
    page = study.html("# One\n\nText\n", template="summary")
    assert "section-number" not in page[page.index("<body") :]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[]{n=visits.missing}", "absent (the town keeps no count)"),
        ("[]{n=visits.total prat=interval}", "no attribute 'prat'"),
        ("[]{n=visits.total part=intervall}", "no part 'intervall'"),
        ("[]{n=visits.total part=interval}", "has no interval"),
        ("[12]{n=visits.total}", "must be empty"),
        ("[]{n=visits.trend}", "is a figure"),
        ("::: {#fig-x result=visits.total}\n:::", "is a number"),
        ("::: {#tbl-x result=visits.trend}\n:::", "begins with 'fig-'"),
        ("::: {result=visits.years}\n:::", "begins with 'tbl-'"),
        ("::: {#fig-x result=visits.missing}\n:::", "absent"),
        ("::: {#fig-x result=visits.trend widht=3}\n:::", "no attribute 'widht'"),
        ("::: {#fig-x result=visits.trend}\nwords\n:::", "must be empty"),
        ("@fig-trnd", "Did you mean 'fig-trend'?"),
        ("@fig-hidden", "points into a block that is not shown here (when-result=visits.missing)"),
        ("[words](#sec-nothing)", "the link to '#sec-nothing' points to nothing"),
        ("[@lane2020; @fig-trend]", "Write them apart"),
        ("::: {#fig-trend result=visits.trend}\n:::", "'fig-trend' is used twice"),
        ("@lane2021", "the citation '@lane2021' is not in references.bib"),
        ("### Deep", "Levels may not be skipped"),
        ("::: {.content-visible}\nx\n:::", "needs when-result"),
        ("::: {.figures-strip}\nwords\n:::", "one bullet list"),
    ],
)
@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_fault_names_file_and_line(study: Study, line: str, says: str, form: str) -> None:
    hidden = (
        "::: {.content-visible when-result=visits.missing}\n::: {#fig-hidden result=visits.trend}\n:::\n:::\n"
    )
    study.write("x\n", "chapter.qmd", front="")
    (study.report / "chapter.qmd").write_text(f"Words.\n\n{line}\n", encoding="utf-8")
    text = f"# A\n\n{FIGURE}\n{hidden}\n{{{{< include chapter.qmd >}}}}\n"
    with pytest.raises(PublishError) as caught:
        study.html(text) if form == "html" else study.pdf(text)
    messages = [each for each in str(caught.value).splitlines() if says in each]
    assert messages, str(caught.value)
    assert f"{study.report / 'chapter.qmd'}, line 3: " in messages[0]


def test_all_faults_of_a_document_are_told_at_once(study: Study) -> None:
    with pytest.raises(PublishError) as caught:
        study.html("# A\n\n[]{n=visits.missing} and @fig-no.\n\n[]{n=visits.trend}\n")
    assert len(str(caught.value).splitlines()) == 3


def test_a_failure_leaves_the_old_file(study: Study) -> None:
    old = study.html("# A\n\nOld\n")
    with pytest.raises(PublishError):
        study.html("# A\n\n@fig-no\n")
    target = study.folder / "dist" / "paper.html"
    assert target.read_text(encoding="utf-8") == old
    assert [path.name for path in target.parent.iterdir()] == ["paper.html"]


def test_readers_are_told_whom_to_ask_or_that_nobody_is_named(study: Study) -> None:
    text = "# Help\n\n::: {.contact}\n:::\n"
    assert "Help This edition names no contact." in words(study.html(text))
    front = 'title: T\ncontact: "Write to *the team*, <team@example.org>."\n'
    page = study.html(text, front=front)
    assert "Help Write to the team, team@example.org." in words(page)
    assert 'href="mailto:team@example.org"' in page
    with pytest.raises(PublishError, match="raw HTML in the prose: '<b>'"):
        study.html(text, front='title: T\ncontact: "Write to <b>us</b>."\n')
