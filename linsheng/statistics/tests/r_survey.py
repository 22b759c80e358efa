"""What R's `survey` does, written down respondent by respondent: slow, plain, and independent of the code under test."""

import numpy as np


def svymean(x, stratum, population=None, weights=None, margins=()):
    """`svymean(~x, design, na.rm=TRUE)` with lonely.psu="adjust": mean and SE. NaN is missing; `margins`: as after `rake`."""
    x, stratum = np.asarray(x, float), np.asarray(stratum)
    sizes = {h: int((stratum == h).sum()) for h in set(stratum.tolist())}
    homes = {h: np.inf if population is None else population[h] for h in sizes}
    if weights is None:
        weights = np.array([1.0 if population is None else homes[h] / sizes[h] for h in stratum.tolist()])
    known = ~np.isnan(x)
    total = sum(w for w, k in zip(weights, known, strict=True) if k)
    mean = sum(w * v for w, v, k in zip(weights, x, known, strict=True) if k) / total
    u = np.array([w * (v - mean) / total if k else 0.0 for w, v, k in zip(weights, x, known, strict=True)])
    for _ in range(50 if margins else 0):
        for margin in margins:
            z = u / weights
            for level in set(margin.tolist()):
                z[margin == level] -= z[margin == level].mean()
            u = weights * z
    variance = 0.0
    for h, n in sizes.items():
        part = u[stratum == h]
        left = 1.0 if np.isinf(homes[h]) else (homes[h] - n) / homes[h]
        variance += left * float((part**2).sum()) if n == 1 else left * n / (n - 1) * float(((part - part.mean()) ** 2).sum())
    return mean, np.sqrt(variance)
