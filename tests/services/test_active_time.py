"""Active time: kept with each choice, summed with the share, and never the price of an answer."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from annotator.models import Event
from projects.models import Assignment
from projects.queries.overview import work_in
from tests import make

pytestmark = pytest.mark.django_db


def send(study: make.Study, **fields: str) -> int:
    client = Client()
    client.force_login(study.members[0].user)
    form = {"event": str(uuid4()), "unit": study.units()[0].pk, "variable": "stance", "value": json.dumps("for")}
    answer = client.post(f"/p/{study.slug}/code/{study.assignment().pk}/save/", form | {"base_version": "0"} | fields)
    return answer.status_code


def test_the_time_of_a_choice_is_kept_and_summed() -> None:
    study = make.study(annotators=1)
    uuid = str(uuid4())
    for _ in range(2):  # sent twice, counted once
        assert send(study, active_ms="4200", elsewhere_ms="800", event=uuid) == 200
    event = Event.objects.get()
    assert (event.active_ms, event.elsewhere_ms) == (4200, 800)
    assert Assignment.objects.get().active_ms == 5000
    [work] = work_in(study.round)
    assert (str(work.active), work.seconds_each) == ("0:00:05", None)


@pytest.mark.parametrize("wrong", ["", "-1", "1e9", "999999999", "²", "x"])
def test_a_time_that_can_not_be_right_costs_no_answer(wrong: str) -> None:
    study = make.study(annotators=1)
    assert send(study, active_ms=wrong) == 200
    assert Event.objects.get().active_ms is None
    assert Assignment.objects.get().active_ms == 0
