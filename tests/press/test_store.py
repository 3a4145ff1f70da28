from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from press.provenance import Provenance, changes, read_note, withdraw_if_altered, write_note
from press.store import Store

if TYPE_CHECKING:
    from pathlib import Path

A, B, C = ("a" * 64, "b" * 64, "c" * 64)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def test_what_was_kept_is_found_whole(store: Store) -> None:
    store.keep(A, {"record.json": b"{}", "files/by_day.csv": b"1\n"})
    entry = store.find(A)
    assert entry is not None
    assert entry.names() == ["files/by_day.csv", "record.json"]
    assert entry.names("files/") == ["files/by_day.csv"]
    assert entry.text("files/by_day.csv") == "1\n"
    assert store.find(B) is None


def test_keeping_the_same_twice_leaves_one_entry_and_no_rest(store: Store) -> None:
    for _ in range(2):
        assert store.keep(A, {"x": b"1"}).text("x") == "1"
    assert [path.name for path in store.folder.iterdir()] == [A]


@pytest.mark.parametrize("damage", ["changed", "deleted", "no manifest", "manifest of another kind"])
def test_a_damaged_entry_is_dropped(store: Store, damage: str) -> None:
    folder = store.keep(A, {"x": b"1"}).folder
    if damage == "changed":
        (folder / "x").write_bytes(b"2")
    elif damage == "deleted":
        (folder / "x").unlink()
    elif damage == "no manifest":
        (folder / "manifest.json").unlink()
    else:
        (folder / "manifest.json").write_text("[]", encoding="utf-8")
    assert store.find(A) is None
    assert list(store.folder.iterdir()) == []


def used(store: Store, fingerprint: str, days_ago: float) -> None:
    manifest = store.keep(fingerprint, {"x": b"1" * 1000}).folder / "manifest.json"
    then = time.time() - days_ago * 86400
    os.utime(manifest, (then, then))


def test_pruning_by_age_spares_what_the_build_uses(store: Store) -> None:
    for fingerprint, days_ago in ((A, 40), (B, 40), (C, 1)):
        used(store, fingerprint, days_ago)
    assert [name for name, _ in store.prune({A}, older_than_days=30)] == [B]
    assert sorted(path.name for path in store.folder.iterdir()) == [A, C]


def test_pruning_by_size_takes_the_least_recently_used_first(store: Store) -> None:
    for fingerprint, days_ago in ((A, 3), (B, 2), (C, 1)):
        used(store, fingerprint, days_ago)
    size = store.prune(set(), max_bytes=10_000_000)
    assert size == []
    assert [name for name, _ in store.prune(set(), max_bytes=2600)] == [A]
    assert [name for name, _ in store.prune({B}, max_bytes=0)] == [C]
    assert [path.name for path in store.folder.iterdir()] == [B]


def test_finding_an_entry_makes_it_recently_used(store: Store) -> None:
    used(store, A, 40)
    assert store.find(A) is not None
    assert store.prune(set(), older_than_days=30) == []


def test_a_note_tells_an_edited_from_a_deleted_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("x", "y"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    note = tmp_path / "note.json"
    write_note(
        note,
        A,
        {"code": "1"},
        [(tmp_path / "x").relative_to(tmp_path), (tmp_path / "y").relative_to(tmp_path)],
    )
    kept = read_note(note)
    assert kept is not None
    assert kept.altered() == []
    withdraw_if_altered(note)
    assert note.exists()
    (tmp_path / "x").write_text("z", encoding="utf-8")
    (tmp_path / "y").unlink()
    assert kept.altered() == ["x", "y"]
    withdraw_if_altered(note)
    assert not note.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"fingerprint": "a"}'])
def test_a_note_that_cannot_be_read_is_no_note(tmp_path: Path, text: str) -> None:
    note = tmp_path / "note.json"
    note.write_text(text, encoding="utf-8")
    assert read_note(note) is None
    withdraw_if_altered(note)
    assert not note.exists()


def test_changes_are_said_in_words() -> None:
    before = {
        "code": "1",
        "inputs": {"panel": "1", "old": "1"},
        "modules": {"library/sums.py": "1"},
        "parameters": {"window": "24"},
    }
    now = {
        "code": "2",
        "inputs": {"panel": "2", "new": "1"},
        "modules": {"library/sums.py": "2"},
        "parameters": {"window": "12"},
    }
    assert list(changes(before, now)) == [
        "code changed",
        "input new is new",
        "input old is gone",
        "input panel changed",
        "module library/sums.py changed",
        "parameter window: 24 → 12",
    ]
    assert list(changes(now, now)) == []
    assert Provenance(A, now, {}).altered() == []
