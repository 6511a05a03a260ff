"""Random later versions and random labels: a move and its undo give every label back, whatever its values became."""

import random
from collections.abc import Sequence

import pytest

from annotator.core.codebook import Json, Variable, all_ends, unknown, used_in
from annotator.models import Label
from projects.queries.codebooks import codebook
from tests import make, mended, moved
from tests.random_seeds import each

pytestmark = pytest.mark.django_db
LISTS = {
    "attribution": ("sources", "manners", "stances"),
    "stance": ("values",),
    "side": ("values",),
    "tone": ("values",),
    "framing": ("values",),
}
Rows = Sequence[tuple[object, ...]]


def later_at_random(chance: random.Random) -> moved.Document:
    """The small codebook with new values, and old ones that became later ones of their list, or nothing."""
    added = {f"{key}.{name}": ["new_one", "new_two"] for key, names in LISTS.items() for name in names}
    document = moved.later({}, added, title=str(chance.random()))
    for entry in document["variables"]:  # type: ignore[union-attr]
        for name in LISTS.get(entry["key"], ()):  # type: ignore[index, call-overload, arg-type]
            values = entry[name]  # type: ignore[index, call-overload]
            for number, value in enumerate(values[:-2]):  # type: ignore[index]
                heirs = [other["key"] for other in values[number + 1 :]]  # type: ignore[index]
                if chance.random() < 0.5:
                    value |= {"retired": True, "became": chance.sample(heirs, chance.randrange(3))}
    return document


def labels(study: make.Study) -> Rows:
    rows = Label.objects.filter(round=study.round).order_by("assignment", "unit", "variable")
    return list(rows.values_list("assignment", "unit", "variable", "value", "to_confirm"))


@pytest.mark.parametrize("seed", each(range(8)))
def test_every_label_follows_and_comes_back(seed: int) -> None:
    chance = random.Random(seed)
    study = make.study(annotators=2, texts=[mended.TEXT])
    for member in range(2):
        mended.label_at_random(study.assignment(member), study.units(), chance)
    before, events = labels(study), moved.events()
    for _ in range(2):
        move = moved.move(study, later_at_random(chance))
        book = codebook(move.to_version_id)
        for _, _, key, value, to_confirm in labels(study):
            follow(book.variable(str(key)), value, to_confirm=bool(to_confirm))
        moved.undo(study)
        assert labels(study) == before
    assert moved.events()[: len(events)] == events
    assert moved.is_sound()


def follow(variable: Variable, value: Json, *, to_confirm: bool) -> None:
    """No label that stands names what became another; what waits without a value was of one or several values."""
    led = {(name, key) for name, leads in all_ends(variable).items() for key in leads}
    assert not unknown(variable, value)
    if not to_confirm:
        assert led.isdisjoint(used_in(variable.kind, value))
    elif value is None:
        assert variable.kind in ("single", "multi", "ordinal")
