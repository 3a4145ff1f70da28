"""Writes a document as one HTML page that asks no host for anything."""

from __future__ import annotations

import base64
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from press.publish import fonts, pandoc
from press.publish.errors import PublishError
from press.publish.sources import THEME
from press.writing import write_bytes

if TYPE_CHECKING:
    from datetime import date

    from press.publish.sources import Document

_IMAGE_MARK = "press-image:"
# In text `<` is always escaped, so only the filter's own images match.
_IMAGE = re.compile(rf'<img src="{_IMAGE_MARK}([^"]*)"')
_STYLE_PLACE = "/*press-style*/"
_TAG = re.compile(r"<[^>]*>")
_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_STAGED = "staged/"


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
    published = pandoc.publication(
        document, report_date=report_date, template=template, version=version, note=note
    )
    theme = document.report_folder / THEME
    page = pandoc.convert(
        document,
        staged_folder,
        published,
        to="html5",
        template=theme / "template.html",
        settings={
            "press-image-prefix": _IMAGE_MARK,
            "press-image-folder": _STAGED,
            "press-heading-shift": "1",
            **({"press-contents": "true"} if published.template == "report" else {}),
        },
        options=("--toc", "--toc-depth=3", "--mathml", "--wrap=none", "--email-obfuscation=none"),
    )
    families = [fonts.SANS] if published.template == "summary" else [fonts.SANS, fonts.SERIF]
    text = unescape(_TAG.sub("", page))
    style = (
        fonts.css(fonts.cuts_for(families, italic="<em>" in page), text)
        + "\n"
        + (theme / "press.css").read_text(encoding="utf-8")
    )
    page = _IMAGE.sub(lambda found: f'<img src="{_embedded(found[1], document, Path(staged_folder))}"', page)
    write_bytes(target, page.replace(_STYLE_PLACE, style, 1).encode("utf-8"))


def _embedded(name: str, document: Document, staged_folder: Path) -> str:
    name = unescape(name)
    path = (
        staged_folder / name.removeprefix(_STAGED)
        if name.startswith(_STAGED)
        else document.report_folder / name
    )
    kind = _TYPES.get(path.suffix.lower())
    if kind is None:
        raise PublishError(f"{path}: a page shows SVG, PNG and JPEG pictures only.")
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
