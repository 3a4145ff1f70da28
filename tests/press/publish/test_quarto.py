"""The second engine sends Quarto all it needs and nothing else, and keeps what it gives."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypandoc
import pytest
import typst
import yaml

from press.publish import quarto
from press.publish.errors import PublishError
from press.publish.sources import read_document
from tests.press.publish.library import DATE, Study
from tests.press.publish.pdf_text import pages_of
from tests.press.publish.quarto_paper import render

if TYPE_CHECKING:
    from tests.press.publish.stand_in_quarto import StandIn

FORMS = pytest.mark.parametrize(("form", "to"), [("html", "html"), ("pdf", "typst")])


# What is sent --------------------------------------------------------------------------------------


@FORMS
def test_the_command_names_the_profile_the_form_and_the_results(
    paper: Study, stand_in: StandIn, form: str, to: str
) -> None:
    target = render(paper, form, version="1.2")
    assert target.read_text(encoding="utf-8") == f"{form} by the stand-in\n"
    assert stand_in.record["argv"][:9] == [
        "render", ".", "--profile", "paper", "--to", to, "--no-execute", "--output-dir", "_output",
    ]  # fmt: skip
    assert stand_in.metadata == {
        "press-results": "_results/demo/paper/values.json",
        **({"press-image-folder": "/_results/demo/paper/"} if form == "pdf" else {}),
        "press-template": "report",
        "press-date": "2026-11-23",
        "press-version": "1.2",
        "date": "23 November 2026",
    }
    assert stand_in.record["input"] == ""


def test_quarto_gets_a_copy_of_the_documents_files_and_no_others(paper: Study, stand_in: StandIn) -> None:
    paper.write("# Another document\n", "other.qmd")
    (paper.report / "_results/real/paper").mkdir(parents=True)
    (paper.report / "_results/real/paper/values.json").write_text("{}", encoding="utf-8")
    before = snapshot(paper.report)
    render(paper)
    files = stand_in.record["files"]
    assert {"paper.qmd", "references.bib", "_quarto.yml", "_quarto-paper.yml"} < set(files)
    assert {"_extensions/press/_extension.yml", "_extensions/press/press.lua"} < set(files)
    assert {"_results/demo/paper/values.json", "_results/demo/paper/visits.trend.svg"} < set(files)
    assert "other.qmd" not in files
    assert not [name for name in files if name.startswith("_results/real")]
    for name, digest in files.items():
        if not name.startswith("_results/"):
            assert digest == before[name], name
    assert Path(stand_in.record["cwd"]).name == "report"
    assert not Path(stand_in.record["cwd"]).exists(), "the copy is left behind"
    added = {name for name in snapshot(paper.report) if name not in before}
    assert all(name.startswith("_results/demo/paper/") for name in added), (
        "Quarto wrote into the report folder"
    )


def test_the_users_own_settings_do_not_reach_quarto(
    paper: Study, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "QUARTO_PROFILE",
        "QUARTO_PYTHON",
        "PYTHONPATH",
        "TYPST_FONT_PATHS",
        "XDG_DATA_HOME",
        "LC_TIME",
    ):
        monkeypatch.setenv(name, "the user's")
    monkeypatch.setenv("QUARTO_DENO", "/opt/deno")
    render(paper)
    environment = stand_in.record["environment"]
    assert "the user's" not in environment.values()
    assert environment["QUARTO_DENO"] == "/opt/deno", "an installation by conda would not be found"
    assert environment["PATH"] == os.environ["PATH"]
    assert environment["SOURCE_DATE_EPOCH"] == "1795392000"  # date -u -d 2026-11-23 +%s
    assert environment["TYPST_IGNORE_SYSTEM_FONTS"] == "true"
    assert environment["TZ"] == "UTC"
    assert environment["HOME"] != os.environ.get("HOME")


def test_the_copy_alone_makes_the_pdf(paper: Study, stand_in: StandIn, tmp_path: Path) -> None:
    """What Quarto does with it, done by pandoc and by Typst, neither of which sees anything but the copy."""
    folder = tmp_path / "copy"
    stand_in.behave(keeps=str(folder))
    render(paper, "pdf")
    # Quarto sets this name for filters, and finds their modules beside them.
    (tmp_path / "quarto.lua").write_text(
        'quarto = {}\npackage.path = "_extensions/press/?.lua"\ndofile("_extensions/press/press.lua")\n'
    )
    options = [part for each in stand_in.metadata.items() for part in ("--metadata", ":".join(each))]
    made = subprocess.run(
        [
            pypandoc.get_pandoc_path(), "paper.qmd", "--from", "markdown", "--to", "typst-citations-smart",
            "--standalone", "--lua-filter", str(tmp_path / "quarto.lua"), "--template", "theme/template.typ",
            "--metadata-file", "_quarto.yml", "--citeproc", *options, "--output", "paper.typ",
        ],
        cwd=folder, capture_output=True, text=True, check=False, env={"HOME": str(tmp_path)},
    )  # fmt: skip
    assert made.stderr == ""
    content, warnings = typst.compile_with_warnings(
        str(folder / "paper.typ"), root=str(folder), font_paths=[str(folder / quarto.FONTS)],
        ignore_system_fonts=True, pdf_standards="ua-1",
    )  # fmt: skip
    assert warnings == []
    (tmp_path / "paper.pdf").write_bytes(content)
    text = " ".join(pages_of(tmp_path / "paper.pdf"))
    assert "There were 1,234 visits" in text
    assert "23 November 2026" in text


# What the project's own files refer to -------------------------------------------------------------


def test_all_that_the_reports_quarto_project_refers_to_lies_inside_it(project: Path) -> None:
    """So that `quarto render --profile summary` by hand, and the copy, lack nothing."""
    report = project / "report"
    settings = yaml.safe_load((report / "_quarto.yml").read_text(encoding="utf-8"))
    documents = yaml.safe_load((project / "config/documents.yaml").read_text(encoding="utf-8"))
    assert settings["profile"]["group"] == [[document["name"] for document in documents]]
    assert settings["format"]["html"]["embed-resources"] is True
    for document in documents:
        profile = yaml.safe_load((report / f"_quarto-{document['name']}.yml").read_text(encoding="utf-8"))
        assert profile["project"]["render"] == [document["source"]]
        assert profile["press-template"] == document["template"]
        assert profile["press-results"] == f"_results/demo/{document['name']}/values.json"
        assert profile["format"]["typst"]["press-image-folder"] == f"/_results/demo/{document['name']}/"

        files = quarto.project_files(read_document(report, document["source"]), document["name"])
        inside = {path.relative_to(report).as_posix() for path in files}
        referred = [
            settings["bibliography"], settings["csl"], settings["format"]["html"]["css"],
            settings["format"]["typst"]["template"], *(each["path"] for each in settings["filters"]),
            *settings.get("metadata-files", []),
        ]  # fmt: skip
        for path in files:
            referred += references_in(path, report)
        assert len(referred) > 20
        assert [name for name in referred if name not in inside] == []
    assert Path(settings["format"]["typst"]["font-paths"]) == quarto.FONTS


def references_in(path: Path, report: Path) -> list[str]:
    """Files that a file of the report names, relative to the report folder."""
    text = path.read_text(encoding="utf-8")
    found = {
        ".qmd": r"\{\{< include (\S+) >\}\}|!\[[^\]]*\]\(([^)]+)\)",
        ".typ": r'#import "([^"]+)"',
        ".lua": r'require\("(\w+)"\)',
        ".css": r"url\(([^)]+)\)",
    }.get(path.suffix)
    names = ["".join(groups) for groups in re.findall(f"(?:{found})()", text)] if found else []
    # Typst takes the template's imports from the text made of it, which lies in the report folder.
    base = report if path.name == "template.typ" else path.parent
    ending = ".lua" if path.suffix == ".lua" else ""
    return [
        os.path.relpath(base / f"{name}{ending}", report) for name in names if not name.startswith("data:")
    ]


def test_the_typefaces_of_the_theme_are_staged_inside_the_report(study: Study, project: Path) -> None:
    quarto.stage_fonts(study.report)
    staged = sorted((study.report / quarto.FONTS).iterdir())
    assert len(staged) == 8
    assert {path.read_bytes()[:4] for path in staged} == {b"\x00\x01\x00\x00"}  # the mark of a TrueType file


# What is kept --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ({"writes": []}, "gave no paper.html; it wrote nothing."),
        ({"writes": ["index.html"]}, "it wrote index.html. Look whether"),
        ({"writes": ["paper.html", "paper_files/libs/a.js"]}, "put 1 files beside paper.html"),
        ({"fails": True}, "Quarto 1.9.38 failed: it said nothing."),
        ({"fails": True, "says": "ERROR: NotFound\n"}, "Quarto 1.9.38 failed: ERROR: NotFound"),
    ],
)
def test_a_failure_leaves_the_old_document(
    paper: Study, stand_in: StandIn, behaviour: dict[str, Any], words: str
) -> None:
    target = render(paper)
    target.write_text("the old one", encoding="utf-8")
    stand_in.behave(**behaviour)
    with pytest.raises(PublishError) as caught:
        render(paper)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{paper.report}/paper.qmd: Quarto 1.9.38 ")
    assert target.read_text(encoding="utf-8") == "the old one"
    assert list(target.parent.iterdir()) == [target]


def test_a_document_without_a_profile_is_told_what_to_write(paper: Study, stand_in: StandIn) -> None:
    (paper.report / "_quarto-paper.yml").unlink()
    with pytest.raises(
        PublishError, match=r"_quarto-paper\.yml: missing\. Quarto renders the document 'paper' by"
    ):
        render(paper)
    assert not stand_in.was_asked_to_render


def test_a_document_that_was_not_staged_is_not_rendered(paper: Study, stand_in: StandIn) -> None:
    with pytest.raises(PublishError, match=r"values\.json: nothing is staged for .*paper\.qmd yet"):
        quarto.render(
            paper.read(), paper.report / "_results/demo/none", paper.folder / "x.html", form="html",
            profile="paper", report_date=DATE,
        )  # fmt: skip
    assert not stand_in.was_asked_to_render


def snapshot(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
