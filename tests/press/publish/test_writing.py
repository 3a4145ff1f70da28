# ruff: noqa: E501 - an example and what is seen of it stand on one line
"""Every example of the page on writing works as it stands, in both forms, and with the same numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.press.publish.library import PICTURE, REPORT
from tests.press.publish.pdf_text import pages_of
from tests.press.publish.test_filter import words

if TYPE_CHECKING:
    from tests.press.publish.library import Study

PAGE = (REPORT.parent / "docs" / "writing.md").read_text(encoding="utf-8")
GLOSSARY = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]
EXAMPLES = [found[1] for found in re.findall(r"^(`{3,})markdown\n(.*?)^\1$", PAGE, re.MULTILINE | re.DOTALL)]
# What a reader sees of each example, beyond its own words.
SHOWN = {
    "Methods|records": ["1 Methods", "The town has two."],
    "raw-markup": ["one | two"],
    "part=interval": ["We counted 1,234 visits; the share was 15.8% (95% interval 10.1% to 22.0%)."],
    "Table 1. Visits by year": ["Figure 1 shows the trend, and Table 1 the years."],
    "when-result": ["There were 1,234 visits.", "no count of loans: the town keeps no count."],
    "map.svg": ["Figure 1. The two branches", "Figure 1 shows where the branches are, Table 1 how many came."],
    "Chapter 1": ["See Chapter 1 and Figures 1 and 2. Figure 1 is the first, and 2 its number", "Figure 1 and Table 1"],
    "eq-share": ["over four hours, Equation 1, with", "(1)"],
    "box-rules": ["Box 1. How visits were counted", "Warning: Two counts", "see Box 1."],
    "lane2020": ["Lane A, Hill B. Visits to libraries. J Lib. 2020;3:10–2"],
    "ILLs": ["Interlibrary loans (ILLs) rose at each branch. An ILL takes a week.", "Interlibrary loan: a book lent"],
    "list-of-boxes": ["List of figures Figure 1. Visits went up", "List of tables None.", "List of boxes None."],
    "contact": ["Pages were checked in a browser.", "This edition names no contact. Please ask those who published it."],
    "appendix": ["See Appendix A.", "Appendix A: All branches", "A.1 North", "Table 1. Visits by year"],
}  # fmt: skip


@pytest.fixture
def writer(study: Study) -> Study:
    (study.report / "map.svg").write_text(PICTURE, encoding="utf-8")
    (study.report / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
    project = study.report / "_quarto.yml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text + "metadata-files: [glossary.yaml]\n", encoding="utf-8")
    return study


def of_pdf(path: Path) -> str:
    """Give the text of a PDF; leaders and the space that a font change leaves are folded."""
    text = " ".join(pages_of(path))
    text = re.sub(r"[ .]{4,}\d*", " ", text)
    return re.sub(r" ([.,;:)])", r"\1", text)


def test_there_is_an_example_of_every_element() -> None:
    assert len(EXAMPLES) == len(SHOWN) == 14


@pytest.mark.parametrize("example", EXAMPLES, ids=list(SHOWN))
def test_an_example_of_the_page_works_in_both_forms(writer: Study, example: str) -> None:
    expected = list(SHOWN.values())[EXAMPLES.index(example)]
    page = words(writer.html(example))
    printed = of_pdf(writer.pdf(example))
    for words_of_example in expected:
        assert words_of_example in page
        assert words_of_example.replace(" ", "") in printed.replace(" ", ""), printed


def test_the_page_lists_every_class_of_block_that_the_filter_knows() -> None:
    lua = REPORT / "_extensions" / "press"
    known = set(re.findall(r'\["([a-z-]+)"\] = true', (lua / "reading.lua").read_text(encoding="utf-8")))
    assert len(known) > 8
    assert [name for name in sorted(known) if f".{name}" not in PAGE] == []
