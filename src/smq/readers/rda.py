"""Opens R data files (.rda) of strangers: one data frame of plain columns, within limits; nothing is run.

The library `rdata` parses the file in Python; R code that a file may hold stays what it is, text. Values
keep their R types: dates come as days since 1 January 1970.
"""

from __future__ import annotations

import bz2
import lzma
import warnings
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import rdata

from smq.errors import quoted
from smq.readers.errors import DataFileError, Problem
from smq.readers.reading import NAT

MOST_BYTES = 100_000_000
"""Largest file, and most that it may unpack to. The largest real one unpacks to 3 MB."""

_AGAIN = "Fetch the file again ('press fetch')."


class _Unpacker(Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def load_data_frame(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Give these columns of the one data frame in a file, as plain objects. Raises `DataFileError`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refused(path, "far larger than such a file can be", _AGAIN)
        content = path.read_bytes()
    except OSError as error:
        raise _refused(
            path, f"cannot be read ({error.strerror})", "Check the path, and that it is a file."
        ) from error
    plain = _unpacked(path, content)
    if not plain.startswith((b"RDX2\n", b"RDX3\n")):
        raise _refused(path, "not an R data file (.rda)", _AGAIN)
    try:
        with warnings.catch_warnings():
            # Classes that the library does not know are given as the plain values that they are made of.
            warnings.simplefilter("ignore")
            found: Mapping[str, Any] = rdata.conversion.convert(rdata.parser.parse_data(plain))
            frames = [value for value in found.values() if isinstance(value, pd.DataFrame)]
    # The library lets through whatever goes wrong inside it, from KeyError to RecursionError.
    except Exception as error:
        what = f"the file is damaged ({type(error).__name__}: {quoted(str(error))[1:-1]})"
        raise _refused(path, what, _AGAIN) from error
    if len(frames) != 1:
        raise _refused(path, f"it holds {len(frames)} data frames and not one", _AGAIN)
    names = [str(name) for name in frames[0].columns]
    missing = [name for name in columns if names.count(name) != 1]
    if missing:
        there = ", ".join(quoted(name) for name in names)
        what = f"there is not exactly one column {quoted(missing[0])}; its columns: {there}"
        raise _refused(path, what, _AGAIN)
    return pd.DataFrame({name: list(frames[0][name]) for name in columns}, dtype=object)


def day(value: object) -> pd.Timestamp:
    """Give the day that R counts from 1 January 1970, or NaT."""
    if isinstance(value, int | float) and abs(value) < 100_000:
        moment: pd.Timestamp = pd.Timestamp(int(value), unit="D").as_unit("s")
        return moment
    missing: pd.Timestamp = NAT
    return missing


def text(value: object) -> str:
    """Give a text, '' for R's missing value."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _unpacked(path: Path, content: bytes) -> bytes:
    try:
        if content.startswith(b"\x1f\x8b"):
            return _within(path, content, zlib.decompressobj(wbits=31))
        if content.startswith(b"BZh"):
            return _within(path, content, bz2.BZ2Decompressor())
        if content.startswith(b"\xfd7zXZ"):
            return _within(path, content, lzma.LZMADecompressor(memlimit=2 * MOST_BYTES))
    except (zlib.error, OSError, lzma.LZMAError, EOFError) as error:
        raise _refused(path, f"its compression is damaged ({quoted(str(error))[1:-1]})", _AGAIN) from error
    return content


def _within(path: Path, content: bytes, unpacker: _Unpacker) -> bytes:
    plain = unpacker.decompress(content, MOST_BYTES + 1)
    if len(plain) > MOST_BYTES:
        raise _refused(path, "it unpacks to far more than such a file holds", _AGAIN)
    return plain


def _refused(path: Path, what: str, remedy: str) -> DataFileError:
    return DataFileError(path, [Problem(0, "", None, what, remedy)])
