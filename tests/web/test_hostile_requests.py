"""Every address with what no browser sends: the answer is a refusal or a page, never a failure of the server."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.http import HttpResponseBase, QueryDict
from django.test import Client
from django.urls import resolve, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from projects.models import Round
from projects.services.lexicons import import_lexicon
from projects.services.members import invite
from projects.services.passwords import link_key
from projects.services.second_factor import begin_second_factor
from tests import make
from tests.meta.test_doors import ALL
from tests.services.test_hints import WORDS
from tests.web.forms import FORMS, Fields, file, forms
from tests.web.hostile_values import DEEP, FIRST_DAY, HALVES, LAST_DAY, NAMES, SHORT, STRINGS, WORST

pytestmark = pytest.mark.django_db

IDS = ["0", "9" * 30, "9" * 5000]
METHODS = ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]


@pytest.fixture
def study() -> make.Study:
    """Its lead annotates too, so that one account reaches every page."""
    made = make.study(annotators=2)
    for number in range(2):
        make.label(made.assignment(number), made.units()[0], "stance", "for")
    Round.objects.update(hints=True)
    import_lexicon(member=made.lead, data=json.dumps(WORDS).encode())
    return made


@pytest.fixture
def lead(study: make.Study) -> Client:
    return _client(study.lead.user)


@pytest.fixture
def annotator(study: make.Study) -> Client:
    return _client(study.members[0].user)


def _client(user: object) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def hold(answer: HttpResponseBase) -> int:
    """The status, after the whole answer was written: a download fails while it is read."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code < 500, content[:500]
    return answer.status_code


def addresses(study: make.Study) -> Iterator[str]:
    """Every address of the site, with what is really there in each of its places."""
    of = {"articles": study.articles[0].pk, "code": study.assignment().pk, "rounds": study.round.pk}
    of["members"] = study.members[0].pk
    for path in ALL:
        parts = path.replace("/demo/", f"/{study.slug}/").split("/")
        for place in range(1, len(parts)):
            if parts[place] == "1":
                parts[place] = str(of.get(parts[place - 1], 1))
        yield "/".join(parts)


def test_every_parameter_of_every_page(study: make.Study, lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [path for path in addresses(study) if hold(lead.get(path)) == 200]
    assert len(pages) > 15
    read: set[str] = set()
    for act in ("__getitem__", "__contains__", "getlist"):
        monkeypatch.setattr(QueryDict, act, noting(read, getattr(QueryDict, act)))
    for path in pages:
        read.clear()
        hold(lead.get(path))
        for value in SHORT:
            hold(lead.get(path, dict.fromkeys(read, value)))
        for name in list(read):
            for value in WORST:
                hold(lead.get(path, {name: value}))
        hold(lead.get(f"{path}?" + "&".join(f"{name}={HALVES}" for name in read)))


def noting(read: set[str], look: Callable[..., object]) -> Callable[..., object]:
    """The same look at the parameters of a request, which notes what was looked for."""

    def look_and_note(parameters: QueryDict, name: str, *rest: object) -> object:
        read.add(name)
        return look(parameters, name, *rest)

    return look_and_note


@pytest.mark.once
def test_every_method_of_every_page(study: make.Study, lead: Client) -> None:
    for path in addresses(study):
        for method in METHODS:
            hold(lead.generic(method, path, b"\0\xff", "application/json"))


@pytest.mark.parametrize("wrong", [*IDS, HALVES, "%00", "-1", quote("😀"), "x" * 5000])
def test_every_place_of_every_address(study: make.Study, lead: Client, annotator: Client, wrong: str) -> None:
    for path in ALL:
        real = path.replace("/demo/", f"/{study.slug}/")
        for broken in {
            path.replace("/demo/", f"/{wrong}/"),
            real.replace("/1/", f"/{wrong}/"),
            real.replace("word", wrong),
        }:
            for client in (lead, annotator):
                hold(client.get(broken))
                hold(client.post(broken, {}))


def test_the_forms_are_all_there_are(study: make.Study) -> None:
    """A form that is added has to be added here."""
    without_fields = {"look_for_copies", "undo_change", "logout", "codebook_start", "codebook_discard", "cancel_job"}
    # Their fields are tried below, for each try needs a key or a password first.
    without_fields |= {"reset", "second_step", "password_link"}
    without_fields |= {"leave_project", "remove_member", "invite_holder", "undo_member_change"}
    without_fields |= {"leave_queue", "follow_notice"}
    without_fields |= {"withdraw_invitation", "publish_codebook", "revoke_token", "join"}
    without_fields |= {"undo_restore", "training", "trash_round", "restore_round", "restore_article", "restore_project"}
    pages = [path for path in addresses(study) if not path.startswith("/api/")]
    sent_to = {resolve(path).url_name for path in pages if _client(study.lead.user).post(path).status_code != 405}
    assert sent_to == {*FORMS, *without_fields}


@pytest.mark.parametrize("name", FORMS)
def test_every_field_of_every_form(study: make.Study, name: str) -> None:
    """Each field meets every other string: there are many forms, and time is short."""
    where, sent = forms(study)[name]
    client = (
        Client()
        if name == "login"
        else _client((study.members[0] if name in ("save_label", "leave_note", "log_hints") else study.lead).user)
    )
    url = reverse(name, args=where)
    assert hold(client.post(url, sent())) in {200, 204, 302, 400, 409}
    for place, field in enumerate(sent()):
        for value in STRINGS[place % 2 :: 2]:
            hold(client.post(url, sent() | {field: value}))
        rest = "&".join(f"{key}={quote(str(value))}" for key, value in sent().items() if key != field)
        hold(client.post(url, f"{field}={HALVES}&{rest}", "application/x-www-form-urlencoded"))
        hold(client.post(url, {key: value for key, value in sent().items() if key != field}))


@pytest.mark.parametrize("field", ["label", "values.0.label", "values.0.shortcut", "values.new", "if.0.variable"])
def test_a_draft_can_be_shown_whatever_was_typed(study: make.Study, lead: Client, field: str) -> None:
    where, sent = forms(study)["codebook_edit"]
    url = reverse("codebook_edit", args=where)
    for value in SHORT:
        hold(lead.post(url, sent() | {field: value}))
        for page in (url, f"{url}?at=3", f"{url}?at={value[:20]}"):
            assert hold(lead.get(page)) == 200


@pytest.mark.parametrize("field", ["username", "password"])
def test_every_field_of_an_invitation(study: make.Study, field: str) -> None:
    for value in STRINGS:
        url = reverse("join", args=[invite(lead=study.lead, role="annotator")])
        hold(Client().post(url, {"username": f"user-{uuid4()}", "password": "weather-and-tides"} | {field: value}))


def test_every_field_behind_a_link_or_a_password(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = True
    for value in STRINGS:
        user = make.user()
        hold(Client().post(reverse("reset", args=[link_key(user)]), {"new_password": value}))
        hold(Client().post(reverse("forgotten"), {"email": value}, REMOTE_ADDR=f"10.0.0.{user.pk % 250}"))
    begin_second_factor(user=user)
    TOTPDevice.objects.update(confirmed=True)
    for value in STRINGS:
        client = Client()
        client.post(reverse("login"), {"username": user.username, "password": make.PASSWORD})
        hold(client.post(reverse("second_step"), {"code": value}))


@pytest.mark.parametrize("wrong", [{"value": DEEP}, {"client_time": FIRST_DAY}, {"client_time": LAST_DAY}])
def test_a_choice_beyond_what_python_can_hold(study: make.Study, annotator: Client, wrong: Fields) -> None:
    where, sent = forms(study)["save_label"]
    for _ in range(2):
        hold(annotator.post(reverse("save_label", args=where), sent() | wrong))


@pytest.mark.parametrize("variable", ["stance", "side", "tone", "weight", "remark", "framing", "attribution"])
def test_every_kind_of_answer(study: make.Study, annotator: Client, variable: str) -> None:
    """Each string as the field of the form itself, and as text inside its JSON."""
    url = reverse("save_label", args=[study.slug, study.assignment().pk])
    for text in STRINGS:
        spans = [{"start": text, "end": 1, "source": text, "value": text}]
        for value in (text, *(json.dumps(item) for item in (text, [text], spans))):
            choice = {"event": str(uuid4()), "unit": study.units()[2].pk, "variable": variable, "base_version": "0"}
            hold(annotator.post(url, choice | {"value": value}))


@pytest.mark.parametrize("form", ['["kind", 0, %s]', '["text", 0, %s]', '["split", %s]', '["offer", %s, true]', "%s"])
def test_every_kind_of_edit(study: make.Study, lead: Client, form: str) -> None:
    """Each string as it is and as text in JSON, in a draft and as the edit that is added to one."""
    for text in [*STRINGS, DEEP]:
        for value in (text, json.dumps(text)):
            edit = form % value
            url = reverse("boundaries", args=[study.slug, study.articles[0].pk])
            hold(lead.post(url, {"base": "1", "at": "0", "edits": f"[{edit}]"}))
            hold(lead.post(url, {"base": "1", "at": "0", "edits": "[]", "edit": edit}))
            hold(lead.post(f"{url}apply/", {"base": "1", "edits": f"[{edit}]"}))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_afile(study: make.Study, lead: Client, name: str) -> None:
    pages = [
        reverse(page, args=[study.slug]) for page in ("article_import", "label_import", "codebook_import", "lexicons")
    ]
    for page in (*pages, reverse("calculator")):
        for content in ("It rained.", "article,sentence,annotator,variable,value\na,1,b,c,d\n", "[]", "{}", "\0"):
            hold(lead.post(page, {"file": file(name, content)}))


def test_more_fields_than_any_form_has(study: make.Study, lead: Client) -> None:
    many = [str(number) for number in range(5000)]
    assert hold(lead.post(f"/p/{study.slug}/rounds/new/", {"articles": many, "members": many})) == 400
