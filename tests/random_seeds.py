"""Random tests of which PostgreSQL is asked the first alone: time is short, and SQLite is asked all."""

from collections.abc import Iterable

import pytest


def each(seeds: Iterable[int]) -> list[object]:
    """The seeds of a random test; all but the first are run on one database."""
    first, *rest = seeds
    return [pytest.param(first), *(pytest.param(seed, marks=pytest.mark.once) for seed in rest)]
