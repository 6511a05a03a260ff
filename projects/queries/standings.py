"""How far everybody is in some rounds, from the shares' counters: one index range, however many shares there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable

from projects.models import Assignment
from projects.queries.duplicates import uncounted_shares

STARTED, DONE = Assignment.State.STARTED, Assignment.State.DONE
Whose = tuple[int, int]
"""The ids of a round and of a member."""


@dataclass(frozen=True)
class Standing:
    """A member's shares of a round: articles and units, given and done."""

    articles: int = 0
    articles_done: int = 0
    total: int = 0
    done: int = 0

    @property
    def share(self) -> float:
        return self.done / self.total if self.total else 1.0

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(
            self.articles + other.articles,
            self.articles_done + other.articles_done,
            self.total + other.total,
            self.done + other.done,
        )


def standings(project_id: int, rounds: Collection[int]) -> Mapping[Whose, Standing]:
    """Of all who were given shares in these rounds; what doesn't count (`duplicates.counted_shares`) is left out.

    A share that is done has all its units done, one that waits none: only those begun are looked at themselves.
    """
    here = Assignment.objects.filter(round__in=rounds)
    given = here.exclude(state=Assignment.State.RELEASED)
    units_begun = Sum("units_done", filter=Q(state=STARTED), default=0)
    rows = _sums(given, Count("pk"), Sum("units_total"), Value(0)).union(
        _sums(here.filter(state=STARTED), Value(0), Value(0), Sum("units_done")),
        _sums(uncounted_shares(project_id), Count("pk") * -1, Sum("units_total") * -1, units_begun * -1),
        all=True,
    )
    found: dict[Whose, Standing] = {}
    for round, member, state, articles, total, begun in rows:
        if round not in rounds:
            continue
        is_done = state == DONE
        more = Standing(articles, articles * is_done, total, total if is_done else begun)
        found[round, member] = found.get((round, member), Standing()) + more
    return found


def _sums(
    shares: QuerySet[Assignment], articles: Combinable, total: Combinable, begun: Combinable
) -> QuerySet[Assignment, tuple[int, int, str, int, int, int]]:
    by = shares.order_by().values_list("round_id", "member_id", "state")
    return by.annotate(articles=articles, total=total, begun=begun)
