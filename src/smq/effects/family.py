"""Several indicators together: which effects remain when account is taken of how many were asked for.

The primary family was declared before the effects were estimated: waits in A&E, mortality and delayed
transfers, the three of which the first evaluation of the regime reported improvements. Within it p-values
are adjusted by Holm; those of all other indicators by Benjamini-Hochberg. An indicator that a world lacks
is not counted.

Source: Holm (1979), Scandinavian Journal of Statistics 6(2); Benjamini and Hochberg (1995), Journal of
the Royal Statistical Society B 57(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIMARY = ("ae_4h", "shmi", "dtoc")


def adjusted(p_values: Mapping[str, float]) -> pd.DataFrame:
    """Adjust the p-values of indicators: columns indicator, family, p_value, adjusted; in the order given."""
    table = pd.DataFrame({"indicator": list(p_values), "p_value": list(p_values.values())})
    table["family"] = np.where(table["indicator"].isin(PRIMARY), "primary", "secondary")
    table["adjusted"] = np.nan
    for family, method in (("primary", "holm"), ("secondary", "fdr_bh")):
        inside = table["family"] == family
        if inside.any():
            table.loc[inside, "adjusted"] = multipletests(table.loc[inside, "p_value"], method=method)[1]
    return table[["indicator", "family", "p_value", "adjusted"]]
