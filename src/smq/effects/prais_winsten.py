"""Regression with first-order autoregressive errors, the first observation kept: two ways to the same model.

`prais_winsten` takes the correlation from the residuals and iterates; `likelihood` takes the one that
makes the figures likeliest (Gaussian, exact), the coefficients being those of generalised least squares
at it.

Source: Prais and Winsten (1954), Cowles Commission Discussion Paper 383; iterated as in Wooldridge,
Introductory Econometrics, chapter 12. statsmodels' GLSAR drops the first observation, which matters where
the correlation is near one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize  # type: ignore[import-untyped]

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_STEPS, _CLOSE = 200, 1e-10
_LARGEST = 0.99
"""Beyond this correlation the first observation would get next to no weight."""


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients (K,), their covariance (K, K), the correlation of the errors and degrees of freedom."""

    coefficients: Floats
    covariance: Floats
    correlation: float
    freedom: int


def prais_winsten(outcome: Floats, design: Floats) -> Fit:
    """Regress outcome (T,) on design (T, K), which holds its own constant.

    Raises `ValueError` where there are no more observations than coefficients and one.
    """
    _enough(design)
    coefficients = np.linalg.lstsq(design, outcome, rcond=None)[0]
    correlation = 0.0
    for _ in range(_STEPS):
        rest = outcome - design @ coefficients
        correlation, last = float(rest[1:] @ rest[:-1] / (rest[:-1] @ rest[:-1])), correlation
        correlation = float(np.clip(correlation, -_LARGEST, _LARGEST))
        coefficients = _fit(outcome, design, correlation).coefficients
        if abs(correlation - last) < _CLOSE:
            break
    return _fit(outcome, design, correlation)


def likelihood(outcome: Floats, design: Floats) -> Fit:
    """Regress outcome (T,) on design (T, K) with the correlation of maximum likelihood.

    Raises `ValueError` where there are no more observations than coefficients and one.
    """
    _enough(design)

    def unlikely(correlation: float) -> float:
        moved = _moved(design, correlation)
        found = np.linalg.lstsq(moved, _moved(outcome, correlation), rcond=None)[0]
        rest = _moved(outcome, correlation) - moved @ found
        return len(outcome) * float(np.log(rest @ rest)) - float(np.log(1 - correlation**2))

    best = optimize.minimize_scalar(
        unlikely, bounds=(-_LARGEST, _LARGEST), method="bounded", options={"xatol": 1e-9}
    )
    return _fit(outcome, design, float(best.x))


def _enough(design: Floats) -> None:
    length, width = design.shape
    if length <= width + 1:
        raise ValueError(f"{width} coefficients need more than {width + 1} observations")


def _fit(outcome: Floats, design: Floats, correlation: float) -> Fit:
    """Generalised least squares at a given correlation."""
    moved, target = _moved(design, correlation), _moved(outcome, correlation)
    coefficients = np.linalg.lstsq(moved, target, rcond=None)[0]
    left, freedom = target - moved @ coefficients, len(outcome) - design.shape[1]
    variance = float(left @ left) / freedom
    covariance = np.asarray(np.linalg.inv(moved.T @ moved) * variance, dtype=float)
    return Fit(np.asarray(coefficients, dtype=float), covariance, correlation, freedom)


def _moved(values: Floats, correlation: float) -> Floats:
    moved = values.astype(float).copy()
    moved[1:] -= correlation * values[:-1]
    moved[0] *= np.sqrt(1 - correlation**2)
    return moved
