"""The interval of a share of few trials, where a bootstrap says too little."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

#: Of all intervals: 95 in 100.
LEVEL = 0.95

_Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


def wilson(share: float, count: int) -> tuple[float, float]:
    """The score interval of a share of ``count`` trials, of which there is at least one.

    Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 1927. It
    also holds for a few trials and for shares of 0 and 1, to which a bootstrap gives no width. For
    the mean of values from 0 to 1 it is too wide rather than too narrow, as no such values vary
    more than those of 0 and 1.
    """
    spread = _Z * _Z / count
    middle = share + spread / 2
    reach = _Z * sqrt(share * (1 - share) / count + spread / (4 * count))
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    # Rounding must not leave a share of 0 or 1 outside of its own interval.
    return max(0.0, min(low, share)), min(1.0, max(high, share))
