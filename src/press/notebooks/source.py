"""A notebook as its author wrote it: cells, numbers, headings, code."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from press.errors import PressError, WrongUseError, nearest

if TYPE_CHECKING:
    from nbformat import NotebookNode

PARAMETERS_TAG = "parameters"
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class CodeCell:
    """One code cell: `number` counts the author's code cells from 1, `heading` is the last one above it."""

    number: int
    index: int
    heading: str
    source: str


@dataclass(frozen=True)
class NotebookSource:
    """A notebook file, read and checked; whoever changes the node copies it first."""

    path: Path
    node: NotebookNode
    code_cells: tuple[CodeCell, ...]
    parameters_cell: CodeCell | None

    @cached_property
    def code(self) -> str:
        """All code as plain Python, as the kernel would see it, in the order of the cells."""
        return "\n".join(plain_python(cell.source) for cell in self.code_cells)


def read_notebook(path: Path, folder: Path | None = None) -> NotebookSource:
    """Read a notebook. Raises `WrongUseError` where there is none, `PressError` where it cannot be read."""
    if not path.is_file():
        known = [other.stem for other in (folder or path.parent).glob("*.ipynb")]
        raise WrongUseError(f"There is no notebook {path}. {nearest(path.stem, known)}")
    return _read(path, path.read_bytes())


@cache
def _read(path: Path, content: bytes) -> NotebookSource:
    """Read once what many runs of a build share."""
    try:
        node = nbformat.reads(content.decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(node)
    except Exception as error:  # nbformat lets errors of json, jsonschema and its own through
        reason = str(error).splitlines()[0]
        raise PressError(
            f"{path} is not a notebook that can be read: {reason}. "
            "Open it in JupyterLab and save it, or restore it: git checkout " + str(path)
        ) from error
    cells: list[CodeCell] = []
    parameters_cell: CodeCell | None = None
    heading = ""
    for index, cell in enumerate(node.cells):
        if cell.cell_type == "markdown":
            headings = _HEADING.findall(cell.source)
            heading = headings[-1] if headings else heading
        if cell.cell_type != "code":
            continue
        code_cell = CodeCell(len(cells) + 1, index, heading, cell.source)
        cells.append(code_cell)
        if PARAMETERS_TAG in cell.metadata.get("tags", []):
            if parameters_cell is not None:
                raise PressError(
                    f"{path}: code cells {parameters_cell.number} and {code_cell.number} both carry the tag "
                    f"'{PARAMETERS_TAG}'. Keep it on one."
                )
            parameters_cell = code_cell
    for cell in cells:
        try:
            ast.parse(plain_python(cell.source))
        except SyntaxError as error:
            raise PressError(
                f"{path}, code cell {cell.number}, line {error.lineno}: {error.msg}: "
                f"{(error.text or '').strip()}"
            ) from error
    return NotebookSource(path, node, tuple(cells), parameters_cell)


def plain_python(source: str) -> str:
    """Turn IPython's own syntax (`%magic`, `!command`) into Python, so that a cell can be parsed."""
    if not any(mark in source for mark in ("%", "!", "?")):
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    manager: Any = TransformerManager()  # type: ignore[no-untyped-call]
    return str(manager.transform_cell(source))
