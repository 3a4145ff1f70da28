"""A real server on the loopback address that behaves as a test says, and the source it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event

import pytest

from press.errors import EXIT_FAILED
from press.fetch import Limits, fetch_all
from press.fetch_errors import FetchError
from press.sources import Source

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONTENT = bytes(range(256)) * 400
LAYOUT = f"owner/data/{COMMIT}/files/data (csv and rda)/a 50% # file.rda"
OLD = b"the edition that was pinned before"
QUICK = Limits(
    total_seconds=20, window_seconds=5, slowest_bytes_per_second=10, attempts=2, pause_seconds=0.01
)
IMPATIENT = replace(QUICK, window_seconds=0.4, slowest_bytes_per_second=2000)


def source(content: bytes = CONTENT, **changes: object) -> Source:
    fields: dict[str, object] = {
        "id": "beds",
        "title": "Numbers",
        "publisher": "An office",
        "address": f"https://example.invalid/{COMMIT}/file",
        "version": COMMIT,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "licence": "OGL v3.0",
        "layout": LAYOUT,
    }
    return Source.model_validate(fields | changes)


Behaviour = Callable[[BaseHTTPRequestHandler], object]


class Server(ThreadingHTTPServer):
    """Behaves as `behaviour` says; counts what it was asked. `over` ends what would go on for ever."""

    behaviour: Behaviour

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.over = Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """The other side leaving early is what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.behaviour(self)

    def log_message(self, *_: object) -> None:
        """Silent."""


def answer(
    handler: BaseHTTPRequestHandler, body: bytes, *, length: int | None = None, status: int = 200
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


def refusal(target: Path, mirror: str, *, limits: Limits = QUICK) -> str:
    """Fetch one source, which fails; give the message once it is certain that nothing was harmed."""
    with pytest.raises(FetchError) as caught:
        fetch_all([source()], target, mirror=mirror, echo=lambda _: None, limits=limits)
    assert caught.value.exit_code == EXIT_FAILED
    assert (target / LAYOUT).read_bytes() == OLD
    assert unfinished(target) == []
    message = str(caught.value)
    assert message.startswith("1 of 1 source could not be fetched.\n  beds, ")
    assert f"{target / LAYOUT} was left as it is." in message
    return message


def unfinished(target: Path) -> list[Path]:
    return list(target.rglob("*.part"))
