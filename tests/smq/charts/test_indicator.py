"""A figure must draw the numbers that are named, and its words must say them."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.text import Text

from smq.charts import indicator as charts
from smq.performance.indicator import Description
from tests.smq.performance.test_indicator import described, yearly

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


def test_years_are_points_with_bars_and_say_how_many_spells_each_holds() -> None:
    found = yearly()
    figure = charts.path(found)
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert labels == ["−1", "0", "+1", "+2"]
    assert figure.axes[0].get_xlabel() == "Calendar years from the year of entry"
    fewer = found.paths.assign(spells=[2, 2, 2, 1])
    labels = [
        label.get_text()
        for label in charts.path(Description(**{**vars(found), "paths": fewer})).axes[0].get_xticklabels()
    ]
    assert labels == ["−1\n2 spells", "0\n2 spells", "+1\n2 spells", "+2\n1 spell"]
    assert charts.path_data(found).columns[0] == "event_year"


def test_levels_that_do_not_begin_at_zero_say_so(found: Description) -> None:
    paths = yearly().paths
    near = replace(yearly(), paths=paths.assign(smq_low=paths["smq"] - 1, smq_high=paths["smq"] + 1))
    for case, says in ((near, True), (found, False)):
        figure = charts.path(case)
        assert any("does not begin at 0" in text.get_text() for text in figure.texts) is says
        assert bool(figure.axes[0].get_ylim()[0] > 0) is says


def test_the_figure_around_exit_is_of_the_spells_that_left() -> None:
    found = yearly()
    # RAA and RBB left in 2015: gaps 10 and 10 in 2014, 6 and 10 in 2015, 4 and 8 in 2016.
    assert [10.0, 8.0, 6.0] in [pytest.approx(line) for line in drawn(charts.exit_path(found))]
    assert charts.exit_message(found) == (
        "The gap to England did not clearly change: 10.0 points on average before exit, 6.0 after"
    )
    assert "change: −4.0 percentage points" in charts.exit_alt(found)
    assert "2 spells could be followed" in charts.exit_alt(found)
    assert charts.exit_caption(found) != charts.exit_alt(found)
    assert "comparator_gap" not in charts.exit_data(found)


def test_a_ratio_has_no_unit_and_enough_decimals(found: Description) -> None:
    ratio = found.indicator.model_copy(update={"unit": "ratio"})
    numbers = {
        name: replace(number, format=".3f") if "gap" in name else number
        for name, number in found.numbers.items()
    }
    described_ratio = replace(found, indicator=ratio, numbers=numbers)
    assert charts.gap_message(described_ratio) == (
        "The gap to England did not clearly change: 5.000 on average before entry, 2.000 after"
    )
    assert "ratio ratio" not in charts.path_alt(described_ratio)
