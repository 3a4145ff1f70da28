"""The kernel that executes notebooks: this interpreter, in an environment that is the same everywhere."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

if TYPE_CHECKING:
    from collections.abc import Mapping

_THREAD_COUNTS = (
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "RAYON_NUM_THREADS",
)


class _ThisInterpreter(KernelSpecManager):
    """Starts the interpreter that runs the engine, whatever kernels the user has installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Give the one kernel there is, under any name."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            name=kernel_name,
        )


def kernel_manager(folder: Path) -> AsyncKernelManager:
    """Prepare a kernel that talks through sockets in `folder`.

    The folder must be private and its path short: the system refuses socket paths above about 107 bytes.
    """
    return AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=_ThisInterpreter(),
        transport="ipc",
        connection_file=str(folder / "k.json"),
    )


def kernel_environment(
    scratch: Path, cache: Path, source_folder: Path, extra: Mapping[str, str]
) -> dict[str, str]:
    """Give the environment of the kernel: the caller's, less all that could change a result."""
    environment: dict[str, Any] = {
        name: value
        for name, value in os.environ.items()
        # A person's own start-up files, module folders and plot settings must not reach a build.
        if not name.startswith(("PYTHON", "IPYTHON", "JUPYTER", "MPL", "LC_"))
    }
    environment |= dict.fromkeys(_THREAD_COUNTS, "1")
    environment |= {
        "IPYTHONDIR": str(scratch / "ipython"),
        # pyarrow's memory allocator starts a thread of its own unless told not to.
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        # The modules whose content is fingerprinted are the ones that are imported.
        "PYTHONPATH": str(source_folder),
        "PYTHONSAFEPATH": "1",
        "TZ": "UTC",
    }
    return environment | dict(extra)


def end_kernel(manager: AsyncKernelManager) -> None:
    """Kill the kernel and all it started, if it still runs: an interrupted execution leaves no orphan."""
    process = _process(manager)
    if process is None or process.poll() is not None:
        return
    # jupyter_client starts a kernel in a session of its own, so its group holds it and its children alone.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def death_cause(manager: AsyncKernelManager) -> str:
    """Say how a kernel died, as far as the system tells."""
    process = _process(manager)
    status = None if process is None else process.poll()
    if status == -signal.SIGKILL:
        return (
            "the kernel was killed (signal 9). The system does that when memory runs out: "
            "use less at a time, or build with fewer --cores"
        )
    if status is not None and status < 0:
        return f"the kernel died of {signal.Signals(-status).name}: a compiled library crashed"
    return "the kernel died" if status is None else f"the kernel ended by itself with exit code {status}"


def _process(manager: AsyncKernelManager) -> subprocess.Popen[bytes] | None:
    return getattr(manager.provisioner, "process", None)
