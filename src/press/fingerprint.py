"""What a run depends on, in parts that can be compared: never on time, never on where the project lies.

A run's fingerprint covers the notebook's code cells, its parameters, the content of its declared inputs,
the project modules it imports (directly or through others), the environment lock and the version of the
record. A markdown cell is no part of it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.confidential import keyed_digest
from press.modules import imported_files
from press.notebooks.parameters import shown
from press.record import RECORD_VERSION
from press.writing import remember

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from press.notebooks.source import NotebookSource

LOCK = Path("envs/requirements.lock")
SOURCE_FOLDER = Path("src")
_REMEMBERED = Path(".press/checksums")
_REMEMBERED_FROM_BYTES = 1_000_000
Parts = dict[str, Any]


def run_parts(
    notebook: NotebookSource,
    values: Mapping[str, Any],
    inputs: Mapping[str, Path],
    confidential: Collection[str] = (),
) -> Parts:
    """Give the parts of a run's fingerprint. Paths are relative to the project folder.

    `confidential` are names of inputs whose plain checksum may be noted nowhere.
    """
    return {
        "code": _sha256_of_text("\n\0".join(cell.source for cell in notebook.code_cells)),
        "parameters": {name: shown(value) for name, value in sorted(values.items()) if name not in inputs},
        "inputs": {
            name: (keyed_digest if name in confidential else content_sha256)(path)
            for name, path in sorted(inputs.items())
        },
        "modules": {
            path.relative_to(SOURCE_FOLDER).as_posix(): sha256_of_file(path)
            for path in imported_files(notebook.code, SOURCE_FOLDER)
        },
        "lock": sha256_of_file(LOCK) if LOCK.exists() else "",
        "record version": RECORD_VERSION,
    }


def fingerprint(parts: Parts) -> str:
    """Give the one value that stands for all parts: 64 hexadecimal digits."""
    return _sha256_of_text(json.dumps(parts, sort_keys=True))


def content_sha256(path: Path) -> str:
    """Give the SHA-256 of an input. That of a large file is remembered until the file is touched.

    Size, times and inode decide whether a file was touched; the time of the last change of the inode cannot
    be set back, so an edit that hides its time is noticed as well.
    """
    status = path.stat()
    if status.st_size < _REMEMBERED_FROM_BYTES:
        return sha256_of_file(path)
    state = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    note = _REMEMBERED / _sha256_of_text(str(path.resolve()))
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        if known["state"] == state:
            return str(known["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # nothing remembered that can be used
    digest = sha256_of_file(path)
    remember(note, json.dumps({"state": state, "sha256": digest}))
    return digest


def sha256_of_file(path: Path) -> str:
    """Give the SHA-256 of a file's content as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sha256_of_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
