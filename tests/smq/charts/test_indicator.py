"""A figure must draw the numbers that are named, and its words must say them."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.text import Text

from smq.charts import indicator as charts
from smq.indicator import Description
from tests.smq.test_indicator import described

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@pytest.fixture
def found() -> Description:
    return described()


def drawn(figure: Figure) -> list[list[float]]:
    return [np.asarray(line.get_ydata(), dtype=float).tolist() for line in figure.axes[0].lines]


def test_lines_are_the_paths_that_are_named(found: Description) -> None:
    lines = drawn(charts.path(found))
    for column in ("smq", "england", "comparators"):
        assert found.paths[column].tolist() in lines
    lines = drawn(charts.gap_path(found))
    for column in ("gap", "comparator_gap"):
        assert found.paths[column].tolist() in lines


def test_the_message_follows_the_interval_and_not_the_point_estimate(found: Description) -> None:
    # The change is −3 with an interval from −41 to 35.
    assert "the gap did not clearly change" in charts.path_message(found)
    assert charts.gap_message(found) == (
        "The gap to England did not clearly change: 5.0 points on average before entry, 2.0 after"
    )


def test_alternative_texts_give_the_numbers(found: Description) -> None:
    alt = charts.path_alt(found)
    assert "15.0% (England 10.0%) 2 months before entry" in alt
    assert "17.0% (England 11.0%) in the month of entry" in alt
    assert "run from 5.0% to 4.0%" in alt
    assert "change: −3.0 percentage points (95% interval −41.1 to 35.1)" in charts.gap_alt(found)


def test_captions_differ_from_alternative_texts(found: Description) -> None:
    assert charts.path_caption(found) == (
        "Waits over four hours in A&E around entry to special measures: "
        "mean of 2 spells of 2 trusts, England and comparators"
    )
    assert charts.path_caption(found) != charts.path_alt(found)


def test_without_comparators_there_is_no_line_for_them() -> None:
    lacking = described(RDD=[None] * 5)
    for figure in (charts.path(lacking), charts.gap_path(lacking)):
        assert not any("Never" in text.get_text() for text in figure.axes[0].texts)
    assert "never in special measures" not in charts.path_alt(lacking)


def test_simulated_data_say_so_in_the_picture(found: Description) -> None:
    figure = charts.path(Description(**{**vars(found), "origin": "simulated"}))
    assert any("Simulated data about fictional trusts" in text.get_text() for text in figure.texts)
    assert not any("Simulated" in text.get_text() for text in charts.path(found).texts)


def test_labels_at_the_end_do_not_overlap(found: Description) -> None:
    close = found.paths.assign(england=found.paths["smq"], comparators=found.paths["smq"])
    figure = charts.path(Description(**{**vars(found), "paths": close}))
    figure.savefig(io.BytesIO())
    boxes = sorted(
        (
            Text.get_window_extent(text)  # without the leader
            for text in figure.axes[0].texts
            if text.get_text()[:7] in ("Special", "England", "Never i")
        ),
        key=lambda box: box.y0,
    )
    assert len(boxes) == 3
    for below, above in pairwise(boxes):
        assert below.y1 <= above.y0 + 1
