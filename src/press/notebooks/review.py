"""What a reviewer reads: the executed notebook, and its view as a page with the parameters on top."""

from __future__ import annotations

import html
import subprocess
from typing import TYPE_CHECKING, Any

import nbformat

from press.notebooks.normalise import INJECTED_TAG
from press.notebooks.parameters import Parameter, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from press.notebooks.source import NotebookSource

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
pre { overflow-x: auto; padding: .6rem .8rem; background: color-mix(in srgb, CanvasText 6%, Canvas); }
img { max-width: 100%; height: auto; background: #fff; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .6rem; border: 0; border-bottom: 1px solid #8888; text-align: right; }
th:first-child, td:first-child { text-align: left; }
"""


def review_notebook(notebook: NotebookSource, cells: Sequence[Mapping[str, Any]]) -> str:
    """Give the JSON text of the executed notebook: stored outputs between the markdown as it stands now."""
    executed = iter(cells)
    laid = []
    for number, cell in enumerate(notebook.node.cells):
        if cell.cell_type != "code":
            laid.append(
                _cell(
                    cell.cell_type,
                    cell.get("id", f"cell-{number}"),
                    cell.metadata.get("tags", []),
                    cell.source,
                )
            )
            continue
        stored = next(executed, None)
        if stored is not None:
            laid.append(_code_cell(cell.get("id", f"cell-{number}"), stored))
        if notebook.parameters_cell is not None and number == notebook.parameters_cell.index:
            values = next((cell for cell in cells if INJECTED_TAG in cell["tags"]), None)
            if values is not None:
                laid.append(_code_cell(INJECTED_TAG, next(executed)))
    node = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"cells": laid, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    )
    nbformat.validate(node)
    text = nbformat.writes(node, indent=1, sort_keys=True, ensure_ascii=False)  # type: ignore[no-untyped-call]
    return f"{text}\n"


def review_page(
    notebook_text: str, slug: str, parameters: Mapping[str, Parameter], values: Mapping[str, Any]
) -> str:
    """Give the executed notebook as one HTML page that asks nothing of any other host."""
    import pypandoc

    rows = "".join(
        f"<tr><th scope='row'>{html.escape(parameter.name)}</th>"
        f"<td>{html.escape(shown(values.get(parameter.name, parameter.default)))}</td>"
        f"<td>{html.escape(parameter.annotation)}</td></tr>"
        for parameter in parameters.values()
    )
    converted = subprocess.run(  # noqa: S603 - the wheel's own program, no shell
        [
            pypandoc.get_pandoc_path(),
            "--from=ipynb",
            "--to=html5",
            "--wrap=preserve",
            "--mathml",
            "--sandbox",
            "--embed-resources",
        ],
        input=notebook_text.encode("utf-8"),
        capture_output=True,
        check=True,
    )
    body = converted.stdout.decode("utf-8")
    return (
        "<!DOCTYPE html>\n<html lang='en-GB'>\n<head>\n<meta charset='utf-8'>\n"
        # Outputs are made from data, so nothing in them may run or be fetched.
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; img-src data:; "
        "style-src 'unsafe-inline'\">\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        f"<title>{html.escape(slug)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<p>Executed notebook of the run <strong>{html.escape(slug)}</strong></p>\n"
        + (f"<table><caption>Parameters</caption>{rows}</table>\n" if rows else "")
        + f"{body}</main>\n</body>\n</html>\n"
    )


def _cell(kind: str, identity: str, tags: Sequence[str], source: str) -> dict[str, Any]:
    # The id is the author's, so that a review comment stays on its cell.
    return {
        "cell_type": kind,
        "id": identity,
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
    }


def _code_cell(identity: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    cell = _cell("code", identity, stored["tags"], stored["source"])
    return cell | {"execution_count": stored["execution_count"], "outputs": stored["outputs"]}
