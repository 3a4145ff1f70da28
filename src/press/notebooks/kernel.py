"""The kernel that executes notebooks: this interpreter, in an environment that is the same everywhere."""

from __future__ import annotations

import os
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
