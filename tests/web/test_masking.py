"""What a round keeps from its annotators, for all or by arms: on no page of theirs and in no answer of the API."""

import pytest
from django.test import Client
from django.urls import reverse

from annotator.core.errors import InvalidError
from annotator.models import Note
from projects.models import Article, Assignment, Round
from projects.queries.access import own_assignment
from projects.services.rounds import open_round
from tests import make
from tests.api.callers import script_of
from tests.web.askers import Asker, content_of
from tests.web.routes import ANNOTATOR, ROUTES
from tests.web.scene import Scene, scene
from tests.web.test_access import PLACES

pytestmark = pytest.mark.django_db
SECRETS = (b"Harbour Gazette", b"Ines Calder", b"Quay closed")
TEXT = "Quay closed after the storm\n\nBy Ines Calder\n\nThe quay was closed. Nobody was hurt.\n"


def masked() -> Scene:
    """The scene's annotator with a share from which outlet, author and headline are kept."""
    here = scene()
    article = make.article(here.study.lead, TEXT, codable=["sentence"])
    Article.objects.filter(pk=article.pk).update(title="Quay closed after the storm", outlet="Harbour Gazette")
    Article.objects.filter(pk=article.pk).update(author="Ines Calder", metadata={"desk": "Harbour Gazette"})
    Article.objects.filter(pk=article.pk).update(external_id="Harbour Gazette 2012-05-03")
    hide = {"hide_outlet": True, "hide_byline": True, "hide_headline": True}
    made = open_round(
        lead=here.study.lead, name="Masked", purpose="main", articles=[article], members=here.study.members, **hide
    )
    here.shares[ANNOTATOR] = Assignment.objects.get(round=made, member=here.study.members[0])  # type: ignore[index]
    share = own_assignment(here.people[ANNOTATOR].pk, here.shares[ANNOTATOR].pk)
    for unit in article.text_versions.get().units.filter(index__gt=0, codable=True):
        make.label(share, unit, "stance", "for")
        Note.objects.create(round=made, unit=unit, member=here.study.members[0], text="Who?")
    here.places["article_id"] = article.pk  # type: ignore[index]
    return here


def test_no_address_tells_an_annotator_what_is_masked() -> None:
    here = masked()
    asker = Asker(ANNOTATOR, here.people[ANNOTATOR])
    for name, route in ROUTES.items():
        if route.reads:
            address = reverse(name, kwargs=here.places_of(name, PLACES[name], ANNOTATOR))
            answer = asker.ask("GET", f"{address}?{route.query}")
            told = content_of(answer) + repr(answer.headers).encode()
            assert not [word for word in SECRETS if word in told], name
    screen = asker.ask("GET", reverse("coding", args=[here.study.slug, here.shares[ANNOTATOR].pk]))
    assert b"The quay was closed." in content_of(screen)


def test_arms_mask_some_shares_and_every_way_to_read_them() -> None:
    """Two annotators, two articles: each has one of them masked, and each article is masked for one of them."""
    study = make.study(annotators=2)
    articles = [make.article(study.lead, TEXT, codable=["sentence"]) for _ in range(2)]
    Article.objects.filter(pk__in=[article.pk for article in articles]).update(outlet="Harbour Gazette")
    arms = [{"key": "masked", "hide": ["outlet", "headline"]}, {"key": "open", "hide": []}]
    made = open_round(lead=study.lead, name="Arms", purpose="main", articles=articles, members=study.members, arms=arms)
    shares = Assignment.objects.filter(round=made).select_related("member__user", "text_version__article")
    assert sorted(shares.values_list("member", "arm")) == sorted(
        (member.pk, arm) for member in study.members for arm in ("masked", "open")
    )
    assert len(set(shares.values_list("text_version", "arm"))) == 4
    for share in shares:
        client = Client()
        client.force_login(share.member.user)  # type: ignore[arg-type]
        screen = client.get(reverse("coding", args=[study.slug, share.pk])).content.decode()
        told = script_of(share.member).get(f"/api/v1/articles/{share.text_version.article_id}/").json()
        listed = script_of(share.member).get(f"/api/v1/projects/{study.slug}/articles/").json()["results"]
        outlet = next(one["outlet"] for one in listed if one["id"] == share.text_version.article_id)
        seen = {
            "Harbour Gazette" in screen,
            "Quay closed" in screen,
            "Quay closed" in told["text"],
            bool(told["title"]),
        }
        assert seen | {bool(told["outlet"]), bool(outlet)} == {share.arm == "open"}


def test_what_is_to_be_labelled_cannot_be_masked() -> None:
    study = make.study(annotators=1)
    article = make.article(study.lead, TEXT, codable=["sentence", "headline"])
    with pytest.raises(InvalidError, match="headline"):
        open_round(
            lead=study.lead,
            name="Masked",
            purpose="main",
            articles=[article],
            members=study.members,
            arms=[{"key": "masked", "hide": ["headline"]}, {"key": "open", "hide": []}],
        )
    assert not Round.objects.filter(name="Masked").exists()
