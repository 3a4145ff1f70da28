"""Checks the list of sources: every entry complete and cited, no source twice, no citation without an entry.

The rules are those of NIHR's Journals Library for references, and of the National Library of Medicine's
"Citing Medicine" for what an entry of each type must tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from press.errors import nearest
from press.publish import bibtex
from press.publish.errors import at, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from press.publish.errors import Place
    from press.publish.sources import Document

_WHO, _WHEN = "author/editor/organization", "year/date"
# A slash: one of these.
_REQUIRED: dict[str, tuple[str, ...]] = {
    "article": ("author", "title", "journal/journaltitle", _WHEN, "volume/doi/url"),
    "book": (_WHO, "title", "publisher", _WHEN),
    "incollection": ("author", "title", "booktitle", "publisher", _WHEN),
    "inproceedings": ("author", "title", "booktitle", _WHEN),
    "techreport": (_WHO, "title", "institution", _WHEN),
    "report": (_WHO, "title", "institution", _WHEN),
    "phdthesis": ("author", "title", "school/institution", _WHEN),
    "thesis": ("author", "title", "school/institution", _WHEN),
    "online": (_WHO, "title", "url"),
    "dataset": (_WHO, "title", "url/doi"),
    "software": (_WHO, "title", "url/doi"),
    "legislation": ("title", "number/url"),
    "misc": (_WHO, "title", "url/doi/howpublished"),
}  # fmt: skip
_ALL = (
    "abstract", "address", "author", "booktitle", "chapter", "date", "doi", "edition", "editor", "eprint",
    "howpublished", "institution", "isbn", "issn", "issue", "journal", "journaltitle", "keywords", "language",
    "langid", "location", "month", "note", "number", "organization", "pages", "pmid", "publisher", "school",
    "series", "shorttitle", "subtitle", "title", "translator", "type", "url", "urldate", "version", "volume",
    "year",
)  # fmt: skip
# These stand for labels of figures, tables, sections, formulas and boxes.
_LABEL = re.compile(r"(?:fig|tbl|sec|eq|box)-", re.IGNORECASE)
_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def check(document: Document) -> list[str]:
    """Give the problems of a document's bibliographies and of what it cites, each with its file and line."""
    problems: list[str] = []
    entries = _entries(document.bibliography, problems)
    for entry in entries:
        problems += [at(entry.place, f"'{entry.key}' {fault}") for fault in _faults(entry)]
    problems += _twice(entries)
    # Half a bibliography would call what it lacks unknown.
    if not problems:
        problems += _unknown(document, {entry.key for entry in entries})
    return problems


def uncited(documents: Iterable[Document]) -> list[str]:
    """Give the problem of every entry that none of the documents cites."""
    documents = list(documents)
    cited = {key for document in documents for _, key in _cited(document)}
    paths = dict.fromkeys(path for document in documents for path in document.bibliography)
    return [
        at(entry.place, f"no document cites '{entry.key}'. Cite it, or take the entry out.")
        for entry in _entries(paths, [])
        if entry.key not in cited
    ]


def refuse_uncited(documents: Iterable[Document]) -> None:
    """Raise `PublishError` where a bibliography has an entry that none of the documents of a build cites."""
    if problems := uncited(documents):
        raise joined(problems)


def _entries(paths: Iterable[Path], problems: list[str]) -> list[bibtex.Entry]:
    return [entry for path in paths if path.suffix == ".bib" for entry in bibtex.read(path, problems)]


def _cited(document: Document) -> Iterator[tuple[Place | None, str]]:
    for line, key in document.citations:
        if not _LABEL.match(key):
            yield document.place(line), key


def _unknown(document: Document, known: set[str]) -> Iterator[str]:
    names = " or ".join(path.name for path in document.bibliography if path.suffix == ".bib")
    for place, key in _cited(document):
        if key not in known:
            where = names or "any bibliography (the metadata names none)"
            yield at(place, f"the citation '@{key}' is not in {where}. {nearest(key, known)}")


def _faults(entry: bibtex.Entry) -> Iterator[str]:
    given = {name for name, words in entry.fields.items() if words.strip("{} ")}
    required = _REQUIRED.get(entry.kind)
    if required is None:
        yield f"is of the unknown type '@{entry.kind}'. {nearest(entry.kind, _REQUIRED)}"
        return
    for names in required:
        if not given & set(names.split("/")):
            yield f"(@{entry.kind}) has no {' or '.join(names.split('/'))}."
    if "url" in given and "urldate" not in given:
        yield "has a url without urldate: the day it was last looked at, as 2026-11-23."
    for name in ("urldate", "date"):
        if name in given and not _DATE.fullmatch(entry.fields[name]):
            yield f"has the {name} '{entry.fields[name]}'. Write it as 2026-11-23."
    if "urldate" in given and _DATE.fullmatch(entry.fields["urldate"]) and len(entry.fields["urldate"]) != 10:
        yield f"has the urldate '{entry.fields['urldate']}'. Write the day as well: 2026-11-23."
    if "doi" in given and not _DOI.fullmatch(entry.fields["doi"]):
        yield f"has the doi '{entry.fields['doi']}'. Write it without an address: 10.3310/GQQV3512."
    for name in entry.fields:
        if name not in _ALL:
            yield f"has the unknown field '{name}'. {nearest(name, _ALL) if _near(name) else 'Take it out.'}"


def _near(name: str) -> bool:
    return nearest(name, _ALL).startswith("Did you mean")


def _twice(entries: Sequence[bibtex.Entry]) -> Iterator[str]:
    keys: dict[str, bibtex.Entry] = {}
    dois: dict[str, bibtex.Entry] = {}
    for entry in entries:
        first = keys.setdefault(entry.key, entry)
        if first is not entry:
            yield at(entry.place, f"the key '{entry.key}' is used already in line {first.place[1]}.")
        doi = entry.fields.get("doi", "").lower()
        first = dois.setdefault(doi, entry) if doi else entry
        if first is not entry:
            yield at(
                entry.place,
                f"'{entry.key}' has the doi of '{first.key}' (line {first.place[1]}). Keep one of them.",
            )
