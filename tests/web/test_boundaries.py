"""The boundaries page as its form sees it: a draft that nothing stores, then Apply, then Undo."""

import json
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from annotator.core.mending import Retype, Reword
from annotator.models import Label
from projects.models import Article, Role, TextVersion
from projects.queries import access
from projects.queries.texts import newest_text
from projects.services.rounds import open_round, set_closed
from tests import make, mended

pytestmark = pytest.mark.django_db
TEXT = """Bridge reopens after the flood

The mayor waited... Nobody came to the bridge 🌉 on Monday. Eleven lorries crossed the river.

He met Mr. Reed et al. Nobody knows.

ELEVEN LORRIES crossed the river.
"""


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2, texts=[TEXT])


@pytest.fixture
def lead(study: make.Study) -> Client:
    return client_of(study.lead)


def client_of(member: object) -> Client:
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(study: make.Study, act: str = "") -> str:
    return f"/p/{study.slug}/articles/{study.articles[0].pk}/boundaries/{act}"


def step(client: Client, study: make.Study, edits: list[object], status: int = 200, **more: object) -> HttpResponse:
    """Post the form of the page with the edits so far; `edit` is the next one."""
    sent = {"base": "1", "edits": json.dumps(edits), "at": "0"} | {
        name: json.dumps(value) if name == "edit" else value for name, value in more.items()
    }
    answer = client.post(address(study), sent)
    assert answer.status_code == status
    return answer


def shown(answer: HttpResponse) -> list[str]:
    return [row.text for row in answer.context["window"].rows]


def kept(answer: HttpResponse) -> list[object]:
    return json.loads(answer.context["edits"])


def test_the_page_shows_the_units_and_asks_at_doubtful_places(study: make.Study, lead: Client) -> None:
    answer = lead.get(address(study))
    page = unescape(answer.content.decode())
    assert "An ellipsis before a capital" in page
    assert [TEXT[: doubt.place].split()[-1] for doubt in answer.context["doubts"]] == ["waited...", "al."]
    assert "Nobody has labelled it yet" in page
    assert [like.units for like in answer.context["window"].rows[3].likes] == [[(7, TEXT.index("ELEVEN"))]]


def test_a_split_counts_characters_as_python_does(study: make.Study, lead: Client) -> None:
    answer = step(lead, study, [], edit=["split", TEXT.index("🌉 on") + 2])
    assert "Nobody came to the bridge 🌉" in shown(answer)
    assert "on Monday." in shown(answer)


def test_edits_add_up_and_are_taken_back_one_by_one(study: make.Study, lead: Client) -> None:
    start = TEXT.index("Nobody came")
    answer = step(lead, study, [["merge", start]], edit=["kind", TEXT.index("He met"), "subhead"])
    assert kept(answer) == [["merge", start], ["kind", TEXT.index("He met"), "subhead"]]
    assert kept(step(lead, study, kept(answer), undo="1")) == [["merge", start]]
    assert newest_text(study.articles[0]).number == 1


def test_htmx_gets_the_draft_alone(study: make.Study, lead: Client) -> None:
    answer = lead.post(address(study), {"base": "1", "at": "0"}, headers={"HX-Request": "true"})
    assert b'id="boundaries"' in answer.content
    assert b"<html" not in answer.content


def test_words_are_corrected_and_a_unit_left_out(study: make.Study, lead: Client) -> None:
    start = TEXT.index("He met")
    answer = step(lead, study, [["offer", 0, False]], reword=str(start), words="He met Mrs. Reed et al.")
    assert "He met Mrs. Reed et al." in shown(answer)
    assert "left out" in answer.content.decode()


def test_without_scripts_a_word_is_chosen_to_split_before(study: make.Study, lead: Client) -> None:
    place = TEXT.index("after the flood")
    answer = step(lead, study, [], split="1", offset=str(place))
    assert shown(answer)[:2] == ["Bridge reopens", "after the flood"]


def test_a_place_that_is_left_is_not_asked_again(study: make.Study, lead: Client) -> None:
    doubt = lead.get(address(study)).context["doubts"][0].doubt
    assert len(step(lead, study, [], leave=str(doubt.offset)).context["doubts"]) == 1
    assert len(lead.get(address(study)).context["doubts"]) == 1
    assert len(step(lead, study, [], again="1").context["doubts"]) == 2


def test_it_says_whose_labels_a_draft_touches(study: make.Study, lead: Client) -> None:
    touched, other = study.units()[1], study.units()[-1]
    make.label(study.assignment(0), touched, "stance", "for")
    make.label(study.assignment(1), other, "stance", "for")
    answer = step(lead, study, [], edit=["merge", TEXT.index("Nobody came")])
    assert [(one.labels, one.units) for one in answer.context["touched"]] == [(1, 1)]
    assert "One annotator has labels on changed units" in answer.content.decode()


def test_apply_carries_the_labels_and_undo_brings_them_back(study: make.Study, lead: Client) -> None:
    for member, value in enumerate(["for", "against"]):
        make.label(study.assignment(0), study.units()[1 + member], "stance", value)
    before = mended.state(mended.version(study))
    edits = [["merge", TEXT.index("Nobody came")]]
    answer = lead.post(address(study, "apply/"), {"base": "1", "edits": json.dumps(edits)}, follow=True)
    said = unescape(answer.content.decode())
    assert "1 question went back to its annotator" in said
    assert "1 merge" in said
    assert "Brings back the units of version 1" in said
    lead.post(address(study, "undo/"), {"base": "2"})
    assert mended.state(mended.version(study)) == before
    assert mended.shape(mended.version(study)) == mended.shape(TextVersion.objects.get(number=1))


def test_a_mark_without_a_place_is_listed_with_annotator_and_unit(study: make.Study, lead: Client) -> None:
    unit = study.units()[1]
    span = {"start": unit.start + 4, "end": unit.start + 16, "quote": "mayor waited", "value": "praise"}
    make.label(study.assignment(0), unit, "framing", [span])
    edits = [["split", unit.start + 10]]
    answer = lead.post(address(study, "apply/"), {"base": "1", "edits": json.dumps(edits)}, follow=True)
    (one,) = answer.context["unplaced"]
    assert (one.quote, one.member, one.unit) == ("mayor waited", study.members[0].user.username, 2)
    assert "1 mark found no place" in answer.content.decode()


def test_a_lead_who_labels_blindly_is_told_nothing_of_others_labels_while_the_round_is_open() -> None:
    study = make.study(annotators=1, texts=[TEXT])
    own = open_round(
        lead=study.lead,
        name="Second",
        purpose="reliability",
        articles=study.articles,
        members=[study.lead, study.members[0]],
        blind=True,
    )
    set_closed(lead=study.lead, round=study.round, closed=True)
    share = own.assignments.get(member=study.members[0])
    unit = study.units()[1]
    span = {"start": unit.start + 4, "end": unit.start + 16, "quote": "mayor waited", "value": "praise"}
    make.label(access.own_assignment(study.members[0].user_id, share.pk), unit, "framing", [span])
    edits = json.dumps([["split", unit.start + 10]])
    lead = client_of(study.lead)
    draft = step(lead, study, [], edit=["split", unit.start + 10])
    assert (draft.context["touched"], draft.context["hidden"]) == ([], True)
    answer = lead.post(address(study, "apply/"), {"base": "1", "edits": edits}, follow=True)
    assert answer.context["unplaced"] == []
    assert "found no place" not in answer.content.decode()
    assert "label was carried over" not in answer.content.decode()
    set_closed(lead=study.lead, round=own, closed=True)
    assert len(lead.get(address(study)).context["unplaced"]) == 1


def test_who_was_quicker_costs_no_edit_that_still_applies(study: make.Study, lead: Client) -> None:
    mended.mend(study, Retype(TEXT.index("He met"), "caption"))
    edits = [["merge", TEXT.index("Nobody came")]]
    answer = lead.post(address(study, "apply/"), {"base": "1", "edits": json.dumps(edits)})
    assert answer.status_code == 409
    assert "Your changes still apply" in answer.content.decode()
    assert (kept(answer), answer.context["version"].number) == (edits, 2)
    assert newest_text(study.articles[0]).number == 2


def test_edits_of_another_text_are_never_applied(study: make.Study, lead: Client) -> None:
    mended.mend(study, Reword(0, "A much longer headline about the bridge"))
    answer = step(lead, study, [["split", 60]], status=409)
    assert kept(answer) == []
    assert "0 of your 1 change was kept" in answer.content.decode()


def test_an_edit_that_cannot_be_made_leaves_the_draft_as_it_was(study: make.Study, lead: Client) -> None:
    merge = ["merge", TEXT.index("Nobody came")]
    answer = step(lead, study, [merge], status=400, edit=merge)
    assert kept(answer) == [merge]
    assert "There is no unit that begins here any more." in answer.content.decode()


def test_an_undo_where_nothing_was_mended(study: make.Study, lead: Client) -> None:
    assert lead.post(address(study, "undo/"), {"base": "1"}).status_code == 400
    assert lead.post(address(study, "undo/"), {"base": "7"}).status_code == 409


@pytest.mark.parametrize("role", [Role.ADJUDICATOR, Role.ANNOTATOR, Role.VIEWER])
def test_only_a_lead_mends(study: make.Study, role: str) -> None:
    client = client_of(make.member(study.project, role))
    for act in ("", "apply/", "undo/"):
        assert client.post(address(study, act), {"base": "1", "edits": '[["merge", 32]]'}).status_code == 403
    assert client.get(address(study)).status_code == 403
    assert newest_text(study.articles[0]).number == 1


def test_the_article_of_another_project_does_not_exist(study: make.Study) -> None:
    stranger = make.project()
    theirs = make.article(stranger)
    path = f"/p/{study.slug}/articles/{theirs.pk}/boundaries/"
    assert client_of(study.lead).get(path).status_code == 404
    assert client_of(study.lead).post(f"{path}apply/", {"base": "1"}).status_code == 404


def test_an_item_of_a_coded_table_has_no_boundaries(study: make.Study, lead: Client) -> None:
    Article.objects.update(item_text="given")
    assert lead.get(address(study)).status_code == 400
    assert b"Boundaries" not in lead.get(f"/p/{study.slug}/articles/{study.articles[0].pk}/").content


def test_a_long_article_comes_a_page_at_a_time(lead: Client, study: make.Study) -> None:
    lines = "\n".join(f"The ferry number {n} left at noon." for n in range(450))
    study.articles[0] = make.article(study.lead, f"Ferries\n\n{lines}\n\nThey waited... Nobody came.\n")
    answer = lead.get(address(study))
    assert [row.number for row in answer.context["window"].rows] == list(range(401, 454))
    assert len(answer.content) < 60_000
    first = step(lead, study, [], at="0").context["window"]
    assert (len(first.rows), first.rows[0].number) == (100, 1)
    assert first.doubt_after is not None


def test_an_import_leads_to_the_first_doubtful_boundary(lead: Client, study: make.Study) -> None:
    url = f"/p/{study.slug}/articles/import/"
    answer = lead.post(url, {"text": TEXT, "title": "second"}, follow=True)
    made = Article.objects.get(external_id="second")
    assert f'href="/p/{study.slug}/articles/{made.pk}/boundaries/"' in answer.content.decode()
    answer = lead.post(url, {"text": "Bridge\n\nIt rained. Nobody came.", "title": "third"}, follow=True)
    assert "look at" not in answer.content.decode()


def test_the_labels_stay_where_they_are_until_apply(study: make.Study, lead: Client) -> None:
    make.label(study.assignment(0), study.units()[1], "stance", "for")
    step(lead, study, [["merge", TEXT.index("Nobody came")]])
    assert Label.objects.get().unit.text_version.number == 1
