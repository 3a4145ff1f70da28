"""Writes a document as PDF/UA-1 and PDF/A-2a, through Typst."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from press.publish import fonts, pandoc
from press.publish.errors import PublishError
from press.publish.sources import THEME
from press.writing import write_bytes

if TYPE_CHECKING:
    from datetime import date

    from press.publish.sources import Document

STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
_STAGED = "staged"


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
    """Write the PDF to `target`, which a failure leaves as it was; parameters as for `html.render`."""
    published = pandoc.publication(
        document, report_date=report_date, template=template, version=version, note=note
    )
    theme = document.report_folder / THEME
    source = pandoc.convert(
        document,
        staged_folder,
        published,
        to="typst-citations-smart",
        template=theme / "template.typ",
        settings={"press-image-folder": f"/{_STAGED}/"},
        options=("--wrap=none",),
    )
    with tempfile.TemporaryDirectory(prefix="press-typst-") as scratch:
        root = Path(scratch)
        (root / "main.typ").write_text(source, encoding="utf-8")
        (root / "theme").mkdir()
        for part in sorted(theme.glob("*.typ")):
            shutil.copyfile(part, root / "theme" / part.name)
        (root / _STAGED).mkdir()
        for picture in sorted(Path(staged_folder).glob("*.svg")):
            shutil.copyfile(picture, root / _STAGED / picture.name)
        for name in document.images:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(document.report_folder / name, root / name)
        write_bytes(target, _compiled(root, document, published.epoch))


def _compiled(root: Path, document: Document, epoch: int) -> bytes:
    try:
        content, warnings = typst.compile_with_warnings(
            root / "main.typ",
            root=root,
            font_paths=fonts.typst_fonts(),
            ignore_system_fonts=True,
            pdf_standards=STANDARDS,
            timestamp=epoch,
        )
    except typst.TypstError as error:
        raise PublishError(_said(document, "Typst refused the document", [error], root)) from error
    if warnings:
        raise PublishError(_said(document, "Typst warns, and a warning is an error here", warnings, root))
    return content


def _said(
    document: Document, what: str, found: list[typst.TypstError] | list[typst.TypstWarning], root: Path
) -> str:
    lines = [f"{document.source}: {what}:"]
    for each in found:
        lines.append(f"  {each.message.strip()}")
        lines += [f"  hint: {hint}" for hint in each.hints]
        lines += [f"  {line}" for line in (each.diagnostic or "").splitlines()[:12]]
    return "\n".join(lines).replace(f"{root}/", "")
