"""The pictures of a page, and what a figure offers to take away: its numbers, and a picture for slides."""

from __future__ import annotations

import base64
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from press.publish.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable

    from press.publish.sources import Document

MARK = "press-image:"
"""Stands before the path of each picture that the filter writes."""
STAGED = "staged/"
"""Stands before the name of a picture that is a result."""

_IMAGE = re.compile(rf'<img src="{MARK}([^"]*)"')
_FILES = "<!--press-files-->"
_FIGURE = re.compile(rf"<figure>.*?{_FILES}", re.DOTALL)
_NUMBER = re.compile(r"<figcaption><strong>(.*?)\.</strong>")
_TYPES = {
    ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
    ".csv": "text/csv",
}  # fmt: skip
_PICTURES = frozenset(_TYPES) - {".csv"}
_OFFERED = (("csv", "The numbers of {} (CSV, {})"), ("png", "{} for slides (PNG, {})"))

if TYPE_CHECKING:
    Address = Callable[[str, bytes], str]
    """Gives the address of a file, from its name beside the page and its content."""


def place(html: str, document: Document, staged_folder: Path, address: Address) -> str:
    """Give every picture its address, and every figure of a result the links to its files.

    Raises `PublishError` where a picture is of a kind that pages do not show.
    """

    def find(name: str) -> Path:
        result = name.removeprefix(STAGED)
        return staged_folder / result if result != name else document.report_folder / name

    def link(path: Path, number: str, words: str) -> str:
        content = path.read_bytes()
        href = address(f"{STAGED}{path.name}", content)
        return f'<li><a href="{href}" download="{path.name}">{words.format(number, _size(content))}</a></li>'

    def offer(found: re.Match[str]) -> str:
        figure = found[0]
        image, number = _IMAGE.search(figure), _NUMBER.search(figure)
        if image is None or number is None or not image[1].startswith(STAGED):
            return figure.removesuffix(_FILES)
        path = find(unescape(image[1]))
        links = [
            link(path.with_name(f"{path.stem}.{kind}"), number[1], words)
            for kind, words in _OFFERED
            if path.with_name(f"{path.stem}.{kind}").is_file()
        ]
        return figure.removesuffix(_FILES) + f'<ul class="files">{"".join(links)}</ul>'

    def show(found: re.Match[str]) -> str:
        name = unescape(found[1])
        path = find(name)
        if path.suffix.lower() not in _PICTURES:
            raise PublishError(f"{path}: a page shows SVG, PNG and JPEG pictures only.")
        return f'<img src="{address(name, path.read_bytes())}"'

    return _IMAGE.sub(show, _FIGURE.sub(offer, html))


def inside_the_page(name: str, content: bytes) -> str:
    """Give an address that holds the file itself."""
    kind = _TYPES[Path(name).suffix.lower()]
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def beside_the_page(files: dict[str, bytes]) -> Address:
    """Give addresses in the folder of the page; the files are collected in `files`."""

    def address(name: str, content: bytes) -> str:
        result = name.removeprefix(STAGED)
        path = f"figures/{result}" if result != name else f"pictures/{name}"
        files[path] = content
        return quote(path)

    return address


def _size(content: bytes) -> str:
    return f"{len(content) / 1000:.0f} kB" if len(content) >= 1000 else f"{len(content)} bytes"
