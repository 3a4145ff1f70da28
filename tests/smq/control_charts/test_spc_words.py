"""Words of the control charts must name every number, and say of the months what the figures say."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from smq.control_charts import spc_words
from smq.control_charts.spc_results import NUMBERS, TEXTS
from tests.smq.spc_cases import described


def test_every_number_and_text_is_explained() -> None:
    words = [spc_words.meaning(name) for name in (*NUMBERS, *TEXTS)]
    assert len(set(words)) == len(words)
    assert spc_words.meaning("gap_winter_concern").startswith("Against England: ")


def test_months_without_a_figure_are_named_until_there_are_too_many() -> None:
    every = pd.date_range("2019-01-01", "2019-12-01", freq="MS")
    words = spc_words.months_words(every.delete([3, 5, 6]), set(every.delete([3])))
    assert words == (
        "9 of the 12 months from January 2019 to December 2019 (no trust has figures for April 2019; "
        "this trust has none for June 2019 and July 2019)"
    )
    many = spc_words.months_words(every.delete([1, 2, 3, 5, 6]), set())
    assert "no trust has figures for 5 of them" in many


@pytest.mark.parametrize(
    ("steps", "words"), [(0, "none is documented"), (1, "one is documented"), (3, "3 are documented")]
)
def test_notes_say_how_many_step_changes_are_documented(steps: int, words: str) -> None:
    assert words in spc_words.notes(0, steps)[1]


def test_what_was_found_is_what_is_named() -> None:
    found = described()
    said = spc_words.found(found)
    assert said[0] == (
        "2 of 3 trusts that were ever in special measures have a chart, with 96 months in all."
    )
    assert any(
        "concern in 50% of months in the earlier half (to December 2013) and 2%" in one for one in said
    )
    assert any(
        one.startswith("The one spell with all three periods") and "concern as reported 0%, 8% and 0%" in one
        for one in said
    )
    assert "Target of 5%, by the limits of each trust: missed at 2, met at 0, varies at 0." in said
    assert said[-1] == found.caution


def test_what_is_not_there_is_not_said() -> None:
    found = described()
    empty = found.tables["period_table"].assign(months=0)
    numbers = {name: number for name, number in found.numbers.items() if not name.startswith("target")}
    texts = {name: words for name, words in found.texts.items() if name != "chart_assurance"}
    bare = replace(found, numbers=numbers, texts=texts, tables=found.tables | {"period_table": empty})
    said = " ".join(spc_words.found(bare))
    assert "three periods" not in said
    assert "arget" not in said
