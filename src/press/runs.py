"""One run, from its entry in the configuration to its record: `press run`."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.errors import PressError, WrongUseError, nearest
from press.fingerprint import fingerprint, run_parts
from press.notebooks.parameters import Parameter, check_values, read_parameters
from press.notebooks.source import NotebookSource, read_notebook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from press.config import Config, Run
    from press.layout import Layout

NOTEBOOKS = Path("notebooks")
RECORD = "record.json"
NOTEBOOK = "notebook.ipynb"
PROVENANCE = "run.json"
TRIAL = "trial"


@dataclass(frozen=True)
class PlannedRun:
    """A run that has been checked: nothing is executed before its parameters are known to be right."""

    run: Run
    notebook: NotebookSource
    parameters: dict[str, Parameter]
    values: dict[str, Any]
    inputs: dict[str, Path]
    """Files the run reads, by parameter, relative to the project folder."""


def notebook_path(run: Run) -> Path:
    """Give the notebook of a run."""
    return NOTEBOOKS / f"{run.notebook}.ipynb"


def input_paths(run: Run, layout: Layout) -> dict[str, Path]:
    """Give the files that a run reads, by parameter, relative to the project folder."""
    files = {name: Path(path.replace("{world}", layout.world.id)) for name, path in run.inputs.items()}
    return files | {name: layout.record(upstream) for name, upstream in run.records.items()}


def find_run(config: Config, name: str, overrides: Mapping[str, str]) -> Run:
    """Give the run of that name, or a trial of the notebook of that name where values are overridden.

    A trial takes its inputs from the notebook's first run and writes to `results/<world>/<notebook>/trial`,
    so that it never stands in for a run of the build. Raises `WrongUseError` with the nearest name.
    """
    notebooks = {run.notebook: run for run in reversed(config.runs)}
    slugs = {run.slug: run for run in config.runs}
    if name in slugs and not overrides:
        return slugs[name]
    base = slugs.get(name) or notebooks.get(name)
    if base is None:
        raise WrongUseError(
            f"There is no run or notebook '{name}' in config/runs.yaml. {nearest(name, {*slugs, *notebooks})}"
        )
    return base.model_copy(update={"run": TRIAL})


def plan_run(run: Run, layout: Layout, overrides: Mapping[str, str] | None = None) -> PlannedRun:
    """Check a run: its notebook, the names and types of its values. Nothing is executed.

    `overrides` are words of a command line. Raises `WrongUseError` or `PressError`.
    """
    notebook = read_notebook(notebook_path(run))
    parameters = read_parameters(notebook)
    inputs = input_paths(run, layout)
    for name in inputs:
        if name in parameters and parameters[name].type is not Path:
            raise PressError(f"{notebook.path}: the input '{name}' must be a parameter of type Path.")
    # A notebook works in its own folder, for the engine as for a person who opens it in JupyterLab.
    as_seen = {name: os.path.relpath(path, NOTEBOOKS) for name, path in inputs.items()}
    values = check_values(notebook, parameters, {**as_seen, **run.parameters}, typed=True)
    values |= check_values(notebook, parameters, overrides or {}, typed=False)
    return PlannedRun(run, notebook, parameters, values, inputs)


def carry_out(planned: PlannedRun, layout: Layout, default_timeout: int) -> None:
    """Execute a planned run and put its record, executed notebook and figures in their places.

    Raises `PressError` where an input is missing and `NotebookError` where a cell fails; what stood in the
    places before is then untouched.
    """
    # Imported here: it costs most of a second, and a refused run need not pay for it.
    from press.notebooks.execute import execute

    run = planned.run
    for name, path in planned.inputs.items():
        if not path.is_file():
            raise PressError(f"{run.slug}: the input {name} ({path}) is missing. Build it first: press build")
    parts = run_parts(planned.notebook, planned.values, planned.inputs)
    Path(".press").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=".press") as folder:
        execution = execute(
            planned.notebook,
            planned.values,
            slug=run.slug,
            key=run.key,
            timeout_seconds=run.timeout_seconds or default_timeout,
            scratch=Path(folder),
            failed=layout.failed(run.slug),
        )
        provenance = {"fingerprint": fingerprint(parts), "parts": parts}
        _replace_folder(layout.figures(run.slug), execution.files)
        target = layout.run(run.slug)
        write_text(target / NOTEBOOK, execution.notebook_text)
        write_text(target / PROVENANCE, json.dumps(provenance, indent=1, sort_keys=True) + "\n")
        # The record comes last: where it stands, the rest of the run stands too.
        write_text(target / RECORD, execution.record.to_text())
    shutil.rmtree(layout.failed(run.slug), ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write a file in one step: a reader sees the old text or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _replace_folder(target: Path, files: tuple[Path, ...]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    fresh.chmod(0o755)
    for path in files:
        shutil.copyfile(path, fresh / path.name)
    shutil.rmtree(target, ignore_errors=True)
    fresh.replace(target)
