"""One run, from its entry in the configuration to its record: `press run`."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.errors import PressError, WrongUseError, nearest
from press.fingerprint import Parts, run_parts
from press.notebooks.parameters import Parameter, check_values, read_parameters, shown
from press.notebooks.review import review_notebook, review_page
from press.notebooks.source import NotebookSource, read_notebook
from press.provenance import read_note
from press.steps import Outcome, Step, carry_out
from press.writing import write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from press.config import Config, Run
    from press.layout import Layout
    from press.store import Entry

NOTEBOOKS = Path("notebooks")
TRIAL = "trial"
RECORD, CELLS, FILES = "record.json", "cells.json", "files/"


@dataclass(frozen=True)
class PlannedRun:
    """A run that has been checked: nothing is executed before its parameters are known to be right."""

    run: Run
    layout: Layout
    notebook: NotebookSource
    parameters: dict[str, Parameter]
    values: dict[str, Any]
    inputs: dict[str, Path]
    """Files the run reads, by parameter, relative to the project folder."""
    timeout_seconds: int

    def parts(self) -> Parts:
        """Give the parts of the fingerprint. Raises `PressError` where an input is missing."""
        for name, path in self.inputs.items():
            if not path.is_file():
                raise PressError(
                    f"{self.run.slug}: the input {name} ({path}) is missing. "
                    "Build it first (press build), or correct its path: it starts from the project folder."
                )
        # Defaults too, so that a change of one reads as what it is: "parameter window: 24 → 12".
        values = {name: parameter.default for name, parameter in self.parameters.items()} | self.values
        return run_parts(self.notebook, values, self.inputs, self.run.confidential)


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
    asked = name.removesuffix(f"/{TRIAL}")
    base = slugs.get(asked) or notebooks.get(asked)
    if base is None and (NOTEBOOKS / f"{name}.ipynb").is_file():
        raise WrongUseError(
            f"The notebook {name} is in no run of config/runs.yaml. Add one: "
            f"- {{notebook: {name}, namespace: …, inputs: {{…}}}}"
        )
    if base is None:
        raise WrongUseError(
            f"There is no run or notebook '{name}' in config/runs.yaml. {nearest(name, {*slugs, *notebooks})}"
        )
    return base.model_copy(update={"run": TRIAL})


def plan_run(
    run: Run, layout: Layout, default_timeout: int, overrides: Mapping[str, str] | None = None
) -> PlannedRun:
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
    for name, parameter in parameters.items():
        if parameter.type is not Path:
            continue
        if name in (overrides or {}):
            # On a command line a path is meant from the project folder.
            inputs[name] = values[name]
            values[name] = Path(os.path.relpath(values[name], NOTEBOOKS))
        elif name not in inputs:
            raise WrongUseError(
                f"{run.slug}: the parameter {name} is a Path, but config/runs.yaml gives this run no input "
                "or record of that name, so a change of the file would go unnoticed. Add it under `inputs:`."
            )
    return PlannedRun(
        run, layout, notebook, parameters, values, inputs, run.timeout_seconds or default_timeout
    )


def describe_parameters(run: Run, layout: Layout) -> str:
    """List the parameters of a run's notebook: type, default, and the value in this run."""
    planned = plan_run(run, layout, 1)
    lines = [f"{run.slug}  ({planned.notebook.path})", ""]
    for parameter in planned.parameters.values():
        value = planned.values.get(parameter.name)
        here = "" if value is None else f"  (this run: {shown(value)})"
        lines.append(f"  {parameter.name}: {parameter.annotation} = {shown(parameter.default)}{here}")
    return "\n".join([*lines, "", f"Try other values: press run {run.notebook} -p NAME=VALUE"])


def execute_or_restore(planned: PlannedRun) -> Outcome:
    """Bring a run's record, executed notebook and figures up to date.

    Raises `PressError` where an input is missing and `NotebookError` where a cell fails; what stood in the
    places before is then untouched.
    """
    return carry_out(
        Step(
            name=f"{planned.layout.world.id}/{planned.run.slug}",
            parts=planned.parts(),
            note=planned.layout.run_note(planned.run.slug),
            make=lambda: _execute(planned),
            place=lambda entry: _place(planned, entry),
        )
    )


def _execute(planned: PlannedRun) -> dict[str, bytes]:
    # Imported here: it costs most of a second, and a run that is restored need not pay for it.
    from press.notebooks.execute import execute

    with tempfile.TemporaryDirectory(prefix="run-", dir=".press") as folder:
        execution = execute(
            planned.notebook,
            planned.values,
            slug=planned.run.slug,
            key=planned.run.key,
            timeout_seconds=planned.timeout_seconds,
            scratch=Path(folder),
            failed=planned.layout.failed(planned.run.slug),
            confidential=bool(planned.run.confidential),
        )
        cells = json.dumps(execution.cells, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        contents = {RECORD: execution.record.to_text().encode("utf-8"), CELLS: cells.encode("utf-8")}
        return contents | {f"{FILES}{path.name}": path.read_bytes() for path in execution.files}


def _place(planned: PlannedRun, entry: Entry) -> list[Path]:
    """Put a stored run into its places: its outputs between the markdown as it stands now."""
    slug, layout = planned.run.slug, planned.layout
    figures = layout.figures(slug)
    wanted = {name.removeprefix(FILES): name for name in entry.names(FILES)}
    for path in sorted(figures.glob("*")) if figures.is_dir() else []:
        if path.is_file() and path.name not in wanted:
            path.unlink()
    for name, stored in wanted.items():
        write_bytes(figures / name, entry.path(stored).read_bytes())
    figures.mkdir(parents=True, exist_ok=True)
    notebook = review_notebook(planned.notebook, json.loads(entry.text(CELLS)))
    folder = layout.run(slug)
    outputs = [layout.record(slug), folder / "notebook.ipynb", folder / "notebook.html"]
    note = read_note(layout.run_note(slug))
    intact = note is not None and not note.altered()
    if not intact or outputs[1].read_text(encoding="utf-8") != notebook:
        write_text(outputs[2], review_page(notebook, slug, planned.parameters, planned.values))
    write_text(outputs[1], notebook)
    # The record comes last: where it stands, the rest of the run stands too.
    write_bytes(outputs[0], entry.path(RECORD).read_bytes())
    _forget_failure(layout.failed(slug))
    return [*outputs, *(figures / name for name in wanted)]


def _forget_failure(failed: Path) -> None:
    (failed / "notebook.ipynb").unlink(missing_ok=True)
