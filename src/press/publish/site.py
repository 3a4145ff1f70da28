"""Writes a document as a site: a page for each chapter, with contents and a search that needs no server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from press.publish import chapters, figures, html, pandoc, policy, search
from press.publish.errors import PublishError
from press.publish.sources import THEME
from press.writing import write_folder

if TYPE_CHECKING:
    from datetime import date

    from press.publish.chapters import Chapter
    from press.publish.sources import Document
    from press.store import Store

SEARCH = "search"
STATEMENT = "sec-accessibility"
"""The label of the chapter that every page links to at its foot, where there is one."""
_STATEMENT_PLACE = "<!--statement-->"
_SCRIPT = "search.js"
_PART = re.compile(r"<!--press-part:(\w+)-->\n")


def render(
    document: Document,
    staged_folder: Path,
    target: Path,
    *,
    report_date: date,
    template: str | None = None,
    version: str = "",
    note: str = "",
    store: Store | None = None,
) -> None:
    """Write the site into the folder `target`, which a failure leaves as it was; it begins at `index.html`.

    Parameters as for `html.render`. Every address in it is relative, and no page asks for anything outside
    the folder. Raises `PublishError`.
    """
    published = pandoc.publication(
        document, report_date=report_date, template=template, version=version, note=note
    )
    converted, style = html.convert(
        document,
        staged_folder,
        published,
        template="template-site.html",
        # The notes of a chapter stand at its end.
        options=("--reference-location=section",),
        store=store,
    )
    files: dict[str, bytes] = {}
    converted = figures.place(converted, document, Path(staged_folder), figures.beside_the_page(files))
    parts = dict(zip(*[iter(_PART.split(converted)[1:])] * 2, strict=True))
    script = (document.report_folder / THEME / _SCRIPT).read_text(encoding="utf-8")
    try:
        site = _Pages(parts, str(document.metadata["title"])).all(script)
    except PublishError as error:
        raise PublishError(f"{document.source}: {error}") from error
    files[html.STYLE] = f"{style}\n{parts['style']}".encode()
    write_folder(Path(target), files | {name: text.encode("utf-8") for name, text in site.items()})


@dataclass(frozen=True)
class _Pages:
    """The pages of one site, from the parts of `template-site.html`."""

    parts: dict[str, str]
    title: str

    def all(self, script: str) -> dict[str, str]:
        """Give every page by the name of its file."""
        front, pages = chapters.split(self.parts["body"], taken=[SEARCH])
        front = f"{self.parts['abstract'].strip()}\n{front}".strip()
        files, tops = chapters.addresses(front, pages), {page.id: page.file for page in pages}
        entries = [
            chapters.lead(entry, "", files, tops) for entry in chapters.entries(self.parts["contents"])
        ]
        front, pages = chapters.linked(front, pages)
        statement = f' <a href="{tops[STATEMENT]}">Accessibility</a>' if STATEMENT in tops else ""
        found = {f"{chapters.INDEX}.html": self._index(front, entries)}
        for number, page in enumerate(pages):
            found[page.file] = self._page(
                title=f"{page.title} – {self.title}",
                contents=_contents(entries, page),
                main=f"{page.html}\n{_neighbours(pages, number)}",
            )
        found[f"{SEARCH}.html"] = self._search(pages, entries, script)
        return {name: page.replace(_STATEMENT_PLACE, statement, 1) for name, page in found.items()}

    def _index(self, front: str, entries: list[str]) -> str:
        whole = (
            f'<nav class="whole-contents" aria-labelledby="contents"><h2 id="contents">Contents</h2>\n'
            f"<ul>\n{chr(10).join(entries)}\n</ul></nav>"
        )
        return self._page(
            title=self.title,
            front=self.parts["front"].strip(),
            main=f"{front}\n{whole}".strip(),
            css_class=" index",
        )

    def _search(self, pages: list[Chapter], entries: list[str], script: str) -> str:
        main = (
            '<h1 id="found">Search</h1>\n<p id="count" role="status">Type words into the box above. '
            "A section is found where it has all of them.</p>\n"
            "<noscript><p>Searching needs JavaScript, which this browser has turned off.</p></noscript>\n"
            '<ol id="results"></ol>\n'
        )
        return self._page(
            title=f"Search – {self.title}",
            contents=_contents(entries, None),
            main=main,
            script=f"{search.data_block(search.index(pages))}\n<script>{script}</script>",
            policy_of_page=policy.of_site_page(script),
        )

    def _page(
        self,
        *,
        title: str,
        main: str,
        front: str = "",
        contents: str = "",
        script: str = "",
        css_class: str = "",
        policy_of_page: str = policy.of_site_page(),
    ) -> str:
        page = self.parts["page"].replace(policy.PLACE, policy_of_page, 1)
        places = {
            "title": escape(title), "class": css_class, "front": front, "contents": contents, "main": main,
            "script": script,
        }  # fmt: skip
        return re.sub(r"<!--press-(\w+)-->", lambda found: places[found[1]], page)


def _contents(entries: list[str], page: Chapter | None) -> str:
    """Give the contents beside a page: all chapters, and the sections of its own."""
    shown = []
    for entry in entries:
        own = page is not None and f'<a href="{page.file}"' in chapters.without_sections(entry)
        if own and page is not None:
            entry = entry.replace(f'<a href="{page.file}"', f'<a href="{page.file}" aria-current="page"', 1)
            entry = entry.replace(f'href="{page.file}#', 'href="#')
        shown.append(entry if own else chapters.without_sections(entry))
    return (
        '<nav class="contents" aria-label="Contents"><details><summary>Contents</summary>\n'
        f"<ul>\n{chr(10).join(shown)}\n</ul></details></nav>"
    )


def _neighbours(pages: list[Chapter], number: int) -> str:
    """Give the links to the chapters before and after; the first leads back to the title page."""
    before = f'<a rel="prev" href="{chapters.INDEX}.html"><span>Previous</span> Title page and contents</a>'
    if number:
        before = _neighbour("prev", "Previous", pages[number - 1])
    after = _neighbour("next", "Next", pages[number + 1]) if number + 1 < len(pages) else ""
    return f'<nav class="neighbours" aria-label="Previous and next chapter">{before}{after}</nav>'


def _neighbour(rel: str, word: str, page: Chapter) -> str:
    return f'<a rel="{rel}" href="{page.file}"><span>{word}</span> {escape(page.title)}</a>'
