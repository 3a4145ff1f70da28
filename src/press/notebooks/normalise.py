"""Executed cells without anything that differs from machine to machine: same bytes for same inputs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

INJECTED_TAG = "injected-parameters"
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
_KERNEL_FILE = re.compile(r"/[^\s:'\"]*?/ipykernel_\d+/\d+\.py")


def normalised_cells(notebook: NotebookNode, host_paths: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the executed code cells: their source, tags and outputs without times, host paths or addresses.

    `host_paths` maps a path of this machine to what stands for it, for example the project folder to `.`.
    """
    return [
        {
            "tags": list(cell.metadata.get("tags", [])),
            "source": cell.source,
            "execution_count": cell.execution_count,
            "outputs": [_clean(output, host_paths) for output in cell.outputs],
        }
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def host_paths(project: Path, scratch: Path, environment: Path) -> dict[str, str]:
    """Name the folders of this machine that an output may mention, and what stands for each."""
    return {str(project): ".", str(scratch): "<scratch>", str(environment): "<environment>"}


def _clean(value: Any, host_paths: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _clean(entry, host_paths) for key, entry in sorted(value.items()) if key != "transient"}
    if isinstance(value, list):
        return [_clean(entry, host_paths) for entry in value]
    if isinstance(value, str):
        # Asked first: over the letters of a picture, with many a slash, the pattern goes again and again.
        if "/ipykernel_" in value:
            value = _KERNEL_FILE.sub("<cell>", value)
        for path, name in sorted(host_paths.items(), key=lambda item: -len(item[0])):
            value = value.replace(path, name)
        return _ADDRESS.sub("at 0x…", value)
    return value
