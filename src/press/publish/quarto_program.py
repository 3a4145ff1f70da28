"""Finds an installed Quarto, checks its version and runs it, in an environment of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import WrongUseError
from press.publish.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN = ((1, 9), (1, 10))
_VERSION_SECONDS = 60
# Where its parts lie, in an installation that is put together of packages, as conda's is.
_INSTALLATION = (
    "CONDA_PREFIX",
    "LD_LIBRARY_PATH",
    "PATH",
    "QUARTO_CONDA_PREFIX",
    "QUARTO_DART_SASS",
    "QUARTO_DENO",
    "QUARTO_DENO_DOM",
    "QUARTO_ESBUILD",
    "QUARTO_PANDOC",
    "QUARTO_SHARE_PATH",
    "QUARTO_TYPST",
)
WAYS_TO_INSTALL = """Install it in one of these ways, or go on without it (--engine builtin):
  conda env create -f envs/environment.yaml && conda activate report-press
  the installer for your system: https://quarto.org/docs/download/
Where it lies outside PATH, name the program: QUARTO_PATH=/path/to/quarto"""


@dataclass(frozen=True)
class Quarto:
    """An installed Quarto that can be used; `note` is what its user should know of it, or empty."""

    program: Path
    version: str
    note: str = ""


def find_quarto() -> Quarto:
    """Find Quarto by `QUARTO_PATH`, else on `PATH`, and check its version.

    Raises `WrongUseError` that says how to install it where it is missing, too old, or does not answer.
    """
    named = os.environ.get("QUARTO_PATH", "")
    found = shutil.which(named or "quarto")
    if found is None:
        missing = (
            f"QUARTO_PATH={named} is no program that can be run."
            if named
            else "Quarto is not installed: there is no program 'quarto' on PATH."
        )
        raise WrongUseError(f"{missing}\n{WAYS_TO_INSTALL}")
    program = Path(found).absolute()
    version = _version(program)
    numbers = tuple(map(int, version.split(".")[:2]))
    known = " and ".join(".".join(map(str, each)) for each in KNOWN)
    if numbers < KNOWN[0]:
        raise WrongUseError(
            f"{program} is Quarto {version}, which is too old: {known} are known to work.\n{WAYS_TO_INSTALL}"
        )
    if numbers in KNOWN:
        return Quarto(program, version)
    return Quarto(
        program,
        version,
        f"{program} is Quarto {version}; {known} are known to work, so look its output over.",
    )


def run_quarto(
    quarto: Quarto,
    arguments: Sequence[str],
    *,
    what: str,
    folder: Path,
    scratch: Path,
    epoch: int,
    timeout_seconds: int,
) -> tuple[bool, str]:
    """Run Quarto in `folder` on the document `what`. Returns whether it failed, and all that it said.

    `scratch` takes its home and its temporary files. Stopping this process stops Quarto and what it started.
    Raises `PublishError` where it cannot be started or takes longer than `timeout_seconds`.
    """
    log = scratch / "said.txt"
    with log.open("wb") as stream:
        try:
            process = subprocess.Popen(  # noqa: S603 - the program that the user has installed, no shell
                [str(quarto.program), *arguments],
                cwd=folder,
                env=_environment(scratch, epoch),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise PublishError(f"{quarto.program} cannot be started: {error.strerror}.") from error
        try:
            status = process.wait(timeout_seconds)
        except subprocess.TimeoutExpired as error:
            raise PublishError(
                f"{what}: Quarto was stopped after {timeout_seconds} seconds. Where it needs more, raise "
                "timeout_seconds in config/config.yaml."
            ) from error
        finally:
            _end(process)
    return status != 0, log.read_text(encoding="utf-8", errors="replace")


def _version(program: Path) -> str:
    with tempfile.TemporaryDirectory(prefix="press-quarto-") as scratch:
        try:
            done = subprocess.run(  # noqa: S603 - the program that the user has installed, no shell
                [str(program), "--version"],
                env=_environment(Path(scratch), 0),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_VERSION_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            answer = str(error)
        else:
            answer = done.stdout.decode("utf-8", "replace").strip()
            found = re.search(r"^\d+\.\d+(\.\d+)*", answer, re.MULTILINE)
            if found and done.returncode == 0:
                return found[0]
    raise WrongUseError(
        f"'{program} --version' gives no version. It said: {answer[:300] or 'nothing'}\n{WAYS_TO_INSTALL}"
    )


def _environment(scratch: Path, epoch: int) -> dict[str, str]:
    """Give the environment of Quarto: none of the user's settings, profiles, extensions or typefaces."""
    home = scratch / "home"
    home.mkdir(exist_ok=True)
    return {name: os.environ[name] for name in _INSTALLATION if name in os.environ} | {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "SOURCE_DATE_EPOCH": str(epoch),
        "TMPDIR": str(home),
        "TYPST_IGNORE_SYSTEM_FONTS": "true",
        "TZ": "UTC",
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill Quarto and all it started, if it still runs. It works on a copy, so nothing is lost."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
