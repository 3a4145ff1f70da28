from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from press import modules
from press.modules import imported_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    files = {
        "study/__init__.py": "",
        "study/dates.py": "from datetime import date",
        "study/panel.py": "from . import dates",
        "study/effects.py": (
            "from typing import TYPE_CHECKING\n"
            "import study.panel as panel\n"
            "if TYPE_CHECKING:\n    from study import unrelated\n"
        ),
        "study/unrelated.py": "",
        "study/late.py": "def f():\n    from study.dates import date\n    return date",
        "study/charts/__init__.py": "from ..dates import date",
        "study/charts/style.py": "",
        "study/charts/lines.py": "from .style import x",
        "study/ring_a.py": "import study.ring_b",
        "study/ring_b.py": "import study.ring_a",
    }
    for name, code in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import pandas", []),
        ("import study", ["__init__"]),
        ("from study import panel", ["__init__", "dates", "panel"]),
        ("from study.effects import fit", ["__init__", "dates", "effects", "panel"]),
        ("from study.late import f", ["__init__", "dates", "late"]),
        (
            "from study.charts import lines",
            ["__init__", "charts/__init__", "charts/lines", "charts/style", "dates"],
        ),
        ("import study.ring_a", ["__init__", "ring_a", "ring_b"]),
        ("from study import nothing", ["__init__"]),
    ],
)
def test_a_module_is_found_however_it_is_imported(source: Path, code: str, expected: list[str]) -> None:
    found = [
        path.relative_to(source / "study").with_suffix("").as_posix() for path in imported_files(code, source)
    ]
    assert found == expected


def test_an_edited_module_is_read_again(source: Path) -> None:
    assert len(imported_files("import study.unrelated", source)) == 2
    (source / "study/unrelated.py").write_text("import study.dates", encoding="utf-8")
    assert len(imported_files("import study.unrelated", source)) == 3


def test_a_module_is_parsed_once_for_all_processes_and_again_where_it_changes(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    parse = ast.parse

    def counted(code: str) -> ast.Module:
        parsed.append(code)
        return parse(code)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ast, "parse", counted)
    for _ in range(2):
        modules._files_imported_by.cache_clear()  # as in another process
        assert source / "study/unrelated.py" not in imported_files("from study import panel", source)
    assert sorted(parsed) == sorted(
        ["from study import panel", "", "from . import dates", "from datetime import date"]
    )
    (source / "study/dates.py").write_text("import study.unrelated", encoding="utf-8")
    assert source / "study/unrelated.py" in imported_files("from study import panel", source)
