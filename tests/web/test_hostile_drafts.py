"""The codebook editor with what no browser sends: a draft can be shown whatever was sent to it."""

import pytest
from django.urls import reverse

from projects.services.codebook_drafts import start_draft
from tests import make
from tests.web.hostile_values import DEEP, WORST
from tests.web.test_codebook_editor import client_of

pytestmark = pytest.mark.django_db
OF_SPANS = [
    "span.overlap",
    "relation.from",
    "relation.to",
    "span_attributes.new",
    "span_attributes.0.values.new",
    "act",
]


@pytest.mark.parametrize("field", [*OF_SPANS, "exclusive", "values_from", "max_choices"])
def test_a_draft_can_be_shown_whatever_was_sent(field: str) -> None:
    lead = make.project()
    make.codebook(lead)
    draft, at = start_draft(member=lead), "6" if field in OF_SPANS else "2"
    url = reverse("codebook_edit", args=[lead.project.slug, draft.number])
    client = client_of(lead)
    for value in [*WORST, DEEP, '"\\ud800"', "down span_attributes.0.values 0", "move values 0 before 9"]:
        draft.refresh_from_db()
        assert client.post(url, {"base": draft.document_sha256, "at": at, field: value}).status_code in {302, 400}
        assert client.get(f"{url}?at={at}").status_code == 200
