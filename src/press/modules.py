"""Which project modules a piece of code imports, directly and through other project modules.

Read from the syntax tree, so nothing is executed. A module imported only `if TYPE_CHECKING` does not
count: it is not loaded when the code runs.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import PressError
from press.writing import remember

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMEMBERED = Path(".press/imports")
_THIS = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def imported_files(code: str, source_folder: Path) -> list[Path]:
    """List the files below `source_folder` that `code` imports, transitively, sorted.

    `source_folder` holds the project's packages (`src`). A package's `__init__.py` counts as imported with
    any module inside it, because Python executes it first. Raises `PressError` that names file and line
    where a module, and `SyntaxError` where `code` itself, is not Python.
    """
    found: set[Path] = set()
    waiting = list(_files_imported_by(code, "", source_folder))
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        waiting.extend(_imports_of_file(path, source_folder))
    return sorted(found)


def _imports_of_file(path: Path, source_folder: Path) -> tuple[Path, ...]:
    package = ".".join(path.relative_to(source_folder).parent.parts)
    try:
        return _files_imported_by(path.read_text(encoding="utf-8"), package, source_folder)
    except SyntaxError as error:
        raise PressError(
            f"{path}, line {error.lineno}: {error.msg}. Mend it: a run imports this module."
        ) from error


@cache
def _files_imported_by(code: str, package: str, source_folder: Path) -> tuple[Path, ...]:
    return tuple(file for name in _names(code, package) for file in _files(name, source_folder))


def _names(code: str, package: str) -> list[str]:
    """Dotted names that the code may import, remembered by its content and by this module's own."""
    content = f"{_THIS}\0{package}\0{code}".encode("utf-8", "surrogatepass")
    note = _REMEMBERED / hashlib.sha256(content).hexdigest()
    try:
        return note.read_text(encoding="utf-8").splitlines()
    except OSError:
        names = list(dict.fromkeys(_imports(ast.parse(code), package)))
    remember(note, "\n".join(names))
    return names


def _imports(tree: ast.AST, package: str) -> Iterator[str]:
    """Dotted names that the tree may import: for `from a import b` both `a` and `a.b`."""
    for node in _executed(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                parent = ".".join(parts[: len(parts) - node.level + 1])
                base = f"{parent}.{base}".strip(".")
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _executed(tree: ast.AST) -> Iterator[ast.AST]:
    waiting = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            # An import is a statement: none stands inside an expression, and most nodes do.
            if isinstance(node, ast.expr):
                continue
            if isinstance(node, ast.If) and _is_type_checking(node.test):
                yield from node.orelse
                waiting.extend(node.orelse)
                continue
            yield node
            waiting.append(node)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


@cache
def _files(name: str, source_folder: Path) -> tuple[Path, ...]:
    """Files of a module and of the packages around it; none where it is not the project's."""
    parts = name.split(".")
    if not parts[0] or not (source_folder / parts[0]).is_dir():
        return ()
    found = []
    for depth in range(1, len(parts) + 1):
        path = source_folder.joinpath(*parts[:depth])
        found += [file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()][:1]
    return tuple(found)
