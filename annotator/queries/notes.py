"""Notes on sentences: an annotator sees his own and what was answered to them, a lead those of everybody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Substr

from annotator.models import Note
from annotator.queries.datasets import open_rounds_hidden_from
from projects.models import Assignment, Membership
from projects.queries.masking import hidden_from


@dataclass(frozen=True)
class Thread:
    """What an annotator told the lead of one unit, and what the lead wrote to all who annotate it.

    `flagged`: he is unsure and asks for a second look.
    """

    unit: int
    flagged: bool = False
    notes: list[Note] = field(default_factory=list)


def own_threads(assignment: Assignment, unit_id: int | None = None) -> Mapping[int, Thread]:
    """The threads of an assignment by unit id, notes in the order written, each answer after what it answers."""
    mine = Q(member_id=assignment.member_id, parent=None) | Q(parent__member_id=assignment.member_id)
    mine |= Q(to_annotators=True)
    notes = Note.objects.filter(mine, round_id=assignment.round_id)
    if unit_id is None:
        notes = notes.filter(unit__text_version_id=assignment.text_version_id)
    else:
        notes = notes.filter(unit_id=unit_id)
    threads: dict[int, Thread] = {}
    for note in sorted(notes.select_related("member"), key=lambda note: (note.parent_id or note.pk, note.pk)):
        thread = threads.setdefault(note.unit_id, Thread(note.unit_id))
        if not note.flag:
            thread.notes.append(note)
        elif note.settled_at is None:
            threads[note.unit_id] = Thread(thread.unit, flagged=True, notes=thread.notes)
    return threads


def visible_notes(member: Membership, *, of_all: bool) -> QuerySet[Note]:
    """The notes and flags, newest first, each with its answers: those of all, or the member's own and those to him.

    Who annotates in an open blind round reads nobody else's notes of it, whatever his role.
    """
    living = {"unit__text_version__article__deleted_at": None, "round__deleted_at": None}
    notes = Note.objects.filter(round__project_id=member.project_id, parent=None, **living)
    if of_all:
        notes = notes.exclude(Q(round__in=open_rounds_hidden_from(member)) & ~Q(member=member))
    else:
        shares = member.assignments.exclude(state=Assignment.State.RELEASED).filter(
            round=OuterRef("round"), text_version=OuterRef("unit__text_version")
        )
        notes = notes.filter(Q(member=member) | Q(to_annotators=True) & Exists(shares))
    answers = Prefetch("answers", Note.objects.select_related("member").order_by("pk"))
    there = "unit__text_version"
    joined = notes.select_related("member", "round", "rule_version", f"{there}__article").prefetch_related(answers)
    unread = [f"{there}__{name}" for name in ("text", "proof", "changes", "options")]
    return joined.defer("rule_version__document", *unread).order_by("-pk")


def masked(member: Membership, notes: Collection[Note]) -> dict[int, frozenset[str]]:
    """What the member's own shares keep from him of the article of each note (by id), some of `masking.MASKS`."""
    articles = {note.unit.text_version.article_id for note in notes}
    own = member.assignments.filter(round__in={note.round_id for note in notes}, text_version__article__in=articles)
    kept: dict[tuple[int, int], frozenset[str]] = {}
    for share in own.select_related("round", "text_version").defer("text_version__text"):
        place = share.round_id, share.text_version.article_id
        kept[place] = kept.get(place, frozenset()) | hidden_from(share)
    return {note.pk: kept.get((note.round_id, note.unit.text_version.article_id), frozenset()) for note in notes}


def unanswered(member: Membership) -> QuerySet[Note]:
    """What annotators have asked and nobody has answered, as far as the member may read it: for who answers."""
    return visible_notes(member, of_all=True).filter(settled_at=None, to_annotators=False)


def with_words(notes: QuerySet[Note]) -> QuerySet[Note]:
    """Each with the `words` of its sentence, without the texts around them; none for a note on the whole article."""
    words = Substr("unit__text_version__text", F("unit__start") + 1, F("unit__end") - F("unit__start"))
    return notes.annotate(words=Case(When(unit__index__gt=0, then=words), default=Value("")))


@dataclass(frozen=True)
class Asked:
    """How many notes nobody has answered, and how many of them need a decision."""

    notes: int
    to_decide: int


def asked_of(member: Membership) -> Asked:
    notes = unanswered(member).order_by()
    return Asked(**notes.aggregate(notes=Count("pk"), to_decide=Count("pk", filter=Q(needs_decision=True))))
