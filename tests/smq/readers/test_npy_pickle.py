"""A pickle is a program: nothing of a hostile one may be carried out; a damaged one is refused by name."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.lib import format as npy

from smq.readers.errors import DataFileError
from smq.readers.npy_pickle import LARGEST_FILE_BYTES, read_pickled_npy

MARKER = "carried-out"


@pytest.fixture
def refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], str]:
    """Give the message for a hostile file, once it is certain that its command was not carried out."""
    monkeypatch.chdir(tmp_path)

    def refusal(content: bytes) -> str:
        path = tmp_path / "beds.npy"
        path.write_bytes(content)
        with pytest.raises(DataFileError) as caught:
            read_pickled_npy(path)
        assert not (tmp_path / MARKER).exists()
        message = str(caught.value)
        assert message.startswith(f"{path}: 1 problem; nothing was read.")
        assert message.endswith(
            "Nothing of it was carried out. Take the file again from its source: press fetch."
        )
        return message

    return refusal


class Command:
    """Unpickled by Python itself, it makes a file."""

    def __init__(self, *call: Any) -> None:
        self.call = call or (os.system, (f"touch {MARKER}",))

    def __reduce__(self) -> Any:
        return self.call


def saved(*elements: object, protocol: int = 4) -> bytes:
    """What `numpy.save` writes for an object array with these elements."""
    array = np.empty(len(elements), dtype=object)
    for place, element in enumerate(elements):
        array[place] = element
    return with_header(pickle.dumps(array, protocol=protocol), len(elements))


def with_header(pickled: bytes, elements: int = 1) -> bytes:
    stream = io.BytesIO()
    npy.write_array_header_1_0(stream, {"descr": "|O", "fortran_order": False, "shape": (elements,)})
    return stream.getvalue() + pickled


def table() -> np.ndarray[Any, Any]:
    cells = np.empty((2, 2), dtype=object)
    cells[:] = [[1725.5, "-"], [971, None]]
    return cells


@pytest.mark.parametrize("protocol", [3, 4])
def test_what_numpy_saves_is_read(tmp_path: Path, protocol: int) -> None:
    names = np.array(["St George’s", "Guy's"])
    quarters = np.array([2021.5, 2021.25])
    path = tmp_path / "beds.npy"
    path.write_bytes(saved(names, quarters, table(), ["07/2021", "04/2021"], protocol=protocol))
    read = read_pickled_npy(path)
    assert read.shape == (4,)
    assert read[0].tolist() == ["St George’s", "Guy's"]
    assert read[1].tolist() == [2021.5, 2021.25]
    assert read[2].tolist() == [[1725.5, "-"], [971, None]]
    assert read[3] == ["07/2021", "04/2021"]


def test_the_command_of_these_tests_works_where_nothing_guards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    np.load(io.BytesIO(saved(Command())), allow_pickle=True)
    assert (tmp_path / MARKER).exists()


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_a_malicious_pickle_is_refused_and_nothing_is_carried_out(
    refusal: Callable[[bytes], str], protocol: int
) -> None:
    assert "not a safe numpy file: " in refusal(with_header(pickle.dumps(Command(), protocol=protocol)))
    assert "not a safe numpy file: " in refusal(saved(Command(), protocol=protocol))


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("posix", "system"),
        ("builtins", "eval"),
        ("builtins", "getattr"),
        ("numpy", "load"),
        ("numpy", "fromfile"),
        ("numpy.f2py.crackfortran", "myeval"),
        ("numpy.core.multiarray", "fromstring"),
        ("numpy", "ndarray.tofile"),
        ("numpy.core.multiarray", "_reconstruct.__globals__"),
    ],
)
def test_no_name_beyond_those_of_an_array_is_given_out(
    refusal: Callable[[bytes], str], module: str, name: str
) -> None:
    # The stack form of a global, which allows dotted names.
    names = b"".join(b"\x8c" + bytes([len(text)]) + text.encode() for text in (module, name))
    command = f"touch {MARKER}".encode()
    pickled = b"\x80\x04" + names + b"\x93\x8c" + bytes([len(command)]) + command + b"\x85R."
    assert f"asks for '{module}.{name}'" in refusal(with_header(pickled))
    old = b"\x80\x03c" + f"{module}\n{name}\n".encode() + b"X" + struct.pack("<I", len(command)) + command
    assert f"asks for '{module}.{name}'" in refusal(with_header(old + b"\x85R."))


ARRAY = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85C\x01btR"
DTYPE = (
    b"cnumpy\ndtype\nX\x02\x00\x00\x00%b\x89\x88\x87R"
    b"(K\x03X\x01\x00\x00\x00<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
)


def array(shape: bytes, code: bytes, data: bytes) -> bytes:
    """Instructions that build an array; `shape` and `data` are instructions as well."""
    return ARRAY + b"(K\x01" + shape + DTYPE % code + b"\x89" + data + b"tb"


def outer(content: bytes) -> bytes:
    """A file whose only element `content` builds."""
    return with_header(b"\x80\x03" + array(b"K\x01\x85", b"O8", b"](" + content + b"e") + b".")


def test_the_files_of_these_tests_are_right_but_for_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "beds.npy"
    path.write_bytes(outer(array(b"K\x02\x85", b"i4", b"C\x08\x01\0\0\0\x02\0\0\0")))
    assert read_pickled_npy(path)[0].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (array(b"K\x02\x85", b"i4", b"C\x04\x01\0\0\0"), "content does not fit its shape"),
        (array(b"J\xff\xff\xff\x7f\x85", b"i4", b"C\x04\x01\0\0\0"), "take more than 50,000,000 bytes"),
        (array(b"J\xff\xff\xff\xff\x85", b"i4", b"C\x04\x01\0\0\0"), "impossible shape"),
        (array(b"K\x01\x85", b"V4", b"C\x04\x01\0\0\0"), "unknown type"),
        (array(b"K\x01\x85", b"U1", b"C\x04\x00\x00\x11\x00"), "no Unicode"),
        (array(b"K\x01\x85", b"U1", b"C\x04\x00\xd8\x00\x00"), "no Unicode"),
        (array(b"K\x02\x85", b"O8", b"](K\x01e"), "content does not fit its shape"),
        (ARRAY, "an array without content"),
        (b"K\x01K\x02\x86", "a tuple among the values"),
        (b"cnumpy\ndtype\n", "a type among the values"),
        (b"]" * 12 + b"a" * 11, "nested deeper than 8 levels"),
        (b"]q\x00h\x00a", "nested deeper than 8 levels"),
        (b"}X\x01\x00\x00\x00aK\x01s", "the pickle instruction EMPTY_DICT"),
        (b"Nr\xff\xff\xff\x7f", "the pickle instruction LONG_BINPUT with a vast number"),
        (b"\x8b\xff\xff\xff\x7f", "damaged"),
        (b"P0\n", "the pickle instruction PERSID"),
        (b"\x82\x01", "the pickle instruction EXT1"),
        (b"cnumpy\ndtype\n)\x81", "the pickle instruction NEWOBJ"),
        (b"cnumpy\nndarray\n)R", "damaged (TypeError)"),
        (b"cnumpy.core.multiarray\n_reconstruct\nK\x01b", "damaged"),
        (b"h\x09", "damaged"),
    ],
)
def test_a_pickle_that_would_break_numpy_or_take_all_memory(
    refusal: Callable[[bytes], str], content: bytes, said: str
) -> None:
    assert said in refusal(outer(content))


def test_arrays_that_share_content_do_not_multiply_it_without_bound(refusal: Callable[[bytes], str]) -> None:
    shared = b"NNB" + struct.pack("<I", 1_000_000) + bytes(1_000_000) + b"q\x01"
    each = array(b"J" + struct.pack("<i", 1_000_000) + b"\x85", b"i1", b"h\x01")
    elements = b"](" + shared + each * 97 + b"e"
    content = b"\x80\x03" + array(b"K\x64\x85", b"O8", elements) + b"."
    assert "take more than 50,000,000 bytes" in refusal(with_header(content, 100))


def test_lists_that_refer_to_lists_do_not_multiply(tmp_path: Path) -> None:
    nested: list[Any] = []
    for _ in range(7):
        nested = [nested] * 30
    path = tmp_path / "beds.npy"
    path.write_bytes(saved(nested))
    assert len(read_pickled_npy(path)[0]) == 30


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it does not begin as a .npy file"),
        (b"PK\x03\x04 something else", "it does not begin as a .npy file"),
        (b"\x93NUMPY\x03\x00" + bytes(80), ".npy format 3.0, not 1.0"),
        (b"\x93NUMPY\x01\x00\x10\x00__import__('os')", "damaged (ValueError)"),
        (with_header(b""), "damaged (ValueError)"),
        (with_header(pickle.dumps([1], protocol=3)), "not the array that its header announces"),
        (saved(1, 2)[:-1], "damaged"),
        (saved(1, 2) + b"more", "something follows after its end"),
        (bytes(LARGEST_FILE_BYTES + 1), "larger than 2,000,000 bytes"),
    ],
)
def test_a_file_that_is_something_else(refusal: Callable[[bytes], str], content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_numbers_that_need_no_pickle_are_no_object_array(refusal: Callable[[bytes], str]) -> None:
    stream = io.BytesIO()
    np.save(stream, np.arange(3))
    assert "not an array of objects with one dimension" in refusal(stream.getvalue())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"nix\.npy: 1 problem.*\n.*cannot be read \(No such file"):
        read_pickled_npy(tmp_path / "nix.npy")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_gives_an_array_or_a_named_error(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(saved(np.array(["a", "bc"]), table(), ["07/2021"], protocol=3))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "beds.npy"
    path.write_bytes(bytes(content))
    # Any other exception than the named one fails the test.
    with contextlib.suppress(DataFileError):
        assert read_pickled_npy(path).dtype == object


def test_the_two_public_files_are_read(real_data: Path) -> None:
    (folder,) = (real_data.parent / "mirror/HowsMyNHS/NHSdata").iterdir()
    names, months, attendances, over = read_pickled_npy(folder / "AnE_Data/NHSwaiting.npy")
    assert names[0] == "England"
    assert len(months) == 129
    assert attendances.shape == over.shape == (218, 129)
    assert attendances[0, months.index("04/2019")] == 2_112_165
    providers, quarters, beds = read_pickled_npy(folder / "Bed_Data/NHSbeds.npy")
    assert beds.shape == (len(providers), len(quarters)) == (201, 46)
    assert quarters[0] == 2021.5
