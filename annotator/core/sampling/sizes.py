"""How many units two annotators should both label, planned before there is any data.

`annotator.core.agreement.fewest_units` is Krippendorff's plan, for telling alpha from one below a mark.
"""

from math import ceil
from statistics import NormalDist


def units_for_agreement(population: int, expected: float, least: float, *, significance: float = 0.05) -> int:
    """Units to label twice so that an agreement of `expected` shows that in the whole it is `least` or more.

    `population` is how many units there are in all. Lacy & Riffe (1996), Sampling error and selecting intercoder
    reliability samples for nominal content categories, Journalism & Mass Communication Quarterly 73, with the standard
    error (expected - least) / z, one-sided. Percent agreement alone: chance isn't taken out. Raises ValueError unless
    0 < least < expected < 1.

    >>> units_for_agreement(1000, 0.90, 0.85)
    90
    """
    if not (0 < least < expected < 1 and population > 0):
        raise ValueError("The least agreement lies below the expected one, both between 0 and 1.")
    return lacy_riffe(population, expected, (expected - least) / NormalDist().inv_cdf(1 - significance))


def lacy_riffe(population: int, expected: float, error: float) -> int:
    """Their formula as printed: n = ((N - 1) SE^2 + P Q N) / ((N - 1) SE^2 + P Q).

    In their example and tables for 95 % the standard error is rounded to .03:

    >>> lacy_riffe(1000, 0.90, 0.03)
    92
    """
    spread, squared = expected * (1 - expected), (population - 1) * error**2
    return min(population, ceil((squared + spread * population) / (squared + spread)))


def units_for_width(share: float, alpha: float, half: float, *, level: float = 0.95) -> int:
    """Units with which the interval of a value's alpha would reach about `half` to either side, at an alpha of `alpha`.

    By the variance in large samples of two annotators' agreement on the presence of a value that is given with the
    probability `share`: (1 - a) ((1 - a) (1 - 2 a) + a (2 - a) / (2 p (1 - p))) / N. Bloch & Kraemer (1989), 2 x 2
    kappa coefficients: measures of agreement or association, Biometrics 45. Units are taken as independent; sentences
    of one article are not, so it is the least. Raises ValueError unless share, alpha and half lie between 0 and 1.

    >>> units_for_width(1 / 2, 0.8, 0.1)
    139
    """
    if not (0 < share < 1 and 0 < alpha < 1 and 0 < half < 1):
        raise ValueError("Share, alpha and half the width lie between 0 and 1.")
    z = NormalDist().inv_cdf((1 + level) / 2)
    variance = (1 - alpha) * ((1 - alpha) * (1 - 2 * alpha) + alpha * (2 - alpha) / (2 * share * (1 - share)))
    return ceil(variance * (z / half) ** 2)
