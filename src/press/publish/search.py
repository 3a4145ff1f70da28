"""The index behind the search page of a site: the words of every section, with the place they stand at."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from press.publish import markup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from press.publish.chapters import Chapter

_HEADING = re.compile(r'<h[1-6]\b[^>]*?id="([^"]*)"[^>]*>(.*?)</h[1-6]>', re.DOTALL)
_NUMBERS = re.compile(r'<details class="numbers">.*?</details>|<ul class="files">.*?</ul>', re.DOTALL)


def index(chapters: Iterable[Chapter]) -> list[list[str]]:
    """Give for each section its address, the title of its chapter, its own title, and its words.

    The numbers behind figures are left out: they would be found more often than the text about them.
    """
    found = []
    for chapter in chapters:
        html = _NUMBERS.sub("", chapter.html)
        headings = list(_HEADING.finditer(html))
        ends = [heading.start() for heading in headings[1:]] + [len(html)]
        for heading, end in zip(headings, ends, strict=True):
            is_chapter = heading.start() == 0
            found.append(
                [
                    chapter.file if is_chapter else f"{chapter.file}#{heading[1]}",
                    chapter.title,
                    "" if is_chapter else markup.words(heading[2]),
                    markup.words(html[heading.end() : end]),
                ]
            )
    return found


def data_block(sections: list[list[str]]) -> str:
    """Give the index as an element that holds data and never runs, whatever words it holds."""
    text = json.dumps(sections, ensure_ascii=False, separators=(",", ":"))
    # Words such as </script> or <!-- would end the element.
    return f'<script type="application/json" id="index">{text.replace("<", chr(92) + "u003c")}</script>'
