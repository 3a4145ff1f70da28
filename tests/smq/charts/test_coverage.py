"""The chart of coverage must hold the counts that are named, and be readable without its colours."""

from __future__ import annotations

import pandas as pd

from smq.charts import coverage as charts

HELD = pd.DataFrame(
    {
        "indicator": ["shmi", "ae_4h", "ae_4h", "ae_4h"],
        "year": ["2012", "2011-12", "2012-13", "2013-14"],
        "trusts": [142, 97, 150, 0],
    }
)
LABELS = {"ae_4h": "waits over four hours in A&E", "shmi": "mortality", "beds": "beds that nobody has"}


def test_cells_hold_the_counts_in_the_order_of_the_study() -> None:
    grid = charts.grid(HELD, LABELS)
    assert list(grid.index) == ["ae_4h", "shmi"]
    assert grid.columns.to_numpy().tolist() == [2011, 2012]
    axes = charts.coverage(HELD, LABELS, simulated=False).axes[0]
    assert sorted(text.get_text() for text in axes.texts) == ["142", "150", "97"]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "Waits over four hours in A&E",
        "Mortality",
    ]


def test_numbers_stand_out_from_their_cell() -> None:
    axes = charts.coverage(HELD, LABELS, simulated=False).axes[0]
    assert {text.get_text(): text.get_color() for text in axes.texts}["150"] == "white"
    pale = HELD.assign(trusts=[10, 500, 500, 500])
    axes = charts.coverage(pale, LABELS, simulated=False).axes[0]
    assert {text.get_text(): text.get_color() for text in axes.texts}["10"] == "black"


def test_words_say_the_numbers() -> None:
    assert charts.message(HELD, LABELS) == "2 series, 2011 to 2012: at most 150 trusts in a year"
    assert charts.caption(HELD, LABELS) == "Trusts with a value, by series and year, 2011 to 2012"
    assert charts.alt(HELD, LABELS) == (
        "Grid of counts. waits over four hours in A&E: 97 trusts in 2011, 150 in 2012; "
        "mortality: 142 trusts in 2012."
    )
    alone = HELD[HELD["indicator"] == "shmi"]
    assert charts.message(alone, LABELS) == "One series, 2012: at most 142 trusts in a year"


def test_simulated_data_say_so_in_the_picture() -> None:
    words = [text.get_text() for text in charts.coverage(HELD, LABELS, simulated=True).texts]
    assert any("Simulated data about fictional trusts" in text for text in words)
