"""Reads a `.npy` file that holds a pickled object array, as some publishers save them, without trusting it.

Layout: numpy's `.npy` format, version 1.0, whose content is one pickled object array of one dimension. Its
elements are numpy arrays of text or numbers, lists (of lists) of text and numbers, or single values.

Traps: a pickle is a program. `numpy.load(allow_pickle=True)` would carry it out, so it is never used. Here
the instructions are compared with a short list before any is carried out; the only names a file may ask for
are those of numpy's array and data type, and what stands behind these names is made here: numpy itself is
given nothing but checked bytes and shapes. Nothing of the file is ever called.
"""

from __future__ import annotations

import io
import math
import pickle
import pickletools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy

from smq.errors import quoted
from smq.readers.errors import DataFileError, Problem

if TYPE_CHECKING:
    import numpy.typing as npt

VERIFIED = "verified on real files"

LARGEST_FILE_BYTES = 2_000_000
LARGEST_CONTENT_BYTES = 50_000_000
DEEPEST = 8

_ALLOWED = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
}
# Values, lists, tuples, what names an allowed thing and what makes it. Nothing that extends, builds an
# instance of a class, or holds a dictionary, with which an object's attributes could be set.
_INSTRUCTIONS = {
    "PROTO",
    "FRAME",
    "STOP",
    "MARK",
    "NONE",
    "NEWTRUE",
    "NEWFALSE",
    "BININT",
    "BININT1",
    "BININT2",
    "BINFLOAT",
    "BINUNICODE",
    "SHORT_BINUNICODE",
    "BINBYTES",
    "SHORT_BINBYTES",
    "EMPTY_LIST",
    "APPEND",
    "APPENDS",
    "EMPTY_TUPLE",
    "TUPLE",
    "TUPLE1",
    "TUPLE2",
    "TUPLE3",
    "BINPUT",
    "LONG_BINPUT",
    "BINGET",
    "LONG_BINGET",
    "MEMOIZE",
    "GLOBAL",
    "STACK_GLOBAL",
    "REDUCE",
    "BUILD",
}
_DTYPE = re.compile(r"O8?|(U|S)([1-9][0-9]{0,4})|[iuf][1248]|b1")
_LARGEST_CODE_POINT = 0x10FFFF


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """The file holds what it may not hold."""


class _Dtype:
    """What stands for `numpy.dtype` while the pickle is read."""

    def __init__(self, code: object, *_: object) -> None:
        if not isinstance(code, str) or not _DTYPE.fullmatch(code):
            raise _Refused("an array of an unknown type")
        self.code = code
        self.order = "="

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        order = state[1]
        if order not in ("<", ">", "|", "="):
            raise _Refused("an array of an unknown byte order")
        self.order = order

    def numpy(self) -> np.dtype[Any]:
        """Give numpy's own type."""
        return np.dtype("O" if self.code[0] == "O" else f"{self.order}{self.code}")


class _Array:
    """What stands for a numpy array while the pickle is read."""

    def __init__(self, *_: object) -> None:
        self.state: tuple[Any, ...] | None = None

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.state = state


class _Unpickler(pickle.Unpickler):
    """Knows no names but numpy's array and data type."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as the class that it extends
        if (module, name) not in _ALLOWED:
            raise _Refused(f"asks for {quoted(f'{module}.{name}')}, which a file of data does not need")
        return {"dtype": _Dtype, "ndarray": None, "_reconstruct": _Array}[name]

    def persistent_load(self, _pid: object) -> Any:  # noqa: ANN401 - as the class that it extends
        raise _Refused("asks for something outside itself")


def read_pickled_npy(path: Path) -> npt.NDArray[np.object_]:
    """Read the object array of a `.npy` file: one dimension, each element an array, a list or a value.

    Raises `DataFileError` for anything else, with nothing of the file carried out.
    """
    content = _content(path)
    try:
        stream = io.BytesIO(content)
        shape = _header(stream)
        pickled = content[stream.tell() :]
        _check_instructions(pickled)
        array = _Plain().value(_Unpickler(io.BytesIO(pickled)).load())
        if not isinstance(array, np.ndarray) or array.dtype.kind != "O" or array.shape != shape:
            raise _Refused("its content is not the array that its header announces")
    except _Refused as error:
        raise _refusal(path, str(error)) from error
    except Exception as error:
        # A damaged pickle can fail in any way that Python knows.
        raise _refusal(path, f"damaged ({type(error).__name__})") from error
    return array


def _refusal(path: Path, what: str) -> DataFileError:
    remedy = "Nothing of it was carried out. Take the file again from its source: press fetch."
    return DataFileError(path, [Problem(0, "", None, f"not a safe numpy file: {what}", remedy)])


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise _refusal(path, f"larger than {LARGEST_FILE_BYTES:,d} bytes")
        return path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({error.strerror or type(error).__name__})"
        remedy = "Give the path of a file that may be read, or fetch it: press fetch."
        raise DataFileError(path, [Problem(0, "", None, what, remedy)]) from error


def _header(stream: io.BytesIO) -> tuple[int, ...]:
    """Read the header and give the shape that it announces."""
    try:
        version = npy.read_magic(stream)
    except ValueError as error:
        raise _Refused("it does not begin as a .npy file") from error
    if version != (1, 0):
        raise _Refused(f".npy format {version[0]}.{version[1]}, not 1.0")
    shape, _, dtype = npy.read_array_header_1_0(stream)
    if dtype.kind != "O" or len(shape) != 1:
        raise _Refused("not an array of objects with one dimension")
    return tuple(shape)


def _check_instructions(pickled: bytes) -> None:
    """Compare every instruction with the list of those allowed, before any is carried out."""
    end = 0
    for count, (instruction, argument, place) in enumerate(pickletools.genops(pickled)):
        name = instruction.name
        if name not in _INSTRUCTIONS:
            raise _Refused(f"the pickle instruction {name}, which a file of data does not need")
        # A memo with a vast number makes the unpickler reserve memory for all before it.
        if name in ("BINPUT", "LONG_BINPUT") and isinstance(argument, int) and argument > count:
            raise _Refused(f"the pickle instruction {name} with a vast number")
        end = (place or 0) + 1
    if end != len(pickled):
        raise _Refused("something follows after its end")


class _Plain:
    """Turns what stood for arrays into numpy's arrays, and counts what they take."""

    def __init__(self) -> None:
        self._done: dict[int, Any] = {}
        self._left = LARGEST_CONTENT_BYTES

    def value(self, value: object, depth: int = 0) -> Any:  # noqa: ANN401 - any plain value
        """Give the plain value. Each object is turned once, however often it is referred to."""
        if depth > DEEPEST:
            raise _Refused(f"nested deeper than {DEEPEST} levels")
        if isinstance(value, str | bytes | int | float | bool | None):
            return value
        if id(value) in self._done:
            return self._done[id(value)]
        if isinstance(value, list):
            result: Any = [self.value(each, depth + 1) for each in value]
        elif isinstance(value, _Array):
            result = self._array(value, depth)
        else:
            raise _Refused(f"a {type(value).__name__.strip('_').lower()} among the values")
        self._done[id(value)] = result
        return result

    def _array(self, value: _Array, depth: int) -> npt.NDArray[Any]:
        if value.state is None or len(value.state) != 5:
            raise _Refused("an array without content")
        _, shape, dtype, by_columns, data = value.state
        if not isinstance(dtype, _Dtype) or by_columns is not False or not isinstance(shape, tuple):
            raise _Refused("an array of another kind than numpy writes for tables")
        if not 1 <= len(shape) <= 2 or any(type(size) is not int or size < 0 for size in shape):
            raise _Refused("an array of an impossible shape")
        kind = dtype.numpy()
        elements = math.prod(shape)
        # Many arrays may refer to the same content, and each takes its own memory.
        self._left -= elements * kind.itemsize
        if self._left < 0:
            raise _Refused(f"its arrays take more than {LARGEST_CONTENT_BYTES:,d} bytes")
        if kind.kind != "O":
            if not isinstance(data, bytes) or len(data) != elements * kind.itemsize:
                raise _Refused("an array whose content does not fit its shape")
            _check_text(data, kind)
            return np.frombuffer(data, dtype=kind).reshape(shape).copy()
        if not isinstance(data, list) or len(data) != elements:
            raise _Refused("an array whose content does not fit its shape")
        flat = np.empty(elements, dtype=object)
        for place, each in enumerate(data):
            flat[place] = self.value(each, depth + 1)
        return flat.reshape(shape)


def _check_text(data: bytes, kind: np.dtype[Any]) -> None:
    """Refuse code points that are none: numpy takes them as they come, and Python fails on them later."""
    if kind.kind != "U":
        return
    points = np.frombuffer(data, dtype=np.dtype("u4").newbyteorder(kind.byteorder))
    surrogates = (points >= 0xD800) & (points <= 0xDFFF)
    if (points > _LARGEST_CODE_POINT).any() or surrogates.any():
        raise _Refused("text that is no Unicode")
