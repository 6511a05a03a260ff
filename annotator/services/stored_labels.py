"""Many labels at once, for imports: assignments, events, labels and counters, inside the caller's transaction."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from annotator.core.codebook import Codebook, Json
from annotator.models import Event, Label
from annotator.services.counting import units_done
from annotator.services.tallies import tallied
from projects.models import Article, Assignment, CodebookVersion, Membership, Round, TextVersion, Unit
from projects.services.bulk import in_batches, insert_rows
from projects.services.freezing import refuse_frozen
from projects.services.rounds import unit_totals
from projects.services.transaction import plan_anew

IMPORTED = "imported"
BATCH = 500
MANY = 1000
EVENT_COLUMNS = (
    *("uuid", "assignment_id", "unit_id", "variable"),
    *("value", "base_version", "sequence", "server_time"),
)
LABEL_COLUMNS = (
    *("assignment_id", "unit_id", "variable", "value"),
    *("version", "last_event_id", "round_id", "updated_at"),
)
Share = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Checked:
    """A label whose every name was found and whose value fits its variable."""

    unit: Unit
    member: Membership
    variable: str
    value: Json
    occasion: int = 1

    @property
    def share(self) -> Share:
        """Text version, member and occasion: what an assignment of the round is known by."""
        return self.unit.text_version_id, self.member.pk, self.occasion


def imported_round(project_id: int, version: CodebookVersion, checked: Sequence[Checked]) -> Round:
    """A closed round for labels that were made elsewhere."""
    taken = set(Round.objects.filter(project_id=project_id).values_list("name", flat=True))
    number, name = 1, IMPORTED
    while name in taken:
        number += 1
        name = f"{IMPORTED} {number}"
    return Round.objects.create(
        project_id=project_id,
        name=name,
        purpose=Round.Purpose.RELIABILITY,
        codebook_version=version,
        blind=False,
        overlap=len({item.member.pk for item in checked}),
        closed_at=timezone.now(),
    )


def store_labels(target: Round, book: Codebook, checked: Sequence[Checked]) -> None:
    """Store first answers in a round; what is missing of its assignments is made."""
    refuse_frozen(target.pk)
    assignments = _assignments(target, book, checked)
    with tallied(Assignment.objects.filter(round=target)):
        _store(target, book, checked, assignments)


def _store(target: Round, book: Codebook, checked: Sequence[Checked], assignments: dict[Share, Assignment]) -> None:
    moment = Event._meta.get_field("server_time").get_db_prep_save(timezone.now(), connection)
    as_stored = Event._meta.get_field("uuid").get_db_prep_save
    given = [(uuid4(), assignments[item.share].pk, item, json.dumps(item.value)) for item in checked]
    insert_rows(
        Event,
        EVENT_COLUMNS,
        (
            (as_stored(uuid, connection), share, item.unit.pk, item.variable, value, 0, 1, moment)
            for uuid, share, item, value in given
        ),
    )
    events = dict(_events(share for _, share, _, _ in given))
    insert_rows(
        Label,
        LABEL_COLUMNS,
        (
            (share, item.unit.pk, item.variable, value, 1, events[uuid], target.pk, moment)
            for uuid, share, item, value in given
        ),
    )
    if len(checked) > MANY:
        plan_anew(Article, TextVersion, Unit, Assignment, Event, Label)
    _count(target, {owner.pk: owner for owner in (assignments[item.share] for item in checked)}, book)


def _events(shares: Iterable[int]) -> Iterator[tuple[UUID, int]]:
    for some in in_batches(iter(set(shares))):
        yield from Event.objects.filter(assignment__in=some).values_list("uuid", "pk")


def _assignments(target: Round, book: Codebook, checked: Sequence[Checked]) -> dict[Share, Assignment]:
    """The assignment of each share of the labels; what is missing is made."""
    needed = {item.share for item in checked}
    # Locked, as a save locks them: each counts the units done of what it read.
    shares = Assignment.objects.select_for_update().filter(round=target)
    found = {_share(assignment) for assignment in shares}
    texts = list(TextVersion.objects.filter(pk__in={text for text, _, _ in needed}).defer("text"))
    totals = unit_totals(book, texts)
    Assignment.objects.bulk_create(
        [
            Assignment(
                round=target, text_version_id=text, member_id=member, occasion=occasion, units_total=totals[text]
            )
            for text, member, occasion in sorted(needed - found)
        ],
        batch_size=BATCH,
    )
    return {_share(assignment): assignment for assignment in shares.all()}


def _share(assignment: Assignment) -> Share:
    return assignment.text_version_id, assignment.member_id, assignment.occasion


def _count(target: Round, assignments: dict[int, Assignment], book: Codebook) -> None:
    """Set the counters of the assignments from their labels."""
    counted = units_done(book, Label.objects.filter(round=target))
    alike: dict[tuple[int, Assignment.State], list[int]] = {}
    for assignment in assignments.values():
        finished = counted[assignment.pk] >= assignment.units_total
        state = Assignment.State.DONE if finished else Assignment.State.STARTED
        alike.setdefault((counted[assignment.pk], state), []).append(assignment.pk)
    for (done, state), ids in alike.items():
        for some in in_batches(iter(ids)):
            Assignment.objects.filter(pk__in=some).update(units_done=done, state=state, updated_at=timezone.now())
