"""The documents of a build: what each quotes, how it is staged, rendered and published."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from press.config import Format
from press.errors import PressError
from press.fingerprint import LOCK, SOURCE_FOLDER, Parts, fingerprint, sha256_of_file
from press.layout import QUARTO, SITE
from press.modules import imported_files
from press.provenance import write_note
from press.publish.citations import refuse_uncited
from press.publish.sources import Document, read_document
from press.record import read_record
from press.steps import Outcome, Step, carry_out, locked
from press.store import Store
from press.writing import put, remove, write_bytes, write_folder

if TYPE_CHECKING:
    from collections.abc import Callable

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


def check_engine(project: Project) -> None:
    """Raise `PressError` where the engine of the project is Quarto and none is installed that can be used."""
    if project.layout.engine == QUARTO:
        from press.publish.quarto_program import find_quarto

        find_quarto()


def stage(project: Project, name: str) -> None:
    """Collect what a document quotes under `report/_results/<world>/<document>/`, with the typefaces."""
    from press.publish.assemble import stage as stage_results
    from press.publish.quarto import stage_fonts

    source = read_source(project.config.document(name))
    runs = quoted_runs(project.config, source)
    for run in runs:
        if not project.layout.record(run.slug).is_file():
            raise PressError(f"{name} quotes {run.slug}, which has not been run. Build it: press build")
    records = {run.key: read_record(project.layout.record(run.slug)) for run in runs}
    figures = {run.key: project.layout.figures(run.slug) for run in runs}
    folder = project.layout.staged(name)
    stage_results(source, records, figures, folder, project.layout.world.id)
    with locked("fonts"):  # documents are staged at the same time
        stage_fonts(REPORT)
    parts = {"keys": list(source.keys)}
    write_note(project.layout.staged_note(name), fingerprint(parts), parts, _staged_files(folder))


def _staged_files(folder: Path) -> list[Path]:
    """List what was staged; a killed process may have left a hidden temporary file beside it."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def render_parts(project: Project, name: str, form: str, source: Document) -> Parts:
    """Give the parts of the fingerprint of a rendered document; source: what `read_source` gives of it."""
    document = project.config.document(name)
    staged = project.layout.staged(name)
    files, engine = _depends_on_engine(project, name, source)
    return {
        "results": {path.name: sha256_of_file(path) for path in _staged_files(staged)},
        "sources": {path.as_posix(): sha256_of_file(path) for path in files},
        "modules": {
            path.relative_to(SOURCE_FOLDER).as_posix(): sha256_of_file(path) for path in engine_files()
        },
        "settings": {
            "form": form,
            "report_date": project.config.build.report_date.isoformat(),
            "template": document.template,
            **engine,
        },
        "lock": sha256_of_file(LOCK) if LOCK.exists() else "",
    }


def _depends_on_engine(
    project: Project, name: str, source: Document
) -> tuple[tuple[Path, ...], dict[str, str]]:
    """Give the files of which the engine renders a document, and what else its rendering depends on."""
    if project.layout.engine != QUARTO:
        return source.files, {}
    from press.publish.quarto import project_files
    from press.publish.quarto_program import find_quarto

    return project_files(source, name), {"engine": f"Quarto {find_quarto().version}"}


def render(project: Project, name: str, form: str) -> Outcome:
    """Render a staged document, or restore it. Where that fails, an older one is left as it was."""
    document = project.config.document(name)
    if form not in document.formats:
        raise PressError(f"{name} is not published as {form}: see config/documents.yaml.")
    if not project.layout.staged(name).is_dir():
        raise PressError(f"Nothing is staged for {name}. Build it: press build, or press stage {name}")
    sources = {each.name: read_source(each) for each in project.config.documents}
    refuse_uncited(sources.values())
    target = project.layout.rendered(name, form)

    def place(entry: Entry) -> list[Path]:
        contents = {name: entry.path(name).read_bytes() for name in entry.names()}
        if form == SITE:
            write_folder(
                target, {name.removeprefix(f"{target.name}/"): each for name, each in contents.items()}
            )
        else:
            write_bytes(target, contents[target.name])
        return [target.parent / name for name in contents]

    return carry_out(
        Step(
            name=f"{project.layout.world.id}/{project.layout.engine}/{target.name}",
            parts=render_parts(project, name, form, sources[name]),
            note=project.layout.rendered_note(name, form),
            make=lambda: _rendered(project, document, sources[name], form),
            place=place,
        )
    )


def _rendered(project: Project, document: DocumentConfig, source: Document, form: str) -> dict[str, bytes]:
    """Give the files of a rendered document by name; those of a site lie in a folder of its name."""
    render_form: Callable[..., None]
    if project.layout.engine == QUARTO:
        from press.publish.quarto import render as render_by_quarto

        render_form = partial(
            render_by_quarto,
            form="html" if form == SITE else form,
            profile=document.name,
            timeout_seconds=project.config.build.timeout_seconds,
        )
    elif form == "html":
        from press.publish.html import render as render_html

        render_form = partial(render_html, store=Store())
    elif form == SITE:
        from press.publish.site import render as render_site

        render_form = partial(render_site, store=Store())
    else:
        from press.publish.pdf import render as render_form
    with tempfile.TemporaryDirectory(prefix="render-", dir=".press") as folder:
        target = Path(folder) / project.layout.rendered(document.name, form).name
        render_form(
            source,
            project.layout.staged(document.name),
            # Quarto's HTML is one page, whatever the form.
            target / "index.html" if form == SITE and project.layout.engine == QUARTO else target,
            report_date=project.config.build.report_date,
            template=document.template,
        )
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files([target])}


def publish_one(project: Project, name: str, form: str) -> Path:
    """Put one rendered document into `dist/` by itself, outside a build. Returns the file or folder."""
    published = project.layout.published(name, form)
    _put_into_place(project, [(project.layout.rendered(name, form), published)])
    return published


def publish(project: Project) -> list[Path]:
    """Put all rendered documents into `dist/`, each in one step, and note their checksums.

    `dist/` is no output of Snakemake's, which deletes outputs before the job that makes them: there would
    be a moment without any published report. A form in which a document is no longer published is deleted, so
    that no old report stands beside the new. Returns the published files and folders.
    """
    layout = project.layout
    pairs = [
        (layout.rendered(document.name, form), layout.published(document.name, form))
        for document in project.config.documents
        for form in document.formats
    ]
    missing = [str(rendered) for rendered, _ in pairs if not rendered.exists()]
    if missing:
        raise PressError(f"Not rendered yet: {', '.join(missing)}. Build: press build")
    _put_into_place(project, pairs)
    for document in project.config.documents:
        for form in sorted({*get_args(Format)} - {*document.formats}):
            remove(layout.published(document.name, form))
    published = [published for _, published in pairs]
    parts = {"documents": {str(path): sha256_of_file(path) for path in _files(published)}}
    write_note(layout.published_note, fingerprint(parts), parts, _files(published))
    return published


def _put_into_place(project: Project, pairs: list[tuple[Path, Path]]) -> None:
    # All copies are made before the first old file is replaced, so a full disk leaves dist/ as it was.
    copies: list[tuple[Path, Path]] = []
    try:
        project.layout.dist.mkdir(parents=True, exist_ok=True)
        for rendered, published in pairs:
            copy = published.with_name(f".{published.name}.new")
            copies.append((copy, published))
            remove(copy)
            shutil.copytree(rendered, copy) if rendered.is_dir() else shutil.copyfile(rendered, copy)
        for copy, published in copies:
            put(copy, published)
    except OSError as error:
        for copy, _ in copies:
            remove(copy)
        raise PressError(
            f"The documents could not be copied into {project.layout.dist}/: {error.strerror}. "
            "Make room or mend the rights, and build again."
        ) from error


def _files(paths: list[Path]) -> list[Path]:
    """List files, and the files in folders, sorted."""
    return sorted(
        file for path in paths for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()
    )
