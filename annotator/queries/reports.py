"""The agreement report of a round, and where it is kept."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count, Exists, Max, OuterRef, Sum

from annotator import NAME, VERSION
from annotator.core.agreement import VariableRatings, VariableReport, report_variable
from annotator.core.agreement.variable import PARTS
from annotator.core.codebook import Codebook
from annotator.core.errors import NotFoundError
from annotator.core.plain import plain
from annotator.core.ratings_table import Packed, Question, packed, question, ratings_lines
from annotator.models import Label
from annotator.queries.access_log import ServedEarly, served_early
from annotator.queries.editions import version_at
from annotator.queries.ratings import RoundRatings, compared_shares, round_ratings, variable_ratings
from annotator.queries.selections import EVERYTHING, Selection
from projects.models import Assignment, Membership, Round

REPLICATES = 2000
DEFAULT_SEED = 1
KEPT_SECONDS = 3600
SOFTWARE = f"{NAME} {VERSION}"

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class CodebookUsed:
    key: str
    number: int
    sha256: str


@dataclass(frozen=True)
class Report:
    """The JSON of the agreement report, as an object."""

    project: str
    round: str
    seed: int
    replicates: int
    input_sha256: str
    variables: tuple[VariableReport, ...]
    selection: Selection = EVERYTHING
    codebook: CodebookUsed | None = None
    blind: bool | None = None
    software: str = SOFTWARE
    # None where nobody knows: the ratings came from elsewhere, or the report was kept before there was a log.
    served_early: tuple[ServedEarly, ...] | None = None

    def as_dict(self) -> dict[str, object]:
        return {
            "project": self.project,
            "round": self.round,
            "seed": self.seed,
            "replicates": self.replicates,
            "input_sha256": self.input_sha256,
            "variables": [variable.as_dict() for variable in self.variables],
            "selection": {name: list(picked) for name, picked in self.selection.parts()},
            "codebook": None if self.codebook is None else plain(self.codebook),
            "blind": self.blind,
            "served_early": None if self.served_early is None else [plain(one) for one in self.served_early],
            "software": self.software,
        }


@dataclass(frozen=True)
class Frozen:
    """A report with the ratings it rests on, and what one must know to read them."""

    report: Report
    annotators: tuple[str, ...]
    questions: tuple[Question, ...]
    ratings: Packed


Progress = Callable[[int, int], None]
"""Told how many variables are done, and of how many."""


def agreement_report(
    round: Round, *, variable: str | None = None, replicates: int = REPLICATES, seed: int | None = None
) -> Report:
    """Every variable of the round's codebook, or the one with the key `variable` (a part such as "x.source" too)."""
    selection = EVERYTHING if variable is None else Selection(variables=(variable,))
    return told(round, frozen_report(round, selection, replicates=replicates, seed=seed)).report


def told(round: Round, frozen: Frozen) -> Frozen:
    """The report with what the access log says today: it changes while the labels, by which reports are kept, stay."""
    return replace(frozen, report=replace(frozen.report, served_early=served_early(round)))


def frozen_report(
    round: Round,
    selection: Selection = EVERYTHING,
    *,
    replicates: int = REPLICATES,
    seed: int | None = None,
    progress: Progress = lambda done, total: None,
    at: datetime | None = None,
) -> Frozen:
    """With `at` the round as it stood at that moment of the past."""
    resample = selection.resampled
    ratings = round_ratings(round, selection=selection, at=at)
    keys = compared_keys(ratings.book, selection)
    chosen_seed = DEFAULT_SEED if seed is None else seed
    found: list[VariableReport] = []
    questions: list[Question] = []

    def reported() -> Iterator[VariableRatings]:
        """One variable at a time, for those of many annotators are large."""
        for item in compared_variables(ratings, keys):
            progress(len(found), len(keys))
            found.append(report_variable(item, replicates=replicates or None, seed=chosen_seed, resample=resample))
            questions.append(question(item))
            yield item

    table = packed(ratings_lines(reported(), ratings.numbers))
    version = round.codebook_version if at is None else version_at(round, at)
    report = Report(
        project=round.project.slug,
        round=round.name,
        seed=chosen_seed,
        replicates=replicates,
        input_sha256=table.sha256,
        variables=tuple(found),
        selection=selection,
        codebook=CodebookUsed(ratings.book.key, version.number, version.document_sha256),
        blind=round.blind,
    )
    return Frozen(report, tuple(ratings.annotators), tuple(questions), table)


def compared_keys(book: Codebook, selection: Selection = EVERYTHING) -> list[str]:
    """The variables that were selected, an attribution as its parts (or one of them, "x.source")."""
    parts = {
        variable.key: [f"{variable.key}.{part}" for part in PARTS] if variable.kind == "attribution" else [variable.key]
        for variable in book.variables
    }
    every = [key for keys in parts.values() for key in keys]
    if not selection.variables:
        return every
    for key in selection.variables:
        if key not in parts and key not in every:
            raise NotFoundError(f"The codebook has no variable “{key}”.")
    return [key for key in every if {key, key.partition(".")[0]} & set(selection.variables)]


def compared_variables(ratings: RoundRatings, keys: Collection[str]) -> Iterator[VariableRatings]:
    names = {key.partition(".")[0] for key in keys}
    for variable in ratings.book.variables:
        if variable.key in names:
            yield from (item for item in variable_ratings(ratings, variable) if item.key in keys)


def kept_frozen(round: Round, selection: Selection = EVERYTHING) -> Frozen:
    """With the usual settings."""
    return kept(round, f"report {json.dumps(plain(selection))}", lambda: frozen_report(round, selection))


def kept_report(round: Round, selection: Selection = EVERYTHING) -> Report:
    return kept_frozen(round, selection).report


def kept(round: Round, what: str, compute: Callable[[], Kept]) -> Kept:
    """What `compute` makes of a round's labels, made once for each state of the labels and shares."""
    key = f"agreement-{hashlib.sha256(f'{what} {labels_state(round)}'.encode()).hexdigest()}"
    found: Kept | None = cache.get(key)
    if found is None:
        found = compute()
        cache.set(key, found, KEPT_SECONDS)
    return found


def labels_state(round: Round) -> str:
    """A hash that changes whenever a label or a share of the round does, or the name of an annotator."""
    # The versions add up to the number of events. Their newest alone would not do: on PostgreSQL an earlier one may be
    # committed after it.
    labels = Label.objects.filter(round=round).aggregate(newest=Max("last_event_id"), events=Sum("version"))
    # Sums, too: linking another copy, or mending a text, may leave as many shares as before.
    shares = compared_shares(round).aggregate(number=Count("pk"), which=Sum("pk"), texts=Sum("text_version_id"))
    drawn = Assignment.objects.filter(round=round, member=OuterRef("pk"))
    names = list(
        Membership.objects.filter(Exists(drawn), project_id=round.project_id).values_list("pseudonym", "group")
    )
    # PostgreSQL adds up to decimals.
    state = json.dumps([round.pk, round.name, round.codebook_version_id, labels, shares, names], default=str)
    return hashlib.sha256(state.encode()).hexdigest()


def newest_labelled(project_id: int) -> Round | None:
    """The newest round that has labels."""
    rounds = Round.objects.filter(project_id=project_id).select_related("project").order_by("-pk")
    return next((round for round in rounds if Label.objects.filter(round=round).exists()), None)


def newest_comparable(project_id: int) -> Round | None:
    """The newest round in which two annotators have begun; where there is none, the newest that has labels.

    One that told its annotators the right answers comes last.
    """
    rounds = Round.objects.filter(project_id=project_id).select_related("project").order_by("feedback", "-pk")
    begun = Assignment.objects.exclude(state=Assignment.State.WAITING)
    for round in rounds:
        if len(begun.filter(round=round).values("member").distinct()[:2]) == 2:
            return round
    return newest_labelled(project_id)
