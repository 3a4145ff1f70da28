"""One step of a build, carried out only where the store does not hold what it would make."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from press.errors import PressError
from press.fingerprint import Parts, fingerprint
from press.provenance import write_note
from press.store import Entry, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Outcome = Literal["executed", "restored"]
_LOCKS = Path(".press/locks")


@dataclass(frozen=True)
class Step:
    """A run or a rendering.

    `make` gives the files to be stored, by name; `place` puts a stored entry where the build expects it and
    gives the paths it wrote; `note` is written last, so that where it stands the outputs stand too.
    """

    name: str
    parts: Parts
    note: Path
    make: Callable[[], Mapping[str, bytes]]
    place: Callable[[Entry], Iterable[Path]]


def carry_out(step: Step) -> Outcome:
    """Bring a step's outputs to what its parts ask for. Raises what `make` raises; nothing is then placed."""
    store = Store()
    key = fingerprint(step.parts)
    try:
        # Two builds at once must not place the same outputs at once; the second finds the first one's entry.
        with locked(step.name):
            entry = store.find(key)
            outcome: Outcome = "restored" if entry else "executed"
            if entry is None:
                entry = store.keep(key, step.make())
            write_note(step.note, key, step.parts, step.place(entry))
    except OSError as error:
        raise PressError(
            f"{step.name}: {error.filename or 'a file'} could not be read or written: {error.strerror}. "
            "What was built before is still in the store. Make room or mend the rights, and build again."
        ) from error
    return outcome


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a lock that the system frees when the process ends, however it ends."""
    path = _LOCKS / name.replace("/", "--")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
