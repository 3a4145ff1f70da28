"""Tables, numbers and words about both regimes, of what is told alone (`smq.effects.both_regimes`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq.effects import disclosure
from smq.effects.disclosure import LEAST

if TYPE_CHECKING:
    from smq.effects.both_regimes import Line, Told
    from smq.effects.disclosure import Released

FEW_LISTED = f"fewer than {LEAST} trusts of the list have the figures"
FEW_GROUPS = f"a group of trusts would be smaller than {LEAST}"
LABELS = {
    "list_table": {
        "indicator": "Indicator (effect in)",
        "effect": "Effect of the list (95% interval)",
        "trusts": "Trusts on the list, about",
        "adjusted": "p, adjusted",
        "finding": "Trusts after coming on it",
    },
    "regime_table": {
        "indicator": "Indicator (effect in)",
        "everyone": "All comparators (95% interval)",
        "without": "Without watched ones (95% interval)",
        "finding": "Interval on the same side",
    },
}
"""Headings of the tables."""


def tables(told: Told) -> dict[str, pd.DataFrame]:
    """Give the tables that can be given by name: all text, columns as of `LABELS`."""
    made = {"list_table": _list_table(told), "regime_table": _regime_table(told)}
    return {name: table for name, table in made.items() if name not in told.absent}


def _list_table(told: Told) -> pd.DataFrame:
    rows: list[dict[str, str | None]] = []
    for line in told.lines:
        named = {"indicator": _named(line)}
        if line.of_list is None:
            rows.append({**named, "finding": f"No result: {_reason(line) or FEW_LISTED}"})
            continue
        rows.append(
            {
                **named,
                "effect": with_interval(line.of_list),
                "trusts": str(line.of_list.trusts),
                "adjusted": f"{told.p_values[line.indicator.id]:.{disclosure.P_DECIMALS}f}",
                "finding": {1: "better", -1: "worse", 0: "not clearly different"}[
                    told.clear[line.indicator.id]
                ],
            }
        )
    return pd.DataFrame(rows, columns=list(LABELS["list_table"])).astype(object)


def _regime_table(told: Told) -> pd.DataFrame:
    rows: list[dict[str, str | None]] = []
    for line in told.lines:
        row: dict[str, str | None] = {"indicator": _named(line)}
        if line.everyone is not None:
            row["everyone"] = with_interval(line.everyone)
        if line.without is not None:
            row["without"] = with_interval(line.without)
        if line.same_side is None:
            row["finding"] = f"No result: {_reason(line) or FEW_GROUPS}"
        else:
            row["finding"] = "yes" if line.same_side else "no"
        rows.append(row)
    return pd.DataFrame(rows, columns=list(LABELS["regime_table"])).astype(object)


def numbers(told: Told, permutations: int, seed: int) -> dict[str, tuple[int, str]]:
    """Give every number by name, with its unit."""
    return {
        "listed": (told.listed, "trusts"),
        "least": (LEAST, "trusts"),
        "count_step": (disclosure.COUNT_STEP, "trusts"),
        "permutations": (permutations, "draws"),
        "seed": (seed, ""),
        **{name: (count, "indicators") for name, count in told.counts.items()},
    }


def captions() -> dict[str, str]:
    """Captions of tables and figure."""
    return {
        "list_table": "Effect of coming on the list of challenged providers, on every indicator of the study",
        "regime_table": "Effect of entry to special measures, with and without watched trusts as comparators",
        "forest": "Effects of the list of challenged providers and of special measures on all indicators",
    }


def notes(window: int, permutations: int, seed: int) -> dict[str, tuple[str, ...]]:
    """Notes under tables and figure; `window` in months."""
    told = (
        f"The list is confidential. Nothing is told behind which fewer than {LEAST} trusts stand. What rests "
        "on the list is rounded: estimates to a step of at most half their standard error, ends of intervals "
        f"outwards, p-values upwards, numbers of trusts to {disclosure.COUNT_STEP}."
    )
    effect = (
        f"Effects of ever having come on the list: mean over the {window} months (or as many calendar years) "
        "after the half-year or year in which it happened, against trusts that were neither on it nor in "
        "special measures and had the same past. The effect of special measures is "
        "taken out of the figures of trusts that entered them later."
    )
    return {
        "list_table": (
            effect,
            f"p-values by randomisation ({permutations:,d} draws, seed {seed}), adjusted by Holm among the "
            "primary indicators and by Benjamini-Hochberg among the others. Better or worse: interval, "
            "p-value and unadjusted estimate agree.",
            told,
        ),
        "regime_table": (
            "Trusts that entered against trusts at risk with the same past, first with all "
            "comparators, then without those that were ever on the list. To leave them out is a selection of "
            "its own, for trusts come on the list after bad figures. Both are rounded alike.",
            told,
        ),
        "forest": (effect, told),
    }


def with_interval(told: Released) -> str:
    """Write a value with its interval: "−2.6 (−3.4 to −1.8)"."""
    value, low, high = (signed(one, told.decimals) for one in (told.value, *told.interval))
    return f"{value} ({low} to {high})"


def signed(value: float, places: int) -> str:
    """Write a value with a true minus sign; what rounds to nothing has no sign."""
    text = f"{value:.{places}f}".replace("-", "−")
    return text if any(digit in text for digit in "123456789") else text.lstrip("−")


def _reason(line: Line) -> str:
    """Say why there is nothing on an indicator, without its name, which its row has."""
    return line.reason.removesuffix(f" on {line.indicator.label}")


def _named(line: Line) -> str:
    label = line.indicator.label
    return f"{label[:1].upper()}{label[1:]} ({line.indicator.difference_unit})"
