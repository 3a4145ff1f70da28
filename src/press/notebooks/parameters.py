"""Typed parameters of a notebook, read from the annotations in its `parameters` cell.

    indicator: Literal["ae_4h", "shmi"] = "ae_4h"
    window: int = 24
    panel: Path = Path("../data/tidy/demo/panel.parquet")

The cell is read, never executed: an unknown name or a wrong type is refused before a kernel starts.
"""

from __future__ import annotations

import ast
import types
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from press.errors import PressError, WrongUseError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from press.notebooks.source import NotebookSource

_SIMPLE: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool, "date": date, "Path": Path}
_CALLS: dict[str, type] = {"date": date, "Path": Path}
_STRICT = ConfigDict(strict=True)


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, its type as the author wrote it, and its default."""

    name: str
    annotation: str
    type: Any
    default: Any


def read_parameters(notebook: NotebookSource) -> dict[str, Parameter]:
    """Read the parameters cell. Raises `PressError` that names the line it cannot understand."""
    cell = notebook.parameters_cell
    if cell is None:
        return {}
    parameters: dict[str, Parameter] = {}
    where = f"{notebook.path}, code cell {cell.number} (parameters)"
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError as error:
        raise PressError(f"{where}, line {error.lineno}: {error.msg}.") from error
    for statement in statements:
        if isinstance(statement, ast.Import | ast.ImportFrom) or _is_docstring(statement):
            continue
        line = f"{where}, line {statement.lineno}: `{ast.unparse(statement)}`"
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            raise PressError(f"{line}: write every parameter as `name: type = default`.")
        if statement.value is None:
            raise PressError(f"{line} has no default. Give one, so that the notebook opens by itself.")
        name = statement.target.id
        if name in parameters:
            raise PressError(f"{line}: '{name}' stands there twice.")
        annotation = _type(statement.annotation, line)
        default = _literal(statement.value, line)
        parameters[name] = Parameter(name, ast.unparse(statement.annotation), annotation, default)
        try:
            _check(annotation, default, strict=True)
        except ValidationError as error:
            raise PressError(f"{line}: the default does not fit its type ({_reason(error)}).") from error
    return parameters


def check_values(
    notebook: NotebookSource, parameters: Mapping[str, Parameter], given: Mapping[str, Any], *, typed: bool
) -> dict[str, Any]:
    """Give the values of the run's parameters that differ from nothing: those given, checked and converted.

    `typed` says that the values come from a file that has types; else they are words of a command line.
    Raises `WrongUseError` for an unknown name, a wrong type or a value outside its `Literal`.
    """
    checked: dict[str, Any] = {}
    if given and notebook.parameters_cell is None:
        raise WrongUseError(
            f"{notebook.path}: no code cell carries the tag 'parameters', so the run's values have no place. "
            "In JupyterLab: property inspector, “Cell tags”."
        )
    for name, value in given.items():
        if name not in parameters:
            raise WrongUseError(
                f"{notebook.path.stem} has no parameter '{name}'. {nearest(name, parameters)}"
            )
        parameter = parameters[name]
        try:
            checked[name] = _convert(parameter, value, typed=typed)
        except ValidationError as error:
            hint = ""
            options = _literal_options(parameter.type)
            if options:
                hint = " " + nearest(str(value), map(str, options))
            raise WrongUseError(
                f"{notebook.path.stem}: parameter {name} = {value!r} is no {parameter.annotation} "
                f"({_reason(error)}).{hint}"
            ) from error
    return checked


def assignments(values: Mapping[str, Any]) -> str:
    """Write values as the Python of the cell that is put after the parameters cell."""
    return "\n".join(f"{name} = {_source(value)}" for name, value in values.items())


def shown(value: object) -> str:
    """Show a value as a person would type it, for a card or a page."""
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _convert(parameter: Parameter, value: Any, *, typed: bool) -> Any:  # noqa: ANN401 - a parameter's type
    if typed:
        if parameter.type is Path and isinstance(value, str):
            return Path(value)
        return _check(parameter.type, value, strict=True)
    options = _literal_options(parameter.type)
    if options:
        # Words have no type: "24" means the option 24 where that is one.
        value = {str(option): option for option in options}.get(str(value), value)
    elif str(parameter.annotation).startswith("list["):
        value = [part.strip() for part in str(value).split(",") if part.strip()]
    return _check(parameter.type, value, strict=False)


def _check(annotation: Any, value: Any, *, strict: bool) -> Any:  # noqa: ANN401
    if annotation is Path:
        return TypeAdapter(Path).validate_python(value)
    return TypeAdapter(annotation, config=_STRICT if strict else None).validate_python(value)


def _type(node: ast.expr, where: str) -> Any:  # noqa: ANN401
    if isinstance(node, ast.Name) and node.id in _SIMPLE:
        return _SIMPLE[node.id]
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        if node.value.id == "list":
            return types.GenericAlias(list, (_type(node.slice, where),))
        if node.value.id == "Literal":
            options = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            return Literal[tuple(_literal(option, where) for option in options)]
    raise PressError(
        f"{where}: the type `{ast.unparse(node)}` is not one of "
        "int, float, str, bool, date, Path, Literal[…], list[…]."
    )


def _literal(node: ast.expr, where: str) -> Any:  # noqa: ANN401
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
        arguments = [_literal(argument, where) for argument in node.args]
        return _CALLS[node.func.id](*arguments)
    if isinstance(node, ast.List):
        return [_literal(element, where) for element in node.elts]
    try:
        return ast.literal_eval(node)
    except ValueError as error:
        raise PressError(
            f"{where}: `{ast.unparse(node)}` is not a plain value. Give one that can be typed in."
        ) from error


def _literal_options(annotation: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return tuple(annotation.__args__) if getattr(annotation, "__origin__", None) is Literal else ()


def _source(value: object) -> str:
    if isinstance(value, Path):
        return f"Path({value.as_posix()!r})"
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, list):
        return "[" + ", ".join(_source(element) for element in value) + "]"
    return repr(value)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _reason(error: ValidationError) -> str:
    return "; ".join(str(problem["msg"]) for problem in error.errors())
