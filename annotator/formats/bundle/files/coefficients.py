"""The coefficients that agreement.py prints, in plain Python and numpy. Each names its source."""

from collections import Counter
from itertools import combinations

import numpy as np

# --- Single answers: a unit is {annotator: answer} --------------------------------------------------------------------


def pairable(units):
    return [list(unit.values()) for unit in units if len(unit) > 1]


def agreeing(answers):
    """The share of equal pairs of answers of a unit."""
    m = len(answers)
    return sum(n * (n - 1) for n in Counter(answers).values()) / (m * (m - 1))


def percent(units, by_answers=False):
    """Gwet (2014), ch. 2: mean share of agreeing pairs; `by_answers` weighs a unit by its answers."""
    found = pairable(units)
    if not found:
        return None
    weights = [len(answers) if by_answers else 1 for answers in found]
    return float(np.average([agreeing(answers) for answers in found], weights=weights))


def corrected(units, values, chance):
    """Fleiss (1971), Gwet (2008, AC1), Brennan & Prediger (1981), with missing answers as in Gwet (2014)."""
    agreement, q = percent(units), len(values)
    if agreement is None or (q < 2 and chance != "fleiss"):
        return None
    shares = Counter()
    for unit in units:
        for value, n in Counter(unit.values()).items():
            shares[value] += n / len(unit)
    p = np.array(list(shares.values())) / len(units)
    expected = {"fleiss": (p**2).sum(), "ac": (p * (1 - p)).sum() / max(q - 1, 1), "bp": 1 / q}[chance]
    return None if 1 - expected <= 1e-12 else float((agreement - expected) / (1 - expected))


def alpha(units, apart):
    """Krippendorff (2011): 1 - D_o / D_e; `apart(a, b)` is the squared distance of two values."""
    found = [Counter(answers) for answers in pairable(units)]
    total = sum(found, Counter())
    n = sum(total.values())
    distance = {(a, b): apart(a, b) for a, b in combinations(total, 2)}
    expected = sum(2 * total[a] * total[b] * far for (a, b), far in distance.items())
    if not expected:
        return None
    distance |= {(b, a): far for (a, b), far in distance.items()}
    observed = 0.0
    for counts in found:
        pairs = sum(2 * counts[a] * counts[b] * distance[a, b] for a, b in combinations(counts, 2))
        observed += pairs / (sum(counts.values()) - 1)
    return 1 - (observed / n) / (expected / (n * (n - 1)))


def differs(a, b):
    return float(a != b)


def ordinal(units, values):
    total = Counter(answer for answers in pairable(units) for answer in answers)
    below, rank = 0, {}
    for value in values:
        rank[value] = below + total[value] / 2
        below += total[value]
    return alpha(units, lambda a, b: (rank[a] - rank[b]) ** 2)


def interval(units, number):
    """Through moments: the sum over pairs of (x - y)^2 is 2 (m sum x^2 - (sum x)^2)."""
    found = [np.array([number[answer] for answer in answers]) for answers in pairable(units)]
    if not found:
        return None
    every = np.concatenate(found)
    middle, n = every.mean(), len(every)
    observed = sum(spread(x - middle) / (len(x) - 1) for x in found) / n
    expected = spread(every - middle) / (n * (n - 1))
    return float(1 - observed / expected) if expected else None


def spread(x):
    size = len(x) * (x**2).sum()
    found = size - x.sum() ** 2
    return 2 * found if found > 1e-12 * size else 0.0


def ratio(units, number):
    def apart(a, b):
        total = number[a] + number[b]
        return ((number[a] - number[b]) / total) ** 2 if total else 0.0

    return alpha(units, apart)


def two_raters(units, who, pooled=False):
    """Cohen (1960); with the shares of both raters pooled, Scott (1955)."""
    if len(who) != 2:
        return None
    both = [(unit[who[0]], unit[who[1]]) for unit in units if who[0] in unit and who[1] in unit]
    if not both:
        return None
    first, second = (Counter(column) for column in zip(*both, strict=True))
    n = len(both)
    if pooled:
        expected = sum(((first[v] + second[v]) / (2 * n)) ** 2 for v in {*first, *second})
    else:
        expected = sum(first[v] * second[v] for v in first) / n**2
    agreement = sum(a == b for a, b in both) / n
    return None if 1 - expected <= 1e-12 else (agreement - expected) / (1 - expected)


def icc_1(units, number):
    """McGraw & Wong (1996), table 4; k_0 for unequal numbers of raters as in Donner (1986)."""
    found = [np.array([number[answer] for answer in answers]) for answers in pairable(units)]
    if len(found) < 2:
        return None
    every = np.concatenate(found)
    middle, n, k = every.mean(), len(every), np.array([len(x) for x in found])
    squares = ((every - middle) ** 2).sum()
    between = sum((x - middle).sum() ** 2 / len(x) for x in found)
    of_units = cleaned(between - (every - middle).sum() ** 2 / n, squares) / (len(found) - 1)
    within = cleaned(squares - between, squares) / (n - len(found))
    each = (n - (k**2).sum() / n) / (len(found) - 1)
    return share(of_units - within, of_units + (each - 1) * within)


def icc_a1(units, number, who):
    given = [[number[unit[name]] for name in who] for unit in units if all(name in unit for name in who)]
    if len(who) < 2 or len(given) < 2:
        return None
    x = np.array(given)
    x = x - x.mean()
    n, k = x.shape
    squares, middle = (x**2).sum(), x.sum() ** 2 / (n * k)
    between, columns = (x.sum(axis=1) ** 2).sum() / k, (x.sum(axis=0) ** 2).sum() / n - middle
    of_units = cleaned(between - middle, squares) / (n - 1)
    of_raters = cleaned(columns, squares) / (k - 1)
    error = cleaned(squares - between - columns, squares) / ((n - 1) * (k - 1))
    return share(of_units - error, of_units + (k - 1) * error + k / n * (of_raters - error))


def cleaned(part, squares):
    return part if part > 1e-12 * squares else 0.0


def share(part, whole):
    return float(part / whole) if whole > 0 else None


def set_distance(masi):
    """Passonneau (2006): 1 - Jaccard * m, m = 1, 2/3, 1/3, 0 for equal, inside, overlapping, disjoint."""

    def apart(a, b):
        shared = len(a & b)
        alike = shared / len(a | b) if a | b else 1.0
        if masi:
            alike *= 2 / 3 if shared == min(len(a), len(b)) else 1 / 3
        return 1 - alike

    return apart


# --- Spans: a unit is (start, end, {annotator: set of (start, end, label)}) -------------------------------------------


def pieces(spans, edges):
    """The set of labels over each stretch between two edges."""
    return [frozenset(s[2] for s in spans if s[0] <= at < s[1]) for at in edges[:-1]]


def edges_of(start, end, spans):
    return sorted({start, end, *(s[0] for s in spans), *(s[1] for s in spans)})


def cut(units):
    """All units of two or more answers cut at all edges: (length, the labels each annotator put there)."""
    for start, end, by in units:
        edges = edges_of(start, end, [span for own in by.values() for span in own])
        columns = [pieces(own, edges) for own in by.values()]
        yield from zip(np.diff(edges).tolist(), zip(*columns, strict=True), strict=True)


def characters(units, read):
    """Characters on which two raters differ, over m - 1, and characters by value."""
    differing, by_value = 0.0, Counter()
    for length, labels in cut(units):
        counts, m = Counter(map(read, labels)), len(labels)
        differing += length * (m**2 - sum(n**2 for n in counts.values())) / (m - 1)
        for value, n in counts.items():
            by_value[value] += length * n
    n = sum(by_value.values())
    return differing, n, n**2 - sum(length**2 for length in by_value.values())


def char_alpha(units, read):
    """Krippendorff (2011) with the character as the thing that is rated."""
    differing, n, chance = characters(units, read)
    return 1 - differing * (n - 1) / chance if chance else None


def u_alpha(units, read):
    """Krippendorff, Mathet, Bouvry & Widloecher (2016): a span is one thing that can't be paired with itself."""
    differing, n, chance = characters(units, read)
    itself = 0
    for start, end, by in units:
        for own in by.values():
            edges = edges_of(start, end, own)
            for length, labels in zip(np.diff(edges).tolist(), pieces(own, edges), strict=True):
                itself += length**2 if labels else length
    return 1 - differing * (n**2 - itself) / (n * chance) if chance else None


def span_f1(units, matches):
    """Hripcsak & Rothschild (2005): mean F1 over the pairs of raters that marked anything where both answered."""
    given, matched, met = Counter(), Counter(), set()
    for _start, _end, by in units:
        for a, b in combinations(by, 2):
            for one, other in ((a, b), (b, a)):
                given[one, other] += len(by[one])
                matched[one, other] += sum(matches(span, by[other]) for span in by[one])
            met.add(tuple(sorted((a, b))))
    found = []
    for a, b in met:
        if given[a, b] + given[b, a]:
            p, r = matched[a, b] / max(given[a, b], 1), matched[b, a] / max(given[b, a], 1)
            found.append(2 * p * r / (p + r) if p + r else 0.0)
    return float(np.mean(found)) if found else None


def same(span, others):
    return span in others


def meets(span, others):
    return any(span[2] == other[2] and span[0] < other[1] and other[0] < span[1] for other in others)


def bare(units):
    return [(s, e, {who: {(a, b, "") for a, b, _ in own} for who, own in by.items()}) for s, e, by in units]
