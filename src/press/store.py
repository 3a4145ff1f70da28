"""The run store: what a step made, kept under the fingerprint of everything it depends on.

An entry is a folder of files with a manifest of their checksums. It is written beside its place and renamed
into it, so it is there whole or not at all; several processes may share a store. An entry that no longer
fits its manifest is dropped, and the step is carried out anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from press.fingerprint import sha256_of_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set

STORE = Path(".press/runs")
_MANIFEST = "manifest.json"
# A folder being written is this young at most, unless its writer was killed.
_ABANDONED_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Entry:
    """One entry: its files by name, and their checksums."""

    fingerprint: str
    folder: Path
    checksums: dict[str, str]

    def path(self, name: str) -> Path:
        """Give the path of one file. Never write to it."""
        return self.folder / name

    def text(self, name: str) -> str:
        """Give the content of a text file."""
        return self.path(name).read_text(encoding="utf-8")

    def names(self, prefix: str = "") -> list[str]:
        """List the files whose name starts with `prefix`, sorted."""
        return sorted(name for name in self.checksums if name.startswith(prefix))


class Store:
    """Entries in one folder."""

    def __init__(self, folder: Path = STORE) -> None:
        self.folder = folder

    def find(self, fingerprint: str) -> Entry | None:
        """Give the entry, verified. A damaged one is dropped, and is then as if it had never been there."""
        folder = self.folder / fingerprint
        if not folder.is_dir():
            return None
        try:
            checksums = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            damaged = any(sha256_of_file(folder / name) != digest for name, digest in checksums.items())
        except (OSError, ValueError, AttributeError):
            damaged = True
        if damaged:
            self._drop(folder)
            return None
        # The time of the last use is what pruning goes by.
        os.utime(folder / _MANIFEST)
        return Entry(fingerprint, folder, checksums)

    def keep(self, fingerprint: str, contents: Mapping[str, bytes]) -> Entry:
        """Store files under a fingerprint, in one step, and give the entry."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder))
        try:
            for name, content in sorted(contents.items()):
                path = fresh / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            checksums = {name: sha256_of_file(fresh / name) for name in sorted(contents)}
            (fresh / _MANIFEST).write_text(json.dumps(checksums, indent=1) + "\n", encoding="utf-8")
            fresh.chmod(0o755)
            fresh.rename(self.folder / fingerprint)
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
            # Another process may have stored the same in the meantime, which serves as well.
            entry = self.find(fingerprint)
            if entry is None:
                raise
            return entry
        return Entry(fingerprint, self.folder / fingerprint, checksums)

    def prune(
        self, used: Set[str], *, older_than_days: float | None = None, max_bytes: int | None = None
    ) -> list[tuple[str, int]]:
        """Delete entries that are older, then the least recently used until the rest fits.

        Never deletes an entry in `used`. Returns fingerprint and size in bytes of each deleted entry.
        """
        now = time.time()
        deleted: list[tuple[str, int]] = []
        kept: list[tuple[float, str, int]] = []
        for folder in self._folders():
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            manifest = folder / _MANIFEST
            last_use = manifest.stat().st_mtime if manifest.exists() else 0.0
            old = older_than_days is not None and now - last_use > older_than_days * 86400
            if old and folder.name not in used:
                self._drop(folder)
                deleted.append((folder.name, size))
            else:
                kept.append((last_use, folder.name, size))
        if max_bytes is not None:
            total = sum(size for _, _, size in kept)
            for _, name, size in sorted(kept):
                if total > max_bytes and name not in used:
                    self._drop(self.folder / name)
                    deleted.append((name, size))
                    total -= size
        return deleted

    def _folders(self) -> Iterator[Path]:
        if not self.folder.is_dir():
            return
        for folder in sorted(self.folder.iterdir()):
            if not folder.name.startswith("."):
                yield folder
            elif time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)

    def _drop(self, folder: Path) -> None:
        # Renamed first: another process sees the whole entry or none.
        doomed = Path(tempfile.mkdtemp(prefix=".old-", dir=self.folder))
        with contextlib.suppress(OSError):  # another process may have dropped it
            folder.rename(doomed / "entry")
        shutil.rmtree(doomed, ignore_errors=True)
