"""Drawing 100,000 articles for 500 annotators, against a bare shuffle and a deal by turns, which balances nothing."""

import random
from itertools import cycle

from annotator.core.sampling import Annotator, Candidate, Spec, draw
from tests.bench.timing import Race

ARTICLES, ANNOTATORS = 100_000, 500


def races() -> list[Race]:
    articles = [Candidate(number, 10 + number * 7 % 40, f"outlet {number % 12}") for number in range(ARTICLES)]
    people = [Annotator(number) for number in range(ANNOTATORS)]

    def bare() -> list[tuple[Candidate, Annotator]]:
        shuffled = random.Random(1).sample(articles, ARTICLES)
        return list(zip(shuffled, cycle(people), strict=False))

    def race(title: str, spec: Spec) -> Race:
        return Race(title, "articles", ARTICLES, lambda: draw(articles, people, spec), bare, "a bare shuffle and deal")

    return [
        race("Drawing, a fifth double-coded", Spec(seed=1, double=0.2)),
        race("Drawing, three annotators an article", Spec(seed=1, overlap=3)),
    ]
