"""Writes a document as one HTML page that asks no host for anything and can be mailed as one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from press.publish import figures, markup, pandoc, policy, webfonts
from press.publish.sources import THEME
from press.writing import write_bytes

if TYPE_CHECKING:
    from datetime import date

    from press.publish.sources import Document
    from press.store import Store

_OPTIONS = ("--toc", "--toc-depth=3", "--mathml", "--wrap=none", "--email-obfuscation=none")
STYLE = "press.css"
_STYLE_PLACE = "/*press-style*/"


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
    """Write the page to `target`, which a failure leaves as it was.

    `template` is "summary" or "report" (default: the document's metadata); `version` and `note` stand under
    the title; `store` keeps the typefaces for the next time. Raises `PublishError`.
    """
    published = pandoc.publication(
        document, report_date=report_date, template=template, version=version, note=note
    )
    page, style = convert(
        document,
        staged_folder,
        published,
        template="template.html",
        settings={
            "press-heading-shift": "1",
            **({"press-contents": "true"} if published.template == "report" else {}),
        },
        store=store,
    )
    page = page.replace(_STYLE_PLACE, style, 1)
    start = page.index("<style>") + len("<style>")
    page = page.replace(policy.PLACE, policy.of_single_page(page[start : page.index("</style>")]), 1)
    page = figures.place(page, document, Path(staged_folder), figures.inside_the_page)
    write_bytes(target, page.encode("utf-8"))


def convert(
    document: Document,
    staged_folder: Path,
    published: pandoc.Publication,
    *,
    template: str,
    settings: dict[str, str] | None = None,
    options: tuple[str, ...] = (),
    store: Store | None = None,
) -> tuple[str, str]:
    """Give a document as HTML in a template of the theme, without its pictures, and its style sheet."""
    theme = document.report_folder / THEME
    families = webfonts.families_of(published.template)
    letters = webfonts.letters_of(document, Path(staged_folder))
    with webfonts.preparing(families, letters, store) as typefaces:
        converted = pandoc.convert(
            document,
            Path(staged_folder),
            published,
            to="html5",
            template=theme / template,
            settings={
                "press-image-prefix": figures.MARK,
                "press-image-folder": figures.STAGED,
                **(settings or {}),
            },
            options=(*_OPTIONS, *options),
        )
        converted = markup.tidied(converted)
        rules = typefaces.css(markup.letters(converted), italic="<em>" in converted)
    return converted, f"{rules}\n{(theme / STYLE).read_text(encoding='utf-8')}"
