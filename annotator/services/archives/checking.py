"""Whether the rows of a project fit each other, asked once all are stored."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

from django.db.models import F, Q
from django.db.models.functions import Length

from annotator.core.codebook import Codebook
from annotator.core.errors import InvalidError
from annotator.models import Decision, Event, HintEvent, Label, Mending, Note
from annotator.queries.belonging import Table, path_to_project
from annotator.queries.editions import books_of
from annotator.services.checked_values import checked_value
from annotator.services.rebuild import differences
from projects.models import Assignment, Membership, Project, Role, Round, TextVersion, Unit, UnitLineage

AT_ONCE = 200
MOST_REMEMBERED = 10_000
ARTICLE = "unit__text_version__article"
SAME: tuple[tuple[Table, str, str], ...] = (
    (Event, ARTICLE, "assignment__text_version__article"),
    (HintEvent, ARTICLE, "assignment__text_version__article"),
    (Label, "round", "assignment__round"),
    (Mending, "after__article", "before__article"),
    (Note, "parent__round", "round"),
    (UnitLineage, "new_unit__text_version__article", "old_unit__text_version__article"),
)
"""What two ways from a row have to lead to."""


def refuse_unfit(project: Project) -> None:
    """Raises InvalidError with the first thing that doesn't fit."""
    if not Membership.objects.filter(project=project, role=Role.LEAD, left_at=None).exists():
        raise InvalidError("This archive has no lead.")
    for table, one, other in SAME:
        odd = table._base_manager.filter(Q(**{path_to_project(table): project.pk}) & ~Q(**{one: F(other)}))
        if odd.filter(**{f"{one}__isnull": False}).exists():
            raise InvalidError(f"The {table._meta.verbose_name_plural} of this archive don’t belong together.")
    if Unit.objects.filter(text_version__article__project=project, end__gt=Length("text_version__text")).exists():
        raise InvalidError("This archive has a unit beyond the end of its text.")
    for problem in _labels(project):
        raise InvalidError(f"The labels or decisions of this archive are not what they have to be: {problem}.")


def _labels(project: Project) -> Iterator[str]:
    for round in Round.with_trash.filter(project=project):
        fits = _Fits(books_of(round))
        for share in Assignment.objects.filter(round=round).select_related("text_version").iterator(AT_ONCE):
            yield from map(str, islice(differences(share.pk), 1))
            on_it = Label.objects.filter(
                assignment=share, unit__text_version=share.text_version_id, value__isnull=False
            )
            for label in on_it.select_related("unit"):
                if not fits(label, share.text_version):
                    yield f"{label.variable} on {share.text_version} has an answer that the codebook doesn’t offer"
        decisions = Decision.objects.filter(round=round, value__isnull=False).select_related("unit__text_version")
        for decision in decisions.iterator(AT_ONCE):
            if not fits(decision, decision.unit.text_version):
                yield f"the decision on {decision.variable} is no answer that the codebook offers"


class _Fits:
    """Whether an answer is one by any of these versions of the codebook, retired values included."""

    def __init__(self, books: Sequence[Codebook]) -> None:
        self._books = books
        self._known: dict[tuple[str, bool, str], bool] = {}

    def __call__(self, label: Label | Decision, version: TextVersion) -> bool:
        if isinstance(label.value, list) and any(isinstance(item, dict) for item in label.value):
            return self._ask(label, version)
        # Only spans depend on the text. What else is answered is the same a thousand times.
        key = label.variable, label.unit.index == 0, repr(label.value)
        if key not in self._known:
            if len(self._known) > MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = self._ask(label, version)
        return self._known[key]

    def _ask(self, label: Label | Decision, version: TextVersion) -> bool:
        for book in self._books:
            with suppress(InvalidError):
                checked_value(book, label.variable, label.value, unit=label.unit, text=version.text, retired=None)
                return True
        return False
