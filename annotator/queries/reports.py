"""The agreement report of a round."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count, Max, Sum

from annotator.core.agreement import VariableRatings, VariableReport, report_variable
from annotator.core.errors import NotFoundError
from annotator.models import Label
from annotator.queries.ratings import RoundRatings, compared_shares, round_ratings, variable_ratings
from projects.models import Assignment, Round

REPLICATES = 2000
DEFAULT_SEED = 1
KEPT_SECONDS = 3600

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Report:
    """The JSON of the agreement report, as an object."""

    project: str
    round: str
    seed: int
    replicates: int
    input_sha256: str
    variables: tuple[VariableReport, ...]

    def as_dict(self) -> dict[str, object]:
        return {
            "project": self.project,
            "round": self.round,
            "seed": self.seed,
            "replicates": self.replicates,
            "input_sha256": self.input_sha256,
            "variables": [variable.as_dict() for variable in self.variables],
        }


def agreement_report(
    round: Round,
    *,
    variable: str | None = None,
    replicates: int = REPLICATES,
    seed: int | None = None,
    ratings: RoundRatings | None = None,
) -> Report:
    """Every variable of the round's codebook, or the one with the key `variable` (a part such as "x.source" too)."""
    ratings = ratings or round_ratings(round)
    compared = _compared(ratings, variable)
    chosen_seed = DEFAULT_SEED if seed is None else seed
    return Report(
        project=round.project.slug,
        round=round.name,
        seed=chosen_seed,
        replicates=replicates,
        input_sha256=_fingerprint(ratings, compared),
        variables=tuple(report_variable(item, replicates=replicates or None, seed=chosen_seed) for item in compared),
    )


def kept_report(round: Round) -> Report:
    """The whole report with the usual settings."""
    return kept(round, "report", lambda: agreement_report(round))


def kept(round: Round, what: str, compute: Callable[[], Kept]) -> Kept:
    """What `compute` makes of a round's labels, made once for each state of the labels and shares."""
    # The versions add up to the number of events. Their newest alone would not do: on PostgreSQL an earlier one may be
    # committed after it.
    labels = Label.objects.filter(round=round).aggregate(newest=Max("last_event_id"), events=Sum("version"))
    # Sums, too: linking another copy, or mending a text, may leave as many shares as before.
    shares = compared_shares(round).aggregate(number=Count("pk"), which=Sum("pk"), texts=Sum("text_version_id"))
    # PostgreSQL adds up to decimals.
    state = json.dumps([what, round.pk, round.name, round.codebook_version_id, labels, shares], default=str)
    key = f"agreement-{hashlib.sha256(state.encode()).hexdigest()}"
    found: Kept | None = cache.get(key)
    if found is None:
        found = compute()
        cache.set(key, found, KEPT_SECONDS)
    return found


def newest_labelled(project_id: int) -> Round | None:
    """The newest round that has labels."""
    rounds = Round.objects.filter(project_id=project_id).select_related("project").order_by("-pk")
    return next((round for round in rounds if Label.objects.filter(round=round).exists()), None)


def newest_comparable(project_id: int) -> Round | None:
    """The newest round in which two annotators have begun; where there is none, the newest that has labels."""
    rounds = Round.objects.filter(project_id=project_id).select_related("project").order_by("-pk")
    begun = Assignment.objects.exclude(state=Assignment.State.WAITING)
    for round in rounds:
        if len(begun.filter(round=round).values("member").distinct()[:2]) == 2:
            return round
    return newest_labelled(project_id)


def _compared(ratings: RoundRatings, wanted: str | None) -> list[VariableRatings]:
    variables = [v for v in ratings.book.variables if wanted is None or wanted.split(".")[0] == v.key]
    compared = [item for variable in variables for item in variable_ratings(ratings, variable)]
    if wanted and any(item.key == wanted for item in compared):
        return [item for item in compared if item.key == wanted]
    if wanted and not compared:
        raise NotFoundError(f"The codebook has no variable “{wanted}”.")
    return compared


def _fingerprint(ratings: RoundRatings, compared: Sequence[VariableRatings]) -> str:
    """sha256 of all that the figures rest on: who rated, which units, and every answer."""
    content = {
        "annotators": ratings.annotators,
        "units": [[unit.article, unit.index, unit.start, unit.end] for unit in ratings.units],
        "ratings": {item.key: item.ratings for item in compared},
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
