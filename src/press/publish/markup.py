"""What has to be known of pandoc's HTML. In its texts and attributes `<` and `>` are always escaped."""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<[^>]*>")
_STYLED = re.compile(r'(<(t[dh]|col)\b[^>]*?) style="([^"]*)"')
_UNSAID = re.compile(r'<annotation\b.*?</annotation>|<a\b[^>]*class="footnote-back".*?</a>', re.DOTALL)
_IN_A_LINE = re.compile(r"</?(?:a|abbr|code|em|m[a-z]+|q|s|span|strong|sub|sup|time)\b[^>]*>")


def tidied(html: str) -> str:
    """Give pandoc's HTML without styles, which the policy of a page does not allow, its arrows in words."""
    return _STYLED.sub(_as_class, html).replace(">↩︎</a>", ">Back to the text</a>")


def _as_class(found: re.Match[str]) -> str:
    start, tag, style = found[1], found[2], found[3]
    # The widths of columns are the browser's business.
    return start if tag == "col" or "right" not in style else f'{start} class="num"'


def words(html: str) -> str:
    """Give the text of HTML as it is read, on one line, without formula sources and without markup."""
    text = _TAG.sub(" ", _IN_A_LINE.sub("", _UNSAID.sub("", html)))
    return " ".join(unescape(text).split())


def letters(html: str) -> str:
    """Give every character that HTML shows, once, sorted."""
    return "".join(sorted(set(unescape(_TAG.sub("", html)))))
