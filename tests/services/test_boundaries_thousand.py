"""A thousand random boundary edits on labelled articles: no label lost, none silently moved, and undo restores all.

The edits come in drafts of one to twenty, as a lead makes them. After every draft each label is followed from the
extents of the units alone: the test knows what the rule says, not how the product does it.
"""

import random
from collections import Counter

import pytest
from django.db import connection

from annotator.core.codebook import Json
from annotator.core.errors import InvalidError
from annotator.core.mending import Edit, MendingError
from annotator.core.mending import mend as mend_draft
from annotator.models import Label, Mending
from annotator.queries.boundaries import draft_of, mending_to_undo, to_settle, units_of
from annotator.services.rebuild import check_labels
from annotator.services.tallies import wrong_tallies
from projects.models import Assignment, TextVersion, Unit, UnitLineage
from tests import make, mended
from tests.random_seeds import each

pytestmark = pytest.mark.django_db

# The rules are the same on both databases, and PostgreSQL takes several times as long for the many small statements.
EDITS, MENDINGS = (1000, 60) if connection.vendor == "sqlite" else (200, 15)
SEEDS = (1, 2, 3, 4)
SITTINGS = (1, 2, 3, 5, 8, 13, 20)


def draft_at_random(text: TextVersion, chance: random.Random, most: int) -> list[Edit]:
    """A sitting of a lead's: edits that can be made one after the other."""
    draft, edits = draft_of(text, units_of(text)), list[Edit]()
    wanted = min(most, chance.choice(SITTINGS))
    while len(edits) < wanted:
        edit = mended.edit_at_random(list(draft.pieces), draft.text, chance)
        try:
            draft = mend_draft(draft, [edit])
        except MendingError:
            continue
        edits.append(edit)
    return edits


def spans_of(value: Json) -> Counter[tuple[int, int, str]]:
    """Every marked stretch in an answer, whatever it stands for."""
    found: Counter[tuple[int, int, str]] = Counter()
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict):
            marks = item.get("spans", [item] if "start" in item else [])
            found.update((mark["start"], mark["end"], mark["quote"]) for mark in marks)  # type: ignore[union-attr]
    return found


def without_spans(variable: str, value: Json) -> Json:
    if variable == "framing":
        return None
    if variable == "attribution" and isinstance(value, list):
        return [{name: part for name, part in item.items() if name != "spans"} for item in value]  # type: ignore[union-attr]
    return value


def touching(unit: Unit, others: list[Unit]) -> list[Unit]:
    """Those of the others that share a character with the unit; of the whole article, the whole article."""
    if unit.index == 0:
        return others[:1]
    return [other for other in others[1:] if other.start < unit.end and unit.start < other.end]


class Followed:
    """One mending, and where each unit and label went, from the extents alone."""

    def __init__(self, before: TextVersion, after: TextVersion) -> None:
        self.before, self.after = before, after
        self.old, self.new = units_of(before), units_of(after)
        self.heirs = {unit.pk: touching(unit, self.new) for unit in self.old}
        self.parents = {unit.pk: touching(unit, self.old) for unit in self.new}
        self.labels: dict[tuple[int, int], dict[str, Label]] = {}
        for label in Label.objects.filter(unit__text_version__in=[before, after]):
            self.labels.setdefault((label.assignment_id, label.unit_id), {})[label.variable] = label
        self.mending = Mending.objects.get(after=after)

    def on(self, assignment: Assignment, unit: Unit) -> dict[str, Label]:
        return self.labels.get((assignment.pk, unit.pk), {})

    def waiting(self, assignment: Assignment) -> int:
        """How many questions are to be settled on the new units."""
        found = [label for unit in self.new for label in self.on(assignment, unit).values()]
        return sum(label.value is None and label.to_confirm for label in found)

    def check(self, assignment: Assignment) -> None:
        for old in self.old:
            for variable, label in self.on(assignment, old).items():
                if label.value is not None or label.to_confirm:
                    self.check_not_lost(assignment, old, variable, label)
        for new in self.new:
            for variable, label in self.on(assignment, new).items():
                self.check_not_moved(assignment, new, variable, label)

    def check_not_lost(self, assignment: Assignment, old: Unit, variable: str, label: Label) -> None:
        """It stands on a new unit that has its words, or is asked for again there; no mark is gone unlisted."""
        there = [self.on(assignment, heir).get(variable) for heir in self.heirs[old.pk]]
        heirs = [heir for heir in there if heir is not None]
        waiting = [heir for heir in heirs if heir.value is None and heir.to_confirm]
        plain = without_spans(variable, label.value)
        assert waiting or any(without_spans(variable, heir.value) == plain for heir in heirs)
        if label.value is None:
            assert waiting
        placed = sum((spans_of(heir.value) for heir in heirs), Counter[tuple[int, int, str]]())
        listed = Counter(
            (item["span"]["start"], item["span"]["end"], item["span"]["quote"])
            for item in self.mending.unplaced
            if (item["assignment"], item["unit"], item["variable"]) == (assignment.pk, old.pk, variable)
        )
        if not waiting:
            assert spans_of(label.value) <= placed + listed
            self.check_marks_placed(assignment, old, variable, label)

    def check_marks_placed(self, assignment: Assignment, old: Unit, variable: str, label: Label) -> None:
        """A mark stands where its words do, unless another unit's answer was taken for the unit that holds it now."""
        for heir in self.heirs[old.pk]:
            if variable == "framing" or len(self.parents[heir.pk]) == 1:
                marks = spans_of(label.value)
                whole = {mark: n for mark, n in marks.items() if heir.start <= mark[0] and mark[1] <= heir.end}
                assert Counter(whole) <= spans_of(self.on(assignment, heir)[variable].value)

    def check_not_moved(self, assignment: Assignment, new: Unit, variable: str, label: Label) -> None:
        """It comes from units whose words it has; where those changed, it waits to be confirmed."""
        parents = self.parents[new.pk]
        sources = [self.on(assignment, parent).get(variable) for parent in parents]
        assert any(sources)
        values = [source.value if source else None for source in sources]
        assert all(self.after.text[start:end] == quote for start, end, quote in spans_of(label.value))
        assert all(new.start <= start and end <= new.end for start, end, _ in spans_of(label.value))
        if label.value is not None and variable != "framing":
            plain = without_spans(variable, label.value)
            assert plain in [without_spans(variable, value) for value in values if value is not None]
        if not label.to_confirm:
            whole = all(new.start <= parent.start and parent.end <= new.end for parent in parents)
            same = len({str(without_spans(variable, value)) for value in values}) == 1
            assert whole
            assert same
            assert None not in values
            assert not any(source and source.to_confirm for source in sources)
            if len(parents) > 1 and variable == "framing":
                assert label.value == []


def check_lineage(followed: Followed) -> None:
    rows = UnitLineage.objects.filter(new_unit__text_version=followed.after)
    links = {(row.new_unit_id, row.old_unit_id): row.kind for row in rows}
    expected = {(new.pk, old.pk) for new in followed.new for old in followed.parents[new.pk]}
    assert set(links) == expected
    extents = {unit.pk: (unit.start, unit.end) for unit in (*followed.old, *followed.new)}
    for (new, old), kind in links.items():
        assert (kind == "same") == (extents[new] == extents[old])


@pytest.mark.parametrize("seed", each(SEEDS))
def test_no_label_is_lost_or_silently_moved_and_undo_restores_all(seed: int) -> None:
    chance = random.Random(seed)
    study = make.study(annotators=2, texts=[mended.TEXT])
    for member in range(2):
        mended.label_at_random(study.assignment(member), study.units(), chance)
        make.label(study.assignment(member), study.whole(), "frame", "conflict")
    history = []
    left = EDITS // len(SEEDS)
    while left:
        before = mended.version(study)
        frozen = mended.state(before)
        edits = draft_at_random(before, chance, left)
        left -= len(edits)
        try:
            mended.mend(study, *edits)
        except InvalidError:  # the edits of this sitting took each other back
            continue
        history.append((mended.shape(before), frozen))
        assert mended.state(before) == frozen
        followed = Followed(before, mended.version(study))
        check_lineage(followed)
        for member in range(2):
            assignment = study.assignment(member)
            assert assignment.text_version_id == followed.after.pk
            followed.check(assignment)
            assert assignment.units_done == mended.counted(assignment)
            asked = to_settle(assignment)
            assert len(asked) == followed.waiting(assignment)
            assert all(question.answers for question in asked)
    assert list(check_labels()) == list(wrong_tallies()) == []
    for shape, labels in reversed(history):
        mended.undo(study)
        assert mended.shape(mended.version(study)) == shape
        assert mended.state(mended.version(study)) == labels
    assert mending_to_undo(mended.version(study)) is None
    assert list(check_labels()) == list(wrong_tallies()) == []


def test_what_annotators_choose_between_mendings_and_undos_is_never_lost() -> None:
    chance = random.Random(77)
    study = make.study(annotators=1, texts=[mended.TEXT])
    mended.label_at_random(study.assignment(), study.units(), chance)
    for _ in range(MENDINGS):
        before = mended.version(study)
        back = chance.random() < 0.4 and mending_to_undo(before) is not None
        try:
            _ = mended.undo(study) if back else mended.mend(study, *draft_at_random(before, chance, 5))
        except InvalidError:
            continue
        if not back:
            Followed(before, mended.version(study)).check(study.assignment())
        units = [unit for unit in units_of(mended.version(study))[1:] if unit.codable]
        chosen = chance.sample(units, min(2, len(units)))
        mended.label_at_random(study.assignment(), chosen, chance)
        assert study.assignment().units_done == mended.counted(study.assignment())
    assert list(check_labels()) == list(wrong_tallies()) == []
