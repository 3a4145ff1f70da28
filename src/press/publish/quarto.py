"""Renders a document with an installed Quarto, the second engine: from the same prose, filter and theme.

Quarto works on a private copy of what the document needs, so it neither walks nor writes the report folder.
Only what it documents is used: `quarto render` with its options, project profiles and metadata.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from press.publish import fonts, pandoc, quarto_messages
from press.publish.assemble import VALUES_FILE
from press.publish.errors import PublishError, joined
from press.publish.quarto_program import find_quarto, run_quarto
from press.publish.sources import FILTER, PROJECT_FILE
from press.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from press.publish.pandoc import Publication
    from press.publish.sources import Document

FONTS = Path("_results/_fonts")
"""Where `report/_quarto.yml` sends Typst for typefaces; no name of a world begins with an underscore."""

_TO = {"html": "html", "pdf": "typst"}
_OUTPUT = "_output"


def stage_fonts(report_folder: Path) -> None:
    """Copy the typefaces to where Quarto's Typst finds them: inside the report folder, never the system's."""
    for cut in fonts.CUTS:
        write_bytes(report_folder / FONTS / cut.path.name, cut.path.read_bytes())


def project_files(document: Document, profile: str) -> tuple[Path, ...]:
    """Give every file of the Quarto project besides results and typefaces, sorted.

    Raises `PublishError` where the project file, the document's profile or the extension is missing.
    """
    folder = document.report_folder
    project, own = folder / PROJECT_FILE, folder / f"_quarto-{profile}.yml"
    for path in (project, extension := (folder / FILTER).with_name("_extension.yml")):
        if not path.is_file():
            raise PublishError(f"{path}: missing, and Quarto needs it. Restore it: git checkout {path}")
    if not own.is_file():
        raise PublishError(
            f"{own}: missing. Quarto renders the document '{profile}' by this profile: write it after one of "
            "the others, with the document's source, results and template."
        )
    return tuple(sorted({*document.files, project, own, extension}))


def render(
    document: Document,
    staged_folder: Path,
    target: Path,
    *,
    form: str,
    profile: str,
    report_date: date,
    template: str | None = None,
    version: str = "",
    note: str = "",
    timeout_seconds: int = 600,
    echo: Callable[[str], None] | None = None,
) -> None:
    """Write the document as `form` ("html" or "pdf") to `target`, which a failure leaves as it was.

    `profile` is the document's in the Quarto project; the other parameters are as for `html.render`. What
    Quarto warns of goes to `echo` (default: the error stream). Raises `WrongUseError` where no Quarto can be
    used, and `PublishError` with the author's file and line where Quarto names one.
    """
    tell = echo or _tell
    quarto = find_quarto()
    if quarto.note:
        tell(quarto.note)
    published = pandoc.publication(
        document, report_date=report_date, template=template, version=version, note=note
    )
    files = project_files(document, profile)
    with tempfile.TemporaryDirectory(prefix="press-quarto-") as scratch:
        # Quarto names files by their real path, and its messages are searched for that.
        root = Path(scratch).resolve()
        folder = root / "report"
        _lay_out(document, files, staged_folder, folder)
        failed, said = run_quarto(
            quarto,
            [
                *("render", ".", "--profile", profile, "--to", _TO[form], "--no-execute"),
                *("--output-dir", _OUTPUT),
                *_metadata(document, staged_folder, published, form),
            ],
            what=str(document.source),
            folder=folder,
            scratch=root,
            epoch=published.epoch,
            timeout_seconds=timeout_seconds,
        )
        name = f"Quarto {quarto.version}"
        heard = quarto_messages.read(
            said, failed=failed, document=document, files=files, folder=folder, quarto=name
        )
        for warning in heard.warnings:
            tell(warning)
        if heard.problems:
            raise joined(heard.problems)
        write_bytes(target, _output(document, folder / _OUTPUT, form, profile, name))


def _tell(words: str) -> None:
    print(words, file=sys.stderr)


def _lay_out(document: Document, files: tuple[Path, ...], staged_folder: Path, folder: Path) -> None:
    if not (staged_folder / VALUES_FILE).is_file():
        raise PublishError(f"{staged_folder / VALUES_FILE}: nothing is staged for {document.source} yet.")
    staged = sorted(path for path in staged_folder.iterdir() if not path.name.startswith("."))
    for path in (*files, *staged):
        copy = folder / path.relative_to(document.report_folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    stage_fonts(folder)


def _metadata(document: Document, staged_folder: Path, published: Publication, form: str) -> list[str]:
    staged = staged_folder.relative_to(document.report_folder).as_posix()
    pairs = {
        "press-results": f"{staged}/{VALUES_FILE}",
        # A relative path would be looked for beside the file of the theme that shows the picture.
        "press-image-folder": f"/{staged}/" if form == "pdf" else "",
        "press-template": published.template,
        "press-date": published.report_date.isoformat(),
        "press-version": published.version,
        "press-note": published.note,
        "date": published.written_date,
    }
    return [part for key, value in pairs.items() if value for part in ("--metadata", f"{key}:{value}")]


def _output(document: Document, folder: Path, form: str, profile: str, quarto: str) -> bytes:
    path = folder / f"{document.source.stem}.{form}"
    files = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())
    content = path.read_bytes() if path.is_file() else b""
    if not content:
        raise PublishError(
            f"{document.source}: {quarto} ended without an error but gave no {path.name}; it wrote "
            f"{', '.join(files[:10]) or 'nothing'}. "
            f"Look whether {document.report_folder / f'_quarto-{profile}.yml'} names {document.source.name} "
            "under project: render:, and whether a setting names the output."
        )
    beside = [name for name in files if name.startswith(f"{path.stem}_files/")]
    if beside:
        raise PublishError(
            f"{document.source}: {quarto} put {len(beside)} files beside {path.name} ({beside[0]} …), which "
            "would not be published with it. "
            f"Set embed-resources: true in {document.report_folder / PROJECT_FILE}."
        )
    return content
