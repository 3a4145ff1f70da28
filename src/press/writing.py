"""Puts a finished file or folder in its place in one step."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a file in one step: a reader sees the old text or the new, never a part."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file in one step. A file that holds these bytes already keeps its time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_bytes() == content:
        return
    # Always the same name: what a killed process left is overwritten by the next, and does not pile up.
    temporary = path.with_name(f".{path.name}.new")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def remember(path: Path, text: str) -> None:
    """Write what any process may work out again, in one step, though several may write it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def write_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    """Put a folder with these files, by relative name, in the place of what stands there.

    It is made beside its place and renamed into it. A folder that holds these files already is left alone.
    """
    if path.is_dir() and contents == {
        each.relative_to(path).as_posix(): each.read_bytes() for each in path.rglob("*") if each.is_file()
    }:
        return
    fresh = path.with_name(f".{path.name}.new")
    remove(fresh)
    try:
        for name, content in sorted(contents.items()):
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(content)
        put(fresh, path)
    finally:
        remove(fresh)


def put(fresh: Path, path: Path) -> None:
    """Rename a file or folder into its place, whatever stands there."""
    if not (fresh.is_dir() or path.is_dir()):
        fresh.replace(path)
        return
    old = path.with_name(f".{path.name}.old")
    remove(old)
    if path.exists():
        path.rename(old)
    fresh.rename(path)
    remove(old)


def remove(path: Path) -> None:
    """Delete a file or a folder with all it holds; nothing there is well."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
