"""Gold answers, and how the answers of annotators stand to them."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotator.core.codebook import Codebook, Json, Variable, is_asked, moved, retired_in
from annotator.core.gold import Rate, beside, first_answers, is_settled, meets, rate
from annotator.models import Event, GoldAnswer, GoldScore, Label
from annotator.queries.datasets import open_rounds_hidden_from
from annotator.queries.standing import standing
from projects.models import Article, Assignment, Membership, Round, TextVersion
from projects.queries.codebooks import codebook
from projects.queries.duplicates import newest_of

MOST_FRESH = 200
Place = tuple[int, str]
"""A unit and the key of a variable."""


@dataclass(frozen=True)
class Gold:
    """A gold answer as it reads under the codebook of a round. `came_from` is the round in which it was given."""

    unit: int
    index: int
    variable: Variable
    value: Json
    explanation: str
    came_from: int


@dataclass(frozen=True)
class Judged:
    """What an annotator gave where there is a gold answer; None = nothing."""

    gold: Gold
    given: Json

    @property
    def met(self) -> bool:
        return meets(self.gold.variable, self.gold.value, self.given)

    @property
    def beside(self) -> list[str]:
        return beside(self.gold.variable, self.gold.value, self.given)


@dataclass(frozen=True)
class Accuracy:
    """How often an annotator met gold among his work, in all and by week (its Monday)."""

    member: Membership
    rate: Rate
    weeks: Sequence[tuple[date, Rate]]


def in_force() -> QuerySet[GoldAnswer]:
    return GoldAnswer.objects.filter(retired_at=None, unit__codable=True)


def visible_gold(member: Membership) -> QuerySet[GoldAnswer]:
    """The gold of the project; not what others decided or answered in an open blind round in which he annotates."""
    of_project = in_force().filter(unit__text_version__article__project_id=member.project_id)
    return of_project.exclude(hidden_gold_of(member))


def hidden_gold_of(member: Membership) -> Q:
    """The gold answers that the member may not see yet."""
    hidden = open_rounds_hidden_from(member).values("pk")
    answered = Q(assignment__round__in=hidden) & ~Q(assignment__member=member)
    return Q(decision__round__in=hidden) | answered


def gold_in(texts: Collection[int], book: Codebook, units: Collection[int] | None = None) -> dict[Place, Gold]:
    """The gold answers on these text versions (or some of their units), as far as they fit the codebook.

    What was merged since reads as what it became. What was split or retired is gold no more.
    """
    found = in_force().filter(unit__text_version__in=texts)
    if units is not None:
        found = found.filter(unit__in=units)
    asked = {variable.key: variable for variable in book.variables if not variable.retired}
    gold = {}
    came_from = Coalesce("decision__round_id", "assignment__round_id")
    columns = "unit_id", "unit__index", "variable", "value", "explanation"
    rows = found.order_by("unit__index", "pk").values_list(*columns, came_from)
    for unit, index, key, value, explanation, round in rows:
        variable = asked.get(key)
        now = moved(variable, value) if variable else None
        if variable and now and not (now.asked or retired_in(variable, now.value)):
            gold[unit, key] = Gold(unit, index, variable, now.value, explanation, round)
    return gold


def judged(share: Assignment) -> list[Judged]:
    return judged_shares([share])[share.pk]


def judged_shares(shares: Sequence[Assignment]) -> dict[int, list[Judged]]:
    """For each share the gold answers of its text that count for its annotator, in order, with what he gave.

    In training his first answer counts, for the gold answer is shown after it; elsewhere the one that stands. A
    question that his answers did not lead to, or that he was free to pass over and did, doesn't count. Marks passed
    over do: they say that there is nothing to mark.
    """
    training = {share.pk for share in shares if share.round.purpose == Round.Purpose.TRAINING}
    golds: dict[tuple[int, int], dict[Place, Gold]] = {}
    found: dict[int, list[Judged]] = {}
    said = _standing([share.pk for share in shares if share.pk not in training])
    chosen = _chosen(training)
    for share in shares:
        key = share.text_version_id, share.round.codebook_version_id
        if key not in golds:
            golds[key] = gold_in([key[0]], codebook(key[1]))
        gold = golds[key]
        given = _first(gold, chosen.get(share.pk, ())) if share.pk in training else said.get(share.pk, {})
        found[share.pk] = [Judged(gold[place], given.get(place)) for place in _counted(codebook(key[1]), gold, given)]
    return found


def _counted(book: Codebook, gold: Mapping[Place, Gold], given: Mapping[Place, Json]) -> Iterator[Place]:
    of_unit: dict[int, dict[str, Json]] = {}
    for (unit, key), value in given.items():
        of_unit.setdefault(unit, {})[key] = value
    for (unit, key), one in gold.items():
        said = of_unit.get(unit, {})
        has_to_be_said = one.variable.required or one.variable.kind == "span"
        if (said.get(key) is not None or has_to_be_said) and is_asked(book, one.variable, said):
            yield unit, key


def _first(gold: Mapping[Place, Gold], events: Iterable[tuple[Place, Json]]) -> dict[Place, Json]:
    return first_answers(events, lambda place, value: place in gold and is_settled_by(gold[place], value))


def is_settled_by(gold: Gold, given: Json) -> bool:
    return is_settled(gold.variable, gold.value, given)


def _standing(shares: Collection[int]) -> dict[int, dict[Place, Json]]:
    found: dict[int, dict[Place, Json]] = {}
    labels = standing(Label.objects.filter(assignment__in=shares, to_confirm=False))
    for share, unit, variable, value in labels.values_list("assignment_id", "unit_id", "variable", "value"):
        found.setdefault(share, {})[unit, variable] = value
    return found


def _chosen(shares: Collection[int]) -> dict[int, list[tuple[Place, Json]]]:
    """The choices of each share in order, without what mendings and moves of the codebook brought."""
    events = Event.objects.filter(assignment__in=shares, to_confirm=None).order_by("assignment", "pk")
    rows = events.values_list("assignment_id", "unit_id", "variable", "value")
    return {
        share: [((unit, variable), value) for _, unit, variable, value in some]
        for share, some in groupby(rows, key=lambda row: row[0])
    }


def measured_shares() -> QuerySet[Assignment]:
    """The shares whose answers are held against gold: training, and gold hidden among other work."""
    measured = Q(why=Assignment.Why.GOLD) | Q(round__purpose=Round.Purpose.TRAINING)
    return Assignment.objects.filter(measured, kind=Assignment.Kind.LABELS)


def unscored(shares: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Of these shares the finished ones without a score, or changed since theirs was kept."""
    done = shares.filter(state=Assignment.State.DONE)
    return done.filter(Q(gold_score=None) | Q(gold_score__as_of__lt=F("updated_at"))).select_related("round")


def score(found: Iterable[Judged]) -> tuple[int, int]:
    """How many gold answers were met, and of how many."""
    met = [one.met for one in found]
    return sum(met), len(met)


def accuracy(round: Round) -> list[Accuracy]:
    """How each annotator met the gold hidden among his finished work in this round, lowest first.

    From the scores that are kept when he asks for his next article, and the first `MOST_FRESH` that are not kept yet.
    """
    hidden = Assignment.objects.filter(round=round, why=Assignment.Why.GOLD)
    rows = sorted(
        row for row in (*_kept_sums(round, hidden), *_fresh_sums(list(unscored(hidden)[:MOST_FRESH]))) if row[-1]
    )
    members = Membership.objects.in_bulk({member for member, *_ in rows})
    found = []
    for pk, some in groupby(rows, key=lambda row: row[0]):
        own = list(some)
        weeks = [(week, _summed(in_week)) for week, in_week in groupby(own, key=lambda row: row[1])]
        found.append(Accuracy(members[pk], _summed(own), weeks))
    return sorted(found, key=lambda one: (one.rate.share or 0.0, one.member.pseudonym))


def _kept_sums(round: Round, hidden: QuerySet[Assignment]) -> Iterable[tuple[int, date, int, int]]:
    fresh = GoldScore.objects.filter(round=round, as_of__gte=F("assignment__updated_at"))
    of_hidden = fresh.filter(assignment__in=hidden.filter(state=Assignment.State.DONE)).order_by()
    return of_hidden.values_list("member_id", "week").annotate(Sum("met"), Sum("answers"))


def _fresh_sums(shares: Sequence[Assignment]) -> Iterable[tuple[int, date, int, int]]:
    given = judged_shares(shares)
    return [(share.member_id, week_of(share), *score(given[share.pk])) for share in shares]


def _summed(rows: Iterable[tuple[int, date, int, int]]) -> Rate:
    counted = list(rows)
    return rate(sum(row[2] for row in counted), sum(row[3] for row in counted))


def week_of(share: Assignment) -> date:
    """The Monday of the week in which it last changed."""
    day = timezone.localdate(share.updated_at)
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class GoldArticle:
    """An article whose newest text has gold answers."""

    article: int
    text_version: int
    answers: int


def gold_articles(project_id: int, *, hidden: bool = False) -> list[GoldArticle]:
    """The articles that a round can draw for their gold, by id.

    `hidden`: to be mixed into other work, so without those that a training round has shown with their gold answers.
    Else for training, so without those that are hidden among the work of an open round.
    """
    living = Article.objects.filter(project_id=project_id, deleted_at=None, linked_to=None)
    texts = newest_of(TextVersion.objects.filter(article__in=living))
    elsewhere = _shown_in_training if hidden else _hidden_in_work
    texts = texts.exclude(Exists(elsewhere(article=OuterRef("article"))))
    gold = in_force().filter(unit__text_version__in=texts)
    rows = gold.values_list("unit__text_version__article_id", "unit__text_version_id").annotate(n=Count("pk"))
    return [GoldArticle(*row) for row in rows.order_by("unit__text_version__article_id")]


def hidden_gold(project_id: int, members: Collection[int], number: int, seed: int) -> list[int]:
    """That many articles with gold (or as many as there are) that none of the members has had, drawn by the seed."""
    known = Assignment.objects.filter(member__in=members, text_version__article__project=project_id)
    had = set(known.values_list("text_version__article", flat=True).distinct())
    fresh = [gold.article for gold in gold_articles(project_id, hidden=True) if gold.article not in had]
    return sorted(fresh, key=lambda article: hashlib.sha256(f"{seed} {article}".encode()).digest())[:number]


def _hidden_in_work(**article: object) -> QuerySet[Assignment]:
    where = {f"text_version__{name}": value for name, value in article.items()}
    hidden = Assignment.objects.filter(why=Assignment.Why.GOLD, round__closed_at=None, **where)
    return hidden.exclude(state=Assignment.State.RELEASED)


def _shown_in_training(**article: object) -> QuerySet[Assignment]:
    where = {f"text_version__{name}": value for name, value in article.items()}
    return Assignment.objects.filter(round__purpose=Round.Purpose.TRAINING, **where)
