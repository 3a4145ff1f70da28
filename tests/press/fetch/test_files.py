"""What is fetched lands in its place whole, or what was there stays; a full disk is no exception."""

from __future__ import annotations

import fcntl
import functools
import io
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from press.errors import PressError, WrongUseError
from press.fetch import fetch_all
from press.fetch_errors import FetchError
from tests.press.fetch.server import (
    COMMIT,
    CONTENT,
    LAYOUT,
    OLD,
    QUICK,
    Handler,
    Server,
    answer,
    refusal,
    source,
    unfinished,
)


def test_files_come_from_a_static_server_and_are_not_fetched_twice(tmp_path: Path, server: Server) -> None:
    mirror = tmp_path / "mirror"
    (mirror / LAYOUT).parent.mkdir(parents=True)
    (mirror / LAYOUT).write_bytes(CONTENT)

    class Static(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Silent."""

    server.RequestHandlerClass = functools.partial(Static, directory=str(mirror))
    said: list[str] = []
    fetch = functools.partial(fetch_all, [source()], tmp_path / "raw", echo=said.append, limits=QUICK)
    file = tmp_path / "raw" / LAYOUT
    assert fetch(mirror=f"{server.address}/") == [file]
    assert file.read_bytes() == CONTENT
    before = file.stat()
    server.behaviour = lambda handler: answer(handler, b"", status=500)
    server.RequestHandlerClass = Handler
    assert fetch(mirror=server.address) == [file]
    assert server.asked == []
    assert file.stat() == before
    assert said == [f"fetched   {file}", f"present   {file}"]


def test_an_address_is_fetched_as_it_stands(target: Path, server: Server) -> None:
    server.behaviour = lambda handler: answer(handler, CONTENT)
    pinned = source(address=f"{server.address}/{COMMIT}/a%20%28b%29.rda")
    fetch_all([pinned], target, mirror=None, echo=lambda _: None, limits=QUICK)
    assert (target / LAYOUT).read_bytes() == CONTENT
    assert server.asked == [f"/{COMMIT}/a%20%28b%29.rda"]


def test_the_path_of_a_mirror_is_percent_encoded(target: Path, server: Server) -> None:
    server.behaviour = lambda handler: answer(handler, CONTENT)
    fetch_all([source()], target, mirror=f"{server.address}/some/base", echo=lambda _: None)
    encoded = f"owner/data/{COMMIT}/files/data%20%28csv%20and%20rda%29/a%2050%25%20%23%20file.rda"
    assert server.asked == [f"/some/base/{encoded}"]


def test_a_file_that_was_damaged_is_fetched_again(target: Path, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    (mirror / LAYOUT).parent.mkdir(parents=True)
    (mirror / LAYOUT).write_bytes(CONTENT)
    (target / LAYOUT).write_bytes(CONTENT[:-1] + b"x")
    fetch_all([source()], target, mirror=str(mirror), echo=lambda _: None)
    assert (target / LAYOUT).read_bytes() == CONTENT


def test_a_folder_as_mirror(target: Path, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    (mirror / LAYOUT).parent.mkdir(parents=True)
    assert "there is no such file. Complete the mirror" in refusal(target, str(mirror))
    (mirror / LAYOUT).write_bytes(CONTENT[:-1])
    assert "smaller than declared: 102,399 bytes, not 102,400" in refusal(target, str(mirror))
    (mirror / LAYOUT).write_bytes(CONTENT + b"x")
    assert "larger than declared: 102,401 bytes" in refusal(target, str(mirror))
    (mirror / LAYOUT).write_bytes(CONTENT[::-1])
    assert "wrong checksum" in refusal(target, str(mirror))
    (mirror / LAYOUT).unlink()
    (mirror / LAYOUT).mkdir()
    assert "that is no regular file" in refusal(target, str(mirror))


def test_a_mirror_that_is_neither_an_address_nor_a_folder(target: Path) -> None:
    for mirror in (
        "nowhere/at all",
        "ftp://127.0.0.1/",
        "http://",
        "http://[::1",
        "http://a:99999",
        str(target / LAYOUT),
    ):
        with pytest.raises(
            WrongUseError, match=r"^--mirror .*(Give a folder or an address|write it as http)"
        ):
            fetch_all([source()], target, mirror=mirror, echo=lambda _: None)


def test_every_source_is_tried_and_every_failure_is_listed(target: Path, server: Server) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        answer(handler, CONTENT, status=200 if handler.path == "/c" else 404)

    server.behaviour = behaviour
    sources = [source(id=name, layout=name) for name in ("a", "b", "c")]
    said: list[str] = []
    with pytest.raises(FetchError) as caught:
        fetch_all(sources, target, mirror=server.address, echo=said.append, limits=QUICK)
    message = str(caught.value)
    assert message.startswith("2 of 3 sources could not be fetched.\n")
    assert f"a, {server.address}/a:" in message
    assert f"Nothing was written to {target / 'b'}." in message
    assert (target / "c").read_bytes() == CONTENT
    assert [line.split()[0] for line in said] == ["failed", "failed", "fetched"]


def test_trouble_that_does_not_pass_is_not_waited_for_at_every_source(target: Path, server: Server) -> None:
    server.behaviour = lambda handler: answer(handler, b"", status=500)
    sources = [source(id=name, layout=name) for name in ("a", "b", "c")]
    with pytest.raises(FetchError, match="3 of 3 sources"):
        fetch_all(sources, target, mirror=server.address, echo=lambda _: None, limits=QUICK)
    assert server.asked == ["/a", "/a", "/b", "/c"]


def test_a_terminal_shows_a_percentage_and_a_log_does_not(
    target: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        terminal = True

        def isatty(self) -> bool:
            return self.terminal

    server.behaviour = lambda handler: answer(handler, CONTENT)
    for is_terminal in (True, False):
        screen = Terminal()
        screen.terminal = is_terminal
        monkeypatch.setattr(sys, "stderr", screen)
        (target / LAYOUT).unlink()
        fetch_all([source()], target, mirror=server.address, echo=lambda _: None, limits=QUICK)
        assert ("\rbeds 100 %" in screen.getvalue()) is is_terminal
        assert bool(screen.getvalue()) is is_terminal


def test_a_disk_without_room_for_the_file(target: Path, tmp_path: Path) -> None:
    # The kernel refuses to write more than 40,000 bytes into a file of this process.
    done = fetch_in_a_process(target, tmp_path, "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))")
    assert_refused_for_want_of_room(done, target, "File too large")


def test_a_disk_that_is_full(target: Path, tmp_path: Path) -> None:
    # A disk of 64 KiB, mounted for this one process.
    if (
        shutil.which("unshare") is None
        or subprocess.run(
            ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", str(tmp_path)],
            check=False,
            capture_output=True,
        ).returncode
    ):
        pytest.skip(
            "needs the right to mount a small disk for one process (unshare), which is not given here"
        )
    shutil.copytree(target, f"{target}.old")
    mount = (
        "subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', sys.argv[1]], check=True);"
        "shutil.copytree(sys.argv[1] + '.old', sys.argv[1], dirs_exist_ok=True)"
    )
    done = fetch_in_a_process(target, tmp_path, mount, before=["unshare", "--map-root-user", "--mount"])
    assert_refused_for_want_of_room(done, target, "No space left on device")


def fetch_in_a_process(
    target: Path, tmp_path: Path, first: str, *, before: list[str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Fetch from a folder after `first` was executed; prints the message and what is left in the folder."""
    mirror = tmp_path / "mirror"
    (mirror / LAYOUT).parent.mkdir(parents=True)
    (mirror / LAYOUT).write_bytes(CONTENT)
    program = f"""
import resource, shutil, subprocess, sys
from pathlib import Path
from press.errors import PressError
from press.fetch import fetch_all
from press.sources import Source
{first}
try:
    fetch_all([Source.model_validate_json(sys.argv[3])], Path(sys.argv[1]), mirror=sys.argv[2], echo=print)
except PressError as error:
    print(error)
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        print("left", path.name, path.read_bytes()[:100])
"""
    return subprocess.run(
        [
            *(before or []),
            sys.executable,
            "-c",
            program,
            str(target),
            str(mirror),
            source().model_dump_json(),
        ],
        check=True,
        capture_output=True,
        text=True,
    )


def assert_refused_for_want_of_room(
    done: subprocess.CompletedProcess[str], target: Path, reason: str
) -> None:
    assert (
        f"the disk is full: no room in {(target / LAYOUT).parent} for 102,400 bytes ({reason})" in done.stdout
    )
    assert "Free some space, then fetch again." in done.stdout
    left = [line for line in done.stdout.splitlines() if line.startswith("left ")]
    assert left == ["left .fetch.lock b''", f"left {Path(LAYOUT).name} {OLD!r}"]
    assert done.stderr == ""


def test_a_folder_in_the_place_of_the_file(target: Path, server: Server) -> None:
    server.behaviour = lambda handler: answer(handler, CONTENT)
    (target / LAYOUT).unlink()
    (target / LAYOUT).mkdir()
    with pytest.raises(
        FetchError, match=r"cannot be written to .* \(Is a directory\)\. Check that the folder"
    ):
        fetch_all([source()], target, mirror=server.address, echo=lambda _: None, limits=QUICK)
    assert unfinished(target) == []


def test_what_a_killed_fetch_left_is_cleared_and_never_followed(target: Path, server: Server) -> None:
    elsewhere = target / "elsewhere"
    elsewhere.write_bytes(b"precious")
    file = target / LAYOUT
    file.with_name(f".{file.name}.part").symlink_to(elsewhere)
    server.behaviour = lambda handler: answer(handler, CONTENT)
    fetch_all([source()], target, mirror=server.address, echo=lambda _: None, limits=QUICK)
    assert elsewhere.read_bytes() == b"precious"
    assert not file.is_symlink()
    assert file.read_bytes() == CONTENT
    assert unfinished(target) == []


def test_two_fetches_into_one_folder_do_not_meet(target: Path) -> None:
    with (target / ".fetch.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PressError, match="Another fetch is running into"):
            fetch_all([source()], target, mirror=str(target), echo=lambda _: None)
