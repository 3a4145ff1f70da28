"""The typefaces of the documents for a browser: cut down to the letters of a text, in data addresses."""

from __future__ import annotations

import base64
import io
import json
import string
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from press.fingerprint import LOCK, fingerprint, sha256_of_file
from press.publish.assemble import VALUES_FILE
from press.publish.fonts import CUTS, SANS, SERIF, TITLE_CUT, Cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from press.publish.sources import Document
    from press.store import Store

_LAYOUT_FEATURES = ["kern", "mark", "mkmk", "liga", "ccmp", "locl", "tnum", "lnum", "pnum", "sups"]
# What pandoc, the filter and the theme write by themselves.
_ALWAYS = string.ascii_letters + string.digits + string.punctuation + " \u00a0–—‘’“”…·×−↩←→▸▾"


def families_of(template: str) -> tuple[str, ...]:
    """Give the families that a template sets its text in; the title's cut comes on top."""
    return (SANS,) if template == "summary" else (SANS, SERIF)


def letters_of(document: Document, staged_folder: Path) -> str:
    """Give the characters that a page of the document can be expected to show, sorted."""
    values = staged_folder / VALUES_FILE
    texts = [
        _ALWAYS,
        document.text,
        document.front,
        json.dumps(document.metadata, default=str, ensure_ascii=False),
        *(path.read_text(encoding="utf-8") for path in (values, *document.bibliography) if path.is_file()),
    ]
    return _sorted("".join(texts))


class Typefaces:
    """The cuts of some families, made in the background as WOFF2 with the glyphs of the letters given."""

    def __init__(
        self, families: Iterable[str], letters: str, pool: ThreadPoolExecutor, store: Store | None = None
    ) -> None:
        self._letters = letters
        # Italics last: a page that has none does not wait for them.
        wanted = [
            (family, weight, it)
            for weight, it in ((400, False), (600, False), (400, True))
            for family in families
        ]
        cuts = [Cut(family, weight, italic=it) for family, weight, it in wanted]
        self._cuts: dict[Cut, Future[bytes]] = {
            cut: pool.submit(_kept, store, cut, letters) for cut in dict.fromkeys([TITLE_CUT, *cuts])
        }

    def css(self, letters: str, *, italic: bool) -> str:
        """Give `@font-face` rules for pages that show `letters`, expected or not.

        A browser slants the semibold italic itself. Raises `PublishError` where a typeface is not installed.
        """
        letters = _sorted(letters)
        more = set(letters) - set(self._letters)
        return "\n".join(
            _rule(cut, _woff2(cut, _sorted(letters + self._letters)) if more else self._cuts[cut].result())
            for cut in CUTS
            if cut in self._cuts and (italic or not cut.italic)
        )


@contextmanager
def preparing(families: Iterable[str], letters: str, store: Store | None = None) -> Iterator[Typefaces]:
    """Begin to prepare the cuts, which takes 0.2 s each, while the caller waits for pandoc.

    A `store` keeps them: most changes of a text bring no new letter.
    """
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        yield Typefaces(tuple(families), letters, pool, store)
    finally:
        pool.shutdown(cancel_futures=True)


def _sorted(text: str) -> str:
    return "".join(sorted({letter for letter in text if letter >= " "}))


def _rule(cut: Cut, content: bytes) -> str:
    encoded = base64.b64encode(content).decode("ascii")
    return (
        f'@font-face{{font-family:"{cut.family}";font-weight:{cut.weight};'
        f"font-style:{'italic' if cut.italic else 'normal'};font-display:swap;"
        f'src:url("data:font/woff2;base64,{encoded}") format("woff2")}}'
    )


def _kept(store: Store | None, cut: Cut, letters: str) -> bytes:
    if store is None:
        return _woff2(cut, letters)
    key = fingerprint(
        {
            "typeface": sha256_of_file(cut.path),
            "letters": letters,
            "module": sha256_of_file(Path(__file__)),
            "lock": sha256_of_file(LOCK) if LOCK.exists() else "",
        }
    )
    name = f"{cut.path.stem}.woff2"
    entry = store.find(key) or store.keep(key, {name: _woff2(cut, letters)})
    return entry.path(name).read_bytes()


@cache
def _woff2(cut: Cut, letters: str) -> bytes:
    from fontTools import subset

    options = subset.Options(
        flavor="woff2",
        hinting=False,
        desubroutinize=True,
        layout_features=_LAYOUT_FEATURES,
        notdef_outline=True,
        name_IDs=[1, 2],
        name_languages=[0x409],
        recalc_timestamp=False,
    )
    font = subset.load_font(str(cut.path), options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters)
    cutter.subset(font)
    stream = io.BytesIO()
    subset.save_font(font, stream, options)
    font.close()
    return stream.getvalue()
