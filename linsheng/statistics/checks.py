"""What every method asks of its input, and the two-sided quantiles they share."""

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def floats(values: npt.ArrayLike, *, name: str) -> Floats:
    """Return `values` as a one-dimensional float64 array; None becomes NaN. ValueError if it is not one-dimensional or infinite."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, not of {array.ndim} dimensions.")
    if np.isinf(array).any():
        raise ValueError(f"{name} must be finite numbers or missing (NaN), not infinite.")
    return array


def same_length(first: Floats, second: Floats, *, names: str) -> None:
    """Raise ValueError unless both arrays have as many elements."""
    if first.size != second.size:
        raise ValueError(f"{names} must have the same length, not {first.size} and {second.size}.")


def fixed(array: Floats) -> Floats:
    """Return a copy that nobody can write to, fit for a frozen result."""
    copy = np.array(array, dtype=np.float64)
    copy.flags.writeable = False
    return copy


def plain(number: float) -> float:
    """Return a Python int where the number is whole and a Python float otherwise (NumPy scalars do not serialise)."""
    value = float(number)
    return int(value) if value.is_integer() else value


def normal_quantile(confidence: float) -> float:
    """Return z with P(|Z| <= z) = confidence. ValueError unless 0 < confidence < 1."""
    _check_confidence(confidence)
    return float(special.ndtri(0.5 + confidence / 2))


def t_quantile(confidence: float, *, freedom: float) -> float:
    """Return t with P(|T| <= t) = confidence for Student's t with `freedom` > 0 degrees of freedom."""
    _check_confidence(confidence)
    return float(special.stdtrit(freedom, 0.5 + confidence / 2))


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}.")
