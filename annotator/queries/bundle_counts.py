"""How much there is in some rounds, counted by the database: a bundle compares with it what was written."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Count, F, Max, QuerySet

from annotator.core.codebook.model import Scope
from annotator.core.dataset_bundle import Moment
from annotator.models import Decision, DecisionEvent, Event, Label
from annotator.queries.adjudication import standing_decisions
from annotator.queries.editions import variables_of
from annotator.queries.ready_reports import SHORT_LABELS
from annotator.queries.reports import labels_state
from projects.models import Assignment, AuditEntry, Round, Unit
from projects.queries.codebooks import codebook
from projects.queries.duplicates import counted_shares
from projects.queries.progress import scope_of


def state(project_id: int, rounds: Sequence[Round]) -> tuple[object, ...]:
    """Equal before and after, nothing that a bundle holds has changed between."""
    decided = DecisionEvent.objects.filter(decision__round__in=rounds).aggregate(newest=Max("pk"), n=Count("pk"))
    acts = AuditEntry.objects.filter(project_id=project_id).aggregate(newest=Max("pk"), n=Count("pk"))
    return (*map(labels_state, rounds), tuple(decided.values()), tuple(acts.values()))


def is_large(rounds: Sequence[Round]) -> bool:
    """Whether nobody should wait for it within a page."""
    return Label.objects.filter(round__in=rounds)[: SHORT_LABELS + 1].count() > SHORT_LABELS


def last_moment(rounds: Sequence[Round]) -> Moment | None:
    """The last change of a label; of two at one time that with the greater uuid, for ids differ by database."""
    events = Event.objects.filter(assignment__in=_shares(rounds))
    last = events.order_by("-server_time", "-uuid").values_list("uuid", "server_time").first()
    return Moment(str(last[0]), last[1].isoformat(timespec="microseconds").replace("+00:00", "Z")) if last else None


def counts(rounds: Sequence[Round]) -> Mapping[str, int]:
    """What the data card says there is."""
    shares = _shares(rounds)
    texts = shares.values("text_version")
    return {
        "articles": shares.values("text_version__article").distinct().count(),
        "sentences": Unit.objects.filter(text_version__in=texts, codable=True, index__gt=0).count(),
        "annotators": shares.values("member").distinct().count(),
        "labels": Label.objects.filter(assignment__in=shares, value__isnull=False).count(),
        "decisions": decision_count(rounds),
    }


def long_count(rounds: Sequence[Round]) -> int:
    """Rows of the long table: for each share, unit that is offered or was labelled, and question of its scope."""
    return sum(map(_long_count, rounds))


def label_count(rounds: Sequence[Round]) -> int:
    """Labels, given or taken back, on what is assigned and asked now: the rows of the long table that have one."""
    return sum(map(_label_count, rounds))


def decision_count(rounds: Sequence[Round]) -> int:
    """Decisions that stand, on questions that the round has or had."""
    decided = Decision.objects.filter(value__isnull=False)
    found = (decided.filter(round=round, variable__in=variables_of(round)) for round in rounds)
    return sum(standing_decisions(decisions).count() for decisions in found)


def text_count(rounds: Sequence[Round]) -> int:
    given = _shares(rounds).values_list("text_version")
    decided = standing_decisions(Decision.objects.filter(round__in=rounds, value__isnull=False))
    return len({*given, *decided.values_list("unit__text_version")})


def languages(rounds: Sequence[Round]) -> list[str]:
    found = _shares(rounds).order_by().values_list("text_version__article__language", flat=True).distinct()
    return sorted(filter(None, found))


def event_count(rounds: Sequence[Round]) -> int:
    return Event.objects.filter(assignment__in=_shares(rounds)).count()


def _shares(rounds: Sequence[Round]) -> QuerySet[Assignment]:
    return counted_shares().filter(round__in=rounds)


def _label_count(round: Round) -> int:
    keys = [variable.key for variable in codebook(round.codebook_version_id).variables]
    found = Label.objects.filter(assignment__in=_shares([round]), variable__in=keys)
    return found.filter(unit__text_version=F("assignment__text_version")).count()


def _long_count(round: Round) -> int:
    shares = _shares([round])
    asked: Counter[Scope] = Counter(v.scope for v in codebook(round.codebook_version_id).variables)
    annotators = dict(shares.order_by().values_list("text_version").annotate(Count("pk")))
    offered = Unit.objects.filter(text_version__in=shares.values("text_version"), codable=True).order_by()
    rows = sum(units * annotators[text] * asked[scope_of(index)] for text, index, units in _by_scope(offered))
    labelled = Label.objects.filter(assignment__in=shares, unit__text_version=F("assignment__text_version"))
    withdrawn = labelled.filter(unit__codable=False).order_by()
    places = withdrawn.values_list("assignment", "unit", "unit__index").distinct()
    return rows + sum(asked[scope_of(index)] for *_, index in places)


def _by_scope(units: QuerySet[Unit]) -> list[tuple[int, int, int]]:
    """Text version, 0 for the whole article or 1 for its sentences, and how many units."""
    whole = units.filter(index=0).values_list("text_version").annotate(Count("pk"))
    sentences = units.filter(index__gt=0).values_list("text_version").annotate(Count("pk"))
    return [*((text, 0, n) for text, n in whole), *((text, 1, n) for text, n in sentences)]
