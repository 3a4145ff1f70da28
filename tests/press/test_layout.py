from __future__ import annotations

from pathlib import Path

import pytest

from press.errors import WrongUseError
from press.layout import Layout, World, claim_world, find_project, resolve_world


def test_the_default_world_is_published_into_dist_itself() -> None:
    assert Layout(World("demo", "demo")).dist == Path("dist")
    assert Layout(World("real", "../real")).dist == Path("dist/real")


def test_two_worlds_share_no_path() -> None:
    demo, real = Layout(World("demo", "demo")), Layout(World("real", "../real"))
    for one, other in zip(paths(demo), paths(real), strict=True):
        assert one != other
        assert not other.is_relative_to(one)


def test_what_quarto_makes_lies_beside_what_the_built_in_engine_makes() -> None:
    for world in (World("demo", "demo"), World("real", "../real")):
        ours, quartos = Layout(world), Layout(world, "quarto")
        assert quartos.dist == ours.dist / "quarto"
        assert quartos.staged("summary") == ours.staged("summary")
        for one, other in (
            (ours.rendered("summary", "pdf"), quartos.rendered("summary", "pdf")),
            (ours.rendered_note("summary", "pdf"), quartos.rendered_note("summary", "pdf")),
            (ours.published_note, quartos.published_note),
        ):
            assert other == one.parent / "quarto" / one.name


def paths(layout: Layout) -> list[Path]:
    return [
        layout.tidy,
        layout.results,
        layout.figures("a"),
        layout.failed("a"),
        layout.staged("summary"),
        layout.rendered("summary", "pdf"),
        layout.dist / "summary.pdf",
    ]


def test_a_folder_gives_its_name_to_its_world(tmp_path: Path) -> None:
    for name, expected in [
        ("Our Data (2)", "our-data-2"),
        ("demo", "demo-data"),
        ("public", "public-data"),
        ("quarto", "quarto-data"),
        ("…", "data"),
    ]:
        folder = tmp_path / name
        folder.mkdir()
        assert resolve_world(str(folder)).id == expected


def test_the_public_world_needs_no_folder_and_claims_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve_world("public") == World("public", "public")
    claim_world(Layout(resolve_world("public")))
    assert list(tmp_path.iterdir()) == []
    assert Layout(World("public", "public")).dist == Path("dist/public")


def test_a_wrong_data_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        WrongUseError, match=r"DATA=.*nix: that folder does not exist\. Give 'demo', 'public' or"
    ):
        resolve_world(str(tmp_path / "nix"))
    (tmp_path / "file.csv").touch()
    with pytest.raises(WrongUseError, match="is a file, not a folder"):
        resolve_world(str(tmp_path / "file.csv"))


def test_two_folders_of_one_name_do_not_overwrite_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for parent in ("a", "b"):
        (tmp_path / parent / "real").mkdir(parents=True)
    claim_world(Layout(resolve_world("a/real")))
    claim_world(Layout(resolve_world("a/real")))
    with pytest.raises(WrongUseError, match="both folders are named 'real'"):
        claim_world(Layout(resolve_world("b/real")))
    (tmp_path / "a/real").rmdir()
    claim_world(Layout(resolve_world("b/real")))


def test_the_project_is_found_from_a_folder_inside_it(project: Path, tmp_path: Path) -> None:
    assert find_project(project / "src" / "press") == project
    with pytest.raises(WrongUseError, match="No project here"):
        find_project(tmp_path)
