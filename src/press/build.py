"""The front door to Snakemake: `press build`."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from press.errors import EXIT_DONE, EXIT_FAILED, PressError
from press.project import open_project

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHATTER = ("Using workflow specific profile", "Assuming unrestricted shared filesystem")
_LOCKS = Path(".snakemake/locks")


def build(targets: Sequence[str], *, data: str | None, cores: str | None, dry_run: bool) -> int:
    """Build the targets (default: everything) of one world. Returns 0, or 1 where a job failed.

    Raises `WrongUseError` before Snakemake starts where the configuration or the data folder is wrong, and
    `PressError` where another build holds the lock.
    """
    project = open_project(data)
    command = [sys.executable, "-m", "snakemake", *targets]
    command += ["--config", f"data={project.layout.world.data}", "--cores", cores or "all"]
    if dry_run:
        return subprocess.run([*command, "--dry-run", "--quiet", "host"], check=False).returncode  # noqa: S603
    if _LOCKS.is_dir() and any(_LOCKS.iterdir()):
        raise PressError(
            "Another build is running in this folder, or one was killed. Wait for it; if none is running, "
            f"unlock with: {Path(sys.executable).parent / 'snakemake'} --unlock"
        )
    # Snakemake's own account of a failed job is of no use to the reader, so only the jobs speak.
    failed, spoke = _run(command)
    if not failed:
        print(f"{project.layout.dist}/ is up to date.")
        return EXIT_DONE
    if not spoke:
        _explain(command)
    return EXIT_FAILED


def _run(command: Sequence[str]) -> tuple[bool, bool]:
    """Run Snakemake. Returns whether it failed and whether a job said why."""
    with subprocess.Popen(  # noqa: S603 - no shell, own arguments
        [*command, "--quiet", "all"], stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        assert process.stderr is not None  # noqa: S101 - it was asked for as a pipe
        spoke = threading.Event()
        reader = threading.Thread(target=_forward, args=(process.stderr, spoke))
        reader.start()
        try:
            process.wait()
        finally:
            reader.join()
    return process.returncode != 0, spoke.is_set()


def _forward(stream: TextIO, spoke: threading.Event) -> None:
    for line in stream:
        if line.startswith(_CHATTER):
            continue
        spoke.set()
        sys.stderr.write(line)
        sys.stderr.flush()


def _explain(command: Sequence[str]) -> None:
    """Say why nothing was built where no job could: planning it again makes Snakemake give its reason."""
    plan = subprocess.run([*command, "--dry-run"], capture_output=True, text=True, check=False)  # noqa: S603
    if plan.returncode:
        print(plan.stderr.strip() or plan.stdout.strip(), file=sys.stderr)
    else:
        print("A job ended without a message: it may have been killed, for want of memory.", file=sys.stderr)
