"""What is planted in each indicator: its national course, how trusts differ, and what the regime does.

Values are in the unit of the indicator and add up: national course + lasting difference of the trust +
its swing + effect. So a planted effect is the same for every trust, whatever its level. Levels are plausible
ones; none is estimated from, or fitted to, a published figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ACUTE = ("acute", "combined")
BEDDED = (*ACUTE, "mental health", "community")
EVERY = (*BEDDED, "ambulance")


@dataclass(frozen=True)
class Planted:
    """The truth about one indicator."""

    id: str
    better: int
    """+1 where more is better, -1 where less is."""
    kinds: tuple[str, ...]
    """Kinds of trust that have figures."""
    level: float
    """National mean in January 2010, without season."""
    trend: float
    """Change of the national mean in a year."""
    season: float
    """Half of the distance between the highest and the lowest month; 0 where figures are by year."""
    peak: int
    """Month (1 to 12) in which the season is highest."""
    pandemic: float
    """Shift of the national mean from March 2020 on."""
    spread: float
    """Standard deviation of lasting differences between trusts."""
    swing: float
    """Standard deviation of what comes and goes in a trust."""
    persistence: float
    """Correlation of that with its value a month before."""
    loading: float
    """Correlation of that with the quality of the trust, which all indicators share."""
    effect: float
    """What the regime adds, once fully at work (a year after entry)."""
    kept: float
    """Share of the effect that is left a year after exit."""
    watched: float
    """What being a challenged provider adds, once fully at work."""
    size: float
    """Denominator of a trust of middling size: in a month, or in a year where figures are by year."""
    clump: float
    """Over-dispersion: the variance of a share p over n is p(1 - p)(1/n + 1/clump)."""
    low: float
    high: float
    """Bounds of what a trust can have before chance."""
    first: date = date(2010, 1, 1)
    last: date = date(2021, 12, 1)

    @property
    def bad(self) -> int:
        """+1 where high is bad, -1 where low is."""
        return -self.better


# In the order of the fields: better, kinds | level, trend, season, peak, pandemic | spread, swing,
# persistence, loading | effect, kept, watched | size, clump, low, high.
PLANTED = (
    Planted("ae_4h", -1, ACUTE, 7.0, 0.8, 1.8, 1, -3.5, 0.95, 1.9, 0.88, 0.85, -3.0, 1.0, -1.0,
            9_500, 2_500, 0.3, 90),
    Planted("rtt_18w", 1, ACUTE, 92.0, -0.7, 0.8, 6, -18, 1.4, 2.2, 0.95, 0.5, 0.0, 0.0, 0.0,
            19_000, 4_000, 20, 99.6),
    Planted("cancer_62d", 1, ACUTE, 85.0, -0.6, 1.2, 9, -4, 1.8, 3.6, 0.93, 0.5, 0.0, 0.0, 0.0,
            150, 2_000, 30, 99.5),
    Planted("shmi", -1, ACUTE, 1.0, 0.0, 0.0, 1, 0.0, 0.045, 0.075, 0.9, 0.85, -0.05, 1.0, -0.015,
            1_600, 4_000, 0.5, 1.8),
    Planted("dtoc", -1, BEDDED, 38.0, 2.0, 2.5, 2, 0.0, 4.5, 9.5, 0.88, 0.85, -5.0, 0.5, -1.5,
            18_000, 900, 2, 200, first=date(2010, 8, 1), last=date(2020, 2, 1)),
    Planted("sickness", -1, EVERY, 4.2, 0.02, 0.45, 1, 0.5, 0.4, 0.35, 0.93, 0.5, -0.2, 1.0, 0.0,
            130_000, 30_000, 1.5, 12),
    Planted("agency", -1, EVERY, 4.6, 0.05, 0.0, 1, -0.4, 0.9, 1.0, 0.97, 0.4, 0.6, 0.0, 0.0,
            2.4e8, 60_000, 0.3, 30),
    Planted("turnover", -1, EVERY, 11.5, 0.2, 0.0, 1, -0.8, 1.5, 1.2, 0.97, 0.4, 0.8, 0.3, 0.0,
            4_400, 9_000, 3, 40),
    Planted("survey_work", 1, EVERY, 57.0, 0.5, 0.0, 1, 1.0, 4.0, 3.5, 0.97, 0.6, 2.5, 0.8, 0.8,
            1_500, 3_000, 15, 95),
    Planted("survey_care", 1, EVERY, 63.0, 0.6, 0.0, 1, 1.5, 4.0, 4.4, 0.93, 0.85, 3.0, 0.8, 1.0,
            1_500, 3_000, 15, 97),
    Planted("survey_stress", -1, EVERY, 36.0, 0.4, 0.0, 1, 2.0, 2.0, 1.8, 0.97, 0.4, 0.0, 0.0, 0.0,
            1_500, 3_000, 8, 80),
)  # fmt: skip

BY_ID = {planted.id: planted for planted in PLANTED}
YEARLY = ("shmi", "agency", "turnover", "survey_work", "survey_care", "survey_stress")
EFFECT_MONTHS = 12
"""Months over which an effect grows in equal steps, and over which what is not kept is lost."""
