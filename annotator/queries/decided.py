"""A round's decisions beside its answers: where all agree, and how far annotators and majority met what was decided."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Sum

from annotator.core.codebook import Json, Variable
from annotator.core.consensus import consensus
from annotator.core.gold import NEVER_GOLD, Rate, may_be_gold, meets, rate
from annotator.models import Decision, DecisionEvent, Label
from annotator.queries.adjudication import standing_acts, standing_decisions
from annotator.queries.bench import questions
from annotator.queries.ratings import RoundRatings, compared_shares, round_ratings, variable_ratings
from annotator.queries.reports import kept
from projects.models import Round

FEWEST = 2


@dataclass(frozen=True, slots=True)
class Agreed:
    """A unit on which all who were given it answered, and alike; `answers` are those by share."""

    unit: int
    value: Json
    answers: Mapping[int, Json]
    labels_seen: int


@dataclass(frozen=True)
class AgreedLine:
    """Of a question: on how many units all agree, and how many of these have no decision yet."""

    variable: Variable
    agreed: int
    open: int


@dataclass(frozen=True)
class MetLine:
    """Of a question: how far each annotator, by pseudonym, and the majority met its decisions; `ties` had none."""

    variable: Variable
    decisions: int
    majority: Rate
    ties: int
    annotators: Sequence[tuple[str, Rate]]


def agreed_lines(round: Round) -> list[AgreedLine]:
    """Of each question; which units those are is worked out once for each state of the labels."""

    def read() -> dict[str, frozenset[int]]:
        ratings = round_ratings(round)
        return {v.key: frozenset(unit for unit, _ in _alike(ratings, v)) for v in questions(round)}

    units = kept(round, "agreed", read)
    return [_line(round, v, units[v.key]) for v in questions(round) if v.key in units]


def _line(round: Round, variable: Variable, units: frozenset[int]) -> AgreedLine:
    taken = units & _taken(round, variable.key) if units else units
    return AgreedLine(variable, len(units), len(units) - len(taken))


def _taken(round: Round, variable: str) -> set[int]:
    """The units that have a decision on the question, or are in discussion."""
    rows = Decision.objects.filter(round=round, variable=variable)
    decided = rows.filter(value__isnull=False) | rows.filter(discussed=True)
    return set(decided.order_by().values_list("unit_id", flat=True))


def agreed_units(round: Round, variable: Variable) -> list[Agreed]:
    """Those without a decision, with what a decision on them rests on."""
    ratings, taken = round_ratings(round, only=variable.key), _taken(round, variable.key)
    seen = Label.objects.filter(round=round, variable=variable.key).order_by().values("unit")
    versions = dict(seen.annotate(sum=Sum("version")).values_list("unit", "sum"))
    articles = {unit.id: unit.article for unit in ratings.units}
    columns = "text_version__article__external_id", "member_id", "pk"
    shares = {(article, member): pk for article, member, pk in compared_shares(round).values_list(*columns)}
    members = [member.pk for member in ratings.members]
    return [
        Agreed(
            unit,
            next(iter(given.values())),
            {shares[articles[unit], members[row]]: value for row, value in given.items()},
            versions.get(unit, 0),
        )
        for unit, given in _alike(ratings, variable)
        if unit not in taken
    ]


def _alike(ratings: RoundRatings, variable: Variable) -> Iterator[tuple[int, dict[int, Json]]]:
    """The units on which everybody who was given them answered the same, with the answers by the row of the member."""
    given_to = Counter(ratings.units[unit].id for unit, _ in ratings.places)
    units = ratings.of_scope(variable)
    rows = ratings.rows(variable, units).ratings
    for unit, answers in zip(units, zip(*rows, strict=True), strict=True):
        given = {row: answer for row, answer in enumerate(answers) if answer is not None}
        first = next(iter(given.values()), None)
        everybody = len(given) == given_to[unit.id] >= FEWEST
        if everybody and all(answer == first for answer in given.values()):
            yield unit.id, given


def met_lines(round: Round) -> list[MetLine]:
    """Of each question that has decisions which were taken one by one; words are never the same, and left out."""
    state = Decision.objects.filter(round=round).aggregate(number=Count("pk"), last=Max("updated_at"))
    return kept(round, f"met {state}", lambda: _met_lines(round))


def _met_lines(round: Round) -> list[MetLine]:
    asked = [v for v in questions(round) if v.kind not in NEVER_GOLD]
    decided = {v.key: dict(_taken_singly(round, v)) for v in asked}
    if not any(decided.values()):
        return []
    ratings = round_ratings(round)
    return [_met(ratings, v, decided[v.key]) for v in asked if decided[v.key]]


def _taken_singly(round: Round, variable: Variable) -> Iterator[tuple[int, Json]]:
    """What was taken over because all agreed would only flatter."""
    in_bulk = DecisionEvent.objects.filter(
        decision=OuterRef("pk"), sequence=OuterRef("version"), act=DecisionEvent.Act.AGREED
    )
    decisions = standing_decisions(Decision.objects.filter(round=round, variable=variable.key, to_confirm=False))
    rows = decisions.filter(~Exists(in_bulk), value__isnull=False).order_by().values_list("unit_id", "value")
    yield from ((unit, value) for unit, value in rows if may_be_gold(variable, value))


def _met(ratings: RoundRatings, variable: Variable, decided: Mapping[int, Json]) -> MetLine:
    units = ratings.of_scope(variable)
    rows = ratings.rows(variable, units).ratings
    at = [(place, decided[unit.id]) for place, unit in enumerate(units) if unit.id in decided]
    annotators = []
    for name, row in zip(ratings.annotators, rows, strict=True):
        given = [meets(variable, value, row[place]) for place, value in at if row[place] is not None]
        annotators.append((name, rate(sum(given), len(given))))
    # An attribution is compared by its sources, as gold is.
    most = list(consensus(variable_ratings(ratings, variable)[0]))
    found = [(most[place], value) for place, value in at]
    settled = [(one.value, value) for one, value in found if one is not None and one.value is not None]
    told = [meets(variable, value, _as_answer(variable, own)) for own, value in settled]
    return MetLine(variable, len(at), rate(sum(told), len(told)), len(found) - len(settled), annotators)


def _as_answer(variable: Variable, value: Json) -> Json:
    """The majority's sources in the form of an answer."""
    if variable.kind != "attribution" or not isinstance(value, list):
        return value
    return [{"source": source} for source in value]


@dataclass(frozen=True, slots=True)
class Bulk:
    """A bulk act; `decisions` still stand as it left them."""

    batch: UUID
    variable: str
    decisions: int


def bulk_acts(round: Round) -> list[Bulk]:
    """Those that can be undone, the newest first."""
    events = DecisionEvent.objects.filter(decision__round=round, act=DecisionEvent.Act.AGREED, batch__isnull=False)
    standing = standing_acts(events).values("batch", "decision__variable")
    counted = standing.annotate(number=Count("pk"), last=Max("pk")).order_by("-last")
    rows = counted.values_list("batch", "decision__variable", "number")
    return [Bulk(batch, variable, number) for batch, variable, number in rows if batch]
