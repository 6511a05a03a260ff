"""What the overview shows who leads: how far everything is, in a fixed number of queries whatever the size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Count, Exists, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotator.core.gold import Rate
from annotator.core.needing_help import Course, Reason, needing_help
from annotator.queries.adjudication import visible_queue
from annotator.queries.alpha_so_far import AlphaSoFar, summary_column, summary_of
from annotator.queries.gold import accuracy
from annotator.queries.notes import unanswered
from annotator.queries.pace import Pace, pace
from projects.models import CodebookVersion, Membership, Project, Role, Round
from projects.queries import overview
from projects.queries.access import blind_rounds_of
from projects.queries.overview import Progress, SetUp, Work
from projects.queries.standings import Standing, standings


@dataclass(frozen=True)
class RoundState:
    """A round, and how far it is. `is_hidden`: who looks annotates in it blind, and may not know its agreement."""

    round: Round
    annotators: int
    progress: Progress
    is_hidden: bool
    alpha: AlphaSoFar | None
    has_gold: bool = False

    @property
    def is_open(self) -> bool:
        return self.round.closed_at is None

    @property
    def is_late(self) -> bool:
        due = self.round.due_on
        return self.is_open and not self.progress.finished and due is not None and due < timezone.localdate()


@dataclass(frozen=True)
class Person:
    """An annotator in the round that is looked at. `lately`: units of two weeks; notes are those without answer."""

    member: Membership
    standing: Standing
    lately: int = 0
    last_day: date | None = None
    seconds_each: float | None = None
    notes: int = 0
    flags: int = 0
    gold: Rate | None = None
    reasons: Sequence[Reason] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        return self.member.user.get_display_name() if self.member.user else self.member.pseudonym

    @property
    def asked(self) -> int:
        return self.notes + self.flags


@dataclass(frozen=True)
class Waiting:
    """How much of what waits for somebody who leads."""

    invitations: int
    reviews: int
    queued: int
    notes: int
    to_decide: int


@dataclass(frozen=True)
class Overview:
    """Everything of the page; `focus` is the round that is looked at, `people` those who need help first."""

    set_up: SetUp
    waiting: Waiting
    rounds: Sequence[RoundState]
    focus: RoundState | None
    own: Sequence[Work]
    pace: Pace | None = None
    people: Sequence[Person] = ()


def overview_of(member: Membership, focus: int | None = None) -> Overview:
    """For a member who may see the progress of all; `focus` is the id of the round that he looks at."""
    rounds = list(_rounds(member))
    found = standings(member.project_id, {round.pk for round in rounds})
    states = [_state(round, found) for round in rounds]
    looked_at = _focus(states, focus)
    waiting, set_up = _waiting(member)
    own = [_own(member, state.round, found) for state in reversed(states) if state.is_open]
    if looked_at is None:
        return Overview(set_up, waiting, states, None, [])
    course = pace(looked_at.round)
    standing = {whose: one for (round, whose), one in found.items() if round == looked_at.round.pk}
    return Overview(
        set_up=set_up,
        waiting=waiting,
        rounds=states,
        focus=looked_at,
        own=[work for work in own if work.progress.total],
        pace=course,
        people=_people(member, looked_at, standing, course),
    )


def _rounds(member: Membership) -> QuerySet[Round]:
    rounds = Round.objects.filter(project=member.project_id).select_related("codebook_version")
    return rounds.defer("codebook_version__document", "draw").annotate(
        kept_summary=summary_column(),
        gold=KT("draw__ask__gold"),
        hidden=Exists(blind_rounds_of([member.pk]).filter(pk=OuterRef("pk"))),
    )


def _state(round: Round, found: Mapping[tuple[int, int], Standing]) -> RoundState:
    given = [one for (of, _whose), one in found.items() if of == round.pk]
    progress = Progress(sum(one.done for one in given), sum(one.total for one in given))
    hidden = bool(getattr(round, "hidden", False))
    alpha = None if hidden else summary_of(round, getattr(round, "kept_summary", None))
    has_gold = getattr(round, "gold", None) not in (None, "[]")
    return RoundState(round, len(given), progress, hidden, alpha, has_gold)


def _focus(states: Sequence[RoundState], wanted: int | None) -> RoundState | None:
    """The one asked for, else the newest that is open and not done, else the newest."""
    asked = [state for state in states if state.round.pk == wanted]
    under_way = [state for state in states if state.is_open and not state.progress.finished]
    return next(iter([*asked, *under_way, *states]), None)


def _own(member: Membership, round: Round, found: Mapping[tuple[int, int], Standing]) -> Work:
    one = found.get((round.pk, member.pk), Standing())
    return Work(round, member, one.articles, one.articles_done, Progress(one.done, one.total))


def _waiting(member: Membership) -> tuple[Waiting, SetUp]:
    """All counts in one query."""
    project = member.project
    notes = unanswered(member)
    published = CodebookVersion.objects.filter(project=project, state=CodebookVersion.State.PUBLISHED)
    row = (
        Project.objects.filter(pk=project.pk)
        .values_list(
            _number(overview.waiting_invitations(project)),
            _number(overview.waiting_for_review(project)),
            _number(visible_queue(member)),
            _number(notes.filter(flag=False)),
            _number(notes.filter(needs_decision=True)),
            Exists(overview.articles(project)),
            Exists(published),
            Exists(Membership.objects.filter(project=project, role=Role.ANNOTATOR)),
            Exists(Round.objects.filter(project=project)),
        )
        .get()
    )
    return Waiting(*row[:5]), SetUp(*row[5:])


def _number(rows: QuerySet[Model]) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _people(member: Membership, state: RoundState, standing: Mapping[int, Standing], course: Pace) -> Sequence[Person]:
    members = Membership.objects.filter(pk__in=standing).select_related("user").order_by("pseudonym")
    asked = Q(notes__round=state.round, notes__parent=None, notes__settled_at=None, notes__to_annotators=False)
    asked &= Q(notes__unit__text_version__article__deleted_at=None)
    if state.is_hidden:
        asked &= Q(pk=member.pk)
    found = members.annotate(
        open_notes=Count("notes", filter=asked & Q(notes__flag=False)),
        open_flags=Count("notes", filter=asked & Q(notes__flag=True)),
    )
    gold = {one.member.pk: one.rate for one in accuracy(state.round)} if state.has_gold and not state.is_hidden else {}
    people = [_person(one, standing[one.pk], course, gold.get(one.pk)) for one in found]
    agrees = state.alpha.agrees if state.alpha else {}
    today, opened = timezone.localdate(), timezone.localdate(state.round.created_at)
    helped = needing_help(
        {
            person: Course(
                left=person.standing.total - person.standing.done,
                lately=course.week_of(person.member.pk),
                before=course.week_of(person.member.pk, before=True),
                idle=(today - (person.last_day or opened)).days,
                begun=person.standing.done > 0,
                seconds_each=person.seconds_each,
                agrees=agrees.get(person.member.pseudonym),
                gold=person.gold.high if person.gold else None,
                flags=person.flags,
            )
            for person in people
        }
    )
    told = [replace(person, reasons=helped.get(person, ())) for person in people]
    return sorted(told, key=lambda person: (-len(person.reasons), person.standing.share, person.member.pseudonym))


def _person(member: Membership, standing: Standing, course: Pace, gold: Rate | None) -> Person:
    """Of a member with the numbers of his open notes and flags."""
    lately, active = sum(course.units.get(member.pk, ())), course.active_ms.get(member.pk, 0)
    return Person(
        member=member,
        standing=standing,
        lately=lately,
        last_day=course.last.get(member.pk),
        seconds_each=active / 1000 / lately if active and lately > 0 else None,
        notes=getattr(member, "open_notes", 0),
        flags=getattr(member, "open_flags", 0),
        gold=gold,
    )
