"""How well a regression fits, from plain numbers: pages reckon it without arrays."""

import math


def adjusted_r_squared(r_squared: float, n: int, predictors: int) -> float:
    """Return R² less what as many predictors explain by chance: 1 - (1 - R²)(n - 1)/(n - p - 1), as `lm` in R; not below 0.

    Source: M. Ezekiel (1930), Methods of Correlation Analysis. NaN without a degree of freedom left."""
    freedom = n - predictors - 1
    return max(0.0, 1 - (1 - r_squared) * (n - 1) / freedom) if freedom > 0 else math.nan
