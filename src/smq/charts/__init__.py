"""Charts of the study: a function takes a table and gives a `Chart`: picture, data and words that agree."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_PREVIEW_DPI = 120


@dataclass(frozen=True, repr=False)
class Chart:
    """A drawn figure with everything that must be said about it; all words come from the data drawn."""

    figure: Figure
    data: pd.DataFrame
    """The numbers behind the picture, one row per mark."""
    message: str
    """The title in the picture: what the data say."""
    alt: str
    """The message with its numbers, for someone who does not see the picture."""

    def __repr__(self) -> str:
        return f"Chart: {self.message}"

    def _repr_png_(self) -> bytes:
        """Show the chart in a notebook, whatever plotting backend its kernel has."""
        stream = io.BytesIO()
        self.figure.savefig(stream, format="png", dpi=_PREVIEW_DPI, metadata={"Software": None})
        return stream.getvalue()
