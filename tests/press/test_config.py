from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from press.config import load
from press.errors import WrongUseError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, project: Path) -> Path:
    shutil.copytree(project / "config", tmp_path / "config")
    return tmp_path


def test_the_committed_configuration_is_valid(project: Path) -> None:
    config = load(project)
    assert [document.name for document in config.documents] == ["summary", "full-report"]
    assert config.run("describe_indicator/ae_4h").key == "indicator.ae_4h"
    assert config.run("describe_regime").key == "regime"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("config.yaml", "report_date: soon", "config/config.yaml: report_date"),
        ("config.yaml", "report_date: 2026-11-30\nreprt: 1", "config/config.yaml: reprt: Extra inputs"),
        ("runs.yaml", "- {notebook: a, namespace: x, input: {}}", "Did you mean 'inputs'?"),
        (
            "runs.yaml",
            "- {notebook: a, namespace: x}\n- {notebook: b, namespace: x}",
            "the namespace 'x' is used by a and b",
        ),
        ("config.yaml", "a: [", "config/config.yaml, line"),
        ("runs.yaml", "- notebook: A B\n  namespace: x", "config/runs.yaml: 0.notebook"),
        (
            "runs.yaml",
            "- {notebook: a, namespace: x}\n- {notebook: a, namespace: x, run: b}",
            "config/runs.yaml: 'a' has several runs",
        ),
        (
            "runs.yaml",
            "- {notebook: a, namespace: x, run: b}\n" * 2,
            "config/runs.yaml: 'a/b' stands there twice",
        ),
        (
            "runs.yaml",
            "- {notebook: a, namespace: x}\n- {notebook: b, namespace: y, records: {r: aa}}",
            "b reads the record of 'aa', which is no run. Did you mean 'a'?",
        ),
        ("documents.yaml", "- {name: s, source: s.qmd, template: poster, formats: [html]}", "0.template"),
    ],
)
def test_a_wrong_configuration_names_the_file_and_the_field(
    folder: Path, name: str, content: str, words: str
) -> None:
    (folder / "config" / name).write_text(content, encoding="utf-8")
    with pytest.raises(WrongUseError) as caught:
        load(folder)
    assert words in str(caught.value)


def test_a_missing_file_says_how_to_restore_it(folder: Path) -> None:
    (folder / "config/runs.yaml").unlink()
    with pytest.raises(
        WrongUseError, match=r"config/runs\.yaml is missing\. Restore it: git checkout config/"
    ):
        load(folder)


def test_an_unknown_run_suggests_the_nearest(project: Path) -> None:
    with pytest.raises(WrongUseError, match="Did you mean 'describe_regime'"):
        load(project).run("describe_regimes")
