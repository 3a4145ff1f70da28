"""Digests of confidential files: they tell that a file changed, and nobody what stands in it.

Whoever has a plain checksum and a guess of a short list can check the guess. A confidential file is therefore
noted by a digest with a key (HMAC-SHA-256) that is drawn once for a project folder and kept in it, readable
by its owner alone. So two folders note the same file differently, and the notes of what depends on it differ.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from press.errors import PressError

KEY = Path(".press/key")
KEYED = "keyed:"
_LENGTH = 64


def keyed_digest(path: Path) -> str:
    """Give the digest of a confidential file: `keyed:` and 64 hexadecimal digits."""
    return KEYED + hmac.new(_key(), path.read_bytes(), "sha256").hexdigest()


def _key() -> bytes:
    if not KEY.exists():
        _draw_key()
    key = KEY.read_bytes().strip()
    if len(key) != _LENGTH:
        raise PressError(f"{KEY} is damaged. Delete it: what depends on confidential files is built anew.")
    return key


def _draw_key() -> None:
    KEY.parent.mkdir(parents=True, exist_ok=True)
    # Such a file is readable by its owner alone from the beginning on.
    handle, name = tempfile.mkstemp(prefix=".key-", dir=KEY.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(_LENGTH // 2))
        # A link is refused where another process was quicker; its key holds then.
        with contextlib.suppress(FileExistsError):
            os.link(name, KEY)
    finally:
        Path(name).unlink()
