"""The coding screen's views: who gets in, what a save answers, and what it costs."""

import json
from collections.abc import Sequence
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.core.errors import InvalidError
from annotator.models import Event, Label
from annotator.queries.coding import CodingUnit
from annotator.web.asking import Margin
from annotator.web.coding import Answers, Row, map_segments
from projects.models import Article, Assignment, Role, Round, Unit, User
from projects.services.rounds import open_round
from tests import make

pytestmark = pytest.mark.django_db
MAYOR = [{"source": "mayor", "manner": "indirect", "stance": "accusing", "spans": []}]


@pytest.fixture
def study() -> make.Study:
    return make.study()


def signed_in(user: User | None) -> Client:
    """A client with a session of its own in the database, as a browser has it."""
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def annotator(study: make.Study) -> Client:
    return signed_in(study.members[0].user)


def url(study: make.Study, member: int = 0, end: str = "") -> str:
    return f"/p/{study.slug}/code/{study.assignment(member).pk}/{end}"


def form(
    unit: Unit, variable: str = "attribution", value: object = MAYOR, base: int = 0, **other: str
) -> dict[str, str]:
    fields = {
        "event": str(uuid4()),
        "unit": str(unit.pk),
        "variable": variable,
        "value": json.dumps(value),
        "base_version": str(base),
        "client_time": "2026-05-01T10:00:00.000Z",
    }
    return fields | other


def save(client: Client, study: make.Study, fields: dict[str, str], member: int = 0) -> HttpResponse:
    return client.post(url(study, member, "save/"), fields)


def test_code_leads_to_the_next_article(study: make.Study, annotator: Client) -> None:
    assert annotator.get(f"/p/{study.slug}/code/").url == url(study)


def test_code_says_so_when_everything_is_done(study: make.Study, annotator: Client) -> None:
    Assignment.objects.filter(member=study.members[0]).update(state=Assignment.State.DONE)
    assert "All done" in annotator.get(f"/p/{study.slug}/code/").content.decode()


def test_code_says_so_when_nothing_was_given(study: make.Study) -> None:
    newcomer = make.member(study.project)
    assert "Nothing to annotate yet" in signed_in(newcomer.user).get(f"/p/{study.slug}/code/").content.decode()


def test_code_passes_over_closed_rounds(study: make.Study, annotator: Client) -> None:
    study.round.closed_at = timezone.now()
    study.round.save()
    assert annotator.get(f"/p/{study.slug}/code/").status_code == 200


def test_the_page_shows_every_unit_as_its_very_text(study: make.Study, annotator: Client) -> None:
    page = annotator.get(url(study)).content.decode()
    for unit in study.units():
        text = make.TEXT.strip()[unit.start : unit.end]
        assert f'<p class="text" dir="auto">{text}</p>' in page


def test_the_page_carries_the_labels_with_their_versions(study: make.Study, annotator: Client) -> None:
    unit = study.units()[0]
    make.label(study.assignment(), unit, "stance", "for")
    page = annotator.get(url(study)).content.decode()
    assert "{&quot;stance&quot;: [&quot;for&quot;, 1]}" in page


def test_article_text_is_escaped() -> None:
    study = make.study(1, ["Head\n\nThe <script>alert(1)</script> & more were said.\n"])
    page = signed_in(study.members[0].user).get(url(study)).content.decode()
    assert "<script>alert" not in page
    assert "The &lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_a_column_of_arabic_runs_from_right_to_left() -> None:
    study = make.study(1, ["عنوان\n\nقال المجلس إن الهدنة انتهت.\n"])
    assert 'dir="rtl"' in signed_in(study.members[0].user).get(url(study)).content.decode()


@pytest.mark.parametrize("who", ["another annotator", "a stranger", "the lead"])
def test_an_assignment_is_its_annotators_own(study: make.Study, who: str) -> None:
    people = {"another annotator": study.members[1].user, "a stranger": make.user(), "the lead": study.lead.user}
    client = signed_in(people[who])
    assert client.get(url(study)).status_code == 404
    assert save(client, study, form(study.units()[0])).status_code == 404
    assert not Event.objects.exists()


def test_an_assignment_is_found_under_its_own_project_only(study: make.Study, annotator: Client) -> None:
    other = make.study(1)
    assert annotator.get(url(study).replace(study.slug, other.slug)).status_code == 404
    misplaced = url(study, end="save/").replace(study.slug, other.slug)
    assert annotator.post(misplaced, form(study.units()[0])).status_code == 404


def test_a_visitor_is_sent_to_the_door(study: make.Study) -> None:
    for answer in (Client().get(url(study)), save(Client(), study, form(study.units()[0]))):
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")


def test_a_viewer_may_not_annotate(study: make.Study, annotator: Client) -> None:
    study.members[0].role = Role.VIEWER
    study.members[0].save()
    assert annotator.get(url(study)).status_code == 403
    assert save(annotator, study, form(study.units()[0])).status_code == 403


def test_save_takes_no_get(study: make.Study, annotator: Client) -> None:
    assert annotator.get(url(study, end="save/")).status_code == 405


def test_save_asks_for_the_csrf_token(study: make.Study) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(study.members[0].user)
    assert save(client, study, form(study.units()[0])).status_code == 403
    client.get(url(study))
    fields = form(study.units()[0])
    token = client.cookies["csrftoken"].value
    assert client.post(url(study, end="save/"), fields, headers={"X-CSRFToken": token}).status_code == 200


def test_a_save_stores_the_label_and_answers_with_margin_and_counter(study: make.Study, annotator: Client) -> None:
    unit = study.units()[0]
    answer = save(annotator, study, form(unit))
    assert answer.status_code == 200
    body = answer.content.decode()
    assert f'id="answers-{unit.pk}"' in body
    assert "<bdi>Mayor</bdi>" in body
    assert "indirect, accusing" in body
    assert "1 of 5 sentences" in body
    assert Label.objects.get().value == MAYOR


def test_a_save_answers_about_a_kilobyte(study: make.Study, annotator: Client) -> None:
    assert len(save(annotator, study, form(study.units()[0])).content) < 1024


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("attribution", []),
        ("attribution", MAYOR),
        ("stance", "for"),
        ("side", ["town", "army"]),
        ("tone", "-1"),
        ("weight", 12.5),
        ("remark", "see the first sentence"),
        ("framing", []),
    ],
)
def test_every_kind_of_answer_is_saved(study: make.Study, annotator: Client, variable: str, value: object) -> None:
    assert save(annotator, study, form(study.units()[0], variable, value)).status_code == 200
    assert Label.objects.get().value == value


def test_marked_words_are_saved_with_their_quote(study: make.Study, annotator: Client) -> None:
    unit = study.units()[1]
    start = make.TEXT.index("regime")
    span = {"start": start, "end": start + 6, "quote": "regime", "value": "naming_state"}
    assert save(annotator, study, form(unit, "framing", [span])).status_code == 200
    shifted = span | {"start": start + 1, "end": start + 7}
    assert save(annotator, study, form(unit, "framing", [shifted], base=1)).status_code == 400


def test_a_save_needs_nine_statements_at_most(study: make.Study, annotator: Client) -> None:
    unit, address = study.units()[0], url(study, end="save/")
    for base, value in enumerate([MAYOR, [], None]):
        fields = form(unit, value=value, base=base)
        with CaptureQueriesContext(connection) as captured:
            assert annotator.post(address, fields).status_code == 200
        assert statements(captured) <= 9, captured.captured_queries


def statements(captured: CaptureQueriesContext) -> int:
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return sum(not query["sql"].startswith(frame) for query in captured.captured_queries)


def test_a_repeated_event_answers_as_the_first_time(study: make.Study, annotator: Client) -> None:
    fields = form(study.units()[0])
    first, again = save(annotator, study, fields), save(annotator, study, fields)
    assert (again.status_code, again.content) == (200, first.content)
    assert Event.objects.count() == 1


def test_a_stale_version_gets_both_answers_to_choose_from(study: make.Study, annotator: Client) -> None:
    unit = study.units()[0]
    save(annotator, study, form(unit, "stance", "for"))
    answer = save(annotator, study, form(unit, "stance", "against"))
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Stance was answered twice" in body
    assert body.index("Against") < body.index(">For<")
    assert 'data-version="1"' in body
    assert Label.objects.get().value == "for"


def test_an_event_used_for_something_else_is_refused(study: make.Study, annotator: Client) -> None:
    one, other = study.units()[:2]
    fields = form(one)
    save(annotator, study, fields)
    answer = save(annotator, study, form(other, event=fields["event"]))
    assert answer.status_code == 422
    assert Event.objects.count() == 1


def test_an_answer_is_taken_back_with_null(study: make.Study, annotator: Client) -> None:
    unit = study.units()[0]
    save(annotator, study, form(unit))
    answer = save(annotator, study, form(unit, value=None, base=1))
    assert "0 of 5 sentences" in answer.content.decode()
    assert Label.objects.get().value is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("event", "no-uuid"), ("unit", "x"), ("base_version", "-1"), ("base_version", ""), ("value", "{"), ("value", "")],
)
def test_a_field_that_cannot_be_read_is_named(study: make.Study, annotator: Client, field: str, value: str) -> None:
    answer = save(annotator, study, form(study.units()[0]) | {field: value})
    assert answer.status_code == 400
    assert field in answer.content.decode()
    assert "data-event" in answer.content.decode()


@pytest.mark.parametrize(("variable", "value"), [("stance", "unheard of"), ("nothing", "x"), ("frame", "conflict")])
def test_an_answer_that_does_not_fit_is_refused(
    study: make.Study, annotator: Client, variable: str, value: str
) -> None:
    assert save(annotator, study, form(study.units()[0], variable, value)).status_code == 400
    assert not Label.objects.exists()


def test_a_wrong_clock_costs_no_answer(study: make.Study, annotator: Client) -> None:
    for time in ("yesterday", "2026-99-99T00:00:00Z", "2026-05-01T10:00:00"):
        fields = form(study.units()[0], base=Event.objects.count(), client_time=time)
        assert save(annotator, study, fields).status_code == 200
    assert list(Event.objects.values_list("client_time", flat=True)) == [None, None, None]


def test_a_closed_round_is_shown_but_takes_nothing(study: make.Study, annotator: Client) -> None:
    study.round.closed_at = timezone.now()
    study.round.save()
    assert "This round is closed" in annotator.get(url(study)).content.decode()
    answer = save(annotator, study, form(study.units()[0]))
    assert answer.status_code == 403
    assert "data-event" in answer.content.decode()


def test_every_answer_to_a_save_names_its_event_and_its_user(study: make.Study, annotator: Client) -> None:
    """What a browser takes for an answer of ours, and not of some page on the way (a captive portal, a proxy)."""
    one, other = study.units()[:2]
    taken = form(one, "stance", "for")
    sent = {
        200: taken,
        400: form(one, "stance", "unheard of"),
        404: form(make.study(1).units()[0]),
        409: form(one, "stance", "against"),
        422: form(other, event=taken["event"]),
    }
    for status, fields in sent.items():
        assert named(save(annotator, study, fields), fields, study) == status
    Assignment.objects.update(state=Assignment.State.RELEASED)
    assert named(save(annotator, study, form(other)), form(other), study) is None
    assert named(save(annotator, study, fields := form(other)), fields, study) == 403


def named(answer: HttpResponse, fields: dict[str, str], study: make.Study) -> int | None:
    """The status, where the answer carries the event and the user."""
    user = study.members[0].user
    body = answer.content.decode()
    marks = (f'data-event="{fields["event"]}"', f'data-user="{user.pk}"')
    return answer.status_code if all(mark in body for mark in marks) else None


def test_the_ends_of_time_are_no_times_of_a_browser(study: make.Study, annotator: Client) -> None:
    for base, time in enumerate(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]):
        assert save(annotator, study, form(study.units()[0], base=base, client_time=time)).status_code == 200
    assert list(Event.objects.values_list("client_time", flat=True)) == [None, None]


def test_a_value_nested_too_deep_is_named(study: make.Study, annotator: Client) -> None:
    answer = save(annotator, study, form(study.units()[0]) | {"value": "[" * 20_000})
    assert answer.status_code == 400
    assert "value" in answer.content.decode()


def test_a_unit_of_another_article_is_not_found(study: make.Study, annotator: Client) -> None:
    foreign = make.study(1).units()[0]
    assert save(annotator, study, form(foreign)).status_code == 404


def test_the_whole_article_is_asked_after_its_sentences(study: make.Study, annotator: Client) -> None:
    page = annotator.get(url(study)).content.decode()
    assert page.index('id="u5"') < page.index('id="u0"')
    assert save(annotator, study, form(study.whole(), "frame", "recovery")).status_code == 200


@pytest.mark.parametrize("sentences", [1, 30, 2000])
def test_the_map_has_room_for_every_sentence(sentences: int) -> None:
    unit = CodingUnit(1, 1, "sentence", 0, "Two shops closed.", True, False, False, {})
    segments = map_segments([Row(unit, True, Answers(1, Margin(), "{}", False))] * sentences)
    assert len(segments) == min(sentences, 400)
    assert all(float(segment.width) > 0 for segment in segments)
    assert float(segments[-1].x) + float(segments[-1].width) == pytest.approx(100, abs=1.5)


HEADED = "Bridge reopens after the flood\nBy Ada Lind\n\nThe mayor blamed the army. Two shops closed.\n"


def headed(codable: Sequence[str] = (), **hidden: bool) -> str:
    """The coding screen of an article with outlet and author, in a round that hides some of it."""
    lead = make.project()
    make.codebook(lead)
    member = make.member(lead.project)
    article = make.article(lead, HEADED, codable=codable)
    Article.objects.filter(pk=article.pk).update(outlet="River Post", author="Ada Lind", published_at="2026-05-03")
    opened = open_round(lead=lead, name="R", purpose="main", articles=[article], members=[member], **hidden)
    share = opened.assignments.get()
    return signed_in(member.user).get(f"/p/{lead.project.slug}/code/{share.pk}/").content.decode()


def test_outlet_author_and_date_stand_above_the_article() -> None:
    page = headed()
    assert all(f"<bdi>{part}</bdi>" in page for part in ("River Post", "Ada Lind", "2026-05-03"))


def test_a_round_may_keep_the_outlet_from_its_annotators() -> None:
    page = headed(hide_outlet=True)
    assert "River Post" not in page
    assert "Ada Lind" in page


def test_a_round_may_keep_the_author_from_its_annotators_in_the_text_too() -> None:
    page = headed(hide_byline=True)
    assert "Ada Lind" not in page
    assert "River Post" in page


def test_a_byline_that_is_to_be_labelled_can_not_be_kept_from_those_who_label() -> None:
    with pytest.raises(InvalidError, match="byline"):
        headed(hide_byline=True, codable=["all"])
    assert not Round.objects.exists()
