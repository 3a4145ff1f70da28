"""The names of the results of the notebook `describe_regime`: each is present, or absent with a reason."""

from __future__ import annotations

from smq.spells.date_uncertainty import MEASURES
from smq.spells.regime import LIMITS

NUMBERS = (
    *("spells", "trusts", "exits", "open", "merged", "reentries", "entries_first_year"),
    *("peak_in_regime", "high_confidence"),
    *(f"exits_{limit}m" for limit in LIMITS),
    *("exits_24m_share", "eligible_24m"),
    *("median_months", "quartile_lower", "quartile_upper", "mean_completed_months"),
    *("still_in_24m", "km_exit_24m", "left_24m", "ended_by_merger_24m", "exits_24m_eligible_share"),
    *("first_spells", "first_spells_left", "first_spells_median_months"),
    *("repeat_spells", "repeat_spells_left"),
    *("leavers", "came_back", "reentries_per_100_24m", "reentries_per_100_60m"),
    *("definitions", "definitions_apart_from_days"),
    *("definitions_24m_matching", "definitions_matching", "definitions_matching_apart_from_days"),
    *("definitions_24m_lowest", "definitions_24m_highest", "published_24m_share"),
    *("counts_published", "counts_compared", "counts_agree", "counts_agree_by_definition"),
    *("counts_differ", "counts_not_in_list"),
    *("uncertain_dates", "uncertain_spells"),
    *(f"{measure}_{end}" for measure in MEASURES for end in ("lowest", "highest")),
    *("rated_at_entry", "inadequate_at_entry", "exits_rated_good", "exits_rated_requires_improvement"),
)
TEXTS = ("cutoff", "first_year", "peak_date", "definition_search")
TABLES = (
    *("entries_by_year", "spells_table", "exits_table", "ratings_at_entry", "ratings_at_exit"),
    *("first_and_repeat_table", "reentry_table", "by_cutoff"),
    *("exit_definitions", "exit_definitions_range", "exit_definitions_by_counting"),
    *("exit_definitions_matching", "reconciliation", "reconciliation_sources"),
    *("date_sensitivity", "date_ranges"),
)
FIGURES = (
    *("flow_by_year", "in_regime", "swimmer", "time_to_exit", "ways_out", "first_and_repeat"),
    *("re_entry", "exit_definitions_figure"),
)
NAMES = (*NUMBERS, *TEXTS, *TABLES, *FIGURES)
