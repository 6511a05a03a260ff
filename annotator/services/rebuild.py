"""Replay the events: they are the truth, and the labels a copy of it for quick reading."""

from collections.abc import Iterator
from dataclasses import dataclass

from annotator.core.codebook import Json
from annotator.models import Event, Label
from annotator.services.counting import count_again
from projects.models import Assignment
from projects.services.transaction import write

Key = tuple[int, str]


@dataclass(frozen=True)
class Current:
    """The state of one label."""

    value: Json
    version: int
    last_event: int
    to_confirm: bool


@dataclass(frozen=True)
class Difference:
    """A label that is not what its events add up to; None = there is none."""

    assignment: int
    unit: int
    variable: str
    by_events: Current | None
    by_label: Current | None

    def __str__(self) -> str:
        where = f"assignment {self.assignment}, unit {self.unit}, {self.variable}"
        return f"{where}: the events say {self.by_events}, the label says {self.by_label}"


def check_labels() -> Iterator[Difference]:
    """Compare every label with its events, one assignment at a time: memory stays that of one article.

    Each assignment is locked while it is read, so that a site in use shows no difference that isn't there.
    """
    for assignment_id in _assignments():
        with write():
            Assignment.objects.select_for_update().only("id").get(pk=assignment_id)
            found = differences(assignment_id)
        yield from found


def rebuild_labels() -> Iterator[Difference]:
    """Make labels and counters anew wherever they differ from the events; yields what was mended."""
    for assignment_id in _assignments():
        with write():
            assignment = (
                Assignment.objects.select_for_update(of=("self",)).select_related("round").get(pk=assignment_id)
            )
            found = differences(assignment_id)
            for difference in found:
                _mend(assignment, difference)
            count_again([assignment])
        yield from found


def _assignments() -> list[int]:
    return list(Assignment.objects.order_by("id").values_list("id", flat=True))


def differences(assignment_id: int) -> list[Difference]:
    """Where the labels of a share are not what its events add up to."""
    expected, found = _by_events(assignment_id), _by_labels(assignment_id)
    return [
        Difference(assignment_id, *key, expected.get(key), found.get(key))
        for key in sorted(expected.keys() | found.keys())
        if expected.get(key) != found.get(key)
    ]


def _by_events(assignment_id: int) -> dict[Key, Current]:
    """The last event of each label by its sequence number, in whatever order they were stored."""
    state: dict[Key, Current] = {}
    for event in Event.objects.filter(assignment_id=assignment_id).order_by("sequence"):
        state[event.unit_id, event.variable] = Current(event.value, event.sequence, event.pk, bool(event.to_confirm))
    return state


def _by_labels(assignment_id: int) -> dict[Key, Current]:
    return {
        (label.unit_id, label.variable): Current(label.value, label.version, label.last_event_id, label.to_confirm)
        for label in Label.objects.filter(assignment_id=assignment_id)
    }


def _mend(assignment: Assignment, difference: Difference) -> None:
    if difference.by_events is None:
        Label.objects.filter(assignment=assignment, unit_id=difference.unit, variable=difference.variable).delete()
        return
    last = Event.objects.get(pk=difference.by_events.last_event)
    fields = {
        "value": last.value,
        "version": last.sequence,
        "last_event_id": last.pk,
        "round_id": assignment.round_id,
        "to_confirm": bool(last.to_confirm),
        "updated_at": last.server_time,
    }
    Label.objects.update_or_create(assignment=assignment, unit_id=last.unit_id, variable=last.variable, defaults=fields)
