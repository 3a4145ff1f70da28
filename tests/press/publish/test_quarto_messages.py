"""What Quarto says is traced to the author's file and line; what it only warns of is not overlooked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from press.publish import quarto_messages
from press.publish.errors import PublishError
from tests.press.publish.quarto_paper import TEXT, render

if TYPE_CHECKING:
    from tests.press.publish.library import Study
    from tests.press.publish.stand_in_quarto import StandIn

YAML_VALIDATION = """\x1b[91mERROR: Validation of YAML front matter failed.\x1b[39m
\x1b[91mERROR: (line 3, columns 1--11) Field "toc" has empty value but it must instead be true or false
2: title: Visits
3: toc:
      ~
\x1b[39m
ERROR: Render failed due to invalid YAML.

Stack trace:
    at renderFileInternal (file:///opt/quarto/bin/quarto.js:463:13)
"""
SAID = [
    (YAML_VALIDATION, "paper.qmd, line 3"),
    ("ERROR: In file two.qmd\n(line 13, column 3 through line 18, column 26) Key x\n", "two.qmd, line 13"),
    ("ERROR: YAMLException: can not read a block mapping entry (two.qmd, 8:19)\n7: x\n", "two.qmd, line 8"),
    ("ERROR: YAMLError: {folder}/two.qmd:\nbad indentation at line 10, column 14:\n", "two.qmd, line 10"),
    (
        "ERROR: Include directive failed.\n  in file {folder}/paper.qmd, \n  could not find file no.qmd.\n",
        "paper.qmd, line 1",
    ),
    ("error: unknown variable: hang\n   ┌─ theme/press.typ:45:2\n45 │ hang\n", "theme/press.typ, line 45"),
    ("error: unknown variable: hang\n   ┌─ paper.typ:45:2\n45 │ hang\n", None),
    (
        "Error running filter {folder}/_extensions/press/press.lua:\n"
        "{folder}/_extensions/press/values.lua:12: attempt to index a nil value\nstack traceback:\n",
        "_extensions/press/values.lua, line 12",
    ),
    (
        "ERROR: Validation of configuration profile file _quarto-paper.yml failed.\n\n"
        "ERROR: (line 4, columns 3--9) property name wrong\n",
        "_quarto-paper.yml, line 4",
    ),
    ("ERROR: Project _quarto.yml validation failed.\nERROR: (line 2, column 1) x\n", "_quarto.yml, line 2"),
    ("an unknown word\n", None),
]  # fmt: skip


@pytest.mark.parametrize(("says", "place"), SAID)
def test_what_quarto_says_is_traced_to_the_authors_file_and_line(
    paper: Study, stand_in: StandIn, says: str, place: str | None
) -> None:
    paper.write(TEXT + "\n{{< include two.qmd >}}\n")
    paper.write("Words.\n" * 20, "two.qmd", front="")
    stand_in.behave(says=says, fails=True)
    with pytest.raises(PublishError) as caught:
        render(paper)
    message = str(caught.value)
    expected = (
        f"{paper.report}/{place}: Quarto 1.9.38 failed: " if place else f"{paper.report}/paper.qmd: Quarto"
    )
    assert message.startswith(expected), message
    assert stand_in.record["cwd"] not in message
    assert "\x1b" not in message
    assert "quarto.js" not in message
    assert says.strip().split("\n")[-1].split("(")[0].strip()[:20] in message or "Stack trace" in says


def test_what_the_filter_found_is_traced_by_the_words(paper: Study, stand_in: StandIn) -> None:
    problem = (
        '{"message": "there is no result \'visits.totl\' in the staged values.", "search": "visits.total"}',
        '{"message": "\'@fig-trnd\' points to nothing.", "search": "@fig-trend", "label": "fig-trnd", '
        '"known": ["fig-trend", "tbl-years"]}',
    )
    says = (
        "".join(f"press-problem\t{each}\n" for each in problem)
        + "Error running filter press.lua:\npress: x\n"
    )
    stand_in.behave(says=says, fails=True)
    with pytest.raises(PublishError) as caught:
        render(paper)
    assert str(caught.value).splitlines() == [
        f"{paper.report}/paper.qmd, line 6: there is no result 'visits.totl' in the staged values.",
        f"{paper.report}/paper.qmd, line 6: '@fig-trnd' points to nothing. Did you mean 'fig-trend'?",
    ]


@pytest.mark.parametrize(
    ("says", "message"),
    [
        (
            "[WARNING] Citeproc: citation lane2020 not found\n",
            "paper.qmd, line 6: the citation '@lane2020' is not in references.bib.",
        ),
        (
            "WARNING: Unable to resolve crossref @tbl-years\n",
            "paper.qmd, line 6: '@tbl-years' points to nothing: no figure, table or heading has that label.",
        ),
        (
            "warning: unknown font family: orbitron\n   ┌─ paper.typ:3:1\n",
            "paper.qmd: Quarto's Typst lacks the typeface 'orbitron' and would use another. "
            "Name in the theme only typefaces that come with the project.",
        ),
    ],
)
def test_a_document_with_something_left_out_is_refused_though_quarto_goes_on(
    paper: Study, stand_in: StandIn, says: str, message: str
) -> None:
    stand_in.behave(says=says)
    with pytest.raises(PublishError) as caught:
        render(paper)
    assert str(caught.value) == f"{paper.report}/{message}"


def test_other_warnings_are_passed_on_and_the_document_is_kept(paper: Study, stand_in: StandIn) -> None:
    stand_in.behave(
        says="\x1b[33mWARNING: typst-gather analyze failed\x1b[39m\npandoc \n  to: html\nOutput created\n"
    )
    heard: list[str] = []
    assert render(paper, echo=heard.append).is_file()
    assert heard == [f"{paper.report}/paper.qmd: Quarto 1.9.38 warns: typst-gather analyze failed"]


@given(st.lists(st.sampled_from(SAID), max_size=3), st.text(max_size=80), st.booleans(), st.integers(0, 200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_whatever_quarto_says_a_failure_has_a_message_and_the_copy_is_not_named(
    paper: Study, said: list[tuple[str, str | None]], noise: str, failed: bool, cut: int
) -> None:
    text = "".join(says for says, _ in said).replace("{folder}", "/tmp/copy/report")[cut:] + noise  # noqa: S108
    heard = quarto_messages.read(
        f"press-problem\t{text}\n{text}", failed=failed, document=paper.read(),
        files=[paper.report / "paper.qmd"], folder=Path("/tmp/copy/report"), quarto="Quarto 1.9.38",  # noqa: S108
    )  # fmt: skip
    assert bool(heard.problems) >= failed
    assert "/tmp/copy/report" not in "".join((*heard.problems, *heard.warnings))  # noqa: S108
