"""The documents of a build: what each quotes, how it is staged, rendered and published."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import PressError
from press.fingerprint import SOURCE_FOLDER, sha256_of_file
from press.modules import imported_files
from press.publish.sources import Document, read_document
from press.record import read_record
from press.runs import write_text

if TYPE_CHECKING:
    from press.config import Config, DocumentConfig, Run
    from press.project import Project

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
    if not folder.is_dir():  # installed, not part of this project
        return []
    files = set(folder.glob("*.py"))
    for path in sorted(files):
        files.update(imported_files(path.read_text(encoding="utf-8"), SOURCE_FOLDER))
    return sorted(files)


def stage(project: Project, name: str) -> Path:
    """Collect what a document quotes under `report/_results/<world>/<document>/`. Returns that folder."""
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
    return folder


def render(project: Project, name: str, form: str) -> Path:
    """Render a staged document. Returns the file; where rendering fails, an older one is left as it was."""
    document = project.config.document(name)
    if form not in document.formats:
        raise PressError(f"{name} is not published as {form}: see config/documents.yaml.")
    source = read_source(document)
    target = project.layout.rendered(name, form)
    target.parent.mkdir(parents=True, exist_ok=True)
    if form == "html":
        from press.publish.html import render as render_form
    else:
        from press.publish.pdf import render as render_form
    render_form(
        source,
        project.layout.staged(name),
        target,
        report_date=project.config.build.report_date,
        template=document.template,
    )
    return target


def publish(project: Project) -> list[Path]:
    """Put all rendered documents into `dist/`, each in one step, and note their checksums.

    `dist/` is no output of Snakemake's, which deletes outputs before the job that makes them: there would
    be a moment without any published report. Returns the published files.
    """
    pairs = _pairs(project)
    missing = [str(rendered) for rendered, _ in pairs if not rendered.is_file()]
    if missing:
        raise PressError(f"Not rendered yet: {', '.join(missing)}. Build: press build")
    project.layout.dist.mkdir(parents=True, exist_ok=True)
    # All copies are made before the first old file is replaced, so a full disk leaves dist/ as it was.
    copies = []
    try:
        for rendered, published in pairs:
            copy = published.with_name(f".{published.name}.{os.getpid()}")
            copies.append((copy, published))
            shutil.copyfile(rendered, copy)
    except OSError as error:
        for copy, _ in copies:
            copy.unlink(missing_ok=True)
        raise PressError(
            f"The documents could not be copied into {project.layout.dist}/: {error.strerror}. "
            "What stood there is unchanged."
        ) from error
    for copy, published in copies:
        copy.replace(published)
    note = {str(published): sha256_of_file(published) for _, published in pairs}
    write_text(project.layout.published_note, json.dumps(note, indent=1, sort_keys=True) + "\n")
    return [published for _, published in pairs]


def withdraw_note_if_altered(project: Project) -> None:
    """Delete the note of what was published where `dist/` no longer holds just that.

    So the next build publishes anew what somebody deleted or edited.
    """
    path = project.layout.published_note
    if not path.is_file():
        return
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        intact = all(
            note.get(str(published)) == sha256_of_file(published) for _, published in _pairs(project)
        )
    except (OSError, ValueError):
        intact = False
    if not intact:
        path.unlink()


def _pairs(project: Project) -> list[tuple[Path, Path]]:
    """Each rendered document with the place it is published at."""
    return [
        (project.layout.rendered(document.name, form), project.layout.dist / f"{document.name}.{form}")
        for document in project.config.documents
        for form in document.formats
    ]
