"""What putting the labels of a share back would change, worked out and not done.

Boundaries that were mended meanwhile stay mended, and the round keeps its codebook: the labels of then are brought
along to both. A label whose question or value the codebook of now doesn't have, and one on a question that the codebook
of then had not, stays as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from annotator.core.carrying import Held
from annotator.core.codebook import Codebook, Variable, moved, unknown
from annotator.models import CodebookMove, Event, Label, LabelRestore
from annotator.queries.boundaries import mendings_since, step_of, units_of
from annotator.queries.editions import text_version_at, version_at
from annotator.services.appending import Change
from annotator.services.boundaries.carrying import to_carry
from projects.models import Article, Assignment, Membership, Round, TextVersion
from projects.queries.codebooks import codebook

OnUnits = Mapping[int, Mapping[str, Held]]
"""Labels by the index of their unit and the key of their variable."""


def shares_since(round: Round, annotator: Membership, at: datetime, article: Article | None = None) -> list[int]:
    """The annotator's shares with labels that changed after a moment: the others stand as they stood then."""
    given = Assignment.objects.filter(round=round, member=annotator, kind=Assignment.Kind.LABELS)
    given = given.exclude(state=Assignment.State.RELEASED)
    given = given if article is None else given.filter(text_version__article=article)
    changed = Event.objects.filter(assignment__in=given.values("pk"), server_time__gt=at)
    return sorted(changed.order_by().values_list("assignment", flat=True).distinct())


def shares_changed_by(restore: LabelRestore) -> list[int]:
    """The shares with labels that stand as a restore left them."""
    shares = Assignment.objects.filter(round=restore.round_id, member=restore.annotator_id).values("pk")
    left = left_by(restore).filter(assignment__in=shares)
    return sorted(left.order_by().values_list("assignment", flat=True).distinct())


def left_by(restore: LabelRestore) -> QuerySet[Label]:
    """The labels that stand as a restore left them. One that its undo gave back has an event of it before its last."""
    place = {name: OuterRef(name) for name in ("assignment", "unit", "variable")}
    given_back = Event.objects.filter(**place, restore=restore, sequence=OuterRef("version") - 1)
    return Label.objects.filter(~Exists(given_back), last_event__restore=restore)


def planned(assignment: Assignment, at: datetime) -> list[Change]:
    """What would change in a share, in order of its units."""
    asked, asked_then = _asked(assignment.round.codebook_version_id), _asked(version_at(assignment.round, at).pk)
    wanted = dict(_under_codebook_of_now(assignment, at, _on_units_of_now(assignment, at)))
    labels = {
        (label.unit.index, label.variable): label
        for label in Label.objects.select_related("unit").filter(
            assignment=assignment, unit__text_version=assignment.text_version_id
        )
    }
    units = units_of(assignment.text_version)
    changes = []
    for index, key in sorted(wanted.keys() | labels.keys()):
        held = wanted.get((index, key), Held(None))
        fits = key in asked and key in asked_then and not unknown(asked[key], held.value)
        label = labels.get((index, key)) or Label(
            assignment=assignment, unit=units[index], variable=key, round_id=assignment.round_id, version=0
        )
        change = Change(label, held.value, held.to_confirm)
        if fits and change.is_one:
            changes.append(change)
    return changes


def before(assignment: Assignment, restore: LabelRestore) -> Iterator[Change]:
    """What the labels were that still stand as the restore left them."""
    asked = _asked(assignment.round.codebook_version_id)
    earlier = {
        (event.unit_id, event.variable, event.sequence): event
        for event in Event.objects.filter(assignment=assignment, unit__text_version=assignment.text_version_id)
    }
    for label in left_by(restore).filter(assignment=assignment).order_by("pk"):
        event = earlier.get((label.unit_id, label.variable, label.version - 1))
        value, to_confirm = (event.value, bool(event.to_confirm)) if event else (None, False)
        if label.variable in asked and not unknown(asked[label.variable], value):
            yield Change(label, value, to_confirm)


def _asked(version: int) -> dict[str, Variable]:
    return {variable.key: variable for variable in codebook(version).variables}


def _on_units_of_now(assignment: Assignment, at: datetime) -> OnUnits:
    """The labels of then, carried through every mending since. An undone one gives back what stood before it."""
    now, then = assignment.text_version, text_version_at(assignment.text_version, at)
    on: dict[int, OnUnits] = {then.pk: _said(assignment, then, at)}
    for mending in mendings_since(now.article_id, then.number, now.number):
        if mending.restores_id in on:
            on[mending.after_id] = on[mending.restores_id]
            continue
        step = step_of(mending)
        held = {step.old[index].pk: labels for index, labels in on[mending.before_id].items()}
        carried: dict[int, dict[str, Held]] = {}
        for row in to_carry(step, assignment, held):
            carried.setdefault(row.unit.index, {})[row.variable] = row.held
        on[mending.after_id] = carried
    return on[now.pk]


def _said(assignment: Assignment, text: TextVersion, at: datetime) -> OnUnits:
    events = Event.objects.filter(assignment=assignment, unit__text_version=text, server_time__lte=at)
    found: dict[int, dict[str, Held]] = {}
    rows = events.order_by("sequence").values_list("unit__index", "variable", "value", "to_confirm")
    for index, variable, value, to_confirm in rows:
        found.setdefault(index, {})[variable] = Held(value, bool(to_confirm))
    return found


def _under_codebook_of_now(
    assignment: Assignment, at: datetime, said: OnUnits
) -> Iterator[tuple[tuple[int, str], Held]]:
    """By unit and question what a label of then is under each version to which the round was moved since."""
    moves = CodebookMove.objects.filter(round=assignment.round_id, moved_at__gt=at, undone_at=None).order_by("pk")
    books = [codebook(move.to_version_id) for move in moves]
    for index, labels in said.items():
        for key, held in labels.items():
            yield (index, key), _moved(books, key, held)


def _moved(books: Sequence[Codebook], key: str, held: Held) -> Held:
    for book in books:
        variable = book.find(key)
        if variable is not None and held.value is not None:
            after = moved(variable, held.value)
            held = Held(after.value, after.asked or held.to_confirm)
    return held
