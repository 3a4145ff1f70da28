"""What the publishing engine says when a document cannot be made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import PressError

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SHOWN = 25
Place = tuple[Path, int]
"""A file of the author's, and a line in it, counted from 1."""


class PublishError(PressError):
    """A document cannot be made; each problem names the author's file and line."""


def at(place: Place | None, message: str) -> str:
    """Put the author's file and line before a message."""
    return message if place is None else f"{place[0]}, line {place[1]}: {message}"


def joined(problems: Sequence[str]) -> PublishError:
    """Make one error of the problems of a document, each once and in the order found."""
    each = list(dict.fromkeys(problems))
    more = len(each) - MOST_SHOWN
    return PublishError("\n".join([*each[:MOST_SHOWN], *([f"… and {more} more."] if more > 0 else [])]))
