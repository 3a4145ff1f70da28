"""Words for directions. They follow the 95% interval, never the point estimate alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from smq.config import Better

Interval = tuple[float, float]
BetterWord = Literal["lower", "higher"]


class WithInterval(Protocol):
    """An estimate: a value and its 95% interval."""

    @property
    def value(self) -> float: ...  # noqa: D102
    @property
    def interval(self) -> Interval: ...  # noqa: D102


def sign(interval: Interval) -> int:
    """Give 1 or −1 where the whole interval lies on that side of zero, otherwise 0."""
    low, high = interval
    if low > 0:
        return 1
    return -1 if high < 0 else 0


def goodness(interval: Interval, better: Better) -> int:
    """Give 1 where the interval shows an improvement, −1 a worsening, 0 neither."""
    return sign(interval) * (1 if better == "up" else -1)


def better_word(better: Better) -> BetterWord:
    """Say which values are better."""
    return "higher" if better == "up" else "lower"


def compared(interval: Interval, better: Better) -> str:
    """Word a gap: "SMQ trusts were … England"."""
    return {1: "better than", -1: "worse than", 0: "not clearly different from"}[goodness(interval, better)]


def relative(interval: Interval, better: Better) -> str:
    """Word the change of trusts in the regime next to that of comparators: better, worse, no different."""
    return {1: "better", -1: "worse", 0: "no different"}[goodness(interval, better)]


def changed(interval: Interval) -> str:
    """Word a change of a level: rose, fell, did not clearly change."""
    return {1: "rose", -1: "fell", 0: "did not clearly change"}[sign(interval)]


def gap_change(before: WithInterval, after: WithInterval, change: WithInterval, better: Better) -> str:
    """Word what became of a gap: "the gap to England …".

    It reversed where it was clearly on one side before and clearly on the other side after, and narrowed or
    widened where it was clearly there before and moved towards zero or away from it. Where it was not clearly
    there before, or passed zero and went further than it had been, its size says nothing of whom it is good
    for: then the word says that.
    """
    moved = sign(change.interval)
    if moved == 0:
        return "did not clearly change"
    side = sign(before.interval)
    if side * sign(after.interval) == -1:
        return "reversed"
    passed = side * after.value < 0 and abs(after.value) > abs(before.value)
    if side == 0 or passed:
        return {1: "moved in the trusts' favour", -1: "moved against the trusts"}[
            goodness(change.interval, better)
        ]
    return "widened" if moved == side else "narrowed"
