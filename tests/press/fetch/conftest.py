from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests.press.fetch.server import LAYOUT, OLD, Server


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = Thread(target=functools.partial(server.serve_forever, poll_interval=0.02))
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A folder that holds an older edition, as it does after a new version was pinned."""
    file = tmp_path / "raw" / "public" / LAYOUT
    file.parent.mkdir(parents=True)
    file.write_bytes(OLD)
    return tmp_path / "raw" / "public"
