"""What several tests need: the project folder, and the folder with real data where a machine has it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


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
