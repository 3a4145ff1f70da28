from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.errors import PressError, WrongUseError
from press.notebooks.parameters import assignments, check_values, read_parameters
from press.notebooks.source import NotebookSource, read_notebook

CELL = """
from datetime import date
from pathlib import Path
from typing import Literal

window: int = 24
share: float = 0.5
label: str = "all"
smooth: bool = False
cutoff: date = date(2020, 12, 31)
panel: Path = Path("../data/panel.parquet")
side: Literal["before", "after"] = "before"
months: list[int] = [12, 24]
"""


def notebook(tmp_path: Path, cell: str = CELL) -> NotebookSource:
    code = nbformat.v4.new_code_cell(cell.strip(), metadata={"tags": ["parameters"]})  # type: ignore[no-untyped-call]
    node = nbformat.v4.new_notebook(cells=[code])  # type: ignore[no-untyped-call]
    path = tmp_path / "count_visits.ipynb"
    nbformat.write(node, path)  # type: ignore[no-untyped-call]
    return read_notebook(path)


def checked(tmp_path: Path, typed: bool, **given: Any) -> dict[str, Any]:
    source = notebook(tmp_path)
    return check_values(source, read_parameters(source), given, typed=typed)


def test_every_type_is_read_with_its_default(tmp_path: Path) -> None:
    parameters = read_parameters(notebook(tmp_path))
    assert {name: parameter.default for name, parameter in parameters.items()} == {
        "window": 24,
        "share": 0.5,
        "label": "all",
        "smooth": False,
        "cutoff": date(2020, 12, 31),
        "panel": Path("../data/panel.parquet"),
        "side": "before",
        "months": [12, 24],
    }
    assert parameters["side"].annotation == "Literal['before', 'after']"


def test_words_of_a_command_line_become_typed_values(tmp_path: Path) -> None:
    given = {"window": "12", "smooth": "true", "cutoff": "2019-03-31", "months": "6, 12", "side": "after"}
    assert checked(tmp_path, False, **given) == {
        "window": 12,
        "smooth": True,
        "cutoff": date(2019, 3, 31),
        "months": [6, 12],
        "side": "after",
    }


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"windw": 12}, ["no parameter 'windw'", "Did you mean 'window'?"]),
        ({"window": "12"}, ["window = '12' is no int"]),
        ({"window": 1.5}, ["window = 1.5 is no int"]),
        ({"smooth": 1}, ["smooth = 1 is no bool"]),
        ({"side": "befor"}, ["Literal['before', 'after']", "Did you mean 'before'?"]),
        ({"months": [6, "x"]}, ["months", "list[int]"]),
        ({"cutoff": "soon"}, ["cutoff = 'soon' is no date"]),
    ],
)
def test_a_wrong_value_in_the_configuration_is_refused(
    tmp_path: Path, given: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(WrongUseError) as caught:
        checked(tmp_path, True, **given)
    for word in ["count_visits", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("window = 24", "write every parameter as `name: type = default`"),
        ("window: int", "has no default"),
        ("window: int = 'x'", "the default does not fit its type"),
        ("window: set = {1}", "is not one of int, float, str, bool, date, Path"),
        ("window: int = 12 * 2", "is not a plain value"),
        ("window: int = 1\nwindow: int = 2", "stands there twice"),
    ],
)
def test_a_parameters_cell_that_cannot_be_understood_names_its_line(
    tmp_path: Path, line: str, words: str
) -> None:
    with pytest.raises(PressError) as caught:
        read_parameters(notebook(tmp_path, line))
    assert "count_visits.ipynb, code cell 1 (parameters), line" in str(caught.value)
    assert words in str(caught.value)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True).filter(
            lambda name: name not in {"if", "is", "in", "or", "as", "not", "for", "and", "def", "del", "try"}
        ),
        st.one_of(
            st.integers(),
            st.floats(allow_nan=False, allow_infinity=False),
            st.text(),
            st.booleans(),
            st.dates(),
            st.lists(st.text()),
        ),
        max_size=4,
    )
)
def test_no_value_can_become_code(values: dict[str, Any]) -> None:
    namespace: dict[str, Any] = {"date": date, "Path": Path}
    exec(assignments(values), namespace)  # noqa: S102 - what the kernel does with it
    assert {name: namespace[name] for name in values} == values


def test_code_that_is_not_python_names_its_cell_and_line(tmp_path: Path) -> None:
    with pytest.raises(PressError, match=r"count_visits\.ipynb, code cell 1, line 1: .*: window: int = \("):
        notebook(tmp_path, "window: int = (")


def test_a_forgotten_tag_is_what_the_message_says(tmp_path: Path) -> None:
    code = nbformat.v4.new_code_cell("window: int = 24")  # type: ignore[no-untyped-call]
    path = tmp_path / "n.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[code]), path)  # type: ignore[no-untyped-call]
    source = read_notebook(path)
    with pytest.raises(WrongUseError, match="no code cell carries the tag 'parameters'"):
        check_values(source, read_parameters(source), {"window": 12}, typed=True)


def test_two_parameters_cells_are_refused(tmp_path: Path) -> None:
    cells = [
        nbformat.v4.new_code_cell("a: int = 1", metadata={"tags": ["parameters"]})  # type: ignore[no-untyped-call]
        for _ in range(2)
    ]
    path = tmp_path / "n.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)  # type: ignore[no-untyped-call]
    with pytest.raises(PressError, match="code cells 1 and 2 both carry the tag 'parameters'"):
        read_notebook(path)


def test_a_missing_notebook_suggests_the_nearest_name(tmp_path: Path) -> None:
    notebook(tmp_path)
    with pytest.raises(WrongUseError, match="Did you mean 'count_visits'"):
        read_notebook(tmp_path / "count_visit.ipynb")


def test_a_file_that_is_no_notebook_is_named(tmp_path: Path) -> None:
    (tmp_path / "n.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(PressError, match="n.ipynb is not a notebook that can be read"):
        read_notebook(tmp_path / "n.ipynb")
