"""Prose is read whole, with the place of every line, or refused with the place of every fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from press.publish import scan
from press.publish.errors import PublishError

if TYPE_CHECKING:
    from tests.press.publish.library import Study


def test_includes_keep_the_line_of_every_line(study: Study) -> None:
    study.write("One []{n=a.b}\n\n{{< include chapters/two.qmd >}}\n\nlast []{n=e.f}\n")
    study.write("# Two\n\n[]{n=c.d part=interval}\n{{< include three.qmd >}}\n", "chapters/two.qmd", front="")
    study.write("[]{n=g.h}\n", "chapters/three.qmd", front="")
    document = study.read()
    where = {use.key: document.place(use.line) for use in document.uses}
    report = study.report
    assert where == {
        "a.b": (report / "paper.qmd", 4),
        "c.d": (report / "chapters/two.qmd", 3),
        "g.h": (report / "chapters/three.qmd", 1),
        "e.f": (report / "paper.qmd", 8),
    }
    assert report / "chapters/three.qmd" in document.files


def test_every_part_of_the_filter_and_the_theme_is_a_file_of_the_document(study: Study) -> None:
    study.write("x\n")
    files = study.read().files
    parts = [*(study.report / "_extensions" / "press").glob("*.lua"), *(study.report / "theme").iterdir()]
    assert len(parts) > 10
    assert set(parts) <= set(files)
    assert list(files) == sorted(files)


def test_keys_of_conditions_and_front_matter_are_quoted_keys_and_code_is_not(study: Study) -> None:
    study.write(
        '::: {.content-visible when-result="a.one a.two"}\n::: {#fig-x result=a.three}\n:::\n:::\n'
        "`[]{n=a.code}` and\n\n```\n[]{n=a.fenced}\n```\n\n<!-- []{n=a.comment}\n-->\n"
        "::: {.content-visible unless-result=a.four}\n:::\n",
        front="title: T\nabstract: |\n  We saw []{n=a.front} visits.\n",
    )
    document = study.read()
    assert document.keys == ("a.four", "a.front", "a.one", "a.three", "a.two")
    front = next(use for use in document.uses if use.key == "a.front")
    assert document.place(front.line) == (study.report / "paper.qmd", 4)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("{{< include nothing.qmd >}}\n", 4, "no file"),
        ("{{< include ../outside.qmd >}}\n", 4, "outside the report folder"),
        ("x\n\n{{< include paper.qmd >}}\n", 6, "circular include"),
        ("{{< inlcude two.qmd >}}\n", 4, "Did you mean 'include'?"),
        ("words {{< include two.qmd >}}\n", 4, "alone on its line"),
        ("![x](../../etc/passwd)\n", 4, "not a file inside the report folder"),
        ("![x](https://example.org/a.png)\n", 4, "not a file inside the report folder"),
    ],
)
def test_a_fault_in_the_sources_names_file_and_line(study: Study, text: str, line: int, says: str) -> None:
    (study.folder / "outside.qmd").write_text("secret", encoding="utf-8")
    study.write(text)
    with pytest.raises(PublishError) as caught:
        study.read()
    assert f"{study.report / 'paper.qmd'}, line {line}: " in str(caught.value)
    assert says in str(caught.value)


def test_a_link_out_of_the_report_folder_is_not_followed(study: Study) -> None:
    (study.folder / "outside.qmd").write_text("secret", encoding="utf-8")
    (study.report / "inside.qmd").symlink_to(study.folder / "outside.qmd")
    study.write("{{< include inside.qmd >}}\n")
    with pytest.raises(PublishError, match="outside the report folder"):
        study.read()


def test_all_faults_are_listed_at_once(study: Study) -> None:
    study.write("{{< include a.qmd >}}\n\n{{< include b.qmd >}}\n\n![x](c.png)\n")
    with pytest.raises(PublishError) as caught:
        study.read()
    assert [line.split(": ")[0][-6:] for line in str(caught.value).splitlines()] == [
        "line 4",
        "line 6",
        "line 8",
    ]


def test_front_matter_that_is_no_yaml_names_the_line(study: Study) -> None:
    study.write("Text\n", front="title: T\nauthor: [a\n")
    with pytest.raises(PublishError, match=r"paper\.qmd, line 3: this is no YAML"):
        study.read()


def test_an_unknown_document_suggests_the_nearest(study: Study) -> None:
    study.write("x\n")
    with pytest.raises(PublishError, match=r"Did you mean 'paper\.qmd'\?"):
        study.read("papers.qmd")


def test_line_marks_leave_code_and_line_numbers_alone() -> None:
    text = "a []{n=x.y} b\n`[]{n=x.y}`\n\n    ::: {#fig-a result=x.z}\n~~~\n[]{n=x.y}\n~~~\n"
    assert scan.mark_lines(text) == text.replace("a []{n=x.y}", "a []{n=x.y press-line=1}").replace(
        "result=x.z}", "result=x.z press-line=4}"
    )
