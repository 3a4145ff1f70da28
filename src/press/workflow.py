"""What the Snakefile asks: the inputs, parameters and outputs of each job.

Imported whenever Snakemake parses the Snakefile, so it must stay quick.
"""

from __future__ import annotations

import shlex
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.confidential import keyed_digest
from press.documents import check_engine, engine_files, quoted_runs, read_source
from press.errors import PressError
from press.fingerprint import LOCK, SOURCE_FOLDER
from press.layout import FETCHED, PUBLIC_WORLD
from press.modules import imported_files
from press.notebooks.source import read_notebook
from press.project import open_project
from press.provenance import withdraw_if_altered
from press.runs import input_paths, notebook_path, plan_run
from press.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from press.config import Run
    from press.publish.sources import Document

COMMAND = f"{shlex.quote(sys.executable)} -m press"
_planned: dict[str | None, Workflow] = {}


def planned(data: str | None) -> Workflow:
    """Give the checked build of a world: the same for all who ask in this process. Raises `PressError`."""
    if data not in _planned:
        workflow = Workflow(data)
        workflow.check()
        _planned[data] = _planned[workflow.data] = workflow
    return _planned[data]


class Workflow:
    """The build of one world, as files: what Snakemake plans with.

    Opening it withdraws the note of every step whose outputs were deleted or edited by hand. A note is an
    output that Snakemake knows, so that step is carried out again, for whoever starts the build.
    Notebooks, modules and documents are read once, however often Snakemake asks.
    """

    def __init__(self, data: str | None) -> None:
        self.project = open_project(data)
        self.config = self.project.config
        self.layout = self.project.layout
        self.data = self.layout.world.data
        self.world = self.layout.world.id
        self.lock = str(LOCK)
        self._inputs: dict[str, list[str]] = {}
        for note in self._notes():
            withdraw_if_altered(note)

    def check(self) -> None:
        """Plan every run and read every document, so that what cannot work is said before a job starts.

        Raises `PressError`.
        """
        for run in self.config.runs:
            plan_run(run, self.layout, self.config.build.timeout_seconds)
            self.run_inputs(run.slug)
        _ = self._documents
        check_engine(self.project)
        self.fetched()

    def fetched(self) -> list[str]:
        """Files of `config/sources.yaml`, for the world that is built from them; none for others.

        Raises `PressError` where one has not been fetched.
        """
        if self.world != PUBLIC_WORLD:
            return []
        sources = load_sources(Path())
        missing = [source.id for source in sources if not source.file(FETCHED).is_file()]
        if missing:
            raise PressError(f"{FETCHED}: not there: {', '.join(missing)}.\nRun: press fetch")
        return sorted(str(source.file(FETCHED)) for source in sources)

    def modules_of(self, module: str) -> list[str]:
        """Project files that `python -m module` executes."""
        path = SOURCE_FOLDER.joinpath(*module.split(".")).with_suffix(".py")
        files = imported_files(path.read_text(encoding="utf-8"), SOURCE_FOLDER)
        return sorted({str(path), *map(str, files)})

    def run_inputs(self, slug: str) -> list[str]:
        """Files on which a run depends: its notebook, its inputs, the modules it imports, the lock."""
        if slug not in self._inputs:
            self._inputs[slug] = self._inputs_of(self.config.run(slug))
        return self._inputs[slug]

    def _inputs_of(self, run: Run) -> list[str]:
        notebook = read_notebook(notebook_path(run))
        modules = imported_files(notebook.code, SOURCE_FOLDER)
        paths = input_paths(run, self.layout)
        # Snakemake notes plain checksums of inputs. The notes of the tidy data and `run_parameters` stand in.
        inputs = [path for name, path in paths.items() if name not in run.confidential]
        if any(path.is_relative_to(self.layout.tidy) for path in paths.values()):
            # Where the tidy data were edited by hand their note is gone, and they are made anew first.
            inputs.append(self.layout.tidy_note)
        return sorted({str(path) for path in (notebook.path, LOCK, *inputs, *modules)})

    def run_parameters(self, slug: str) -> dict[str, Any]:
        """The values of a run's parameters, so that a change of one runs that run alone.

        With them, digests of confidential inputs that are no tidy data: Snakemake does not watch those files.
        """
        run = self.config.run(slug)
        paths = input_paths(run, self.layout)
        files = [paths[name] for name in run.confidential]
        watched = [str(path) for path in files if not path.is_relative_to(self.layout.tidy)]
        return {**dict(sorted(run.parameters.items())), **self.digests(watched)}

    def digests(self, confidential: Iterable[str]) -> dict[str, str]:
        """Digests of confidential files by path, for the parameters of a job."""
        return {path: keyed_digest(Path(path)) for path in sorted(confidential) if Path(path).is_file()}

    def quoted_records(self, name: str) -> list[str]:
        """Records of the runs that a document quotes."""
        runs = quoted_runs(self.config, self._document(name))
        return sorted(str(self.layout.record(run.slug)) for run in runs)

    def keys(self, name: str) -> list[str]:
        """Keys that a document quotes: it is staged anew when they change, not with every word of prose."""
        return list(self._document(name).keys)

    def sources(self, name: str) -> list[str]:
        """Files of which a document is rendered besides what was staged."""
        return sorted(map(str, {*self._document(name).files, *self._engine, LOCK}))

    def rendered_notes(self) -> list[str]:
        """The notes beside the rendered documents."""
        return [str(self.layout.rendered_note(name, form)) for name, form in self._forms()]

    def notes(self) -> list[str]:
        """The notes of all runs, whether a document quotes them or not, and of what is published."""
        return [
            *(str(self.layout.run_note(run.slug)) for run in self.config.runs),
            str(self.layout.published_note),
        ]

    def _document(self, name: str) -> Document:
        return self._documents[self.config.document(name).name]

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.name: read_source(document) for document in self.config.documents}

    @cached_property
    def _engine(self) -> list[Path]:
        return engine_files()

    def _forms(self) -> list[tuple[str, str]]:
        return [(document.name, form) for document in self.config.documents for form in document.formats]

    def _notes(self) -> list[Path]:
        return [
            self.layout.tidy_note,
            *(self.layout.run_note(run.slug) for run in self.config.runs),
            *(self.layout.staged_note(document.name) for document in self.config.documents),
            *(self.layout.rendered_note(name, form) for name, form in self._forms()),
            self.layout.published_note,
        ]
