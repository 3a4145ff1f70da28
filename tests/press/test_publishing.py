"""Published documents: files and folders replaced whole, and nothing of an older edition beside the new."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from press.config import BuildConfig, Config, DocumentConfig
from press.documents import publish, publish_one
from press.errors import PressError
from press.layout import Layout, World, resolve_world
from press.project import Project
from press.provenance import read_note
from press.writing import write_folder


def project_with(formats: list[str]) -> Project:
    document = DocumentConfig.model_validate(
        {"name": "report", "source": "report.qmd", "template": "report", "formats": formats}
    )
    build = BuildConfig.model_validate({"report_date": date(2026, 11, 30)})
    return Project(Config(build=build, runs=[], documents=[document]), Layout(World("demo", "demo")))


def render_site(project: Project, *names: str) -> None:
    write_folder(project.layout.rendered("report", "site"), {name: name.encode() for name in names})


def found(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_page_that_is_gone_does_not_stay_in_the_published_site() -> None:
    project = project_with(["site"])
    render_site(project, "index.html", "old.html", "figures/a.svg")
    assert publish(project) == [Path("dist/report")]
    assert found(Path("dist")) == ["report/figures/a.svg", "report/index.html", "report/old.html"]
    render_site(project, "index.html", "new.html")
    publish(project)
    assert found(Path("dist")) == ["report/index.html", "report/new.html"]


def test_the_note_lists_every_page_so_that_an_edited_one_is_seen() -> None:
    project = project_with(["site"])
    render_site(project, "index.html", "figures/a.svg")
    publish(project)
    note = read_note(project.layout.published_note)
    assert note is not None
    assert sorted(note.outputs) == ["dist/report/figures/a.svg", "dist/report/index.html"]
    Path("dist/report/index.html").write_text("edited", encoding="utf-8")
    assert note.altered() == ["dist/report/index.html"]


def test_a_form_that_is_no_longer_published_does_not_stay_beside_the_new_one() -> None:
    for form in ("html", "pdf"):
        path = Path(f"dist/report.{form}")
        path.parent.mkdir(exist_ok=True)
        path.write_text("of last year", encoding="utf-8")
    Path("dist/notes.txt").write_text("the reader's own", encoding="utf-8")
    project = project_with(["site"])
    render_site(project, "index.html")
    publish(project)
    assert found(Path("dist")) == ["notes.txt", "report/index.html"]


def test_what_is_not_rendered_leaves_what_was_published() -> None:
    project = project_with(["site", "pdf"])
    render_site(project, "index.html")
    Path("dist").mkdir()
    Path("dist/report.pdf").write_bytes(b"old")
    with pytest.raises(PressError, match=r"Not rendered yet: results/demo/_documents/report\.pdf"):
        publish(project)
    assert found(Path("dist")) == ["report.pdf"]


def test_one_site_is_published_by_itself() -> None:
    project = project_with(["site", "pdf"])
    render_site(project, "index.html")
    assert publish_one(project, "report", "site") == Path("dist/report")
    assert found(Path("dist")) == ["report/index.html"]


def test_a_world_and_a_document_of_one_name_share_no_folder(folder: Path) -> None:
    (folder / "full-report").mkdir()
    assert resolve_world("full-report").id == "full-report"
    assert resolve_world("full-report", ["summary", "full-report"]).id == "full-report-data"


def test_a_folder_is_replaced_whole_and_one_that_is_the_same_keeps_its_times(folder: Path) -> None:
    contents = {"a.html": b"1", "figures/b.svg": b"2"}
    write_folder(folder / "site", contents)
    times = {path: path.stat().st_mtime_ns for path in (folder / "site").rglob("*")}
    write_folder(folder / "site", contents)
    assert {path: path.stat().st_mtime_ns for path in (folder / "site").rglob("*")} == times
    (folder / ".site.new").mkdir()
    (folder / ".site.new" / "left by a killed build.html").touch()
    write_folder(folder / "site", {"a.html": b"3"})
    assert found(folder) == ["site/a.html"]
    assert (folder / "site/a.html").read_bytes() == b"3"
