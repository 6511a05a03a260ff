"""What waits for a decision, and what was decided."""

from collections.abc import Collection

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from annotator.core.errors import NotFoundError
from annotator.models import Decision, DecisionEvent, Label, QueuedUnit
from annotator.queries.datasets import open_rounds_hidden_from
from projects.models import Assignment, Membership, Project, Round, Unit

Act = DecisionEvent.Act
OWN_ACTS, CHOSEN = (Act.DECIDE, Act.DISCUSS), (Act.DECIDE, Act.AGREED)


def visible_rounds(member: Membership) -> QuerySet[Round]:
    """The rounds that the member may decide in, newest first: not those blind ones in which he still annotates."""
    rounds = Round.objects.filter(project_id=member.project_id, deleted_at=None)
    return rounds.exclude(pk__in=open_rounds_hidden_from(member)).select_related("project", "codebook_version")


def visible_queue(member: Membership) -> QuerySet[QueuedUnit]:
    """What was put up in the project and waits, oldest first, of the rounds that the member may decide in."""
    return _waiting(member.project).exclude(round__in=open_rounds_hidden_from(member)).select_related("round")


def _waiting(project: Project) -> QuerySet[QueuedUnit]:
    """What was put up by hand and not decided since; in a frozen round nobody can."""
    alive = {"round__deleted_at": None, "round__frozen_at": None, "unit__text_version__article__deleted_at": None}
    # The queue may name a part of an attribution ("x.source"); what is decided is the whole.
    named = Decision.objects.annotate(named=ExpressionWrapper(OuterRef("variable"), CharField()))
    same = Q(named=F("variable")) | Q(named__startswith=Concat("variable", Value(".")))
    decided = named.filter(same, round=OuterRef("round"), unit=OuterRef("unit"), value__isnull=False)
    since = decided.filter(updated_at__gt=OuterRef("created_at"))
    return QueuedUnit.objects.filter(~Exists(since), round__project=project, **alive)


def waiting_count(project: Project, *, seen_by: Membership | None = None) -> int:
    """How many were put up by hand, or for discussion, and wait; disagreements that nobody put up are not counted.

    With `seen_by` only those of rounds that this member may decide in.
    """
    open_still = Decision.objects.filter(round__project=project, round__frozen_at=None, discussed=True)
    discussed = standing_decisions(open_still)
    hidden = open_rounds_hidden_from(seen_by) if seen_by else Round.objects.none()
    return sum(waits.exclude(round__in=hidden).count() for waits in (_waiting(project), discussed))


def standing_decisions(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Those on the text that is assigned in their round; on the units of earlier text versions they are history."""
    given = Assignment.objects.filter(round=OuterRef("round"), text_version=OuterRef("unit__text_version"))
    alive = {"round__deleted_at": None, "unit__text_version__article__deleted_at": None}
    return decisions.filter(Exists(given.exclude(state=Assignment.State.RELEASED)), **alive)


def with_labels_now(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Each with `labels_now`; another sum than `labels_seen` says that its labels have changed since it was made."""
    place = {name: OuterRef(name) for name in ("round", "variable", "unit")}
    versions = Label.objects.filter(**place).order_by().values("unit").annotate(sum=Sum("version")).values("sum")
    return decisions.annotate(labels_now=Coalesce(Subquery(versions), 0))


def changed_since(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Those to look at again: labels changed under them, or they wait to be confirmed."""
    stale = ~Q(labels_now=F("labels_seen")) & Q(value__isnull=False)
    return with_labels_now(decisions).filter(stale | Q(to_confirm=True))


def made_by(decisions: Collection[int]) -> dict[int, tuple[DecisionEvent, DecisionEvent]]:
    """Of each decision the event that gave it its value, and the last one."""
    events = DecisionEvent.objects.filter(decision__in=decisions).select_related("member").order_by("sequence")
    made: dict[tuple[int, int], DecisionEvent] = {}
    found: dict[int, tuple[DecisionEvent, DecisionEvent]] = {}
    for event in events:
        # What takes the event before it back leaves the decision as it was made by the one before that.
        is_back = event.act == Act.UNDO or _is_moved_back(event, found.get(event.decision_id))
        before = made.get((event.decision_id, event.sequence - (2 if is_back else 1)))
        chosen = event if event.act in CHOSEN or before is None else before
        made[event.decision_id, event.sequence] = chosen
        found[event.decision_id] = chosen, event
    return found


def _is_moved_back(event: DecisionEvent, before: tuple[DecisionEvent, DecisionEvent] | None) -> bool:
    """Whether it takes a move of the round back; what was decided since stays, and is only asked again."""
    return event.act == Act.MOVED_BACK and before is not None and before[1].move_id == event.move_id


def last_undoable(member: Membership, round: Round) -> DecisionEvent | None:
    """His newest own act on a decision that still stands as he left it. Bulk acts are undone as one, elsewhere."""
    own = DecisionEvent.objects.filter(member=member, decision__round=round, act__in=OWN_ACTS)
    return standing_acts(own).order_by("-pk").first()


def standing_acts(events: QuerySet[DecisionEvent]) -> QuerySet[DecisionEvent]:
    """Those that made a decision what it is. On the units of earlier text versions decisions are history."""
    stands = standing_decisions(Decision.objects.filter(pk=OuterRef("decision")))
    return events.filter(Exists(stands), sequence=F("decision__version"))


def decided_today(round: Round) -> int:
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Decision.objects.filter(round=round, value__isnull=False, updated_at__gte=start).count()


def unit_of_round(round: Round, unit_id: int) -> Unit:
    """A unit that is labelled in this round."""
    units = Unit.objects.select_related("text_version__article").filter(text_version__article__deleted_at=None)
    found = units.filter(text_version__assignments__round=round, pk=unit_id).first()
    if found is None:
        raise NotFoundError("There is no such unit in this round.")
    return found
