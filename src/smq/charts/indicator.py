"""Charts of one indicator around entry and exit. Titles are messages made from the estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smq import wording
from smq.charts import event_time, style
from smq.charts.event_time import End, minus

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from smq.performance.indicator import Description

_SMQ, _ENGLAND, _COMPARATORS = "Special measures", "England", "Never in special\nmeasures"
_LEFT = "Trusts that left\nspecial measures"
_LEVELS = ["event", "spells", "smq", "smq_low", "smq_high", "england", "comparators"]
_GAPS = ["event", "spells", "gap", "gap_low", "gap_high", "comparator_gap"]
_ZERO_BELOW = 0.5
"""Levels are drawn from zero where the lowest of them is below this share of the highest."""


def path(description: Description) -> Figure:
    """Draw levels by event: trusts in the regime with their interval, England, comparators."""
    figure, ax = style.new_figure(event_time.HEIGHT_MM)
    data = description.paths
    blue, orange, turquoise = (style.PALETTE[name] for name in ("blue", "orange", "turquoise"))
    event_time.line_with_interval(ax, data, "smq", orange)
    ax.plot(data["event"], data["england"], color=blue)
    ends = [_end(_SMQ, data["smq"], orange), _end(_ENGLAND, data["england"], blue)]
    if data["comparators"].notna().all():
        ax.plot(data["event"], data["comparators"], color=turquoise, linestyle=event_time.DASHES)
        ends.append(End(_COMPARATORS, float(data["comparators"].iloc[-1]), turquoise, event_time.DASHES))
    levels = data[["smq_low", "smq_high", "england", "comparators"]]
    low, high = float(levels.min().min()), float(levels.max().max())
    room, measure = 0.08 * (high - low), _measure(description)
    if low < _ZERO_BELOW * high:
        ax.set_ylim(0, high * 1.08)
    else:
        ax.set_ylim(low - room, high + 2 * room)
        measure += " (the axis does not begin at 0)"
    event_time.frame(ax, data, description.scale, "entry")
    style.title(ax, path_message(description), _subtitle(description, measure, data))
    event_time.end_labels(figure, ax, ends, int(data["event"].max()))
    return figure


def gap_path(description: Description) -> Figure:
    """Draw the gap to England by event, with its interval, beside that of the comparators."""
    window = description.scale.window
    means = ((-window, -1, "gap_before"), (1, window, "gap_after"))
    return _gaps(description, description.paths, "entry", means, gap_message(description))


def exit_path(description: Description) -> Figure:
    """Draw the gap to England from the year before exit to the year after it. Needs `exit_path`."""
    year = description.scale.per_year
    means = ((-year, -1, "exit_gap_before"), (1, year, "exit_gap_after"))
    return _gaps(description, description.exit_path, "exit", means, exit_message(description))


def _gaps(
    description: Description,
    data: pd.DataFrame,
    moment: str,
    means: tuple[tuple[int, int, str], ...],
    message: str,
) -> Figure:
    figure, ax = style.new_figure(event_time.HEIGHT_MM)
    orange, turquoise = style.PALETTE["orange"], style.PALETTE["turquoise"]
    ax.plot(data["event"], 0 * data["event"], color=style.PALETTE["blue"], linewidth=1.2)
    event_time.line_with_interval(ax, data, "gap", orange)
    who = _SMQ if moment == "entry" else _LEFT
    ends = [_end(who, data["gap"], orange), End(_ENGLAND, 0.0, style.PALETTE["blue"])]
    if data["comparator_gap"].notna().all():
        ax.plot(data["event"], data["comparator_gap"], color=turquoise, linestyle=event_time.DASHES)
        ends.append(End(_COMPARATORS, float(data["comparator_gap"].iloc[-1]), turquoise, event_time.DASHES))
    measure = f"{_capital(description.indicator.label)} minus England{_in_unit(description)}"
    if len(data) > event_time.FEW:
        measure += "; dotted: means before and after"
        for first, last, name in means:
            value = description.estimates[name].value
            ax.plot([first, last], [value, value], color=style.PALETTE["grey"], linewidth=0.9, linestyle=":")
    levels = data[["gap_low", "gap_high", "comparator_gap"]]
    low, high = min(0.0, float(levels.min().min())), max(0.0, float(levels.max().max()))
    room = 0.08 * (high - low)
    ax.set_ylim(low - room, high + 2 * room)
    event_time.frame(ax, data, description.scale, moment)
    style.title(ax, message, _subtitle(description, measure, data))
    event_time.end_labels(figure, ax, ends, int(data["event"].max()))
    return figure


def path_message(description: Description) -> str:
    """Message of `path`, from the intervals of the gap before and of its change."""
    indicator, estimates = description.indicator, description.estimates
    before = wording.compared(estimates["gap_before"].interval, indicator.better)
    change = wording.gap_change(
        estimates["gap_before"], estimates["gap_after"], estimates["change"], indicator.better
    )
    return (
        f"{_capital(indicator.label)}: trusts were {before} England before special measures, "
        f"and the gap {change} after entry"
    )


def gap_message(description: Description) -> str:
    """Message of `gap_path`: what became of the gap, by the interval of its change, with the two means."""
    return _gap_message(description, "gap_before", "gap_after", "change", "entry")


def exit_message(description: Description) -> str:
    """Message of `exit_path`, in the same way."""
    return _gap_message(description, "exit_gap_before", "exit_gap_after", "exit_change", "exit")


def _gap_message(description: Description, before: str, after: str, change: str, moment: str) -> str:
    estimates = description.estimates
    word = wording.gap_change(
        estimates[before], estimates[after], estimates[change], description.indicator.better
    )
    first, then = (_shown(description, name, estimates[name].value) for name in (before, after))
    unit = _in_unit(description).removeprefix(",").replace("percentage ", "")
    return f"The gap to England {word}: {first}{unit} on average before {moment}, {then} after"


def path_caption(description: Description) -> str:
    """Caption of `path`: what it shows, of whom, when."""
    return (
        f"{_capital(description.indicator.label)} around entry to special measures: "
        f"mean of {_who(description)}, England and comparators"
    )


def gap_caption(description: Description) -> str:
    """Caption of `gap_path`."""
    return (
        f"Gap to England in {description.indicator.label} around entry to special measures: "
        f"mean of {_who(description)}"
    )


def exit_caption(description: Description) -> str:
    """Caption of `exit_path`."""
    return (
        f"Gap to England in {description.indicator.label} around exit from special measures: "
        f"mean of {_spells(description.numbers['spells_around_exit'].value)}"
    )


def path_alt(description: Description) -> str:
    """Alternative text of `path`, with its numbers."""
    data = description.paths.set_index("event")
    scale, unit = description.scale, _unit(description)
    spec = description.numbers["level_before"].format

    def value(event: int, column: str) -> str:
        return minus(format(data.loc[event, column], spec)) + unit

    far = scale.window
    ends = [f"{value(event, 'smq')} (England {value(event, 'england')})" for event in (-far, 0, far)]
    length = scale.count(far)
    words = [
        f"{path_message(description)}. Mean of trusts in special measures: {ends[0]} {length} "
        f"before entry, {ends[1]} in the {scale.length} of entry, {ends[2]} {length} after."
    ]
    if data["comparators"].notna().all():
        words.append(
            f"Comparators that were never in special measures run from {value(-far, 'comparators')} to "
            f"{value(far, 'comparators')}."
        )
    return " ".join(words)


def gap_alt(description: Description) -> str:
    """Alternative text of `gap_path`, with its numbers and intervals."""
    value = _with_interval
    words = [
        f"{gap_message(description)}. Mean over the {description.scale.window_words} before entry: "
        f"{value(description, 'gap_before')}; over as long after: {value(description, 'gap_after')}; "
        f"change: {value(description, 'change')}."
    ]
    if "comparator_change" in description.estimates:
        words.append(f"The gap of the comparators changes by {value(description, 'comparator_change')}.")
    return " ".join(words)


def exit_alt(description: Description) -> str:
    """Alternative text of `exit_path`, with its numbers and intervals."""
    value = _with_interval
    return (
        f"{exit_message(description)}. Mean over the year before exit: "
        f"{value(description, 'exit_gap_before')}; over the year after: "
        f"{value(description, 'exit_gap_after')}; change: {value(description, 'exit_change')}. "
        f"{_capital(_spells(description.numbers['spells_around_exit'].value))} could be followed for so long."
    )


def path_data(description: Description) -> pd.DataFrame:
    """Numbers behind `path`; the first column is event_month, event_quarter or event_year."""
    return _named(description, description.paths[_LEVELS])


def gap_data(description: Description) -> pd.DataFrame:
    """Numbers behind `gap_path`."""
    return _named(description, description.paths[_GAPS])


def exit_data(description: Description) -> pd.DataFrame:
    """Numbers behind `exit_path`."""
    return _named(description, description.exit_path[_GAPS[:-1]])


def _named(description: Description, data: pd.DataFrame) -> pd.DataFrame:
    return data.rename(columns={"event": f"event_{description.scale.length}"})


def _end(name: str, values: pd.Series[float], colour: str) -> End:
    return End(name, float(values.iloc[-1]), colour)


def _measure(description: Description) -> str:
    unit = description.indicator.unit
    if unit == "ratio":
        return f"Mean ratio to {description.indicator.of}"
    return f"Mean {unit}" + (f" of {description.indicator.of}" if unit == "%" else "")


def _subtitle(description: Description, measure: str, data: pd.DataFrame) -> str:
    simulated = "Simulated data about fictional trusts. " if description.origin == "simulated" else ""
    who = _who(description) if data is description.paths else _spells(int(data["spells"].max()))
    return f"{simulated}{measure}; {who}; {event_time.interval_words(data)}"


def _who(description: Description) -> str:
    numbers = description.numbers
    return f"{_spells(numbers['spells_used'].value)} of {numbers['trusts_used'].value:,.0f} trusts"


def _spells(count: float) -> str:
    return f"{count:,.0f} spell" + ("" if count == 1 else "s")


def _shown(description: Description, name: str, value: float) -> str:
    shown = minus(format(value, description.numbers[name].format))
    # A value that rounds to nothing has no sign.
    return shown if any(digit in shown for digit in "123456789") else shown.lstrip("−")


def _with_interval(description: Description, name: str) -> str:
    estimate = description.estimates[name]
    low, high = (_shown(description, name, end) for end in estimate.interval)
    unit = _in_unit(description).removeprefix(",")
    return f"{_shown(description, name, estimate.value)}{unit} (95% interval {low} to {high})"


def _in_unit(description: Description) -> str:
    """Give the unit of a difference after a comma; a ratio has none."""
    unit = description.indicator.difference_unit
    return "" if unit == "ratio" else f", {unit}"


def _unit(description: Description) -> str:
    unit = description.indicator.unit
    return {"%": "%", "ratio": ""}.get(unit, f" {unit}")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
