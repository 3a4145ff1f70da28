"""Opens a run's notebook in JupyterLab, with the run's values in place: `press open`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import PressError
from press.runs import NOTEBOOKS, notebook_path

if TYPE_CHECKING:
    from press.config import Run
    from press.layout import Layout


def open_notebook(run: Run, layout: Layout) -> int:
    """Copy the failed, or else the executed, notebook of a run beside its source and open it there.

    It must lie in the notebooks' own folder, because its paths are relative to that. The copy is not
    tracked by git. Raises `PressError` where the run left nothing, or where there is no JupyterLab.
    """
    failed = layout.failed(run.slug) / "notebook.ipynb"
    executed = layout.run(run.slug) / "notebook.ipynb"
    source = next((path for path in (failed, executed) if path.is_file()), None)
    if source is None:
        raise PressError(
            f"{run.slug} has left no notebook in {layout.results}. Run it: press run {run.slug}, "
            f"or open its source: {notebook_path(run)}"
        )
    copy = NOTEBOOKS / f"open-{run.slug.replace('/', '-')}.ipynb"
    shutil.copyfile(source, copy)
    lab = shutil.which("jupyter-lab", path=str(Path(sys.executable).parent)) or shutil.which("jupyter-lab")
    if lab is None:
        raise PressError(
            f"{copy} holds the notebook as {source} was left, with the values of the run. JupyterLab is "
            "not installed here: open that file in an editor that knows notebooks, or install jupyterlab."
        )
    return subprocess.run([lab, str(copy)], check=False).returncode  # noqa: S603 - no shell, own arguments
