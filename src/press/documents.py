"""The documents of a build: what each quotes, how it is staged, rendered and published."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import PressError
from press.fingerprint import LOCK, SOURCE_FOLDER, Parts, fingerprint, sha256_of_file
from press.modules import imported_files
from press.provenance import write_note
from press.publish.sources import Document, read_document
from press.record import read_record
from press.steps import Outcome, Step, carry_out
from press.writing import write_bytes

if TYPE_CHECKING:
    from press.config import Config, DocumentConfig, Run
    from press.project import Project
    from press.store import Entry

REPORT = Path("report")
_ENGINE = Path("press/publish")


def read_source(document: DocumentConfig) -> Document:
    """Read a document with everything it includes. Raises `PressError` with file and line."""
    return read_document(REPORT, document.source)


def quoted_runs(config: Config, source: Document) -> list[Run]:
    """List the runs whose results a document quotes. A key that fits no run is left for staging to refuse."""
    return [run for run in config.runs if any(key.rpartition(".")[0] == run.key for key in source.keys)]


def engine_files() -> list[Path]:
    """List the modules that render documents: a change in one renders them anew."""
    folder = SOURCE_FOLDER / _ENGINE
    files = set(folder.glob("*.py"))
    for path in sorted(files):
        files.update(imported_files(path.read_text(encoding="utf-8"), SOURCE_FOLDER))
    return sorted(files)


def stage(project: Project, name: str) -> None:
    """Collect what a document quotes under `report/_results/<world>/<document>/`."""
    from press.publish.assemble import stage as stage_results

    source = read_source(project.config.document(name))
    runs = quoted_runs(project.config, source)
    for run in runs:
        if not project.layout.record(run.slug).is_file():
            raise PressError(f"{name} quotes {run.slug}, which has not been run. Build it: press build")
    records = {run.key: read_record(project.layout.record(run.slug)) for run in runs}
    figures = {run.key: project.layout.figures(run.slug) for run in runs}
    folder = project.layout.staged(name)
    stage_results(source, records, figures, folder, project.layout.world.id)
    parts = {"keys": list(source.keys)}
    write_note(project.layout.staged_note(name), fingerprint(parts), parts, _staged_files(folder))


def _staged_files(folder: Path) -> list[Path]:
    """List what was staged; a killed process may have left a hidden temporary file beside it."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def render_parts(project: Project, name: str, form: str) -> Parts:
    """Give the parts of the fingerprint of a rendered document."""
    document = project.config.document(name)
    staged = project.layout.staged(name)
    return {
        "results": {path.name: sha256_of_file(path) for path in _staged_files(staged)},
        "sources": {path.as_posix(): sha256_of_file(path) for path in read_source(document).files},
        "modules": {
            path.relative_to(SOURCE_FOLDER).as_posix(): sha256_of_file(path) for path in engine_files()
        },
        "settings": {
            "form": form,
            "report_date": project.config.build.report_date.isoformat(),
            "template": document.template,
        },
        "lock": sha256_of_file(LOCK) if LOCK.exists() else "",
    }


def render(project: Project, name: str, form: str) -> Outcome:
    """Render a staged document, or restore it. Where that fails, an older one is left as it was."""
    document = project.config.document(name)
    if form not in document.formats:
        raise PressError(f"{name} is not published as {form}: see config/documents.yaml.")
    if not project.layout.staged(name).is_dir():
        raise PressError(f"Nothing is staged for {name}. Build it: press build, or press stage {name}")
    target = project.layout.rendered(name, form)

    def place(entry: Entry) -> list[Path]:
        write_bytes(target, entry.path(target.name).read_bytes())
        return [target]

    return carry_out(
        Step(
            name=f"{project.layout.world.id}/{target.name}",
            parts=render_parts(project, name, form),
            note=project.layout.rendered_note(name, form),
            make=lambda: {target.name: _rendered(project, document, form)},
            place=place,
        )
    )


def _rendered(project: Project, document: DocumentConfig, form: str) -> bytes:
    if form == "html":
        from press.publish.html import render as render_form
    else:
        from press.publish.pdf import render as render_form
    with tempfile.TemporaryDirectory(prefix="render-", dir=".press") as folder:
        target = Path(folder) / f"{document.name}.{form}"
        render_form(
            read_source(document),
            project.layout.staged(document.name),
            target,
            report_date=project.config.build.report_date,
            template=document.template,
        )
        return target.read_bytes()


def publish(project: Project) -> list[Path]:
    """Put all rendered documents into `dist/`, each in one step, and note their checksums.

    `dist/` is no output of Snakemake's, which deletes outputs before the job that makes them: there would
    be a moment without any published report. Returns the published files.
    """
    pairs = [
        (project.layout.rendered(document.name, form), project.layout.dist / f"{document.name}.{form}")
        for document in project.config.documents
        for form in document.formats
    ]
    missing = [str(rendered) for rendered, _ in pairs if not rendered.is_file()]
    if missing:
        raise PressError(f"Not rendered yet: {', '.join(missing)}. Build: press build")
    # All copies are made before the first old file is replaced, so a full disk leaves dist/ as it was.
    copies: list[tuple[Path, Path]] = []
    try:
        project.layout.dist.mkdir(parents=True, exist_ok=True)
        for rendered, published in pairs:
            copies.append((published.with_name(f".{published.name}.new"), published))
            shutil.copyfile(rendered, copies[-1][0])
        for copy, published in copies:
            copy.replace(published)
    except OSError as error:
        for copy, _ in copies:
            copy.unlink(missing_ok=True)
        raise PressError(
            f"The documents could not be copied into {project.layout.dist}/: {error.strerror}. "
            "Make room or mend the rights, and build again."
        ) from error
    parts = {"documents": {str(published): sha256_of_file(published) for _, published in pairs}}
    published_files = [published for _, published in pairs]
    write_note(project.layout.published_note, fingerprint(parts), parts, published_files)
    return published_files
