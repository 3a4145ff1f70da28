"""Puts a finished file in its place in one step."""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(target: Path, content: bytes) -> None:
    """Write beside `target` and rename, so that a failure leaves the old file whole."""
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.new")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)  # noqa: PTH105 - the name of the call says that it is atomic
    finally:
        temporary.unlink(missing_ok=True)
