"""The t distribution: how wide an interval must be when little is known."""

from math import exp, lgamma, log, log1p

_STEPS = 300
_TINY = 1e-300


def t_cdf(x: float, dof: float) -> float:
    """The chance that a t-distributed value is at most x.

    >>> t_cdf(0.0, 5), round(t_cdf(3.0776835, 1), 6), round(t_cdf(-1.475884, 5), 6)
    (0.5, 0.9, 0.1)
    """
    if x == 0:
        return 0.5
    tail = _incomplete_beta(dof / (dof + x * x), dof / 2) / 2
    return 1 - tail if x > 0 else tail


def t_quantile(p: float, dof: float) -> float:
    """The value that a t-distributed one exceeds with the chance 1 − p, for 0 < p < 1.

    The 80 % interval takes p = 0.9; the printed tables say 3.078, 1.886, 1.476, 1.372, 1.310.

    >>> [round(t_quantile(0.9, dof), 3) for dof in (1, 2, 5, 10, 30)]
    [3.078, 1.886, 1.476, 1.372, 1.31]
    """
    if not 0 < p < 1:
        raise ValueError("A chance lies between 0 and 1.")
    if p < 0.5:
        return -t_quantile(1 - p, dof)
    low, high = 0.0, 1.0
    while t_cdf(high, dof) < p:
        low, high = high, high * 2
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if t_cdf(middle, dof) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _incomplete_beta(x: float, a: float) -> float:
    """The regularized incomplete beta function I_x(a, 1/2), by its continued fraction."""
    b = 0.5
    if x >= 1:
        return 1.0
    if x <= 0:
        return 0.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    # The fraction converges quickly on the near side of the mean, so mirror the far side.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function (Lentz's method)."""
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    total = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            total *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return total


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
