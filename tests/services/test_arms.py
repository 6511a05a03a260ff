"""A round with arms: what masking does to the answers, on the page of the report."""

from itertools import product

import pytest
from django.core.cache import cache
from django.test import Client

from projects.models import Assignment
from projects.services.rounds import open_round, set_closed
from tests import make

pytestmark = pytest.mark.django_db


def test_the_report_tells_what_an_arm_does_to_the_answers() -> None:
    """Who sees the outlet says "for", who doesn't says "against": no agreement between, full agreement within."""
    cache.clear()
    study = make.study(annotators=2)
    articles = [make.article(study.lead) for _ in range(4)]
    arms = [{"key": "masked", "hide": ["outlet"]}, {"key": "open", "hide": []}]
    made = open_round(lead=study.lead, name="Arms", purpose="main", articles=articles, members=study.members, arms=arms)
    for share, unit in product(Assignment.objects.filter(round=made), range(1, 4)):
        where = share.text_version.units.get(index=unit)
        if where.codable:
            make.label(share, where, "stance", "against" if share.arm == "masked" else "for")
    set_closed(lead=study.lead, round=made, closed=True)
    client = Client()
    assert study.lead.user
    client.force_login(study.lead.user)
    address = f"/p/{study.slug}/agreement/breakdown/?round={made.pk}&variable=stance&by=arms"
    shown = client.get(address).context
    assert [row.name for row in shown["rows"]] == ["within masked", "within open", "masked against open"]
    assert shown["rows"][2].figure.value == ".000"
    ((pair, lines),) = shown["shifts"]
    assert pair == ("masked", "open")
    assert [(line.name, line.first, line.second, line.difference) for line in lines] == [
        ("Against", "100.0", "0.0", "+100.0"),
        ("For", "0.0", "100.0", "-100.0"),
    ]
