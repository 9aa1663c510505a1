"""Confidence intervals for shares of few trials, where a bootstrap is unreliable."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

#: The confidence level of all intervals.
LEVEL = 0.95

_Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's score interval of a share of ``count`` trials. ``count`` is at least 1.

    Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 1927. It
    also works for few trials and for shares of 0 and 1, where a bootstrap interval has no width.
    For a mean of values between 0 and 1 it is conservative: no such values vary more than 0 and 1.
    """
    spread = _Z * _Z / count
    middle = share + spread / 2
    reach = _Z * sqrt(share * (1 - share) / count + spread / (4 * count))
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    # Rounding errors must not put a share of 0 or 1 outside its own interval.
    return max(0.0, min(low, share)), min(1.0, max(high, share))
