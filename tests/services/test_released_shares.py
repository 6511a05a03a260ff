"""A share that was taken back from its annotator."""

import pytest

from annotator.core.errors import NotAllowedError
from annotator.models import Event
from annotator.services.labels import save_label
from projects.models import Assignment
from tests import make

pytestmark = pytest.mark.django_db


def test_it_takes_no_new_label_and_stays_taken_back() -> None:
    study = make.study()
    Assignment.objects.filter(pk=study.assignment().pk).update(state=Assignment.State.RELEASED)
    with pytest.raises(NotAllowedError, match="no longer yours"):
        make.label(study.assignment(), study.units()[0], "attribution", [])
    assert not Event.objects.exists()
    assert study.assignment().state == Assignment.State.RELEASED


def test_it_still_confirms_what_it_took_before() -> None:
    study = make.study()
    choice = make.choice(study.units()[0], "stance", "for")
    save_label(assignment=study.assignment(), choice=choice)
    Assignment.objects.filter(pk=study.assignment().pk).update(state=Assignment.State.RELEASED)
    assert save_label(assignment=study.assignment(), choice=choice).replayed


def test_a_save_under_way_finds_that_it_was_taken_back() -> None:
    study = make.study()
    read_before = study.assignment()
    Assignment.objects.filter(pk=read_before.pk).update(state=Assignment.State.RELEASED)
    with pytest.raises(NotAllowedError):
        make.label(read_before, study.units()[0], "stance", "for")
    assert not Event.objects.exists()
