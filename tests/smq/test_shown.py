"""What a notebook shows must be what it names: headings, rounding, reasons, and no text cut short."""

from __future__ import annotations

import pandas as pd

from press import results
from smq import shown

LONG = "explained at length, " * 20


def test_a_table_shows_its_headings_rounded_numbers_and_notes() -> None:
    data = pd.DataFrame({"trust": ["A <b>"], "low": [1.25], "high": [float("nan")], "why": [LONG]})
    named = results.table(
        "ranges",
        data,
        caption="Ranges",
        labels={"low": "to", "high": "to"},
        formats={"low": ".1f", "high": ".1f"},
        notes=("Rounded.",),
        origin="simulated",
    )
    rows = shown.table(named)
    assert rows.table.columns.tolist() == ["Trust", "to", "to", "Why"]
    assert rows.table.iloc[0].tolist() == ["A <b>", "1.2", "–", LONG]
    html = rows._repr_html_()
    assert LONG.strip() in html
    assert "A &lt;b&gt;" in html
    assert html.endswith("<p>Rounded.</p>")
    assert LONG.strip() in repr(rows)


def test_an_absent_table_shows_its_reason() -> None:
    assert "none had left" in repr(shown.table(results.absent("exits", "none had left")))


def test_numbers_show_unit_interval_and_what_they_are_out_of() -> None:
    named = [
        results.number("exits", 13, format=",d", unit="spells", denominator=1042, origin="simulated"),
        results.number("share", 31.04, format=".1f", unit="%", interval=(20.0, 50.0), origin="simulated"),
        results.absent("median", "too few had left"),
    ]
    rows = shown.numbers("Exits", named, {"exits": "Exits within 24 months"})
    assert rows.table.to_numpy().tolist() == [
        ["exits", "Exits within 24 months", "13 spells", "", "1,042"],
        ["share", "", "31.0%", "20.0 to 50.0", ""],
        ["median", "", "absent: too few had left", "", ""],
    ]


def test_columns_that_nothing_fills_are_left_out() -> None:
    named = [results.number("exits", 13, format=",d", origin="simulated")]
    assert shown.numbers("Exits", named, {}).table.columns.tolist() == ["Name", "Value"]
    assert shown.sentences(["One.", "Two."]) == "- One.\n- Two."
