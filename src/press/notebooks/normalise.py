"""The executed notebook as a reviewer reads it: same bytes for same inputs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from nbformat import NotebookNode

INJECTED_TAG = "injected-parameters"
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
_KERNEL_FILE = re.compile(r"/[^\s:'\"]*?/ipykernel_\d+/\d+\.py")
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def normalised_text(notebook: NotebookNode, host_paths: dict[str, str]) -> str:
    """Give the JSON text of an executed notebook without times, host paths or memory addresses.

    `host_paths` maps a path of this machine to what stands for it, for example the project folder to `.`.
    """
    cells = []
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        # The cell id is kept from the source, so that a review comment stays on its cell.
        clean: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "id": cell.get("id", f"cell-{number}"),
            "metadata": {"tags": list(tags)} if tags else {},
            "source": cell.source,
        }
        if cell.cell_type == "code":
            clean["execution_count"] = cell.execution_count
            clean["outputs"] = [_clean(output, host_paths) for output in cell.outputs]
        cells.append(clean)
    node = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    )
    nbformat.validate(node)
    text = nbformat.writes(node, indent=1, sort_keys=True, ensure_ascii=False)  # type: ignore[no-untyped-call]
    return f"{text}\n"


def _clean(value: Any, host_paths: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _clean(entry, host_paths) for key, entry in sorted(value.items()) if key != "transient"}
    if isinstance(value, list):
        return [_clean(entry, host_paths) for entry in value]
    if isinstance(value, str):
        value = _KERNEL_FILE.sub("<cell>", value)
        for path, name in sorted(host_paths.items(), key=lambda item: -len(item[0])):
            value = value.replace(path, name)
        return _ADDRESS.sub("at 0x…", value)
    return value


def host_paths(project: Path, scratch: Path, environment: Path) -> dict[str, str]:
    """Name the folders of this machine that an output may mention, and what stands for each."""
    return {str(project): ".", str(scratch): "<scratch>", str(environment): "<environment>"}
