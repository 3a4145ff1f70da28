"""A server that misbehaves must never cost a good file, nor hold a fetch up; the message says cause and cure.

The server is real: it listens on the loopback address and misbehaves on its sockets.
"""

from __future__ import annotations

import hashlib
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from press.fetch import Limits, fetch_all
from tests.press.fetch.server import (
    CONTENT,
    IMPATIENT,
    LAYOUT,
    QUICK,
    Behaviour,
    Server,
    answer,
    refusal,
    source,
)


def chunked(handler: BaseHTTPRequestHandler) -> None:
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.send_header("Connection", "close")
    handler.end_headers()
    for begin in range(0, len(CONTENT), 30_000):
        part = CONTENT[begin : begin + 30_000]
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
    handler.wfile.write(b"0\r\n\r\n")


def without_length(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(CONTENT)


def called_compressed(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()
    handler.wfile.write(CONTENT)


def redirected_once(handler: BaseHTTPRequestHandler) -> None:
    if handler.path == "/elsewhere":
        answer(handler, CONTENT)
    else:
        handler.send_response(302)
        handler.send_header("Location", "/elsewhere")
        handler.end_headers()


@pytest.mark.parametrize("behaviour", [chunked, without_length, called_compressed, redirected_once])
def test_a_file_comes_whole_however_the_server_sends_it(
    target: Path, server: Server, behaviour: Behaviour
) -> None:
    server.behaviour = behaviour
    fetch_all([source()], target, mirror=server.address, echo=lambda _: None, limits=QUICK)
    assert (target / LAYOUT).read_bytes() == CONTENT


def test_wrong_bytes(target: Path, server: Server) -> None:
    wrong = CONTENT[:-1] + b"x"
    server.behaviour = lambda handler: answer(handler, wrong)
    message = refusal(target, server.address)
    assert f"wrong checksum: the SHA-256 is {hashlib.sha256(wrong).hexdigest()}, not " in message
    assert "Use another mirror" in message
    assert f"beds, {server.address}/owner/data/" in message
    assert len(server.asked) == 1, "what is wrong does not become right by asking again"


def test_truncation_below_the_announced_length(target: Path, server: Server) -> None:
    server.behaviour = lambda handler: answer(handler, CONTENT[:50_000], length=len(CONTENT))
    message = refusal(target, server.address)
    assert "truncated: the connection ended after 50,000 of 102,400 bytes. Fetch again" in message
    assert len(server.asked) == 2


def test_truncation_without_an_announced_length(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(CONTENT[:50_000])

    server.behaviour = behaviour
    assert "after 50,000 of 102,400 bytes" in refusal(target, server.address)


def test_a_smaller_file_that_is_announced_as_such(target: Path, server: Server) -> None:
    server.behaviour = lambda handler: answer(handler, CONTENT[:50_000])
    assert "smaller than declared: 50,000 bytes, not 102,400" in refusal(target, server.address)


def test_a_larger_file_is_refused_before_it_is_read(target: Path, server: Server) -> None:
    server.behaviour = lambda handler: answer(handler, b"", length=10**12)
    message = refusal(target, server.address)
    assert "larger than declared: 1,000,000,000,000 bytes, not 102,400" in message


def test_an_endless_file_is_refused_once_it_is_too_large(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not server.over.is_set():
            handler.wfile.write(CONTENT)

    server.behaviour = behaviour
    assert "larger than declared: more bytes, not 102,400" in refusal(target, server.address)


def test_connection_cut_in_the_middle(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        answer(handler, CONTENT[:20_000], length=len(CONTENT))
        time.sleep(0.05)
        # Without lingering, closing sends a reset instead of an end.
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    server.behaviour = behaviour
    message = refusal(target, server.address)
    assert "truncated: the connection ended after 20,000 of 102,400 bytes" in message


def test_connection_closed_without_an_answer(target: Path, server: Server) -> None:
    server.behaviour = lambda _: None
    assert "the connection ended after 0 of 102,400 bytes" in refusal(target, server.address)


def test_a_cut_that_passes_is_overcome(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        answer(handler, CONTENT if len(server.asked) == 2 else CONTENT[:9], length=len(CONTENT))

    server.behaviour = behaviour
    said: list[str] = []
    fetch_all([source()], target, mirror=server.address, echo=said.append, limits=QUICK)
    assert (target / LAYOUT).read_bytes() == CONTENT
    assert said[0] == "again     beds: truncated: the connection ended after 9 of 102,400 bytes"


def test_slow_drip_of_content(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(CONTENT)))
        handler.end_headers()
        while not server.over.wait(0.02):
            handler.wfile.write(b"\0")

    server.behaviour = behaviour
    message = refusal(target, server.address, limits=IMPATIENT)
    assert "too slow: fewer than 2000 bytes a second for 0.4 seconds, after " in message


def test_slow_drip_of_headers(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
        while not server.over.wait(0.02):
            handler.wfile.write(b"x")

    server.behaviour = behaviour
    started = time.monotonic()
    assert "time-out: nothing came for 0.4 seconds. Check the network" in refusal(
        target, server.address, limits=IMPATIENT
    )
    assert time.monotonic() - started < 5


def test_silence(target: Path, server: Server) -> None:
    server.behaviour = lambda _: server.over.wait(20)
    assert "time-out: nothing came for 0.4 seconds" in refusal(target, server.address, limits=IMPATIENT)


def test_the_time_for_one_file_is_limited_over_all_attempts(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(CONTENT)))
        handler.end_headers()
        while not server.over.wait(0.02):
            handler.wfile.write(CONTENT[:100])

    server.behaviour = behaviour
    limits = Limits(total_seconds=0.7, window_seconds=0.3, slowest_bytes_per_second=100)
    started = time.monotonic()
    message = refusal(target, server.address, limits=limits)
    assert "time-out: not complete after 0.7 seconds" in message
    assert time.monotonic() - started < 4


def test_redirect_loop(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(301)
        handler.send_header("Location", f"/round/{len(server.asked)}?token=secret")
        handler.end_headers()

    server.behaviour = behaviour
    message = refusal(target, server.address)
    assert f"redirected more than 5 times, the last time to {server.address}/round/6. " in message
    assert "use a mirror" in message
    assert len(server.asked) == 6


def test_a_redirect_with_an_endless_body_is_followed_without_reading_it(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/elsewhere":
            answer(handler, CONTENT)
            return
        handler.send_response(302)
        handler.send_header("Location", "/elsewhere")
        handler.end_headers()
        while not server.over.is_set():
            handler.wfile.write(bytes(1_000_000))

    server.behaviour = behaviour
    fetch_all([source()], target, mirror=server.address, echo=lambda _: None, limits=QUICK)
    assert (target / LAYOUT).read_bytes() == CONTENT


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://[::1", "http://:0x/"]
)
def test_a_redirect_to_something_else_than_a_web_address(target: Path, server: Server, location: str) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", location)
        handler.end_headers()

    server.behaviour = behaviour
    message = refusal(target, server.address)
    assert f"redirected to {location}, which is no http or https address" in message
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "said", "asked"),
    [
        (404, "HTTP 404: there is no such file. Check `address:` in config/sources.yaml, or the layout", 1),
        (403, "HTTP 403: the server refuses access. Open the address in a browser", 1),
        (500, "HTTP 500: the server failed. Fetch again later, or use a mirror.", 2),
        (204, "HTTP 204: not the answer that holds a file", 1),
    ],
)
def test_another_answer_than_the_file(
    target: Path, server: Server, status: int, said: str, asked: int
) -> None:
    server.behaviour = lambda handler: answer(handler, b"" if status == 204 else b"sorry", status=status)
    assert said in refusal(target, server.address)
    assert len(server.asked) == asked


def test_a_sign_in_page_instead_of_the_file(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(b"<!doctype html><title>Welcome to the hotel</title>")

    server.behaviour = behaviour
    assert "a web page came instead of the file. A sign-in page" in refusal(target, server.address)


def test_something_that_does_not_speak_http(target: Path, server: Server) -> None:
    server.behaviour = lambda handler: handler.wfile.write(b"\x1b[31m220 ready\r\n")
    message = refusal(target, server.address)
    assert "\x1b" not in message


def test_nobody_listens(target: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        message = refusal(target, f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert "no connection (Connection refused). Check the network and the proxy settings" in message


def test_proxies_of_the_environment_are_used(
    target: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.address)
    server.behaviour = lambda handler: answer(handler, CONTENT)
    fetch_all([source()], target, mirror="http://mirror.invalid", echo=lambda _: None, limits=QUICK)
    assert [path.partition("/owner")[0] for path in server.asked] == ["http://mirror.invalid"]


def test_a_proxy_that_is_not_there_is_named_as_the_cause(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused.getsockname()[1]}")
        message = refusal(target, "http://mirror.invalid")
    assert "the proxy cannot be used (Connection refused). Correct HTTP_PROXY" in message


def test_a_password_in_the_address_of_a_mirror_is_not_shown(target: Path, server: Server) -> None:
    server.behaviour = lambda handler: answer(handler, b"", status=404)
    mirror = server.address.replace("http://", "http://me:secret@")
    assert "secret" not in refusal(target, mirror)
