"""What may be seen of a run with a confidential input: its code and the results it named, and nothing else.

Whatever a cell prints or shows, and whatever an error says, may hold a cell of a confidential table. So the
outputs of such a run are not looked through: they are dropped, and the named results stand in their place.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from press.record import Result

KEPT_BACK = "its message is kept back, because this run reads a confidential input"


def named_only(
    cells: Sequence[Mapping[str, Any]],
    numbers: Sequence[int | None],
    results: Iterable[Result],
    folder: Path,
    failures: Mapping[int, str],
) -> list[dict[str, Any]]:
    """Give executed code cells with the results that each named instead of its outputs.

    cells: as of `press.notebooks.normalise`; numbers: number of each as its author counts; folder: where the
    files of the results are; failures: name of its error by place among the cells, for one that failed.
    """
    by_cell: dict[int | None, list[dict[str, Any]]] = {}
    for result in results:
        by_cell.setdefault(result.cell, []).extend(_shown(result, folder))
    kept = []
    for place, (cell, number) in enumerate(zip(cells, numbers, strict=True)):
        outputs = [] if number is None else by_cell.get(number, [])
        if place in failures:
            outputs = [*outputs, _error(failures[place])]
        kept.append({**cell, "outputs": outputs})
    return kept


def _shown(result: Result, folder: Path) -> Iterator[dict[str, Any]]:
    yield _display({"text/html": result._repr_html_(), "text/plain": result.name})
    if "png" in result.files:
        picture = (folder / f"{result.name}.png").read_bytes()
        yield _display({"image/png": base64.b64encode(picture).decode("ascii"), "text/plain": result.name})


def _display(data: dict[str, str]) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _error(name: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": KEPT_BACK, "traceback": []}
