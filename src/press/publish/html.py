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

OPTIONS = ("--toc", "--toc-depth=3", "--mathml", "--wrap=none", "--email-obfuscation=none")
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
) -> None:
    """Write the page to `target`, which a failure leaves as it was.

    `template` is "summary" or "report" (default: the document's metadata); `version` and `note` stand under
    the title. Raises `PublishError`.
    """
    staged_folder = Path(staged_folder)
    published = pandoc.publication(
        document, report_date=report_date, template=template, version=version, note=note
    )
    theme = document.report_folder / THEME
    families = webfonts.families_of(published.template)
    with webfonts.preparing(families, webfonts.letters_of(document, staged_folder)) as typefaces:
        page = pandoc.convert(
            document,
            staged_folder,
            published,
            to="html5",
            template=theme / "template.html",
            settings={
                "press-image-prefix": figures.MARK,
                "press-image-folder": figures.STAGED,
                "press-heading-shift": "1",
                **({"press-contents": "true"} if published.template == "report" else {}),
            },
            options=OPTIONS,
        )
        page = markup.tidied(page)
        rules = typefaces.css(markup.letters(page), italic="<em>" in page)
    css = f"{rules}\n{(theme / STYLE).read_text(encoding='utf-8')}"
    page = page.replace(_STYLE_PLACE, css, 1)
    start = page.index("<style>") + len("<style>")
    page = page.replace(policy.PLACE, policy.of_single_page(page[start : page.index("</style>")]), 1)
    page = figures.place(page, document, staged_folder, figures.inside_the_page)
    write_bytes(target, page.encode("utf-8"))
