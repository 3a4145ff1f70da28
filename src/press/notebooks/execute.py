"""Executes a notebook in a fresh kernel and brings back what it named."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from press.errors import PressError
from press.fingerprint import SOURCE_FOLDER
from press.notebooks.cards import Failure, NotebookError, card
from press.notebooks.kernel import death_cause, end_kernel, kernel_environment, kernel_manager
from press.notebooks.normalise import INJECTED_TAG, host_paths, normalised_cells
from press.notebooks.parameters import assignments, shown
from press.notebooks.review import review_notebook
from press.notebooks.withholding import KEPT_BACK, named_only
from press.record import Record, Result
from press.results import RESULTS_FILE, RUN_FOLDER
from press.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbformat import NotebookNode

    from press.notebooks.source import NotebookSource


@dataclass(frozen=True)
class Execution:
    """What an execution leaves: the reviewer's copy, the record, and the files of its results."""

    cells: list[dict[str, Any]]
    """The executed code cells, normalised; see `press.notebooks.normalise`."""
    record: Record
    files: tuple[Path, ...]
    """Figures and tables, in a scratch folder that lives as long as the `execute` context."""


@dataclass
class _Progress:
    """Which cell is being executed, told by nbclient's hooks."""

    first_results: list[tuple[int, int | None]] = field(default_factory=list)
    """For each cell, how many results were named before it, and its number as the author counts."""
    current: int | None = None
    traceback: str = ""


def execute(
    notebook: NotebookSource,
    values: Mapping[str, Any],
    *,
    slug: str,
    key: str,
    timeout_seconds: int,
    scratch: Path,
    failed: Path,
    confidential: bool = False,
) -> Execution:
    """Execute a notebook with the given values of its parameters.

    `scratch` is an empty folder that receives the files of the results. Of a `confidential` run no output is
    kept but the named results. Raises `NotebookError`, whose message is a card, and keeps the notebook as far
    as it came in the folder `failed`.
    """
    node, numbers = _with_values(notebook, values)
    progress = _Progress()
    deadline = time.monotonic() + timeout_seconds
    # Sockets need a short path, which the project folder may not have.
    sockets = Path(tempfile.mkdtemp(prefix="press-"))
    paths = host_paths(Path.cwd(), sockets, Path(sys.prefix))

    def starts(cell: NotebookNode, cell_index: int) -> None:  # noqa: ARG001 - nbclient names them
        progress.current = cell_index
        progress.first_results.append((len(_lines(scratch)), numbers[cell_index]))

    def fails(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:  # noqa: ARG001
        progress.traceback = "\n".join(execute_reply["content"].get("traceback", []))

    manager = kernel_manager(sockets)
    client = NotebookClient(
        node,
        km=manager,
        resources={"metadata": {"path": str(notebook.path.parent)}},
        timeout_func=lambda _cell: max(1, int(deadline - time.monotonic())),
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
        on_cell_execute=starts,
        on_cell_error=fails,
    )
    environment = kernel_environment(
        sockets, Path(".press").resolve(), SOURCE_FOLDER.resolve(), {RUN_FOLDER: str(scratch.resolve())}
    )
    # What does not pass through the kernel's own streams would reach the terminal.
    silence = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} if confidential else {}
    failure = ""
    try:
        client.execute(env=environment, cleanup_kc=True, **silence)
    except CellExecutionError as error:
        failure = error.ename
        cause = f"{failure} ({KEPT_BACK})" if confidential else f"{failure}: {error.evalue}"
    except CellTimeoutError:
        cause = f"it was stopped after {timeout_seconds} seconds (timeout_seconds in config/runs.yaml)"
    except DeadKernelError:
        cause = death_cause(manager)
    else:
        cause = ""
    finally:
        end_kernel(manager)
        shutil.rmtree(sockets, ignore_errors=True)
    cells = normalised_cells(node, paths)
    results = tuple(_results(scratch, progress))
    if confidential:
        code = [place for place, cell in enumerate(node.cells) if cell.cell_type == "code"]
        failing = {code.index(progress.current): failure} if failure and progress.current is not None else {}
        cells = named_only(cells, [numbers[place] for place in code], results, scratch, failing)
    if cause:
        kept = failed / "notebook.ipynb"
        write_text(kept, review_notebook(notebook, cells))
        raise _failure(notebook, values, slug, cause, progress, numbers, kept, withheld=confidential)
    return Execution(
        cells=cells,
        record=Record(slug, key, results),
        files=tuple(sorted(path for path in scratch.iterdir() if path.name != RESULTS_FILE)),
    )


def _with_values(
    notebook: NotebookSource, values: Mapping[str, Any]
) -> tuple[NotebookNode, list[int | None]]:
    """Copy the notebook with the run's values after its parameters cell, and number the author's cells."""
    node = copy.deepcopy(notebook.node)
    numbers: list[int | None] = [None] * len(node.cells)
    for cell in notebook.code_cells:
        numbers[cell.index] = cell.number
    if values:
        if notebook.parameters_cell is None:
            raise PressError(
                f"{notebook.path} has no parameters cell (a code cell with the tag 'parameters')."
            )
        position = notebook.parameters_cell.index + 1
        injected = nbformat.v4.new_code_cell(  # type: ignore[no-untyped-call]
            f"# Values of this run\n{assignments(values)}",
            id=INJECTED_TAG,
            metadata={"tags": [INJECTED_TAG]},
        )
        node.cells.insert(position, injected)
        numbers.insert(position, None)
    return node, numbers


def _results(scratch: Path, progress: _Progress) -> Iterator[Result]:
    for position, line in enumerate(_lines(scratch)):
        cell = [number for first, number in progress.first_results if first <= position][-1]
        yield Result.from_json({**json.loads(line), "cell": cell})


def _lines(scratch: Path) -> list[str]:
    path = scratch / RESULTS_FILE
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _failure(
    notebook: NotebookSource,
    values: Mapping[str, Any],
    slug: str,
    cause: str,
    progress: _Progress,
    numbers: list[int | None],
    kept: Path,
    *,
    withheld: bool,
) -> NotebookError:
    number = None if progress.current is None else numbers[progress.current]
    cell = next((cell for cell in notebook.code_cells if cell.number == number), None)
    failure = Failure(
        run=slug,
        notebook=notebook.path,
        cell=0 if cell is None else cell.number,
        heading="" if cell is None else cell.heading,
        source="" if cell is None else cell.source,
        cause=cause,
        parameters={name: shown(value) for name, value in values.items()},
        traceback=progress.traceback,
        kept=kept,
        withheld=withheld,
    )
    return NotebookError(card(failure, SOURCE_FOLDER.resolve()))
