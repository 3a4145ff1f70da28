"""What the engine says when something is wrong.

Every error that a user can cause is an instance of `PressError` and says what failed, where in the user's
own file, and what to do. The texts are kept in this module, so that they are designed together.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_WRONG_USE = 2


class PressError(Exception):
    """A failure that the user can cure; `exit_code` is what the command returns for it."""

    exit_code = EXIT_FAILED


class WrongUseError(PressError):
    """The command, or a file that steers it, asks for something that does not exist."""

    exit_code = EXIT_WRONG_USE


class ResultError(PressError):
    """A notebook names a result that the record cannot hold."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Give a sentence that suggests the known name nearest to `name`, or lists all of them."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"Did you mean '{close[0]}'?"
    return f"Known: {', '.join(names)}." if names else "None is known."
