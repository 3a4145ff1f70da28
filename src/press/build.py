"""The front door to Snakemake: `press build`."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import psutil

from press.errors import EXIT_DONE, EXIT_FAILED, PressError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHATTER = ("Using workflow specific profile", "Assuming unrestricted shared filesystem", "Config file ")
# A problem in a document is found in each of its forms, and said once.
_PLACED = re.compile(r"\S+, line \d+: ")
_OWN_LOCK = Path(".press/build.lock")
_SNAKEMAKE_LOCKS = Path(".snakemake/locks")
_PATIENCE_SECONDS = 20


def build(targets: Sequence[str], *, data: str | None, cores: str | None, dry_run: bool) -> int:
    """Build the targets (default: everything) of one world. Returns the exit code.

    0 done; 1 a job failed; 2 the configuration or the data folder is wrong. Raises `PressError` where another
    build is running in the folder.
    """
    command = [sys.executable, "-m", "press.run_snakemake", data or "", *targets, "--cores", cores or "all"]
    if dry_run:
        return subprocess.run([*command, "--dry-run", "--quiet", "host"], check=False).returncode  # noqa: S603
    with _sole_build():
        _unlock_after_a_kill()
        # Snakemake's own account of a failed job is of no use to the reader, so only the jobs speak.
        ended, spoke = _run(command)
        if ended == EXIT_FAILED and not spoke:
            _explain(command)
    return ended


@contextmanager
def _sole_build() -> Iterator[None]:
    """Hold the folder's build lock, which the system frees when this process ends, however it ends."""
    _OWN_LOCK.parent.mkdir(parents=True, exist_ok=True)
    with _OWN_LOCK.open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            holder = stream.read().strip() or "unknown"
            raise PressError(
                f"Another build is running in this folder (process {holder}). "
                f"Wait for it, or stop it: kill {holder}"
            ) from error
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield


def _unlock_after_a_kill() -> None:
    """Free Snakemake's lock where the build that held it is gone. Raises `PressError` where it is not."""
    if not (_SNAKEMAKE_LOCKS.is_dir() and any(_SNAKEMAKE_LOCKS.iterdir())):
        return
    alive = _snakemakes_here()
    if alive:
        holders = ", ".join(map(str, alive))
        raise PressError(
            f"Snakemake is running in this folder (process {holders}). "
            f"Wait for it, or stop it: kill {holders}"
        )
    print("The last build was killed; going on where it stopped.", file=sys.stderr)
    subprocess.run(
        [sys.executable, "-m", "snakemake", "--unlock", "--quiet", "all"],
        check=False,
        stderr=subprocess.DEVNULL,
    )


def _snakemakes_here() -> list[int]:
    here = str(Path.cwd())
    return sorted(
        process.info["pid"]
        for process in psutil.process_iter(["pid", "cwd", "cmdline"])
        if process.info["cwd"] == here and any("snakemake" in word for word in process.info["cmdline"] or [])
    )


def _run(command: Sequence[str]) -> tuple[int, bool]:
    """Run Snakemake. Returns how it ended and whether a job said why.

    It runs in a session of its own, so that stopping this process stops it and all its jobs together.
    """
    with subprocess.Popen(  # noqa: S603 - no shell, own arguments
        [*command, "--quiet", "all"],
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        assert process.stderr is not None  # noqa: S101 - it was asked for as a pipe
        spoke, stopped = threading.Event(), threading.Event()
        reader = threading.Thread(target=_forward, args=(process.stderr, spoke, stopped), daemon=True)
        reader.start()
        try:
            process.wait()
        except KeyboardInterrupt:
            stopped.set()
            _stop(process)
            raise
        reader.join()
    # Killed, it ends with the number of a signal.
    return process.returncode if process.returncode >= EXIT_DONE else EXIT_FAILED, spoke.is_set()


def _stop(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(_PATIENCE_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        os.killpg(process.pid, signal.SIGKILL)


def _forward(stream: TextIO, spoke: threading.Event, stopped: threading.Event) -> None:
    """Pass on what jobs say, but not what they say of being stopped."""
    said: set[str] = set()
    for line in stream:
        if line.startswith(_CHATTER) or line in said or stopped.is_set():
            continue
        if _PLACED.match(line):
            said.add(line)
        spoke.set()
        sys.stderr.write(line)
        sys.stderr.flush()


def _explain(command: Sequence[str]) -> None:
    """Say why nothing was built where no job could: planning it again makes Snakemake give its reason."""
    planning = [*command, "--dry-run", "--quiet", "host"]
    plan = subprocess.run(planning, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if plan.returncode:
        lines = [line for line in plan.stderr.splitlines() if not line.startswith(_CHATTER)]
        print("\n".join(lines).strip() or plan.stdout.strip(), file=sys.stderr)
    else:
        print("A job ended without a message: it may have been killed, for want of memory.", file=sys.stderr)
