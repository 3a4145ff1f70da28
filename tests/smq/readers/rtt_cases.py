"""Small workbooks of waits from referral to treatment, in the layouts of several eras, for several tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.smq.readers.ae_cases import Rows

FUNCTIONS = {"100": "General Surgery", "X01": "Other"}
TOTAL = "Total number of incomplete pathways"
DTA_TOTAL = f"{TOTAL} with a decision to admit for treatment"
PATHWAYS = {
    ("Y54", "RXP", "County Durham and Darlington"): {"100": (40, 6, 2), "X01": (70, 20, 5)},
    ("Y54", "RLN", "City Hospitals Sunderland"): {"100": (31, 3, 1), "X01": (12, 4, 7)},
    ("Y56", "RJ1", "Guy's and St Thomas'"): {"100": (90, 8, 3), "X01": (55, 21, 9)},
}
"""By region, code and name, and function: pathways in the first, the eighteenth and the next week."""
Group = dict[str, tuple[int, int, int]]


def week_labels(last: int) -> list[str]:
    """Give the names of the columns of weeks, the open one included."""
    return [*(f">{week}-{week + 1}" for week in range(last)), f"{last} plus"]


def line(weeks: tuple[int, int, int], last: int) -> list[object]:
    """Give the cells of a row: weeks, total, within 18 weeks, share, median, percentile."""
    first, limit, beyond = weeks
    cells = [first, *[0] * 16, limit, beyond, *[0] * (last - 19), 1]
    total, within = sum(cells), first + limit
    return [*cells, total, within, within / total, "-", "-"]


def added(groups: list[Group]) -> Group:
    """Add organisations up, function by function. The open week of each is 1, so sums keep it apart."""
    return {
        function: (a, b, c)
        for function in FUNCTIONS
        for a, b, c in [tuple(map(sum, zip(*(group[function] for group in groups), strict=True)))]
    }


def block(labels: list[object], group: Group, prefix: str, last: int, count: int) -> Rows:
    """Give the rows of one organisation, or of `count` together: its functions, and all of them."""
    rows: Rows = []
    whole: list[int] = []
    for function, weeks in group.items():
        cells = line(weeks, last)
        rows.append([None, *labels, f"{prefix}{function}", FUNCTIONS[function], *_open(cells, last, count)])
        whole = [a + b for a, b in zip(whole or [0, 0, 0], weeks, strict=True)]
    cells = line((whole[0], whole[1], whole[2]), last)
    return [*rows, [None, *labels, f"{prefix}999", "Total", *_open(cells, last, count * len(group))]]


def _open(cells: list[object], last: int, count: int) -> list[object]:
    """Put the open week of several rows into one."""
    total, within = int(str(cells[last + 1])) - 1 + count, int(str(cells[last + 2]))
    return [*cells[:last], count, total, within, within / total, *cells[last + 4 :]]


def rtt(
    kind: str = "Provider", prefix: str = "IP", last: int = 52, total: str = TOTAL, ending: str = ""
) -> dict[str, Rows]:
    """Give the sheets 'National', 'Region' and of organisations, all with the same pathways."""
    above: Rows = [
        [],
        [None, "Title:", "Referral to Treatment (RTT) Waiting Times"],
        [None, "Period:", "April 2015"],
        [None, "Published:", "11th June 2015"],
        [None, "Revised:", "14th January 2016"],
        [None, "Level Data", None, "The number of incomplete pathways by week since referral"],
    ]
    tail = [*week_labels(last), total, "Total within 18 weeks", "% within 18 weeks"]
    tail += ["Average (median) waiting time (in weeks)", "95th percentile waiting time (in weeks)"]
    function = ["Treatment Function Code", "Treatment Function", *tail]
    regions = sorted({region for region, _, _ in PATHWAYS})
    parts: dict[str, Rows] = {
        "National": [[None, *function]],
        "Region": [[None, "Region Code", "Region Name", *function]],
        kind: [[None, "Region Code", f"{_code(kind)} Code", f"{_code(kind)} Name", *function]],
    }
    everybody = list(PATHWAYS.values())
    parts["National"] += block([], added(everybody), prefix, last, len(everybody))
    for region in regions:
        own = [group for (of, _, _), group in PATHWAYS.items() if of == region]
        parts["Region"] += block([region, f"REGION {region}"], added(own), prefix, last, len(own))
    for (region, code, name), group in PATHWAYS.items():
        parts[kind] += block([region, code, name], group, prefix, last, 1)
    return {f"{name}{ending}": [*map(list, above), *rows] for name, rows in parts.items()}


def _code(kind: str) -> str:
    return "CCG" if kind == "Commissioner" else "Provider"


def rtt_dh() -> dict[str, Rows]:
    """Give the sheets of the layout of the Department of Health."""
    above: Rows = [
        ["18 Weeks Monthly Referral to Treatment (RTT) Waiting Times"],
        ["December 2009 Commissioner returns - RTT times for incomplete pathways"],
        [],
        [None, None, "The number of incomplete pathways by week since referral"],
    ]
    names = {"National": "National", "Region": "SHA", "Provider": "PCT"}
    sheets = {}
    for name, rows in rtt().items():
        body = [row[1:-2] for row in rows[6:]]
        body[0] = [str(cell).replace("Region", "SHA").replace("Provider", "PCT") for cell in body[0]]
        sheets[names[name]] = [*map(list, above), *body]
    return sheets
