"""Labels put back as they once stood: exactly those, by events of their own, and back again."""

import random
from datetime import datetime

import pytest
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from annotator.core.mending import Merge, Split
from annotator.models import Event, Label, LabelRestore, Notice
from annotator.services.label_restores import (
    begin_undo,
    carry_back,
    preview_restore,
    restore_labels,
    undo_restore,
)
from annotator.services.labels import StaleError
from annotator.services.late_labels import save_choice
from annotator.services.tallies import wrong_tallies
from projects.models import AuditEntry, Membership, Round
from projects.services.rounds import open_round
from tests import make, mended, moved
from tests.random_seeds import each
from tests.services.test_as_of import Dated

pytestmark = pytest.mark.django_db
MERGED = moved.later({"stance": {"values.for": ["against"]}})


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2, texts=[mended.TEXT])


def said(study: make.Study, member: int = 0) -> dict[tuple[int, str], object]:
    """What the labels of an annotator say on the text of now."""
    rows = Label.objects.filter(assignment=study.assignment(member), unit__text_version=mended.version(study))
    found = rows.values_list("unit__index", "variable", "value", "to_confirm")
    return {(index, key): (value, waits) for index, key, value, waits in found if value is not None or waits}


def restore(study: make.Study, at: datetime, **options: object) -> LabelRestore:
    of = {"round": Round.objects.get(pk=study.round.pk), "annotator": study.members[0]}
    return restore_labels(member=study.lead, at=at, **of | options)  # type: ignore[arg-type]


def undo(made: LabelRestore, study: make.Study) -> int:
    return undo_restore(
        member=study.lead, restore=LabelRestore.objects.select_related("round", "annotator").get(pk=made.pk)
    )


def is_sound() -> bool:
    return moved.is_sound() and not list(wrong_tallies())


def test_what_was_changed_added_and_taken_back_since_is_as_it_was(study: make.Study) -> None:
    share, (one, two, three, *_) = study.assignment(), study.units()
    make.label(share, one, "stance", "for")
    make.label(share, two, "side", ["town"])
    make.label(study.assignment(1), one, "stance", "neutral")
    before, other, at = said(study), said(study, 1), timezone.now()
    make.label(share, one, "stance", "against", 1)
    make.label(share, two, "side", None, 1)
    make.label(share, three, "attribution", [])
    after, events = said(study), moved.events()
    made = restore(study, at)
    assert (said(study), said(study, 1)) == (before, other)
    assert (made.changed, moved.events()[: len(events)]) == (3, events)
    restored = Event.objects.filter(restore=made)
    assert set(restored.values_list("to_confirm", flat=True)) == {False}
    assert study.assignment().units_done == mended.counted(study.assignment())
    assert is_sound()
    with pytest.raises(InvalidError, match="Nothing would change"):
        restore(study, at)
    assert undo(made, study) == 3
    assert said(study) == after
    assert is_sound()
    with pytest.raises(ConflictError):
        undo(made, study)
    assert [*Notice.objects.values_list("user", "kind")] == [(study.members[0].user_id, "labels restored")] * 2
    acts = AuditEntry.objects.order_by("-pk").values_list("act", flat=True)[:2]
    assert [*acts] == ["undo restore of labels", "restore labels"]


def test_an_open_page_loses_nothing(study: make.Study) -> None:
    share, unit = study.assignment(), study.units()[0]
    make.label(share, unit, "stance", "for")
    at = timezone.now()
    make.label(share, unit, "stance", "against", 1)
    made = restore(study, at)
    with pytest.raises(StaleError) as stale:
        save_choice(assignment=share, choice=make.choice(unit, "stance", "neutral", 2))
    assert (stale.value.value, stale.value.version) == ("for", 3)
    assert make.label(share, unit, "stance", "neutral", 3).version == 4
    assert undo(made, study) == 0  # what was chosen since stays
    assert said(study)[unit.index, "stance"] == ("neutral", False)


def test_an_undo_that_was_interrupted_is_finished_by_doing_it_again(study: make.Study) -> None:
    share, unit = study.assignment(), study.units()[0]
    make.label(share, unit, "stance", "for")
    at = timezone.now()
    make.label(share, unit, "stance", "against", 1)
    made = LabelRestore.objects.select_related("round", "annotator").get(pk=restore(study, at).pk)
    begin_undo(member=study.lead, restore=made)
    assert undo(made, study) == 1
    assert carry_back(made) == 0  # as a job does that is taken up again
    assert said(study)[unit.index, "stance"] == ("against", False)
    with pytest.raises(ConflictError):
        undo(made, study)


def test_labels_are_brought_to_the_boundaries_and_the_codebook_of_now(study: make.Study) -> None:
    share, units = study.assignment(), study.units()
    for unit in units[:3]:
        make.label(share, unit, "stance", "for")
    at = timezone.now()
    for unit in units[:3]:
        make.label(share, unit, "stance", "neutral", 1)
    mended.mend(study, Merge(units[1].start))
    moved.move(study, MERGED)
    restore(study, at)
    assert [value for value, _ in said(study).values()] == ["against", "against"]
    assert is_sound()
    mended.undo(study)
    assert [value for value, _ in said(study).values()] == ["against"] * 3


def test_an_undone_mending_gives_back_what_stood_before_it(study: make.Study) -> None:
    unit = study.units()[1]
    make.label(study.assignment(), unit, "stance", "for")
    before, at = said(study), timezone.now()
    mended.mend(study, Split(unit.start + 4))
    mended.undo(study)
    again = next(label for label in Label.objects.filter(unit=mended.unit(study, unit.index)))
    make.label(study.assignment(), again.unit, "stance", None, again.version)
    restore(study, at)
    assert said(study) == before


def test_only_one_article_where_one_is_named() -> None:
    study = make.study(annotators=1, texts=[make.TEXT, mended.TEXT])
    at = timezone.now()
    for number in range(2):
        make.label(study.assignment(article=number), study.units(number)[0], "stance", "for")
    restore(study, at, article=study.articles[1])
    assert [*Label.objects.order_by("pk").values_list("value", flat=True)] == ["for", None]


def test_what_is_refused(study: make.Study) -> None:
    at, other = timezone.now(), make.study(annotators=1)
    make.label(study.assignment(), study.units()[0], "stance", "for")
    with pytest.raises(NotAllowedError):
        restore_labels(member=study.members[0], round=study.round, annotator=study.members[0], at=at)
    for wrong in ({"round": other.round}, {"annotator": other.members[0]}):
        with pytest.raises(NotFoundError, match="no such round or annotator"):
            restore(study, at, **wrong)
    open_round(
        lead=study.lead, name="Mine", purpose="pilot", articles=study.articles, members=[study.lead, study.members[0]]
    )
    with pytest.raises(NotAllowedError, match="blind"):
        restore(study, at, round=Round.objects.get(name="Mine"))
    Round.objects.update(frozen_at=timezone.now())
    with pytest.raises(InvalidError, match="frozen"):
        restore(study, at)
    assert not LabelRestore.objects.exists()


class Restoring(Dated):
    """Labels are put back, and back again, between all else."""

    def __init__(self, study: make.Study, chance: random.Random) -> None:
        super().__init__(study, chance)
        self.moments: list[datetime] = []

    def note(self) -> None:
        self.moments.append(timezone.now())

    def restore(self) -> None:
        annotator: Membership = self.chance.choice(self.study.members)
        at = self.chance.choice(self.moments)
        restore(self.study, at, annotator=annotator)
        round = Round.objects.get(pk=self.study.round.pk)
        assert not preview_restore(member=self.study.lead, round=round, annotator=annotator, at=at).changes

    def undo_restore(self) -> None:
        newest = LabelRestore.objects.filter(undone_at=None).first()
        if newest is not None:
            undo(newest, self.study)


@pytest.mark.parametrize("seed", each(range(4)))
def test_no_order_of_acts_makes_it_unsound(seed: int) -> None:
    chance = random.Random(seed)
    walk = Restoring(make.study(annotators=2, texts=[make.TEXT]), chance)
    walk.open()
    walk.note()
    acts = [walk.save, walk.open, walk.mend, walk.undo_mending, walk.move, walk.undo_move, walk.note, walk.keep]
    acts += [walk.restore, walk.undo_restore]
    for act in chance.choices(acts, weights=[12, 3, 2, 2, 2, 2, 3, 2, 5, 3], k=30):
        try:
            act()
        except (InvalidError, ConflictError):
            assert act in (walk.mend, walk.undo_mending, walk.move, walk.restore)
        walk.check()
        assert not list(wrong_tallies())
    walk.check_exports()
