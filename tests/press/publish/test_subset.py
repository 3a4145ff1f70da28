# ruff: noqa: E501 - a fault and what is said of it stand on one line
"""What the writing subset does not have is refused with file and line, and never gets into a document as text."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from press.publish import pandoc
from press.publish.errors import MOST_SHOWN, PublishError
from press.record import Column, Result
from tests.press.publish.library import HOSTILE, PICTURE, Study, make_study, number

if TYPE_CHECKING:
    from pathlib import Path

RAW = 'Write it in markdown, write code as `code`, or put it into a block ::: {.raw-markup reason="…"}.'
BRACE = "the brace belongs to nothing. Write code as `code`, attributes as []{name=value}."
BLOCKS = (
    "Known: box, callout-caution, callout-important, callout-note, callout-tip, callout-warning, contents, "
    "content-visible, "
)
# What stands in line 3 of a file, and what is said of it ("+1": of the line below). Found by the filter, in what pandoc has read.
OF_THE_FILTER = {
    "raw HTML in a line": ("Words <b>x</b>.", f"raw HTML in the prose: '<b>'. {RAW}"),
    "raw HTML": ("<div>\n\nx\n\n</div>", f"raw HTML in the prose: '<div>'. {RAW}"),
    "a script": ('<script src="//x.org/a.js"></script>', f"raw HTML in the prose: '<script src=\"//x.org/a.js\"></script>'. {RAW}"),
    "a raw attribute": ("`#set page(width: 1cm)`{=typst}", f"raw Typst in the prose: '#set page(width: 1cm)'. {RAW}"),
    "a raw block": ("```{=html} \n<p>x</p>\n```", f"+1 raw HTML in the prose: '<p>x</p>'. {RAW}"),
    "TeX": ("Words \\emph{x}.", "raw TeX in the prose: '\\emph{x}'. Write formulas between dollars, and a backslash as \\\\."),
    "raw markup without a reason": (
        "::: {.raw-markup}\n```{=html}\n<p>x</p>\n```\n\n```{=typst}\nx\n```\n:::",
        'a block .raw-markup says why markdown does not do: reason="…".',
    ),
    "raw markup in one form": (
        '::: {.raw-markup reason="x"}\n```{=html}\n<p>x</p>\n```\n:::',
        "a block .raw-markup holds both forms, ```{=html} and ```{=typst}, or one of them would lack it.",
    ),
    "words in raw markup": (
        '::: {.raw-markup reason="x"}\nwords\n:::',
        "a block .raw-markup holds blocks ```{=html} and ```{=typst} and nothing else.",
    ),
    "an unknown class of block": ("::: {.calout-note}\nx\n:::", "there is no block ::: {.calout-note}. Did you mean 'callout-note'?"),
    "an unknown attribute of a block": (
        "::: {.callout-note titel=x}\nx\n:::", "a block .callout-note has no attribute 'titel'. Did you mean 'title'?"
    ),
    "a second class": ("::: {.box .wide #box-a title=x}\nx\n:::", "a block .box has no class '.wide'. Known: box."),
    "a block without a name": ("::: {title=x}\nx\n:::", "a block ::: {…} needs one of the classes of docs/writing.md, or result=KEY."),
    "a figure block without a result": ("::: {#fig-a}\nx\n:::", "the block ::: {#fig-a} needs result=KEY."),
    "a box without a label": ("::: {.box title=x}\nx\n:::", 'a box needs a label and a title: ::: {#box-name .box title="…"}.'),
    "a labelled callout": ("::: {.callout-tip #box-tip}\nx\n:::", "a block .callout-tip is not numbered and has no label."),
    "a heading in a box": (
        "::: {.callout-tip}\n# In the box\n:::",
        "+1 the heading 'In the box' stands in a block .callout-tip. A heading stands by itself; a box has title=\"…\".",
    ),
    "a list with words in it": ("::: {.list-of-tables}\nx\n:::", "the block .list-of-tables must be empty: it is filled in."),
    "an unknown span": (
        "Some [words]{.mark}.",
        'the span [words]{…} is none that the writing subset has. It has []{n=KEY}, [SHORT]{.abbr} and [$formula$]{alt="…"}.',
    ),
    "an unknown attribute of a heading": ("# Wide {width=3}", "a heading has no attribute 'width'. None is known."),
    "turned pages for a section": ("## Turned {.landscape}", "only a heading of level 1 (#) turns the pages of its chapter."),
    "an unknown class of a heading": ("# Last {.apendix}", "a heading has no class '.apendix'. Did you mean 'appendix'?"),
    "an unknown attribute of a picture": (
        "![It](map.svg){height=3}", "a picture has no attribute 'height'. Known: alt, fig-alt."
    ),
    "a picture without alternative text": (
        "![It](bare.svg)", "the picture 'bare.svg' has a caption but no alternative text. Add {fig-alt=\"what it shows\"}."
    ),
    "a class on a link": ("A [link](https://x.org){.button}.", "a link has no class '.button'. Known: email, uri."),
    "a link that runs a script": (
        "A [link](javascript:alert).",
        "the link to 'javascript:alert' leads nowhere. Write an address with https:// or mailto:, or #label.",
    ),
    "the label of a figure on a table": (
        "|a|b|\n|-|-|\n|1|2|\n\n: Rows {#fig-rows}",
        "+4 the label 'fig-rows' is one of a figure, but stands on a table. Labels of a table begin with 'tbl-'.",
    ),
    "the label of a table on a picture": (
        '![It](map.svg){#tbl-map fig-alt="x"}',
        "the label 'tbl-map' is one of a table, but stands on a figure. Labels of a figure begin with 'fig-'.",
    ),
    "the label of a table on a heading": (
        "# Rows {#tbl-heading}",
        "the label 'tbl-heading' is one of a table, but stands on a heading. Labels of a heading begin with 'sec-'.",
    ),
    "the label of a section on a formula": (
        '$$x$$ {#sec-x alt="x"}', "the label 'sec-x' stands on a formula. Labels of a formula begin with 'eq-'."
    ),
    "a formula without words": ("$$x$$", 'a displayed formula needs words to be read aloud: $$ … $$ {#eq-name alt="words"}.'),
    "a formula in a line without words": (
        "So $\\frac{1}{2}$.", "the formula '\\frac{1}{2}' has no words to be read aloud. Write [$…$]{alt=\"words\"}."
    ),
    "a reference to a box that is not there": ("See @box-none.", "'@box-none' points to nothing: no figure, table or heading has that label. "),
    "a footnote without text": ("Words.[^gone]", "'Words.[^gone]': the footnote has no text. Write [^name]: text."),
    "bold words without an end": ("Some **bold words.", "'**bold': the bold words have no end, or there is a space inside the asterisks."),
    "a link with a space in it": ("A [link](a b).", "the link to 'a b' leads nowhere. Write an address with https:// or mailto:, or #label."),
    "attributes that are none": ("Of []{n=visits.total part}.", f"'[]{{n=visits.total': {BRACE}"),
    "an open brace": ("Words {like these.", f"'{{like': {BRACE}"),
    "a block with broken attributes": (
        "::: {.callout-note title}\nx\n:::",
        "the attributes in braces are not understood. Write {#label .class name=\"value\"}, and blank lines around a block.",
    ),
    "code that has no end": ("Some `code.", "'`code.': the code has no end."),
    "a heading behind a line": ("Words\n# Heading", "+1 '# Heading': a heading needs a blank line before it."),
    "a heading without a space": ("#Heading", "'#Heading': a heading needs a space after its #."),
    "a list behind a line": ("Words\n- item", "+1 '- item': a list needs a blank line before it."),
    "lines of verse": ("| one\n| two", "lines that begin with '|' are no part of the writing subset. Write a list, or a table with a line |---|---| below its head."),
    "a reference behind a letter": ("x@fig-trend", "'x@fig-trend': a reference needs a space or a bracket before it."),
    "code in a line that would run": ("So `{python} 1`.", "code is not run in a document. Put it into a notebook, and name its result."),
}  # fmt: skip
# Found before pandoc reads the text.
BEFORE = {
    "an unclosed block": ("::: {.callout-note}\nx", "the block '::: {.callout-note}' is never closed. End it with a line ':::'."),
    "a block closed twice": (":::", "this ':::' closes nothing. Take it out, or open a block before it."),
    "a block without braces": ("::: callout-note\nx\n:::", "write ::: {.callout-note}, with a dot and braces."),
    "a block behind a line": ("::: {.callout-note}\nx\n:::\n\n", ""),
    "open code": ("```\nx", "this block of code is never closed. End it with a line of the same signs."),
    "code that would run": ("```{python}\nx\n```", "code is not run in a document. Put it into a notebook, and name what it finds there."),
    "code with attributes": ("```python numbers=true\nx\n```", "a block of code takes the name of one language and no more, not 'python numbers=true'."),
    "an open comment": ("Words <!-- more", "this comment is never closed: '-->' is missing."),
    "an unknown shortcode": ("{{< video x.mp4 >}}", "unknown shortcode 'video'. Known: include, pagebreak."),
    "a missing picture": ("![It](gone.svg)", "the picture 'gone.svg' is not a file inside the report folder."),
    "a circular include": ("{{< include chapter.qmd >}}", "circular include: {0} → {0}. Take one of them out."),
    "an include outside": ("{{< include ../secret.qmd >}}", "'../secret.qmd' lies outside the report folder. Include only files of the report."),
    "an unknown source": ("Words.[@lane2021]", "the citation '@lane2021' is not in references.bib. Did you mean 'lane2020'?"),
}  # fmt: skip


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Give what is said of each fault, from a few renderings of documents that include many."""
    study = make_study(tmp_path_factory.mktemp("faults") / "study")
    for name in ("map.svg", "bare.svg"):
        (study.report / name).write_text(PICTURE, encoding="utf-8")
    faults = list(OF_THE_FILTER.items())
    found: dict[str, list[str]] = {}
    for start in range(0, len(faults), MOST_SHOWN // 2):
        batch = faults[start : start + MOST_SHOWN // 2]
        for index, (_, (text, _)) in enumerate(batch):
            study.write(f"Words.\n\n{text}\n", f"fault-{index}.qmd", front="")
        text = "# A\n\n" + "\n\n".join(
            f"{{{{< include fault-{index}.qmd >}}}}" for index in range(len(batch))
        )
        with pytest.raises(PublishError) as caught:
            study.html(text)
        for index, (name, _) in enumerate(batch):
            place = f"{study.report / f'fault-{index}.qmd'}, line "
            for line in str(caught.value).splitlines():
                if line.startswith(place):
                    number, _, message = line.removeprefix(place).partition(": ")
                    more = int(number) - 3
                    found.setdefault(name, []).append(f"+{more} {message}" if more else message)
    return found


@pytest.mark.parametrize("name", OF_THE_FILTER)
def test_what_the_subset_has_not_is_refused(said: dict[str, list[str]], name: str) -> None:
    expected = OF_THE_FILTER[name][1]
    # Where the names that are known depend on the rest of the document, the message ends before them.
    whole = not expected.endswith(" ")
    assert any(line == expected if whole else line.startswith(expected) for line in said[name]), said[name]


@pytest.mark.parametrize("name", [name for name, (_, message) in BEFORE.items() if message])
def test_what_cannot_be_read_is_refused_before_pandoc(study: Study, name: str) -> None:
    text, message = BEFORE[name]
    (study.folder / "secret.qmd").write_text("secret", encoding="utf-8")
    study.write(f"Words.\n\n{text}\n", "chapter.qmd", front="")
    study.write("# A\n\n{{< include chapter.qmd >}}\n")
    path = study.report / "chapter.qmd"
    with pytest.raises(PublishError) as caught:
        study.read()
    assert str(caught.value).splitlines()[0] == f"{path}, line 3: {message.replace('{0}', str(path))}"


def test_a_block_needs_a_blank_line_before_it(study: Study) -> None:
    study.write("# A\n\nWords\n::: {.callout-note}\nx\n:::\n")
    with pytest.raises(PublishError) as caught:
        study.read()
    assert (
        str(caught.value)
        == f"{study.report / 'paper.qmd'}, line 7: a block ':::' needs a blank line before it."
    )


def test_a_paragraph_of_ten_megabytes_is_refused_at_once(study: Study) -> None:
    study.write("# A\n\n" + "[a `b ]{ **c ::: $$ " * 500_000 + "\n")
    began = time.perf_counter()
    with pytest.raises(PublishError) as caught:
        study.read()
    assert time.perf_counter() - began < 2
    assert str(caught.value) == (
        f"{study.report / 'paper.qmd'}, line 6: this paragraph has more than 100,000 characters. "
        "Split it with blank lines."
    )


def test_a_document_that_pandoc_cannot_finish_is_stopped(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pandoc, "TIMEOUT_SECONDS", 0.2)
    with pytest.raises(PublishError) as caught:
        study.html("# A\n\n" + "[" * 50_000 + "\n")
    assert str(caught.value) == (
        f"{study.report / 'paper.qmd'}: pandoc was stopped after 0.2 s, still reading. "
        "Look for a paragraph with hundreds of brackets or asterisks."
    )


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("paper.qmd", None, "line 2: this is no YAML: expected ',' or ']', but got '<stream end>'."),
        ("_quarto.yml", "lang: en-GB\ncsl: [x\n", "line 3: this is no YAML: expected ',' or ']', but got '<stream end>'."),
        ("_quarto.yml", "- a\n", "line 1: the metadata must be pairs 'name: value'."),
    ],
)  # fmt: skip
def test_metadata_that_are_no_yaml_name_file_and_line(
    study: Study, name: str, text: str | None, message: str
) -> None:
    study.write("# A\n", front="title: [T\n")
    if text is not None:
        study.write("# A\n")
        (study.report / name).write_text(text, encoding="utf-8")
    with pytest.raises(PublishError) as caught:
        study.read()
    assert str(caught.value) == f"{study.report / name}, {message}"


def test_a_formula_that_cannot_be_shown_names_its_line(study: Study) -> None:
    with pytest.raises(PublishError) as caught:
        study.html('# A\n\nSo [$\\nosuch{x}$]{alt="x"}.\n')
    assert str(caught.value) == (
        f"{study.report / 'paper.qmd'}, line 6: the formula '\\nosuch{{x}}' is not understood. "
        "Write it in TeX that has a form in MathML."
    )


def test_a_label_that_stands_twice_names_the_second_place(study: Study) -> None:
    box = '::: {#box-a .box title="T"}\nx\n:::\n\n'
    with pytest.raises(PublishError) as caught:
        study.html(f"# A\n\n{box}{box}")
    assert str(caught.value) == (
        f"{study.report / 'paper.qmd'}, line 10: the label 'box-a' is used twice. Give one of the two another label."
    )


def test_a_chapter_after_an_appendix_is_refused(study: Study) -> None:
    with pytest.raises(PublishError) as caught:
        study.html("# A\n\n# B {.appendix}\n\n# C\n\nx\n")
    assert str(caught.value) == (
        f"{study.report / 'paper.qmd'}, line 8: the chapter 'C' comes after an appendix. "
        "Write {.appendix} or {.unnumbered} after it, or move it."
    )


# Signs that mean something in markdown, in HTML, in Typst or in the filter.
SIGNS = st.text(st.sampled_from(list("<>&\"'`*_#$@[](){}\\/=:;~^!|-+. \n\tabc0é漢")), min_size=1, max_size=30)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(SIGNS, min_size=4, max_size=4))
def test_any_value_is_text_in_html(tmp_path: Path, values: list[str]) -> None:
    folder = tmp_path / "study"
    study = Study(folder) if folder.exists() else make_study(folder)
    display, caption, note, cell = (f"x{value}x" for value in values)
    page = study.html(
        "# A\n\nWe saw []{n=visits.total}.\n\n::: {#tbl-t result=visits.years}\n:::\n\n::: {.list-of-tables}\n:::\n",
        total=number("total", 1, display),
        years=Result(
            name="years", kind="table", origin="public record", caption=caption, notes=(note,),
            columns=(Column("c", "Column", "left"),), rows=((cell,),),
        ),
    )  # fmt: skip
    main = page[page.index("<main") : page.index("</main>")]
    shown = " ".join(unescape(re.sub(r"<[^>]*>", "", main)).split())
    for value in (display, caption, note, cell):
        assert " ".join(value.split()) in shown
    assert "<script" not in main


def test_markup_in_a_value_stays_text_in_lists_boxes_and_captions(study: Study) -> None:
    text = (
        "# A\n\n::: {#box-b .box title=\"T\"}\nWe saw []{n=visits.total}.\n:::\n\n"
        "::: {.callout-note}\n[]{n=visits.total}\n:::\n\n|a|\n|-|\n|[]{n=visits.total}|\n"
    )  # fmt: skip
    page = study.html(text, total=number("total", 1, HOSTILE))
    main = page[page.index("<main") : page.index("</main>")]
    assert "<script" not in main
    assert " ".join(unescape(re.sub(r"<[^>]*>", "", main)).split()).count(" ".join(HOSTILE.split())) == 3
