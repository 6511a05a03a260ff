"""The log of hints: shown, accepted, dismissed. It is written beside the labels, and never in their way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.formats import csv
from annotator.models import HintEvent
from annotator.queries.coding import units_until
from annotator.queries.hint_log import COLUMNS, logged
from projects.models import Assignment, Membership, Unit
from projects.permissions import require
from projects.services.transaction import write

MOST = 1_000


@dataclass(frozen=True)
class HintAct:
    """What the browser tells of one hint; offsets count in the text version."""

    uuid: UUID
    unit: int
    lexicon: str
    number: int
    value: str
    start: int
    end: int
    act: str
    client_time: datetime | None


def log_hints(*, assignment: Assignment, acts: Sequence[HintAct]) -> None:
    """Store what became of hints; an act whose uuid is known already is stored once."""
    require(assignment.member, "annotate")
    if not assignment.round.hints or assignment.round.closed_at:
        raise NotAllowedError("This round shows no hints, or is closed.")
    if len(acts) > MOST:
        raise InvalidError(f"At most {MOST:,} acts on hints may be sent at once.")
    units = units_until(assignment.text_version).in_bulk({act.unit for act in acts})
    for act in acts:
        _check(act, units)
    rows = [HintEvent(assignment=assignment, **_fields(act)) for act in acts]
    with write():
        HintEvent.objects.bulk_create(rows, ignore_conflicts=True)


def hint_log(*, member: Membership) -> Iterator[str]:
    """The log of the project as the lines of a CSV file; annotators stand there by their pseudonyms."""
    require(member, "export")
    return (csv.line(row) for row in (COLUMNS, *logged(member)))


def _check(act: HintAct, units: dict[int, Unit]) -> None:
    unit = units.get(act.unit)
    if unit is None:
        raise NotFoundError("This sentence is not part of the assigned article.")
    inside = unit.start <= act.start < act.end <= unit.end
    named = 0 < len(act.lexicon) <= 60 and len(act.value) <= 100
    if act.act not in HintEvent.Act.values or not inside or not named:
        raise InvalidError("This act on a hint can't be read.")


def _fields(act: HintAct) -> dict[str, object]:
    return {
        "uuid": act.uuid,
        "unit_id": act.unit,
        "lexicon": act.lexicon,
        "number": act.number,
        "value": act.value,
        "start": act.start,
        "end": act.end,
        "act": act.act,
        "client_time": act.client_time,
    }
