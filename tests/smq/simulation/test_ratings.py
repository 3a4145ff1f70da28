"""Ratings must follow the spells: inadequate at entry, better at exit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from smq.readers.cqc_ratings import read_cqc_ratings
from smq.simulation.ratings import FIRST_RATED, WORDS, draw_ratings

if TYPE_CHECKING:
    from smq.simulation.world import World


def test_a_trust_is_inadequate_just_before_it_enters_and_better_when_it_leaves(world: World) -> None:
    ratings = draw_ratings(world, world.score)
    seen = 0
    for spell in world.spells:
        before = [one for one in ratings if one.trust == spell.trust and one.published < spell.entered]
        if spell.entered > date(2014, 3, 1):
            last = max(before, key=lambda one: one.published)
            assert WORDS[last.overall] == "Inadequate"
            # Well-led was rated inadequate, and one other question at least.
            assert WORDS[last.domains[-1]] == "Inadequate"
            assert sum(WORDS[domain] == "Inadequate" for domain in last.domains) >= 2
            seen += 1
        if spell.exited is not None and not spell.merged and spell.exited > date(2014, 3, 1):
            then = [
                one
                for one in ratings
                if one.trust == spell.trust and spell.entered < one.published <= spell.exited
            ]
            assert WORDS[then[-1].overall] in ("Good", "Requires improvement")
    assert seen > 3


def test_nobody_is_rated_before_ratings_began(world: World) -> None:
    ratings = draw_ratings(world, world.score)
    assert min(one.published for one in ratings) >= FIRST_RATED
    assert ratings == sorted(ratings, key=lambda one: (one.published, one.trust))
    assert len({WORDS[one.overall] for one in ratings}) >= 3


def test_the_reader_of_ratings_reads_them(files: Path) -> None:
    editions = sorted((files / "ratings").glob("*.csv"))
    assert len(editions) == 8
    rows = read_cqc_ratings(editions[0]).rows
    assert set(rows["domain"]) == {"Overall", "Safe", "Effective", "Caring", "Responsive", "Well-led"}
    assert set(rows["rating"]) <= set(WORDS)
    assert (rows["published"] >= "2014-01-15").all()
