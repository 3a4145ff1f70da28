"""CQC ratings of the trusts at entry to the regime and at exit. Pure functions on tables.

Known are the overall rating and the five key questions at entry, as far as they were found, and the overall
rating at exit. When a trust was first rated Good is not known: where it left with a rating of Good, it was
so at the latest on the day of exit.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from smq.reference import RATINGS
from smq.spells.follow_up import TOLERANCE_MONTHS
from smq.spells.regime import time_to_exit
from smq.statistics.survival import cumulative_incidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smq.statistics.survival import Estimate, IncidenceCurves

QUESTIONS = {
    "overall": "Overall",
    "safe": "Safe",
    "effective": "Effective",
    "caring": "Caring",
    "responsive": "Responsive",
    "well_led": "Well led",
}
"""Columns of the ratings, the overall rating and the five key questions, and how they are written."""
NOT_KNOWN = "Not known"
KEY_QUESTIONS = tuple(name for name in QUESTIONS if name != "overall")

RULE = {"met": "Met", "not met": "Not met", "not known": NOT_KNOWN}
"""Whether a spell meets the rule for recommending special measures: Inadequate in the question Well led and
in at least one other key question. Source: Care Quality Commission, Special measures: NHS trusts
(www.cqc.org.uk/guidance-providers/nhs-trusts/special-measures-nhs-trusts); it says "usually"."""
NUMBERS_INADEQUATE = ("One or none", "Two", "Three or more", NOT_KNOWN)
LEFT_UNRATED, MERGED, STILL_IN = "Left, rating not known", "Trust merged", "Still in"
OUTCOMES = (*(f"Left, rated {rating}" for rating in RATINGS), LEFT_UNRATED, MERGED, STILL_IN)
WAYS = ("good", "other", "unrated", "merged")
"""Ways out: exit rated Good or better, exit with a lower rating, exit with a rating not known, merger."""

GOOD = ("Outstanding", "Good")
"""What counts as a rating of Good."""
LIMITS = (24, 36)
"""Months at which ways out are reported."""
NUMBERS = (
    "spells",
    "rated_at_entry",
    "rated_every_question",
    "reported_after_entry",
    *(f"{name}_{part}" for name in KEY_QUESTIONS for part in ("known", "inadequate")),
    "rule_met",
    "rule_not_met",
    "rule_not_known",
    "two_inadequate",
    "three_inadequate",
    "median_two",
    "median_three",
    "exits",
    "exits_good",
    "exits_lower",
    "exits_not_known",
    "compared",
    "better",
    "same",
    "worse",
    *(f"{way}_{limit}m" for way in ("good", "other") for limit in LIMITS),
    "months_good",
    "months_other",
)
NAMES = (
    *NUMBERS,
    "cutoff",
    *("by_question", "transitions", "by_inadequate", "each_spell", "ways_out"),
    *("questions", "entry_to_exit", "time_to_good"),
)
"""Every result of the notebook `describe_ratings`: each is present, or absent with a reason."""


def of_spells(ratings: pd.DataFrame, observed: pd.DataFrame) -> pd.DataFrame:
    """Give the ratings of the observed spells, in their order, with `status`; empty where none is known."""
    keys = ["ods_code", "entered_on"]
    return observed[["trust_name", *keys, "status", "months"]].merge(
        ratings, on=keys, how="left", validate="one_to_one"
    )


def at_entry(rated: pd.DataFrame) -> pd.DataFrame:
    """Count the spells by rating at entry: a row a question; `question`, then a column for each rating."""
    rows = [{"question": label, **_counts(rated[column])} for column, label in QUESTIONS.items()]
    return pd.DataFrame(rows)


def at_exit(rated: pd.DataFrame) -> dict[str, int]:
    """Count the spells that led to an exit by the overall rating then, with the key `Not known`."""
    return _counts(rated.loc[rated["status"] == "left", "overall_at_exit"])


def outcomes(rated: pd.DataFrame) -> pd.Series[str]:
    """Say of each spell how it stood at the cut-off; one of `OUTCOMES`.

    A rating at an exit after the cut-off is not yet known then.
    """
    left = "Left, rated " + rated["overall_at_exit"].astype("str")
    found = left.where(rated["overall_at_exit"].notna(), LEFT_UNRATED)
    return found.mask(rated["status"] == "merged", MERGED).mask(rated["status"] == "open", STILL_IN)


def transitions(rated: pd.DataFrame) -> pd.DataFrame:
    """Count the spells by overall rating at entry and outcome: entry, outcome, spells, direction.

    `direction` compares the rating at exit with that at entry: better, same, worse, empty where one is
    not known. Rows and columns in which nobody stands are left out; the rest is complete, with zeros.
    """
    pairs = Counter(zip(rated["overall"].fillna(NOT_KNOWN), outcomes(rated), strict=True))
    rows = [word for word in (*RATINGS, NOT_KNOWN) if any(word == entry for entry, _ in pairs)]
    columns = [word for word in OUTCOMES if any(word == outcome for _, outcome in pairs)]
    return pd.DataFrame(
        [
            (entry, outcome, pairs[entry, outcome], _direction(entry, outcome))
            for entry in rows
            for outcome in columns
        ],
        columns=["entry", "outcome", "spells", "direction"],
    )


def inadequate_questions(rated: pd.DataFrame) -> pd.DataFrame:
    """Bound the number of key questions rated Inadequate at entry: columns `least` and `most`.

    `least` takes those not known to be rated better, `most` takes them to be Inadequate.
    """
    answers = rated[list(KEY_QUESTIONS)]
    least = (answers == "Inadequate").sum(axis=1)
    return pd.DataFrame({"least": least, "most": least + answers.isna().sum(axis=1)})


def number_inadequate(rated: pd.DataFrame) -> pd.Series[str]:
    """Group the spells by their number of key questions rated Inadequate; each in `NUMBERS_INADEQUATE`."""
    bounds = inadequate_questions(rated)
    words = pd.Series(NOT_KNOWN, index=rated.index)
    words[bounds["most"] <= 1] = "One or none"
    words[(bounds["least"] == 2) & (bounds["most"] == 2)] = "Two"
    words[bounds["least"] > 2] = "Three or more"
    return words


def rule(rated: pd.DataFrame) -> pd.Series[str]:
    """Say of each spell whether its ratings at entry meet the rule: met, not met, not known (see `RULE`)."""
    well_led = rated["well_led"]
    others = rated[[name for name in KEY_QUESTIONS if name != "well_led"]]
    another = (others == "Inadequate").any(axis=1)
    none = (others.notna() & (others != "Inadequate")).all(axis=1)
    words = pd.Series("not known", index=rated.index)
    words[(well_led == "Inadequate") & another] = "met"
    words[(well_led.notna() & (well_led != "Inadequate")) | none] = "not met"
    return words


def by_number_inadequate(rated: pd.DataFrame) -> pd.DataFrame:
    """Describe the stay by the number of key questions rated Inadequate at entry.

    Columns: group, spells, left, merged, still_in, median_months (Kaplan-Meier, mergers censored), low, high.
    A median that the data do not reach is NaN.
    """
    groups = number_inadequate(rated)
    lines = []
    for name in NUMBERS_INADEQUATE:
        part = rated[groups == name]
        if part.empty:
            continue
        median = time_to_exit(part).quantile(0.5)
        status = part["status"].value_counts()
        lines.append(
            {
                "group": name,
                "spells": len(part),
                "left": int(status.get("left", 0)),
                "merged": int(status.get("merged", 0)),
                "still_in": int(status.get("open", 0)),
                "median_months": None if median is None else median.value,
                "low": None if median is None else median.low,
                "high": None if median is None else median.high,
            }
        )
    return pd.DataFrame(lines).astype(dict.fromkeys(["median_months", "low", "high"], float))


def ways_out(rated: pd.DataFrame) -> IncidenceCurves:
    """Cumulative incidence of each of `WAYS`, by months since entry; spells still open are censored."""
    good = rated["overall_at_exit"].isin(GOOD)
    left = (
        pd.Series("other", index=rated.index)
        .mask(good, "good")
        .mask(rated["overall_at_exit"].isna(), "unrated")
    )
    return cumulative_incidence(
        rated["months"], list(left.where(rated["status"] == "left", rated["status"])), WAYS
    )


def share_at(ways: IncidenceCurves, way: str, limit: int) -> Estimate | None:
    """Per cent of spells that had ended in this way by `limit` months; None where none was seen so long."""
    share = ways.at(way, limit + TOLERANCE_MONTHS)
    return None if share is None else share.times(100)


def counts(rated: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Give the counts among `NUMBERS`, each with what it was counted out of (spells)."""
    spells = len(rated)
    answers = rated[list(KEY_QUESTIONS)]
    met, groups = rule(rated).value_counts(), number_inadequate(rated).value_counts()
    table = transitions(rated)
    moves = table.groupby("direction")["spells"].sum()
    compared = int(moves.drop("", errors="ignore").sum())
    left = rated.loc[rated["status"] == "left", "overall_at_exit"]
    good = int(left.isin(GOOD).sum())
    known = answers.notna().sum()
    late = int((rated["cqc_report_on"] > rated["entered_on"]).sum())
    return {
        "spells": (spells, spells),
        "rated_at_entry": (int(rated["overall"].notna().sum()), spells),
        "rated_every_question": (int(answers.notna().all(axis=1).sum()), spells),
        "reported_after_entry": (late, int(rated["cqc_report_on"].notna().sum())),
        **{f"{name}_known": (int(known[name]), spells) for name in KEY_QUESTIONS},
        **{
            f"{name}_inadequate": (int((answers[name] == "Inadequate").sum()), int(known[name]))
            for name in KEY_QUESTIONS
        },
        **{f"rule_{word.replace(' ', '_')}": (int(met.get(word, 0)), spells) for word in RULE},
        "two_inadequate": (int(groups.get("Two", 0)), spells),
        "three_inadequate": (int(groups.get("Three or more", 0)), spells),
        "exits": (len(left), spells),
        "exits_good": (good, len(left)),
        "exits_lower": (int(left.notna().sum()) - good, len(left)),
        "exits_not_known": (int(left.isna().sum()), len(left)),
        "compared": (compared, len(left)),
        **{word: (int(moves.get(word, 0)), compared) for word in ("better", "same", "worse")},
    }


def months_at_exit(rated: pd.DataFrame) -> dict[str, float]:
    """Give the median months from entry to exit of the spells that led to one, by way: good, other."""
    left = rated[rated["status"] == "left"]
    good = left["overall_at_exit"].isin(GOOD)
    parts = {"good": left[good], "other": left[~good & left["overall_at_exit"].notna()]}
    return {way: float(part["months"].median()) for way, part in parts.items() if len(part)}


def each_spell(rated: pd.DataFrame) -> pd.DataFrame:
    """List the ratings of every spell with the outcome and the rule, for an appendix."""
    words = {name: rated[name].fillna(NOT_KNOWN) for name in QUESTIONS}
    return pd.DataFrame(
        {
            "trust": rated["trust_name"],
            "entered": rated["entered_on"],
            **words,
            "rule": rule(rated).map(RULE),
            "outcome": outcomes(rated),
        }
    )


def _direction(entry: str, outcome: str) -> str:
    exit_rating = outcome.removeprefix("Left, rated ")
    if entry not in RATINGS or exit_rating not in RATINGS:
        return ""
    steps = RATINGS.index(entry) - RATINGS.index(exit_rating)
    return "better" if steps > 0 else "worse" if steps < 0 else "same"


def _counts(column: pd.Series[str], words: Sequence[str] = RATINGS) -> dict[str, int]:
    counts = {word: int((column == word).sum()) for word in words}
    return {**counts, NOT_KNOWN: int(column.isna().sum())}
