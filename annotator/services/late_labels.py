"""Choices for a unit whose boundaries were mended after the page was opened: none of them is lost.

A unit that only went on to the next text version takes the choice as if the page had known. Of a unit that was split
or merged, the choice is stored on the old unit, which is what its annotator saw, and carried on at once as all labels
were; what he has chosen on the new units meanwhile stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError
from django.db.models import F

from annotator.core.align import Alignment
from annotator.core.carrying import Ground, Target, translated
from annotator.core.codebook import Codebook, Json
from annotator.core.errors import InvalidError
from annotator.core.spans import Interval
from annotator.models import Event, Label, Mending
from annotator.queries.boundaries import mendings_since, step_of
from annotator.queries.coding import Answer, earlier_unit, unit_answers
from annotator.queries.editions import books_of, variables_of
from annotator.services import labels
from annotator.services.boundaries.carrying import carry_again, held_labels, to_carry
from annotator.services.boundaries.undoing import restored_from
from annotator.services.checked_values import readings
from annotator.services.counting import count_again
from annotator.services.labels import Choice, EventReusedError, MovedError, Saved, StaleError, save_label
from annotator.services.tallies import tallied
from projects.models import Assignment, Unit
from projects.permissions import require
from projects.queries.codebooks import codebook
from projects.services.transaction import write

TRIES = 10


@dataclass(frozen=True)
class _Late:
    """A choice on a unit of an earlier text version, checked against that."""

    assignment: Assignment
    choice: Choice
    unit: Unit
    book: Codebook
    value: Json


@dataclass(frozen=True)
class _Heir:
    """The unit that the old one is now, with the same words."""

    unit: Unit
    text: str
    alignment: Alignment


def save_choice(*, assignment: Assignment, choice: Choice, unit: Unit | None = None) -> Saved:
    """`save_label`, for a unit of the assigned text version or of any before it.

    The answer names the unit as the choice did, and gives its labels as they are to be shown there.
    """
    require(assignment.member, "annotate")
    unit = unit or earlier_unit(assignment, choice.unit)
    for _ in range(TRIES):
        try:
            if unit.text_version_id == assignment.text_version_id:
                return save_label(assignment=assignment, choice=choice, unit=unit)
            return replace(_save_late(assignment, choice, unit), late=True)
        except MovedError:  # a mending, or another codebook, came between reading and saving
            assignment.refresh_from_db(fields=["text_version", "round"])
    raise MovedError


def _save_late(assignment: Assignment, choice: Choice, unit: Unit) -> Saved:
    if not unit.codable:
        raise InvalidError("This unit is not offered for labelling.")
    book = codebook(assignment.round.codebook_version_id)
    choice, value = labels.taken_as(book, assignment, choice, unit=unit, text=unit.text_version.text)
    late = _Late(assignment, choice, unit, book, value)
    heir = _heir(unit, assignment.text_version.number)
    base = _base(late, heir.unit) if heir is not None else 0
    # Looked up last: where the first request stores it only now, it is found here, or `base` is still that of before.
    stored = Event.objects.select_related("unit__text_version").filter(uuid=choice.event).first()
    if stored is not None and stored.unit_id != unit.pk:
        return _repeated(late, stored)
    if stored is not None or labels.takes_no_more(assignment):
        return labels.only_replay(assignment, choice, value)
    if heir is not None and heir.unit.codable:
        return _forward(late, heir, base)
    try:
        with write():
            return _store(late)
    except IntegrityError:
        return labels.replay_or_stale(assignment, choice, value)


def _heir(unit: Unit, until: int) -> _Heir | None:
    """What the unit is in text version number `until`, if it only went on."""
    version = unit.text_version
    index, alignment, text = unit.index, None, version.text
    for mending in mendings_since(version.article_id, version.number, until):
        step = step_of(mending)
        links = step.descendants.get(index, ())
        if [link.kind for link in links] != ["same"]:
            return None
        index, text = links[0].new, step.after.text
        unit = step.new[index]
        alignment = step.alignment if alignment is None else alignment.then(step.alignment)
    return _Heir(unit, text, alignment) if alignment is not None else None


def _forward(late: _Late, heir: _Heir, base: int) -> Saved:
    try:
        saved = save_label(assignment=late.assignment, choice=_on(late, heir, base), unit=heir.unit)
    except StaleError as error:
        there = _as_seen(late, heir, {late.choice.variable: Answer(error.value, error.version)})
        seen = there[late.choice.variable].value
        raise StaleError(value=seen, version=error.version, saved_at=error.saved_at) from error
    return replace(saved, unit=late.unit.pk, answers=_as_seen(late, heir, saved.answers))


def _repeated(late: _Late, stored: Event) -> Saved:
    """The answer of an earlier request, which stored the choice on the unit that the old one was by then."""
    heir = _heir(late.unit, stored.unit.text_version.number)
    if heir is None or heir.unit.pk != stored.unit_id:
        raise EventReusedError
    choice = _on(late, heir, stored.base_version)
    unit, text = late.unit, late.unit.text_version.text
    said = readings(books_of(late.assignment.round), choice.variable, late.choice.value, unit=unit, text=text)
    if any(_translated(late, heir, value) == stored.value for value in said):
        choice = replace(choice, value=stored.value)
    saved = labels.only_replay(late.assignment, choice, choice.value)
    return replace(saved, unit=late.unit.pk, answers=_as_seen(late, heir, saved.answers))


def _on(late: _Late, heir: _Heir, base: int) -> Choice:
    """The choice as if its page had known of the mendings."""
    return replace(late.choice, unit=heir.unit.pk, value=_translated(late, heir, late.value), base_version=base)


def _translated(late: _Late, heir: _Heir, value: Json) -> Json:
    """An answer on the old unit as it reads on the new one."""
    if value is None:
        return None
    kind = variables_of(late.assignment.round)[late.choice.variable].kind
    target = Target(Interval(heir.unit.start, heir.unit.end), exact=True)
    return translated(kind, value, target, Ground(heir.text, heir.alignment))


def _base(late: _Late, unit: Unit) -> int:
    """The version on the new unit that the page's version on the old one stands for, if nobody chose there since."""
    here = Label.objects.filter(assignment=late.assignment, variable=late.choice.variable)
    old = here.filter(unit=late.unit).first()
    new = here.filter(unit=unit).first()
    if labels.caught_up(late.assignment, late.choice, old).base_version != (old.version if old else 0):
        return late.choice.base_version
    if new is None:
        return 0
    chosen = Event.objects.filter(assignment=late.assignment, unit=unit, variable=new.variable, to_confirm=None)
    return late.choice.base_version if chosen.exists() else new.version


def _as_seen(late: _Late, heir: _Heir, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Answers of the new unit with their marks where the old one has the words."""
    unit = late.unit
    target = Target(Interval(unit.start, unit.end), exact=True)
    ground = Ground(unit.text_version.text, heir.alignment.reversed())
    variables = variables_of(late.assignment.round)
    return {
        key: answer
        if answer.value is None
        else replace(answer, value=translated(variables[key].kind, answer.value, target, ground))
        for key, answer in answers.items()
    }


def _store(late: _Late) -> Saved:
    """On the old unit, and from there on."""
    choice, unit = late.choice, late.unit
    locked = Assignment.objects.select_for_update(of=("self",)).select_related("round", "text_version")
    assignment = locked.get(pk=late.assignment.pk)
    if labels.takes_no_more(assignment):  # closed or taken back since it was read
        return labels.only_replay(assignment, choice, late.value)
    if assignment.round.codebook_version_id != late.assignment.round.codebook_version_id:
        raise MovedError
    label = Label.objects.filter(assignment=assignment, unit=unit, variable=choice.variable).first()
    choice = labels.caught_up(assignment, choice, label)
    if choice.base_version != (label.version if label else 0):
        return labels.replay_or_stale(assignment, choice, late.value)
    since, until, share = unit.text_version, assignment.text_version.number, Assignment.objects.filter(pk=assignment.pk)
    with tallied(share):
        event = labels.write_choice(assignment, unit, choice, late.value, label)
        carry_on(assignment, choice.variable, mendings_since(since.article_id, since.number, until), [unit])
        count_again([assignment])
        share.update(active_ms=F("active_ms") + choice.active.total)
    return labels.saved_as(event, assignment, unit_answers(assignment.pk, unit.pk), replayed=False)


def carry_on(assignment: Assignment, variable: str, mendings: Sequence[Mending], changed: Iterable[Unit]) -> None:
    """Bring the labels that came of one variable's on the changed units to what these say now, mending by mending."""
    reached: dict[int, set[int]] = {}
    for unit in changed:
        reached.setdefault(unit.text_version_id, set()).add(unit.index)
    for mending in mendings:
        step = step_of(mending)
        heirs = {link.new for old in reached.get(mending.before_id, ()) for link in step.descendants.get(old, ())}
        heirs |= reached.get(mending.restores_id, set()) if mending.restores_id else set()
        reached.setdefault(mending.after_id, set()).update(heirs)
        restored = restored_from(mending.restores, mending.before, [assignment]) if mending.restores else None
        held = held_labels(assignment, step.old)
        rows = to_carry(step, assignment, held, restored)
        carry_again(step, assignment, variable, [row for row in rows if row.variable == variable], heirs)
