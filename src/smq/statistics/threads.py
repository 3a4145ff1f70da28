"""Linear algebra on one thread: with two, sums are added up in another order, and a search ends elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep to one thread, whatever the environment asks for, as a block or a decorator."""
    with threadpool_limits(limits=1, user_api="blas"):
        yield
