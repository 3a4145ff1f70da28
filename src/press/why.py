"""What is stale, and which part of its fingerprint changed: `press why`. Nothing is built."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from press.documents import quoted_runs, read_source, render_parts
from press.errors import PressError, WrongUseError, nearest
from press.provenance import changes, digest_like, read_note
from press.runs import input_paths, plan_run

if TYPE_CHECKING:
    from press.config import DocumentConfig, Run
    from press.fingerprint import Parts
    from press.project import Project

TIDY = "tidy data"


@dataclass(frozen=True)
class Stale:
    """One step that the next build would carry out, and why."""

    name: str
    reasons: tuple[str, ...]


def why(project: Project, target: str | None) -> list[Stale]:
    """List what is stale, in the order in which it would be built.

    `target` is a run, a document, or one form of it (`summary.pdf`); default: everything. Raises
    `WrongUseError` with the nearest name for a target that does not exist.
    """
    stale: dict[str, Stale] = {}
    _note(stale, TIDY, _tidy_reasons(project))
    for run in project.config.runs:
        _note(stale, run.slug, [*_run_reasons(project, run), *_waits(stale, _needs(project, run))])
    for document in project.config.documents:
        needed = [run.slug for run in quoted_runs(project.config, read_source(document))]
        for form in document.formats:
            reasons = [*_render_reasons(project, document, form), *_waits(stale, needed)]
            _note(stale, f"{document.name}.{form}", reasons)
    forms = [f"{document.name}.{form}" for document in project.config.documents for form in document.formats]
    _note(stale, str(project.layout.dist), [*_published_reasons(project), *_waits(stale, forms)])
    if target is None:
        return list(stale.values())
    names = [TIDY, str(project.layout.dist), *(run.slug for run in project.config.runs)]
    documents = [document.name for document in project.config.documents]
    if target not in (*names, *forms, *documents):
        raise WrongUseError(
            f"There is no run or document '{target}'. {nearest(target, [*names, *forms, *documents])}"
        )
    return [each for name, each in stale.items() if name == target or name.rpartition(".")[0] == target]


def _note(stale: dict[str, Stale], name: str, reasons: list[str]) -> None:
    if reasons:
        stale[name] = Stale(name, tuple(reasons))


def _waits(stale: dict[str, Stale], needed: list[str]) -> list[str]:
    return [f"waits for {name}" for name in needed if name in stale]


def _needs(project: Project, run: Run) -> list[str]:
    tidy = [TIDY] if any(path.is_relative_to(project.layout.tidy) for path in _inputs(project, run)) else []
    return [*tidy, *run.records.values()]


def _inputs(project: Project, run: Run) -> list[Path]:
    return list(input_paths(run, project.layout).values())


def _tidy_reasons(project: Project) -> list[str]:
    if not any(
        path.is_relative_to(project.layout.tidy)
        for run in project.config.runs
        for path in _inputs(project, run)
    ):
        return []
    note = read_note(project.layout.tidy_note)
    if note is None:
        return ["not built yet"]
    files = note.parts.get("files", {})
    now = {path: digest_like(noted, Path(path)) for path, noted in files.items()}
    return [*_altered(note.altered()), *changes({"files": files}, {"files": now})]


def _run_reasons(project: Project, run: Run) -> list[str]:
    note = read_note(project.layout.run_note(run.slug))
    missing = [str(path) for path in _inputs(project, run) if not path.is_file()]
    if note is None:
        return ["not built yet"]
    if missing:
        return [f"input {path} is missing" for path in missing]
    planned = plan_run(run, project.layout, project.config.build.timeout_seconds)
    return [*_altered(note.altered()), *changes(note.parts, planned.parts())]


def _render_reasons(project: Project, document: DocumentConfig, form: str) -> list[str]:
    note = read_note(project.layout.rendered_note(document.name, form))
    staged = read_note(project.layout.staged_note(document.name))
    if note is None or staged is None:
        return ["not built yet"]
    keys = set(read_source(document).keys) ^ set(staged.parts["keys"])
    reasons = [f"now quotes or no longer quotes {', '.join(sorted(keys))}"] if keys else []
    return [
        *reasons,
        *_altered([*staged.altered(), *note.altered()]),
        *_render_changes(note.parts, project, document, form),
    ]


def _render_changes(before: Parts, project: Project, document: DocumentConfig, form: str) -> list[str]:
    try:
        return list(changes(before, render_parts(project, document.name, form, read_source(document))))
    except OSError as error:
        raise PressError(f"{error.filename} cannot be read: {error.strerror}.") from error


def _published_reasons(project: Project) -> list[str]:
    note = read_note(project.layout.published_note)
    return ["not built yet"] if note is None else _altered(note.altered())


def _altered(paths: list[str]) -> list[str]:
    return [f"output {path} was {'edited' if Path(path).exists() else 'deleted'}" for path in paths]
