"""The pages of the agreement report with what no browser sends."""

import pytest
from django.test import Client

from tests import make
from tests.web.hostile_values import SHORT, WORST
from tests.web.test_hostile_requests import hold, lead, study

pytestmark = pytest.mark.django_db
__all__ = ["lead", "study"]

ASKED: dict[str, dict[str, object]] = {
    "sentences": {"variable": "stance", "first": "for", "second": "for", "page": "1", "round": ""},
    "breakdown": {"variable": "stance", "by": "annotators"},
    "next": {"variable": "stance", "value": ["for", "against"]},
}


def test_each_variable(study: make.Study, lead: Client) -> None:
    parts = [f"attribution.{part}" for part in ("source", "manner", "stance", "spans")]
    for key in [*(variable.key for variable in study.book.variables if variable.key != "attribution"), *parts]:
        assert hold(lead.get(f"/p/{study.slug}/agreement/", {"variable": key})) in {200, 404}
        for page in ASKED:
            assert hold(lead.get(f"/p/{study.slug}/agreement/{page}/", {"variable": key})) == 200


@pytest.mark.parametrize(("page", "name"), [(page, name) for page, asked in ASKED.items() for name in asked])
def test_every_parameter(study: make.Study, lead: Client, page: str, name: str) -> None:
    url = f"/p/{study.slug}/agreement/{page}/"
    assert hold(lead.get(url, ASKED[page])) == 200
    for value in [*SHORT, *WORST]:
        hold(lead.get(url, ASKED[page] | {name: value}))
