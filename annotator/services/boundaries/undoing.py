"""What an undo has to bring back, and where annotators have gone on meanwhile."""

from collections.abc import Sequence

from django.db.models import Q

from annotator.models import Event
from annotator.queries.boundaries import units_of
from projects.models import Assignment, TextVersion, UnitLineage

from .carrying import Restored, held_labels


def restored_from(version: TextVersion, before: TextVersion, assignments: Sequence[Assignment]) -> Restored:
    """The labels on `version`, which is to come back, and what was chosen between it and `before`, the present one."""
    units = units_of(version)
    labels = {assignment.pk: held_labels(assignment, units, by_index=True) for assignment in assignments}
    return Restored(labels, _touched(version, before, [assignment.pk for assignment in assignments]))


def _touched(version: TextVersion, before: TextVersion, assignments: Sequence[int]) -> set[tuple[int, int, str]]:
    """Places whose answer on `before` rests on a choice made after `version`, followed through every mending since."""
    since = Q(article_id=version.article_id, number__gt=version.number, number__lte=before.number)
    later = list(TextVersion.objects.filter(since).order_by("number").values_list("pk", flat=True))
    chosen: dict[int, set[tuple[int, int, str]]] = {}
    # What a lead has put back since rests on nobody's choice, and shall stay as well.
    meant = Q(to_confirm=None) | Q(restore__isnull=False)
    events = Event.objects.filter(meant, assignment__in=assignments, unit__text_version__in=later)
    places = events.values_list("assignment_id", "unit_id", "variable", "unit__text_version_id")
    for owner, unit, variable, text in places:
        chosen.setdefault(text, set()).add((owner, unit, variable))
    touched: set[tuple[int, int, str]] = set()
    for text in later if chosen else ():
        touched = _handed_on(touched, text) | chosen.get(text, set())
    return touched


def _handed_on(touched: set[tuple[int, int, str]], text: int) -> set[tuple[int, int, str]]:
    """The same places on the units of the text version `text`, which came from theirs."""
    heirs: dict[int, list[int]] = {}
    rows = UnitLineage.objects.filter(new_unit__text_version_id=text)
    for old, new in rows.values_list("old_unit_id", "new_unit_id") if touched else ():
        heirs.setdefault(old, []).append(new)
    return {(owner, new, key) for owner, old, key in touched for new in heirs.get(old, ())}
