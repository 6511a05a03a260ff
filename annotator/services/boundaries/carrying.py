"""Labels carried from the units of one text version to those of the next, inside the caller's transaction.

The old labels and events stay where they are, on the old units. Each carried label is an event of its own, which says
that nobody chose it (`Event.to_confirm` is not null), so the labels can still be rebuilt from the events.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from uuid import uuid4

from annotator.core.carrying import Ancestor, Held, carried, unplaced
from annotator.core.codebook import Json
from annotator.core.codebook.model import Kind
from annotator.models import Event, Label
from annotator.queries.boundaries import Step
from annotator.queries.editions import variables_of
from projects.models import Assignment, Unit

BATCH = 500
OnUnits = Mapping[int, Mapping[str, Held]]
"""Labels by the id or index of their unit and the key of their variable."""


@dataclass(frozen=True)
class Restored:
    """What an undo brings back: by assignment, the labels on an earlier version by the index of their units.

    `touched` are the places (assignment, unit, variable) before the undo where annotators have chosen meanwhile.
    """

    labels: Mapping[int, OnUnits]
    touched: Set[tuple[int, int, str]]

    def is_touched(self, assignment: Assignment, unit_id: int, variable: str) -> bool:
        return (assignment.pk, unit_id, variable) in self.touched


@dataclass(frozen=True, slots=True)
class Carried:
    """A label as it is to stand on a new unit."""

    assignment: Assignment
    unit: Unit
    variable: str
    held: Held


def held_labels(assignment: Assignment, units: Sequence[Unit], *, by_index: bool = False) -> dict[int, dict[str, Held]]:
    """The labels of an assignment on the units of a text version."""
    labels = Label.objects.filter(assignment=assignment, unit__text_version_id=units[0].text_version_id)
    place = "unit__index" if by_index else "unit_id"
    found: dict[int, dict[str, Held]] = {}
    for unit, variable, value, to_confirm, version in labels.values_list(
        place, "variable", "value", "to_confirm", "version"
    ):
        found.setdefault(unit, {})[variable] = Held(value, to_confirm, version)
    return found


def to_carry(step: Step, assignment: Assignment, held: OnUnits, restored: Restored | None = None) -> Iterator[Carried]:
    """The labels of one assignment on the new units, as the old ones give them."""
    variables = variables_of(assignment.round)
    for unit in step.new:
        old = [step.old[link.old].pk for link in step.ancestors.get(unit.index, ())]
        earlier = _earlier(restored, assignment, unit)
        keys = {key for unit_id in old for key in held.get(unit_id, ())} | earlier.keys()
        for variable in sorted(keys):
            if restored is not None and not any(restored.is_touched(assignment, i, variable) for i in old):
                found = _as_it_was(earlier.get(variable), [held.get(i, {}).get(variable) for i in old])
            else:
                found = of_ancestors(step, variables[variable].kind, unit, variable, held)
            if found is not None:
                yield Carried(assignment, unit, variable, found)


def _earlier(restored: Restored | None, assignment: Assignment, unit: Unit) -> Mapping[str, Held]:
    return {} if restored is None else restored.labels.get(assignment.pk, {}).get(unit.index, {})


def _as_it_was(earlier: Held | None, since: Iterable[Held | None]) -> Held | None:
    if earlier is None or not earlier.stands:
        return None
    return replace(earlier, version=1 + max(label.version for label in (earlier, *since) if label is not None))


def of_ancestors(step: Step, kind: Kind, unit: Unit, variable: str, held: OnUnits) -> Held | None:
    """What the old units of a new one give it for an answer."""
    links = step.ancestors[unit.index]
    ancestors = [Ancestor(link, held.get(step.old[link.old].pk, {}).get(variable)) for link in links]
    if unit.index == 0:
        # The whole article stays what it is, whatever word of it was corrected.
        ancestors = [replace(ancestor, link=ancestor.link._replace(kind="same")) for ancestor in ancestors]
    return carried(kind, ancestors, step.target(unit.index), step.ground)


def store_carried(rows: Sequence[Carried]) -> None:
    """Make the labels, each with its event, on units that have none yet."""
    events = Event.objects.bulk_create([event_of(row) for row in rows], batch_size=BATCH)
    Label.objects.bulk_create(
        [
            Label(
                assignment=row.assignment,
                unit=row.unit,
                variable=row.variable,
                value=row.held.value,
                version=row.held.version,
                last_event=event,
                round_id=row.assignment.round_id,
                to_confirm=row.held.to_confirm,
                updated_at=event.server_time,
            )
            for row, event in zip(rows, events, strict=True)
        ],
        batch_size=BATCH,
    )


def carry_again(step: Step, assignment: Assignment, variable: str, rows: Sequence[Carried], heirs: Set[int]) -> None:
    """Bring the labels of one variable to what the old units give now, but for those that were chosen since.

    `heirs` are the indexes of the new units whose old ones have changed; the others stay as they are.
    """
    here = {"assignment": assignment, "variable": variable, "unit__text_version": step.after}
    there = {label.unit_id: label for label in Label.objects.filter(**here)}
    chosen = set(Event.objects.filter(**here, to_confirm=None).values_list("unit_id", flat=True))
    store_carried([row for row in rows if row.unit.pk not in there and row.unit.index in heirs])
    wanted = {row.unit.pk: row.held for row in rows}
    for unit in step.new:
        label, held = there.get(unit.pk), wanted.get(unit.pk, Held(None))
        if label is None or unit.pk in chosen or unit.index not in heirs:
            continue
        if (label.value, label.to_confirm) != (held.value, held.to_confirm):
            _replace(label, Carried(assignment, unit, variable, replace(held, version=label.version + 1)))


def _replace(label: Label, row: Carried) -> None:
    event = event_of(row)
    event.save()
    label.value, label.version, label.to_confirm = row.held.value, row.held.version, row.held.to_confirm
    label.last_event, label.updated_at = event, event.server_time
    label.save()


def event_of(row: Carried) -> Event:
    return Event(
        uuid=uuid4(),
        assignment=row.assignment,
        unit=row.unit,
        variable=row.variable,
        value=row.held.value,
        base_version=row.held.version - 1,
        sequence=row.held.version,
        to_confirm=row.held.to_confirm,
    )


def not_placed(
    step: Step, assignment: Assignment, held: OnUnits, rows: Sequence[Carried], restored: Restored | None = None
) -> Iterator[dict[str, Json]]:
    """The marked words that stand in none of the new labels, `rows`, and the answers on units that were taken out."""
    variables = variables_of(assignment.round)
    now = {(row.unit.pk, row.variable): row.held.value for row in rows}
    for unit in step.old:
        heirs = [step.new[link.new].pk for link in step.descendants.get(unit.index, ())]
        for variable, label in held.get(unit.pk, {}).items():
            if restored is not None and not restored.is_touched(assignment, unit.pk, variable):
                continue
            place: dict[str, Json] = {"assignment": assignment.pk, "unit": unit.pk, "variable": variable}
            if label.value is not None and not heirs:
                yield place | {"value": label.value}
            values = [now[heir, variable] for heir in heirs if (heir, variable) in now]
            for span in unplaced(variables[variable].kind, label.value, values, step.alignment):
                yield place | {"span": span}
