"""What several tests need: the project folder, and the folder with real data where a machine has it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import settings

from tests.shared import Shared

PROJECT = Path(__file__).resolve().parent.parent
# Tests start hundreds of processes, each of which would compile a thousand modules where none may be kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# What a shell runs in its background is deaf to Ctrl-C, with all that it starts; tests stop builds by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# On a busy machine an example may take long. In CI the examples are those of every other run.
settings.register_profile("suite", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put whole builds first, the study's before all: they take longest, others fill what time is left."""
    builds = PROJECT / "tests/workflow"
    items.sort(key=lambda item: (not item.path.is_relative_to(builds), item.path != builds / "test_study.py"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: many a test waits for what it has started."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the checkout that is tested."""
    return PROJECT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder with real NHS statistics, which is no part of the project."""
    folder = PROJECT.parent / "shared" / "data" / "real"
    if not folder.is_dir():
        pytest.skip("needs the folder ../shared/data/real with real NHS statistics, which is not here")
    return folder


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Folders that all processes of this run of the tests share."""
    return Shared.of(tmp_path_factory)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def static_mirror() -> Iterator[str]:
    """Address of a static server on the loopback address, with the pinned public files behind it."""
    folder = PROJECT.parent / "shared" / "data" / "mirror"
    if not folder.is_dir():
        pytest.skip("needs the folder ../shared/data/mirror with the pinned public files, which is not here")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
