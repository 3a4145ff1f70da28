"""The summary's words must follow from the records, and stay absent where a record has nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from smq.config import load_study
from smq.findings import NEEDED, OVERVIEW_LABELS, PUBLISHED, WORDS, effects_sure, overview, published, words
from tests.smq.indicator_cases import PROJECT

if TYPE_CHECKING:
    from press.record import Origin


@dataclass(frozen=True)
class Fact:
    kind: str = "number"
    value: float | str | None = None
    interval: tuple[float, float] | None = None
    reason: str = ""
    origin: Origin = "official statistics"
    display: str = ""
    interval_display: str = ""


def number(value: float, low: float, high: float) -> Fact:
    return Fact(value=value, interval=(low, high), display=f"{value}", interval_display=f"{low} to {high}")


FACTS = {
    "gap_before": number(4, 3, 5),
    "gap_after": number(2, -1, 3),
    "change": number(-2, -3, -1),
    "comparator_change": number(0, -1, 1),
    "difference": number(-2, -3, -1),
    "gap_during": number(3, 1, 5),
    "gap_after_exit_1y": number(-2, -3, -1),
    "spells_used": Fact(value=30, display="30"),
    "better": Fact("text", "lower"),
}


def test_words_of_an_indicator_of_which_less_is_better() -> None:
    assert words(FACTS) == (
        {
            "before_word": "worse than",
            "after_word": "not clearly different from",
            "change_word": "narrowed",
            "relative_word": "better",
            "during_word": "worse than",
            "after_exit_word": "better than",
        },
        {},
    )


def test_words_of_an_indicator_of_which_more_is_better() -> None:
    given, _ = words(FACTS | {"better": Fact("text", "higher")})
    assert (given["before_word"], given["relative_word"]) == ("better than", "worse")


def test_absent_numbers_leave_words_absent_with_their_reason() -> None:
    given, absent = words(FACTS | {"difference": Fact("absent", reason="no comparators")})
    assert absent == {"relative_word": "no comparators"}
    assert "change_word" in given
    gone = {name: Fact("absent", reason="no file") for name in NEEDED}
    assert words(gone) == ({}, dict.fromkeys(WORDS, "no file"))


STUDY = load_study(PROJECT / "config" / "study.yaml")
GONE = {name: Fact("absent", reason="no file") for name in NEEDED}


def test_the_overview_has_every_indicator_of_the_study_in_its_order_with_its_reason() -> None:
    found = overview(STUDY, {one.id: GONE for one in STUDY.indicators} | {"shmi": FACTS})
    assert (found.total, found.shown, found.changed, found.relative) == (11, 1, 1, 1)
    assert found.origin == "official statistics"
    assert list(found.table) == list(OVERVIEW_LABELS)
    lines = found.table.set_index("indicator")
    assert lines.index[0] == "Waits over four hours in A&E (percentage points)"
    assert lines.iloc[0]["finding"] == "No result: no file"
    assert lines.drop(columns="finding").isna().sum(axis=1).iloc[0] == 6
    assert lines.index[3] == "Summary hospital-level mortality indicator (ratio)"
    assert list(lines.to_numpy()[3]) == [
        "30",
        "4",
        "2",
        "-2 (-3 to -1)",
        "0",
        "-2 (-3 to -1)",
        "worse than England before entry; the gap narrowed; better beside comparators",
    ]
    assert "(1 here)" in found.note


def test_an_interval_that_holds_zero_counts_as_no_change() -> None:
    unclear = FACTS | {"change": number(-2, -5, 1), "difference": Fact("absent", reason="no comparators")}
    found = overview(STUDY, {one.id: GONE for one in STUDY.indicators} | {"shmi": unclear})
    assert (found.shown, found.changed, found.relative) == (1, 0, 0)
    assert found.table.loc[3, "finding"] == "worse than England before entry; the gap did not clearly change"


def test_one_simulated_indicator_makes_the_overview_simulated_and_none_leaves_it_without_origin() -> None:
    simulated = {name: replace(fact, origin="simulated") for name, fact in FACTS.items()}
    gone = {one.id: GONE for one in STUDY.indicators}
    assert overview(STUDY, gone | {"shmi": FACTS, "dtoc": simulated}).origin == "simulated"
    assert overview(STUDY, gone).origin is None


def test_our_directions_stand_beside_the_published_ones_only_where_they_are_not_simulated() -> None:
    given = {"ae_4h": "better", "shmi": "better", "dtoc": "better"}
    indicators = {
        "ae_4h": FACTS,
        "shmi": FACTS | {"change": number(-1, -3, 1)},
        "dtoc": {name: replace(fact, origin="simulated") for name, fact in FACTS.items()},
    }
    effects = {
        "ae_4h_direction": Fact("text", "worse"),
        "shmi_direction": Fact("absent", reason="too few trusts"),
        "dtoc_direction": Fact("text", "better", origin="simulated"),
    }
    said, absent = published(given, indicators, effects)
    assert said == {
        "ae_4h_published_trend": ("points the same way", "official statistics"),
        "ae_4h_published_effect": ("points the other way", "official statistics"),
        "shmi_published_trend": ("shows no clear direction", "official statistics"),
        "effects_published": ("on waits in A&E, ours points the other way", "official statistics"),
    }
    assert absent["shmi_published_effect"] == "too few trusts"
    assert {*said, *absent} == set(PUBLISHED)
    assert absent["dtoc_published_trend"] == absent["dtoc_published_effect"]


def test_the_summary_sounds_no_surer_of_effects_than_it_may() -> None:
    assert effects_sure(0, 0) == "not sure either way"
    assert effects_sure(2, 1) == effects_sure(0, 1) == "less sure"
