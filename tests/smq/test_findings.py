"""The summary's words must follow from the records, and stay absent where a record has nothing."""

from __future__ import annotations

from dataclasses import dataclass

from smq.findings import QUOTED, WORDS, words


@dataclass(frozen=True)
class Fact:
    kind: str = "number"
    value: float | str | None = None
    interval: tuple[float, float] | None = None
    reason: str = ""


def number(value: float, low: float, high: float) -> Fact:
    return Fact(value=value, interval=(low, high))


FACTS = {
    "gap_before": number(4, 3, 5),
    "gap_after": number(2, -1, 3),
    "change": number(-2, -3, -1),
    "comparator_change": number(0, -1, 1),
    "difference": number(-2, -3, -1),
    "better": Fact("text", "lower"),
}


def test_words_of_an_indicator_of_which_less_is_better() -> None:
    assert words(FACTS) == (
        {
            "before_word": "worse than",
            "after_word": "not clearly different from",
            "change_word": "narrowed",
            "relative_word": "better",
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
    gone = {name: Fact("absent", reason="no file") for name in (*QUOTED, "better")}
    assert words(gone) == ({}, dict.fromkeys(WORDS, "no file"))
