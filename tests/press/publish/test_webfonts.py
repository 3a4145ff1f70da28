"""The typefaces of a page hold the letters it shows, whether they were expected or not."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING, NoReturn

from fontTools.ttLib import TTFont

from press.publish import webfonts
from press.publish.fonts import SANS, TITLE_CUT
from press.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def faces(css: str) -> dict[tuple[str, str, str], set[int]]:
    """Give the characters of each cut in `css`."""
    found = re.findall(r'font-family:"([^"]*)";font-weight:(\d+);font-style:(\w+);.*?base64,([^"]*)"', css)
    return {
        (family, weight, style): set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())
        for family, weight, style, data in found
    }


def test_a_letter_that_was_not_expected_is_in_the_typefaces_all_the_same() -> None:
    with webfonts.preparing([SANS], "abc") as typefaces:
        assert faces(typefaces.css("cab", italic=False)) == {
            (SANS, "400", "normal"): {97, 98, 99},
            (SANS, "600", "normal"): {97, 98, 99},
            (TITLE_CUT.family, "600", "normal"): {97, 98, 99},
        }
        more = faces(typefaces.css("aß\n", italic=False))
    assert {frozenset(letters) for letters in more.values()} == {frozenset({97, 98, 99, 0xDF})}


def test_only_pages_with_italics_carry_them() -> None:
    with webfonts.preparing([SANS], "abc") as typefaces:
        assert len(faces(typefaces.css("abc", italic=True))) == 4


def test_a_store_keeps_the_cuts_for_the_same_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    with webfonts.preparing([SANS], "abc", store) as typefaces:
        first = typefaces.css("abc", italic=False)

    def cut(*_: object) -> NoReturn:
        raise AssertionError("cut anew")

    monkeypatch.setattr(webfonts, "_woff2", cut)
    with webfonts.preparing([SANS], "abc", store) as typefaces:
        assert typefaces.css("abc", italic=False) == first
    monkeypatch.undo()
    with webfonts.preparing([SANS], "abcd", store) as typefaces:
        assert faces(typefaces.css("abc", italic=False))[SANS, "400", "normal"] == {97, 98, 99, 100}
