"""What `press fetch` says when a source cannot be fetched: the cause and the cure, for each source.

Addresses and headers come from strangers: they are shown escaped, cut, and without passwords.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from press.errors import PressError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_SHOWN = 300
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CHECK_NETWORK = (
    "Check the network and the proxy settings (HTTPS_PROXY, NO_PROXY), then fetch again, or use a mirror."
)
_SAYS = {
    401: "the server asks for a password",
    403: "the server refuses access",
    404: "there is no such file",
    407: "the proxy asks for a password",
    410: "the file was removed",
    429: "too many requests",
}


class SourceError(Exception):
    """One attempt at one source failed. `passing`: another attempt may succeed."""

    def __init__(self, cause: str, cure: str, *, passing: bool = False) -> None:
        super().__init__(cause)
        self.cause = cause
        self.cure = cure
        self.passing = passing


class FetchError(PressError):
    """Some sources could not be fetched; every one is listed with its cause and its cure."""

    def __init__(self, failures: Sequence[str], attempted: int) -> None:
        count = f"{len(failures)} of {attempted} source{'' if attempted == 1 else 's'}"
        super().__init__("\n".join([f"{count} could not be fetched.", *failures]))


def described(name: str, place: str | Path, failure: SourceError, file: Path) -> str:
    """Describe the failure of one source: its id, its address, the cause, the cure, and what is kept."""
    kept = f"{file} was left as it is." if file.exists() else f"Nothing was written to {file}."
    return f"  {name}, {shown(place)}:\n    {failure.cause}. {failure.cure}\n    {kept}"


def shown(place: str | Path) -> str:
    """Show an address or a path: on one line, not endlessly long, without a password."""
    text = str(place)
    if isinstance(place, str):
        try:
            parts = urlsplit(place)
            host = parts.netloc.rpartition("@")[2]
            text = urlunsplit(parts._replace(netloc=host, query="", fragment=""))
        except ValueError:
            text = place.rpartition("@")[2]
    return _plain(text)


def _plain(text: str) -> str:
    short = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in short)


def wrong_checksum(sha256: str, expected: str) -> SourceError:
    """Say that the size is right, but the content is another."""
    return SourceError(
        f"wrong checksum: the SHA-256 is {sha256}, not {expected}",
        "The file there is not the pinned one. Use another mirror; if a new version is meant, "
        "enter its version, size and SHA-256 in config/sources.yaml.",
    )


def web_page() -> SourceError:
    """Say that a page for people came, as from a hotel's network."""
    return SourceError(
        "a web page came instead of the file",
        "A sign-in page or a proxy seems to be in between: open the address in a browser, or use a mirror.",
    )


def too_large(expected: int, announced: int | None) -> SourceError:
    """Say that more bytes come than were declared."""
    found = "more" if announced is None else f"{announced:,d}"
    return SourceError(
        f"the file is larger than declared: {found} bytes, not {expected:,d}",
        "It is not the pinned one. Use another mirror, or correct `size:` in config/sources.yaml.",
    )


def too_small(expected: int, announced: int) -> SourceError:
    """Say that the whole file has fewer bytes than were declared."""
    return SourceError(
        f"the file is smaller than declared: {announced:,d} bytes, not {expected:,d}",
        "It was truncated or is not the pinned one. Use another mirror, or fetch again.",
    )


def cut(received: int, expected: int) -> SourceError:
    """Say that the connection ended before the file did."""
    return SourceError(
        f"truncated: the connection ended after {received:,d} of {expected:,d} bytes",
        "Fetch again; if it stays so, use a mirror.",
        passing=True,
    )


def silent(seconds: float) -> SourceError:
    """Say that nothing came for too long."""
    return SourceError(
        f"time-out: nothing came for {seconds:g} seconds",
        _CHECK_NETWORK,
        passing=True,
    )


def too_slow(received: int, expected: int, slowest: float, seconds: float) -> SourceError:
    """Say that bytes come, but too few."""
    return SourceError(
        f"too slow: fewer than {slowest:g} bytes a second for {seconds:g} seconds, "
        f"after {received:,d} of {expected:,d} bytes",
        "Fetch again later, or use a mirror.",
        passing=True,
    )


def too_long(received: int, expected: int, seconds: float) -> SourceError:
    """Say that the time for one file is over."""
    return SourceError(
        f"time-out: not complete after {seconds:g} seconds, {received:,d} of {expected:,d} bytes",
        "Fetch again later, or use a mirror.",
    )


def bad_status(status: int) -> SourceError:
    """Say which answer came instead of the file."""
    says = _SAYS.get(status)
    if says is None:
        says = "the server failed" if status >= 500 else "not the answer that holds a file"
    passing = status >= 500 or status in (408, 429)
    if passing:
        cure = "Fetch again later, or use a mirror."
    elif status in (404, 410):
        cure = "Check `address:` in config/sources.yaml, or the layout of the mirror."
    else:
        cure = "Open the address in a browser to see why, or use a mirror."
    return SourceError(f"HTTP {status}: {says}", cure, passing=passing)


def too_many_redirects(limit: int, last: str) -> SourceError:
    """Say that the address leads on and on."""
    return SourceError(
        f"redirected more than {limit} times, the last time to {shown(last)}",
        "The server sends the request round in circles: report it to its keeper, or use a mirror.",
    )


def bad_redirect(location: str) -> SourceError:
    """Say that the address leads to something that is no web address."""
    return SourceError(
        f"redirected to {shown(location)}, which is no http or https address",
        "Correct `address:` in config/sources.yaml, or use a mirror.",
    )


def not_connected(detail: str) -> SourceError:
    """Say that no connection came about."""
    return SourceError(
        f"no connection ({_plain(detail)})",
        _CHECK_NETWORK,
        passing=True,
    )


def no_proxy(detail: str) -> SourceError:
    """Say that the proxy is the trouble."""
    return SourceError(
        f"the proxy cannot be used ({_plain(detail)})",
        "Correct HTTP_PROXY or HTTPS_PROXY, or list the host in NO_PROXY.",
    )


def not_secure(detail: str) -> SourceError:
    """Say that the server's certificate was not accepted."""
    return SourceError(
        f"no secure connection ({_plain(detail)})",
        "Where a proxy has a certificate of its own, name its file in REQUESTS_CA_BUNDLE.",
    )


def not_in_mirror(path: Path) -> SourceError:
    """Say that the mirror's folder lacks the file."""
    what = "that is no regular file" if path.exists() else "there is no such file"
    return SourceError(what, "Complete the mirror: it is laid out as `layout:` in config/sources.yaml says.")


def unreadable(error: OSError) -> SourceError:
    """Say that the system would not let the mirror's file be read."""
    return SourceError(
        f"cannot be read ({error.strerror or type(error).__name__})", "Check that the file may be read."
    )


def unwritable(error: OSError, folder: Path, size: int) -> SourceError:
    """Say that the file cannot be put in its place: no room, or not allowed."""
    if error.errno in _NO_ROOM:
        return SourceError(
            f"the disk is full: no room in {folder} for {size:,d} bytes ({error.strerror})",
            "Free some space, then fetch again.",
        )
    return SourceError(
        f"cannot be written to {folder} ({error.strerror or type(error).__name__})",
        "Check that the folder may be written to and that no other file is in its place.",
    )


def busy(target: Path) -> PressError:
    """Say that another fetch is at work in the same folder."""
    return PressError(f"Another fetch is running into {target}. Wait for it to end.")


def no_folder(target: Path, error: OSError) -> PressError:
    """Say that the folder to fetch into cannot be made or used."""
    failure = unwritable(error, target, 0)
    if error.errno in _NO_ROOM:
        return PressError(f"{target}: the disk is full ({error.strerror}). {failure.cure}")
    return PressError(f"{target}: {failure.cause}. {failure.cure}")
