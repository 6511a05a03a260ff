"""Text versions and their units as they are mended: what a mending starts from, and what it left to settle."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from annotator.core.align import Alignment, Block, Link, identity, link_units
from annotator.core.carrying import Ground, Target
from annotator.core.codebook import Json
from annotator.core.mending import Draft, Piece
from annotator.core.spans import Interval
from annotator.models import Event, Label, Mending
from projects.models import Assignment, TextVersion, Unit, UnitLineage
from projects.queries.codebooks import codebook


def units_of(version: TextVersion) -> list[Unit]:
    """All units in order, the whole article (0) first."""
    return list(Unit.objects.filter(text_version=version).order_by("index"))


def draft_of(version: TextVersion, units: Iterable[Unit]) -> Draft:
    return Draft.of(version.text, [piece_of(unit) for unit in units if unit.index])


def piece_of(unit: Unit) -> Piece:
    return Piece(unit.start, unit.end, unit.kind, unit.codable, tuple(unit.why))


@dataclass(frozen=True)
class Step:
    """One mending as the labels see it: old units, new units, and which came from which. Lists are by index."""

    before: TextVersion
    after: TextVersion
    old: Sequence[Unit]
    new: Sequence[Unit]
    alignment: Alignment

    @cached_property
    def links(self) -> list[Link]:
        """The whole article first, then the units; `new` and `old` are their indexes in the text versions."""
        same = self.before.sha256 == self.after.sha256
        whole = Link(0, 0, "same" if same else "moved", whole=same, home=True)
        found = link_units(_extents(self.old[1:]), _extents(self.new[1:]), self.alignment)
        return [whole, *(link._replace(new=link.new + 1, old=link.old + 1) for link in found)]

    @cached_property
    def ancestors(self) -> Mapping[int, Sequence[Link]]:
        """The links of each new unit that has any."""
        found: dict[int, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.new, []).append(link)
        return found

    @cached_property
    def descendants(self) -> Mapping[int, Sequence[Link]]:
        found: dict[int, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.old, []).append(link)
        return found

    @property
    def ground(self) -> Ground:
        return Ground(self.after.text, self.alignment)

    def target(self, index: int) -> Target:
        unit, links = self.new[index], self.ancestors.get(index, ())
        visible = sum(_visible(self.before.text, self.old[link.old]) for link in links)
        exact = all(link.whole for link in links) and _visible(self.after.text, unit) == visible
        return Target(Interval(unit.start, unit.end), exact)


def _extents(units: Sequence[Unit]) -> list[Interval]:
    return [Interval(unit.start, unit.end) for unit in units]


def _visible(text: str, unit: Unit) -> int:
    return sum(map(len, text[unit.start : unit.end].split()))


def step_of(mending: Mending) -> Step:
    """A mending that was made, read back."""
    old, new = units_of(mending.before), units_of(mending.after)
    return Step(mending.before, mending.after, old, new, alignment_of(mending))


def alignment_of(mending: Mending) -> Alignment:
    old, new = len(mending.before.text), len(mending.after.text)
    if mending.blocks is None:
        return identity(old)
    return Alignment(old, new, tuple(Block(*block) for block in mending.blocks))


def mendings_since(article_id: int, number: int, until: int) -> list[Mending]:
    """The mendings from text version `number` of an article to version `until`, in order."""
    found = Mending.objects.select_related("before", "after").filter(after__article_id=article_id)
    return list(found.filter(before__number__gte=number, after__number__lte=until).order_by("after__number"))


def home_of(unit: Unit, version: TextVersion) -> Unit:
    """The unit of a later text version that most of this one went to; where it was taken out, what it was last."""
    for mending in mendings_since(version.article_id, unit.text_version.number, version.number):
        step = step_of(mending)
        home = next((link.new for link in step.descendants.get(unit.index, ()) if link.home), None)
        if home is None:
            return unit
        unit = step.new[home]
    return unit


def mending_to_undo(version: TextVersion) -> Mending | None:
    """The mending that an undo takes back: the newest that wasn't taken back already."""
    wanted = version.pk
    while found := Mending.objects.select_related("before", "after").filter(after_id=wanted).first():
        if found.restores_id is None:
            return found
        wanted = found.restores_id
    return None


@dataclass(frozen=True)
class OldAnswer:
    """What an annotator had said on an old unit, with its words."""

    words: str
    value: Json


@dataclass(frozen=True)
class ToSettle:
    """A question that merged units or a split value gave back to their annotator, and his answers before."""

    unit: int
    index: int
    variable: str
    label: str
    answers: Sequence[OldAnswer]


def to_settle(assignment: Assignment) -> list[ToSettle]:
    """The questions of an assignment that wait for an answer, for the one before can't stand as it was."""
    variables = {variable.key: variable for variable in codebook(assignment.round.codebook_version_id).variables}
    waiting = Label.objects.filter(
        assignment=assignment,
        variable__in=variables,
        value__isnull=True,
        to_confirm=True,
        unit__text_version_id=assignment.text_version_id,
    )
    questions = list(waiting.select_related("unit").order_by("unit__index", "variable"))
    answers = _old_answers(assignment, questions)
    return [
        ToSettle(label.unit_id, label.unit.index, label.variable, variables[label.variable].label, answers[label.pk])
        for label in questions
    ]


def _old_answers(assignment: Assignment, asked: Sequence[Label]) -> dict[int, list[OldAnswer]]:
    """By label what was last answered on its unit, else on the units that this came from."""
    if not asked:
        return {}
    parents = _parents(assignment.text_version.article_id)
    said = _last_answers(assignment, {label.variable for label in asked})
    found: dict[int, dict[int, Json]] = {label.pk: {} for label in asked}
    for label in asked:
        waiting = {label.unit_id}
        while waiting:
            given = {unit: said.get((unit, label.variable), (None, False)) for unit in sorted(waiting)}
            found[label.pk] |= {unit: value for unit, (value, _) in given.items() if value is not None}
            open_ones = [unit for unit, (value, to_confirm) in given.items() if value is None and to_confirm]
            waiting = {parent for unit in open_ones for parent in parents.get(unit, ())}
    units = Unit.objects.select_related("text_version").in_bulk({unit for given in found.values() for unit in given})
    return {label: [OldAnswer(_words(units[unit]), v) for unit, v in given.items()] for label, given in found.items()}


def _last_answers(assignment: Assignment, variables: Collection[str]) -> dict[tuple[int, str], tuple[Json, bool]]:
    """By unit and variable the answer, or of one that waits without any the last one before, and whether it waits."""
    here = {"assignment": assignment, "variable__in": variables}
    events = Event.objects.filter(**here, value__isnull=False).order_by("sequence")
    earlier = {(unit, variable): value for unit, variable, value in events.values_list("unit_id", "variable", "value")}
    labels = Label.objects.filter(**here).values_list("unit_id", "variable", "value", "to_confirm")
    return {
        (unit, variable): (earlier.get((unit, variable)) if value is None and waits else value, waits)
        for unit, variable, value, waits in labels
    }


def _parents(article_id: int) -> dict[int, list[int]]:
    """The units that each unit of an article came from, through all its text versions."""
    found: dict[int, list[int]] = {}
    rows = UnitLineage.objects.filter(new_unit__text_version__article_id=article_id)
    for new, old in rows.values_list("new_unit_id", "old_unit_id"):
        found.setdefault(new, []).append(old)
    return found


def _words(unit: Unit) -> str:
    return unit.text_version.text[unit.start : unit.end]


def same_extent(texts: Collection[int]) -> dict[int, int]:
    """Map each unit of these text versions to the earliest unit of the same extent and words.

    Annotators who worked on different versions of an article saw the same unit where this gives the same id. A label
    that waits to be confirmed was not made on its unit's extent; leave it out.
    """
    versions = TextVersion.objects.filter(article__text_versions__in=texts)
    rows = UnitLineage.objects.filter(new_unit__text_version__in=versions, kind=UnitLineage.Kind.SAME)
    parent = dict(rows.values_list("new_unit_id", "old_unit_id"))
    ids = Unit.objects.filter(text_version__in=texts).values_list("pk", flat=True)
    first = {unit: _first(unit, parent) for unit in ids}
    # After an undo the units of before are there again, though their lineage leads over those of the mending.
    again: dict[tuple[object, ...], int] = {}
    earliest: dict[int, int] = {}
    found = Unit.objects.filter(pk__in=set(first.values())).order_by("pk")
    fields = found.values_list("pk", "index", "text_version__article_id", "text_version__sha256", "start", "end")
    for unit, index, *extent in fields:
        earliest[unit] = again.setdefault((index == 0, *extent), unit)
    return {unit: earliest[origin] for unit, origin in first.items()}


def _first(unit: int, parent: Mapping[int, int]) -> int:
    while unit in parent:
        unit = parent[unit]
    return unit
