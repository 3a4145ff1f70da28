"""The note beside what a step made: its fingerprint, the parts of that, and the checksums of its outputs.

The note is how the build knows that an output was edited by hand, and how `press why` knows what changed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.confidential import KEYED, keyed_digest
from press.fingerprint import Parts, content_sha256, sha256_of_file
from press.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


@dataclass(frozen=True)
class Provenance:
    """What a step depended on, and what it left: digests by path, relative to the project folder.

    A digest is a SHA-256, or that of `press.confidential`.
    """

    fingerprint: str
    parts: Parts
    outputs: dict[str, str]

    def altered(self) -> list[str]:
        """List the outputs that are missing or are not what the step wrote."""
        noted = sorted(self.outputs.items())
        return [path for path, digest in noted if digest_like(digest, Path(path)) != digest]


def read_note(path: Path) -> Provenance | None:
    """Read a note; None where there is none that can be read, which is the same as never having been made."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Provenance(content["fingerprint"], content["parts"], content["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_note(
    path: Path,
    fingerprint: str,
    parts: Parts,
    outputs: Iterable[Path],
    confidential: Collection[Path] = (),
) -> None:
    """Write the note for outputs that have just been written, some of which may be confidential."""
    content = {
        "fingerprint": fingerprint,
        "parts": parts,
        "outputs": {
            output.as_posix(): (keyed_digest if output in confidential else sha256_of_file)(output)
            for output in sorted(outputs)
        },
    }
    write_text(path, json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def withdraw_if_altered(path: Path) -> None:
    """Delete a note whose outputs are no longer what it says, so that the build makes them anew."""
    if path.exists():
        note = read_note(path)
        if note is None or note.altered():
            path.unlink(missing_ok=True)


def used_fingerprints() -> set[str]:
    """Give the fingerprints of everything that is built now, in every world."""
    notes = (read_note(path) for path in sorted(Path("results").rglob("*.json")))
    return {note.fingerprint for note in notes if note is not None}


def changes(before: Parts, now: Parts) -> Iterator[str]:
    """Say in words which parts of a fingerprint differ, as in "parameter window: 24 → 12"."""
    for part in sorted({*before, *now}):
        old, new = before.get(part), now.get(part)
        if old == new:
            continue
        if not isinstance(old, dict) or not isinstance(new, dict):
            yield f"{part} changed"
            continue
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                yield _difference(part.removesuffix("s"), name, old, new)


def _difference(part: str, name: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    if name not in old:
        return f"{part} {name} is new"
    if name not in new:
        return f"{part} {name} is gone"
    if part in ("parameter", "setting"):
        return f"{part} {name}: {old[name]} → {new[name]}"
    return f"{part} {name} changed"


def digest_like(noted: str, path: Path) -> str:
    """Give the digest of a file now, of the kind that is noted; nothing where there is no such file."""
    try:
        return keyed_digest(path) if noted.startswith(KEYED) else content_sha256(path)
    except OSError:
        return ""
