"""The layouts in which national statistics are published, by the names that `mappings.yaml` knows them by.

A file of such a layout needs no mapping of its columns: its reader (`smq.worlds.layout_readers`) finds them.
Each layout says which of the series of `config/study.yaml` it gives.
"""

from __future__ import annotations

_AE = ("ae_4h", "ae_4h_type1", "ae_4h_type2", "ae_4h_other")
_LOANS = ("loans_opening", "loans_drawn", "loans_repaid", "loans_closing", "loans_interest", "loans_count")
LAYOUTS: dict[str, tuple[str, ...]] = {
    "ae_csv": _AE,
    "ae_monthly": _AE,
    "rtt_extract": ("rtt_18w",),
    "rtt_workbook": ("rtt_18w",),
    "cancer_62d": ("cancer_62d",),
    "cancer_extract": ("cancer_62d",),
    "dtoc_extract": ("dtoc_days",),
    "kh03": ("beds_available", "beds_occupied"),
    "shmi_trust": ("shmi", "shmi_rolling"),
    "sickness_absence": ("sickness",),
    "staff_in_post": ("staff_fte",),
    "tac_agency": ("agency",),
    "loans": _LOANS,
    "friends_and_family": ("fft_recommend", "fft_positive"),
}
"""The series of each layout of figures."""
RATINGS = ("cqc_ratings",)
"""Layouts of ratings, which are words and no figures of the panel."""
