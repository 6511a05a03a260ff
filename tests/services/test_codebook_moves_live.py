"""Annotators go on saving while their round is moved and taken back: every choice is kept, and none is left behind."""

from collections.abc import Callable
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connections

from annotator.models import Event, Label
from annotator.services.codebook_moves import move_round, undo_move
from annotator.services.late_labels import save_choice
from projects.models import Assignment
from tests import make, mended, moved

ANNOTATORS = 4
MERGED = moved.later({"stance": {"values.for": ["against"]}})


@pytest.mark.django_db(transaction=True)
def test_every_choice_made_meanwhile_is_kept_and_none_stays_on_a_merged_value() -> None:
    study = make.study(annotators=ANNOTATORS, texts=[mended.TEXT])
    version = moved.publish(study, MERGED)
    shares = [study.assignment(member) for member in range(ANNOTATORS)]
    counts = at_work(shares, study, lambda: move_round(member=study.lead, round=study.round, version=version))
    standing = Label.objects.filter(variable="stance").values_list("value", flat=True)
    assert "for" not in list(standing)
    chosen = Event.objects.filter(to_confirm=None)
    assert chosen.count() == sum(counts)
    assert moved.is_sound()

    move = study.round.codebook_moves.get()
    counts += at_work(shares, study, lambda: undo_move(member=study.lead, move=move))
    assert chosen.count() == sum(counts)
    assert moved.is_sound()


def at_work(shares: list[Assignment], study: make.Study, act: Callable[[], object]) -> list[int]:
    """Let everybody save in turn over his sentences while the act is done; how many choices each was told are saved."""
    over, counts = Signal(), [0] * len(shares)
    units = study.units()
    joined = ("round__codebook_version", "member__project", "text_version__article")
    as_a_view_reads_it = Assignment.objects.select_related(*joined)

    def work(number: int) -> None:
        try:
            while not (over.is_set() and counts[number] >= len(units)):
                unit = units[counts[number] % len(units)]
                label = Label.objects.filter(assignment=shares[number], unit=unit, variable="stance").first()
                choice = make.choice(unit, "stance", "for", label.version if label else 0)
                save_choice(assignment=as_a_view_reads_it.get(pk=shares[number].pk), choice=choice)
                counts[number] += 1
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(number,)) for number in range(len(shares))]
    for thread in threads:
        thread.start()
    act()
    over.set()
    for thread in threads:
        thread.join()
    assert min(counts) >= len(units), "a save was refused"
    return counts
