import pytest

from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


def test_a_title_in_arabic_is_asked_for_an_address_and_taken_with_it(client):
    client.force_login(make.study().lead.user)
    refused = client.post("/", {"title": "مشروع تجريبي"})
    assert refused.status_code == 400
    assert 'name="address"' in refused.text
    client.post("/", {"title": "مشروع تجريبي", "address": "trial"})
    assert Project.objects.get(slug="trial").title == "مشروع تجريبي"
