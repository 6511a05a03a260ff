"""Snapshots: the same at the same address whatever comes, for whoever may see agreement; and parts of a round."""

import io
import zipfile

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client

from annotator.models import Snapshot
from annotator.queries import ready_reports
from annotator.services import jobs
from projects.models import Membership, Role
from projects.services.rounds import set_closed
from tests import make
from tests.web.test_agreement_page import client_of, labelled_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> make.Study:
    cache.clear()
    return labelled_study()


def address(study: make.Study, rest: str = "") -> str:
    return f"/p/{study.slug}/agreement/snapshots/{rest}"


def keep(study: make.Study, **picked: object) -> str:
    """The address of the snapshot."""
    answer = client_of(study.lead).post(address(study), {"round": study.round.pk, **picked})
    assert answer.status_code == 302
    return answer.url


def downloads(client: Client, kept: str) -> dict[str, bytes]:
    names = ("csv", "json", "markdown", "latex", "methods", "bundle")
    return {name: client.get(f"{kept}download/?format={name}").content for name in names}


def test_a_kept_report_stays_as_it_is_and_says_when_labels_have_changed(study: make.Study) -> None:
    lead = client_of(study.lead)
    kept = keep(study, variables="stance")
    before, files = lead.get(kept), downloads(lead, kept)
    assert "The labels of today give the same figures." in before.content.decode()
    make.label(study.assignment(), study.units()[0], "stance", "for", base_version=1)
    after = lead.get(kept)
    assert "Labels have changed since" in after.content.decode()
    assert after.context["report"] == before.context["report"]
    assert downloads(lead, kept) == files
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert lead.get(kept).context["lede"] == before.context["lede"]
    set_closed(lead=study.lead, round=study.round, closed=False)
    make.label(study.assignment(), study.units()[0], "stance", "against", base_version=2)
    assert "The labels of today give the same figures." in lead.get(kept).content.decode()


def test_what_is_kept_twice_is_there_once_and_cannot_be_changed(study: make.Study) -> None:
    assert keep(study) == keep(study) != keep(study, annotators=[m.pseudonym for m in study.members[:2]])
    assert Snapshot.objects.count() == 2
    for change in (lambda s: s.update(input_sha256="0" * 64), lambda s: s.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(Snapshot.objects.all())


def test_a_part_is_computed_from_that_part_alone(study: make.Study) -> None:
    pair = [member.pseudonym for member in study.members[1:]]
    query = f"?round={study.round.pk}&variables=stance&annotators={pair[0]}&annotators={pair[1]}"
    (stance,) = client_of(study.lead).get(f"/p/{study.slug}/agreement/part/{query}").context["report"].variables
    assert (list(stance.annotators), stance.pairable_units) == (pair, 3)
    (stance,) = (
        client_of(study.lead)
        .get(f"/p/{study.slug}/agreement/part/{query}&resample=articles")
        .context["report"]
        .variables
    )
    assert stance.resampled == "articles"
    nothing = client_of(study.lead).get(f"/p/{study.slug}/agreement/part/?outlets=none")
    assert "This part has no labels" in nothing.content.decode()


@pytest.mark.parametrize(
    ("query", "status"), [("articles=%00", 400), ("variables=nothing", 404), ("round=0", 404), ("resample=words", 400)]
)
def test_what_cannot_be_picked_is_refused(study: make.Study, query: str, status: int) -> None:
    for path in ("part/", "download/"):
        assert client_of(study.lead).get(f"/p/{study.slug}/agreement/{path}?{query}").status_code == status


def test_who_may_see_keep_and_take_the_single_ratings(study: make.Study) -> None:
    kept = keep(study)
    for role, statuses in {
        Role.VIEWER: (200, 403, 200, 200),
        Role.ADJUDICATOR: (200, 403, 200, 403),
        Role.ANNOTATOR: (403, 403, 403, 403),
    }.items():
        client = client_of(make.member(study.project, role=role))
        asked = (
            client.get(kept),
            client.post(address(study), {"round": study.round.pk}),
            client.get(f"{kept}download/?format=csv"),
            client.get(f"{kept}download/?format=bundle"),
        )
        assert tuple(answer.status_code for answer in asked) == statuses, role


def test_who_annotates_blind_finds_no_snapshot_before_the_round_is_closed(study: make.Study) -> None:
    kept = keep(study)
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.LEAD)
    blind = client_of(study.members[0])
    assert blind.get(kept).status_code == blind.get(f"{kept}download/").status_code == 404
    assert kept not in blind.get(address(study)).content.decode()
    assert blind.post(address(study), {"round": study.round.pk}).status_code == 403
    assert blind.post(f"/p/{study.slug}/agreement/compute/", {"round": study.round.pk}).status_code == 403
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert blind.get(kept).status_code == 200


def test_the_bundle_holds_pseudonyms_and_the_kept_ratings(study: make.Study) -> None:
    kept = keep(study, variables="stance")
    archive = zipfile.ZipFile(io.BytesIO(downloads(client_of(study.lead), kept)["bundle"]))
    rows = archive.read("agreement/ratings.csv").decode().splitlines()
    assert len(rows) == 1 + 10
    assert rows[1].startswith(f"stance,{study.articles[0].external_id},1,")


def test_a_long_round_asks_to_compute_and_then_shows_it(study: make.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready_reports, "SHORT_LABELS", 2)
    lead, of = client_of(study.lead), {"round": study.round.pk}
    page = f"/p/{study.slug}/agreement/"
    assert "Compute the report" in lead.get(page).content.decode()
    assert lead.get(f"{page}download/").status_code == lead.post(address(study), of).status_code == 409
    job = lead.post(f"{page}compute/", of).url
    jobs.run(int(job.split("/")[-2]))
    assert f"{page}?round={study.round.pk}" in lead.get(job).content.decode()
    assert "No label has changed since." in lead.get(page).content.decode()
    make.label(study.assignment(), study.units()[0], "stance", "for", base_version=1)
    assert "Compute it again" in lead.get(page).content.decode()
    assert "Labels have changed since" in lead.get(keep(study)).content.decode()
