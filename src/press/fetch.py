"""Fetches the sources of `config/sources.yaml`: a file is there whole and as pinned, or not at all.

What comes is written beside its place, checked for size and SHA-256, and only then renamed into it. A broken
download is started again from its first byte, as the files are small. Each download is read by a thread of
its own while this one keeps the time, so that no server can hold a fetch up: not by silence, not by single
bytes, not in the middle of its headers.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urljoin

import requests
import urllib3

from press import fetch_errors as errors
from press.fetch_errors import SourceError
from press.fingerprint import sha256_of_file
from press.sources import locate

if TYPE_CHECKING:
    from press.sources import Source

_CHUNK_BYTES = 65_536
_QUEUED_CHUNKS = 64


@dataclass(frozen=True)
class Limits:
    """What a server may take of our time and patience. Times in seconds."""

    total_seconds: float = 600
    """For one file, all attempts together."""
    window_seconds: float = 20
    slowest_bytes_per_second: float = 100
    """Within each window; a window without a single byte is a time-out."""
    redirects: int = 5
    attempts: int = 3
    pause_seconds: float = 1
    """Before the second attempt; twice as long before the third."""


def fetch_all(
    sources: Sequence[Source],
    target: Path,
    *,
    mirror: str | None,
    echo: Callable[[str], None],
    limits: Limits | None = None,
) -> list[Path]:
    """Fetch all sources into `target` and give their paths. A file that is as pinned is not fetched again.

    `echo` is given one line for each file. Raises `FetchError` once every source was tried, with all that
    failed; the files that were there are then as they were. Raises `WrongUseError` where the mirror is
    neither an address nor a folder, and `PressError` where another fetch is at work in `target`.
    """
    places = [locate(source, mirror) for source in sources]
    limits = limits or Limits()
    failures = []
    with _sole_fetch(target):
        for source, place in zip(sources, places, strict=True):
            file = source.file(target)
            if _is_as_pinned(file, source):
                echo(f"{'present':<9} {file}")
                continue
            try:
                _fetch(source, place, file, limits, echo)
                echo(f"{'fetched':<9} {file}")
            except SourceError as failure:
                echo(f"{'failed':<9} {source.id}: {failure.cause}")
                failures.append(errors.described(source.id, place, failure, file))
                if failure.passing:
                    # It did not pass: the other sources need not wait as long to meet the same trouble.
                    limits = replace(limits, attempts=1)
    if failures:
        raise errors.FetchError(failures, len(sources))
    return [source.file(target) for source in sources]


@contextlib.contextmanager
def _sole_fetch(target: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system frees when this process ends, however it ends."""
    with contextlib.ExitStack() as stack:
        try:
            target.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context((target / ".fetch.lock").open("ab"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise errors.busy(target) from error
        except OSError as error:
            raise errors.no_folder(target, error) from error
        yield


def _is_as_pinned(file: Path, source: Source) -> bool:
    try:
        return file.stat().st_size == source.size and sha256_of_file(file) == source.sha256
    except OSError:
        return False


def _fetch(
    source: Source, place: str | Path, file: Path, limits: Limits, echo: Callable[[str], None]
) -> None:
    """Fetch one source, in several attempts where the trouble may pass."""
    deadline = time.monotonic() + limits.total_seconds
    pause = limits.pause_seconds
    for attempt in range(1, limits.attempts + 1):
        try:
            _put_in_place(source, place, file, limits, deadline)
        except SourceError as failure:
            out_of_time = time.monotonic() + pause >= deadline
            if not failure.passing or attempt == limits.attempts or out_of_time:
                raise
            echo(f"{'again':<9} {source.id}: {failure.cause}")
            time.sleep(pause)
            pause *= 2
        else:
            return


def _put_in_place(source: Source, place: str | Path, file: Path, limits: Limits, deadline: float) -> None:
    """Receive the file beside its place, then rename it: whoever looks sees the old file or the new one."""
    # Always the same name: what a killed process left is removed by the next, and does not pile up.
    partial = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with partial.open("xb") as stream:
            _receive(source, place, stream, limits, deadline)
            stream.flush()
            # A disk may say only now that it is full.
            os.fsync(stream.fileno())
        partial.replace(file)
    except OSError as error:
        raise errors.unwritable(error, file.parent, source.size) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def _receive(source: Source, place: str | Path, stream: BinaryIO, limits: Limits, deadline: float) -> None:
    """Write what comes to `stream`, within the limits. Raises `SourceError` unless it is as pinned."""
    digest = hashlib.sha256()
    received = in_window = 0
    window_end = time.monotonic() + limits.window_seconds
    chunks = _file_chunks(place, source) if isinstance(place, Path) else _web_chunks(place, source, limits)
    with _Incoming(chunks) as incoming, _Progress(source) as progress:
        while True:
            now = time.monotonic()
            if now >= deadline:
                raise errors.too_long(received, source.size, limits.total_seconds)
            if now >= window_end:
                _check_speed(in_window, received, source.size, limits)
                in_window, window_end = 0, now + limits.window_seconds
            try:
                chunk = incoming.next(min(deadline, window_end) - now)
            except Empty:
                continue
            if chunk is None:
                break
            received += len(chunk)
            in_window += len(chunk)
            if received > source.size:
                raise errors.too_large(source.size, None)
            digest.update(chunk)
            stream.write(chunk)
            progress.show(received)
    if received < source.size:
        raise errors.cut(received, source.size)
    if digest.hexdigest() != source.sha256:
        raise errors.wrong_checksum(digest.hexdigest(), source.sha256)


def _check_speed(in_window: int, received: int, size: int, limits: Limits) -> None:
    if in_window == 0:
        raise errors.silent(limits.window_seconds)
    if in_window < limits.slowest_bytes_per_second * limits.window_seconds:
        raise errors.too_slow(received, size, limits.slowest_bytes_per_second, limits.window_seconds)


class _Incoming:
    """Chunks that a thread of its own reads. Leaving the context abandons the thread, wherever it waits."""

    def __init__(self, chunks: Generator[bytes]) -> None:
        self._chunks = chunks
        self._queue: Queue[bytes | Exception | None] = Queue(_QUEUED_CHUNKS)
        self._abandoned = threading.Event()

    def __enter__(self) -> _Incoming:
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._abandoned.set()
        # A thread that waits for room in the queue gets it, and then sees that it was abandoned.
        with contextlib.suppress(Empty):
            while True:
                self._queue.get_nowait()

    def next(self, seconds: float) -> bytes | None:
        """Give the next chunk, None at the end. Raises `Empty` after `seconds`, or what the thread met."""
        chunk = self._queue.get(timeout=max(seconds, 0.001))
        if isinstance(chunk, Exception):
            raise chunk
        return chunk

    def _read(self) -> None:
        end = None
        try:
            with contextlib.closing(self._chunks) as chunks:
                for chunk in chunks:
                    self._queue.put(chunk)
                    if self._abandoned.is_set():
                        break
        except Exception as error:
            end = error
        self._queue.put(end)


def _file_chunks(path: Path, source: Source) -> Generator[bytes]:
    """Read a file of a mirror's folder."""
    if not path.is_file():
        raise errors.not_in_mirror(path)
    try:
        with path.open("rb") as stream:
            _check_announced(os.fstat(stream.fileno()).st_size, source)
            while chunk := stream.read(_CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise errors.unreadable(error) from error


def _web_chunks(address: str, source: Source, limits: Limits) -> Generator[bytes]:
    """Read the body of an answer as it comes. Every trouble of the network becomes a `SourceError`."""
    received = 0
    try:
        with requests.Session() as session, _open(session, address, limits) as answer:
            if answer.status_code != requests.codes.ok:
                raise errors.bad_status(answer.status_code)
            length = answer.headers.get("Content-Length", "")
            announced = int(length) if length.isdecimal() else None
            if announced != source.size and _is_unwanted_page(answer, source):
                raise errors.web_page()
            if announced is not None:
                _check_announced(announced, source)
            # As sent: an answer that is compressed against our wish is not unpacked without bound.
            while chunk := answer.raw.read1(_CHUNK_BYTES, decode_content=False):
                yield chunk
                received += len(chunk)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise _network_failure(error, received, source.size, limits) from error


def _open(session: requests.Session, address: str, limits: Limits) -> requests.Response:
    """Send the request, following redirects; the body is left unread.

    The redirects are followed here because `requests` reads the body of each into memory, however long.
    """
    for _ in range(limits.redirects + 1):
        try:
            request = session.prepare_request(
                requests.Request("GET", address, headers={"Accept-Encoding": "identity"})
            )
        except ValueError as error:
            raise errors.bad_redirect(address) from error
        url = request.url or address
        settings: dict[str, Any] = {**session.merge_environment_settings(url, {}, True, None, None)}
        answer = session.get_adapter(url).send(request, timeout=limits.window_seconds, **settings)
        if not answer.is_redirect:
            return answer
        answer.close()
        location = answer.headers["Location"]
        try:
            address = urljoin(url, location)
        except ValueError as error:
            raise errors.bad_redirect(location) from error
        if not address.lower().startswith(("http://", "https://")):
            raise errors.bad_redirect(address)
    raise errors.too_many_redirects(limits.redirects, address)


def _is_unwanted_page(answer: requests.Response, source: Source) -> bool:
    is_page = answer.headers.get("Content-Type", "").lower().startswith("text/html")
    return is_page and not source.layout.lower().endswith((".html", ".htm"))


def _check_announced(size: int, source: Source) -> None:
    if size > source.size:
        raise errors.too_large(source.size, size)
    if size < source.size:
        raise errors.too_small(source.size, size)


def _network_failure(error: Exception, received: int, size: int, limits: Limits) -> SourceError:
    root: BaseException = error
    while (deeper := root.__cause__ or root.__context__) is not None:
        root = deeper
    detail = getattr(root, "strerror", None) or str(root) or type(root).__name__
    if isinstance(error, requests.exceptions.ProxyError):
        return errors.no_proxy(detail)
    if isinstance(error, requests.exceptions.SSLError | urllib3.exceptions.SSLError):
        return errors.not_secure(detail)
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return errors.silent(limits.window_seconds)
    reset = isinstance(root, ConnectionError) and not isinstance(root, ConnectionRefusedError)
    if received or reset or isinstance(error, urllib3.exceptions.ProtocolError):
        return errors.cut(received, size)
    return errors.not_connected(detail)


class _Progress:
    """A percentage on the terminal, where there is one; nothing elsewhere."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._stream = sys.stderr if sys.stderr.isatty() else None
        self._last = -1

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def show(self, received: int) -> None:
        """Show how much of the file is there, where that is another percentage than before."""
        percent = 100 * received // self._source.size
        if self._stream is not None and percent != self._last:
            self._last = percent
            self._stream.write(f"\r{self._source.id} {percent} %")
            self._stream.flush()
