"""Weights of partial agreement between ranked values."""

import numpy as np

from .arrays import FloatArray

WEIGHTS = ("identity", "linear", "quadratic", "ordinal")


def agreement_weights(name: str, values: int) -> FloatArray:
    """Agreement of each two values (values, values): 1 on the diagonal, down to 0 for the ends of the scale.

    With d the difference of ranks and q values: linear 1 - d/(q-1), quadratic 1 - (d/(q-1))^2, ordinal
    1 - C(d+1, 2) / C(q, 2), identity 1 for d = 0 only (Gwet 2014, ch. 3). Raises ValueError on another name.

    >>> agreement_weights("linear", 3).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    if name not in WEIGHTS:
        raise ValueError(f"{name!r} are no weights; choose from {', '.join(WEIGHTS)}.")
    if name == "identity" or values < 2:
        return np.eye(values)
    ranks = np.arange(values, dtype=np.float64)
    apart = np.abs(ranks[:, None] - ranks[None, :])
    if name == "ordinal":
        return np.asarray(1 - apart * (apart + 1) / (values * (values - 1)))
    return np.asarray(1 - (apart / (values - 1)) ** (1 if name == "linear" else 2))
