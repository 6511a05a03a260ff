"""Training rounds: who has passed, who may begin which work, and what is told after an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from annotator.models import Event, TrainingResult
from annotator.queries.gold import Judged, Place, gold_in, is_settled_by, judged_shares
from projects.models import Assignment, Membership, Round
from projects.queries.codebooks import codebook
from projects.queries.duplicates import counted_shares

LET_THROUGH = 0
"""The occasion under which it is written that a lead let somebody through."""


@dataclass(frozen=True)
class Try:
    """A member's shares of one occasion. `result` is None until it is concluded."""

    occasion: int
    articles: int
    finished: int
    result: TrainingResult | None

    @property
    def is_finished(self) -> bool:
        return self.finished == self.articles


@dataclass(frozen=True)
class Standing:
    """How a member stands in a training round."""

    member: Membership
    tries: Sequence[Try]
    let_by: Membership | None

    @property
    def passed(self) -> bool:
        return self.let_by is not None or any(one.result and one.result.passed for one in self.tries)

    @property
    def last(self) -> Try:
        return self.tries[-1]


def is_barred(assignment: Assignment) -> bool:
    """Whether its round requires a training that the annotator hasn't passed. What he has begun he may finish."""
    if assignment.round.requires_id is None or assignment.state != Assignment.State.WAITING:
        return False
    return not may_begin(Assignment.objects.filter(pk=assignment.pk)).exists()


def may_begin(shares: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Those in rounds that require no training, or one that is passed, or is in the trash, and those begun before."""
    passed = TrainingResult.objects.filter(round=OuterRef("round__requires"), member=OuterRef("member"), passed=True)
    begun = ~Q(state=Assignment.State.WAITING)
    free = Q(round__requires=None) | Q(round__requires__deleted_at__isnull=False)
    return shares.filter(free | begun | Exists(passed))


def waiting_for(member: Membership) -> list[Round]:
    """The training rounds that the member has to pass before he is given what else he has."""
    shares = counted_shares().filter(member=member, state=Assignment.State.WAITING, round__closed_at=None)
    barred = shares.exclude(round__requires=None).exclude(pk__in=may_begin(shares).values("pk"))
    return list(Round.objects.filter(pk__in=barred.values("round__requires")))


def training_shares(member_id: int, round_id: int) -> QuerySet[Assignment]:
    return counted_shares().filter(member=member_id, round=round_id).select_related("round")


def standings(round: Round, member: Membership | None = None) -> list[Standing]:
    """How each annotator of a training round stands, or the one member, by pseudonym."""
    shares = counted_shares().filter(round=round)
    results = TrainingResult.objects.filter(round=round).select_related("let_by")
    if member is not None:
        shares, results = shares.filter(member=member), results.filter(member=member)
    done = Count("pk", filter=Q(state=Assignment.State.DONE))
    rows = shares.values_list("member_id", "occasion").annotate(n=Count("pk"), done=done).order_by("occasion")
    result_of = {(result.member_id, result.occasion): result for result in results}
    tries: dict[int, list[Try]] = {}
    for pk, occasion, articles, finished in rows:
        tries.setdefault(pk, []).append(Try(occasion, articles, finished, result_of.get((pk, occasion))))
    members = Membership.objects.select_related("user").in_bulk(list(tries))
    let = {pk: result.let_by for (pk, occasion), result in result_of.items() if occasion == LET_THROUGH}
    found = [Standing(members[pk], own, let.get(pk)) for pk, own in tries.items()]
    return sorted(found, key=lambda one: one.member.pseudonym)


def unconcluded(member: Membership) -> list[tuple[Round, int]]:
    """The tries at training rounds, (round, occasion), that the member has finished and that have no result yet."""
    shares = counted_shares().filter(member=member, round__purpose=Round.Purpose.TRAINING)
    left = Count("pk", filter=~Q(state=Assignment.State.DONE))
    finished = shares.values_list("round", "occasion").annotate(left=left).filter(left=0).order_by("round", "occasion")
    known = set(TrainingResult.objects.filter(member=member).values_list("round", "occasion"))
    new = [(round, occasion) for round, occasion, _ in finished if (round, occasion) not in known]
    rounds = Round.objects.in_bulk([round for round, _ in new])
    return [(rounds[round], occasion) for round, occasion in new]


def judged_try(member_id: int, round_id: int, occasion: int) -> list[tuple[Assignment, list[Judged]]]:
    """The shares of a try in order, each with its gold answers and what was first given."""
    shares = training_shares(member_id, round_id).filter(occasion=occasion)
    own = list(shares.select_related("round", "text_version__article").order_by("pk"))
    found = judged_shares(own)
    return [(share, found[share.pk]) for share in own]


def told_after(assignment: Assignment, uuid: UUID) -> list[Judged]:
    """What the annotator is told after a choice of his was stored, in a round with feedback.

    Of an answer that can be judged as it stands, at once; of one that might still have grown, as soon as he went on.
    """
    chosen = Event.objects.filter(assignment=assignment).select_related("unit")
    event = chosen.filter(uuid=uuid).first()
    if event is None:
        return []
    before = chosen.filter(pk__lt=event.pk, to_confirm=None).order_by("-pk").first()
    went_on = before is not None and _place(before) != _place(event)
    of = [one for one in (before if went_on else None, event) if one is not None and one.value is not None]
    texts, units = {one.unit.text_version_id for one in of}, {one.unit_id for one in of}
    gold = gold_in(texts, codebook(assignment.round.codebook_version_id), units)
    found = [(one, there) for one in of if (there := gold.get(_place(one)))]
    return [Judged(there, one.value) for one, there in found if (one is event) == is_settled_by(there, one.value)]


def _place(event: Event) -> Place:
    return event.unit_id, event.variable
