"""Latest ratings of NHS trusts by the Care Quality Commission (`30_June_2022_Latest_ratings.ods`, or CSV).

Layout: sheets `Locations` and `Providers`; of the second, or of a CSV file of it, one header row:
Provider ID (the organisation's code), Provider Name, Provider Type (`NHS Healthcare Organisation` for
trusts), Service / Population Group (`Overall`), Domain (in files to about 2021 `Key Question`): Overall,
Safe, Effective, Caring, Responsive, Well-led; Latest Rating, Publication Date (`30/06/2022`).

Traps: the spreadsheet has hundreds of megabytes of locations before the providers: it is read as a stream.
Only the latest ratings are in it; a history needs the files of many months. Ratings are words and stand
in a table of their own (`ratings.csv`), never in the panel. Rows of single services, and of other
providers, are left out. A trust may have two ratings of one day, and both stand in the file: both are
kept.

Verified on: nothing real: no file was at hand. Columns and words are those of public programs that read
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from smq.readers.column_gathering import AGAIN, ColumnGathering
from smq.readers.errors import DataFileError
from smq.readers.named_months import day_of
from smq.readers.reading import DROPPED_COLUMNS, Header, is_code
from smq.readers.text_columns import TextColumns, flags, read_text_columns

VERIFIED = "layout only"

COLUMNS = (
    "Provider ID",
    "Provider Name",
    "Provider Type",
    "Service / Population Group",
    "Domain",
    "Latest Rating",
    "Publication Date",
)
SHEET = "Providers"
TRUSTS, OVERALL = "NHS Healthcare Organisation", "Overall"
DOMAINS = ("Overall", "Safe", "Effective", "Caring", "Responsive", "Well-led")
RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate")
NOT_RATED = (
    "Not rated",
    "Inspected but not rated",
    "No published rating",
    "Insufficient evidence to rate",
    "Not applicable",
    "Unrated",
)
"""Words that stand for no rating; they are kept as they are."""
RATING_COLUMNS = ["code", "name", "domain", "rating", "published", "source"]
_DOMAIN = ("Domain", "Key Question")


@dataclass(frozen=True)
class RatingsReading:
    """What one file gave."""

    rows: pd.DataFrame
    """Columns `RATING_COLUMNS`, a row for each trust, domain and day of publication."""
    dropped: pd.DataFrame
    """Number of rows left out, by reason: columns `DROPPED_COLUMNS`, at the first such row."""
    log: tuple[str, ...]


def read_cqc_ratings(path: Path, source: str = "") -> RatingsReading:
    """Read the overall and the five other ratings of trusts as a whole. Raises `DataFileError`."""
    into = ColumnGathering(path, source or path.name)
    columns = read_text_columns(path, (*COLUMNS[:4], "Latest Rating"), _needed, sheet=SHEET)
    header = columns.header
    into.log.append(header.log)
    columns = _only(columns, "Provider Type", TRUSTS, into)
    columns = _only(columns, "Service / Population Group", OVERALL, into)
    code, name = columns.text(header.column("Provider ID")), columns.text(header.column("Provider Name"))
    formed = np.array([is_code(text) for text in code.categories], dtype=bool)
    columns.report(
        ~flags(code, formed), "Provider ID", code, "not a well-formed ODS code", AGAIN, into.problems
    )
    words = {
        "domain": ("Domain", header.column(*_DOMAIN), DOMAINS, "not one of the questions that are rated"),
        "rating": ("Latest Rating", header.column("Latest Rating"), (*RATINGS, *NOT_RATED), "not a rating"),
    }
    found = {}
    for key, (label, place, known, what) in words.items():
        spelt = {_plain(word): word for word in known}
        texts = columns.text(place)
        meant = np.array([spelt.get(_plain(text), "") for text in texts.categories], dtype=object)
        columns.report(flags(texts, meant == ""), label, texts, what, AGAIN, into.problems)
        found[key] = meant[texts.codes] if len(meant) else np.empty(0, dtype=object)
    texts = columns.text(header.column("Publication Date"))
    days = np.array([day_of(text) or "NaT" for text in texts.categories], dtype="datetime64[s]")
    missing = flags(texts, np.isnat(days) & np.array([bool(text) for text in texts.categories], dtype=bool))
    columns.report(missing, "Publication Date", texts, "not a day", AGAIN, into.problems)
    if not len(columns) and not into.problems:
        into.problem(0, "Provider Type", None, f"no row of a trust as a whole ({TRUSTS}, {OVERALL})")
    if into.problems:
        raise DataFileError(path, into.problems)
    rows = pd.DataFrame(
        {
            "code": code.astype(object),
            "name": name.astype(object),
            **found,
            "published": days[texts.codes],
            "source": into.source,
        }
    )
    order = ["code", "domain", "published", "rating"]
    kept = rows.drop_duplicates([*order]).sort_values(order, ignore_index=True)
    return RatingsReading(kept[RATING_COLUMNS], pd.DataFrame(columns=list(DROPPED_COLUMNS)), tuple(into.log))


def _needed(header: Header) -> Iterable[int]:
    names = [name for name in COLUMNS if name != "Domain"]
    return [*(header.column(name) for name in names), header.column(*_DOMAIN)]


def _only(columns: TextColumns, column: str, wanted: str, into: ColumnGathering) -> TextColumns:
    texts = columns.text(columns.header.column(column))
    chosen = flags(texts, np.array([_plain(text) == _plain(wanted) for text in texts.categories], dtype=bool))
    into.log.append(f"{int((~chosen).sum()):,d} rows whose {column} is not {wanted} were not read")
    return columns.where(chosen)


def _plain(text: str) -> str:
    return " ".join(text.replace("-", " ").casefold().split())
