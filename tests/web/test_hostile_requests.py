"""Every address with what no browser sends: the answer is a refusal or a page, never a failure of the server."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase, QueryDict
from django.test import Client
from django.urls import resolve, reverse

from annotator.models import Note
from projects.models import CodebookVersion, Round
from projects.services.codebook_drafts import start_draft
from projects.services.lexicons import import_lexicon
from projects.services.members import invite
from tests import make, moved
from tests.meta.test_doors import ALL
from tests.services.test_hints import WORDS
from tests.web.hostile_values import DEEP, FIRST_DAY, HALVES, LAST_DAY, NAMES, SHORT, STRINGS, TABLE, WORST

pytestmark = pytest.mark.django_db
Fields = dict[str, object]

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
            hold(lead.get(f"{path}?{name}={HALVES}"))


def noting(read: set[str], look: Callable[..., object]) -> Callable[..., object]:
    """The same look at the parameters of a request, which notes what was looked for."""

    def look_and_note(parameters: QueryDict, name: str, *rest: object) -> object:
        read.add(name)
        return look(parameters, name, *rest)

    return look_and_note


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


def _edit_sent(draft: CodebookVersion) -> Fields:
    """The form of the codebook editor, on a scale, in view of what the draft has become."""
    draft.refresh_from_db()
    return {
        "base": draft.document_sha256,
        "at": "3",
        "focus": "label",
        "label": "Tone",
        "required": "1",
        "act": "up values 1",
        "values.1.into": "-1",
        "values.1.half": "Even",
        "values.new": "",
        "variables.new": "",
        "values.0.shortcut": "c",
        "values.0.colour": "1",
        "values.0.code": "-1",
        "measurement": "interval",
        "default": "0",
        "cannot_tell": "",
        "if.need": "all",
        "if.0.variable": "stance",
        "if.0.test": "any_of",
        "if.0.operand": '"for"',
        "if.0.number": "2",
        "if.0.numbers": "2, 3",
    }


def forms(study: make.Study) -> dict[str, tuple[list[object], Callable[[], Fields]]]:
    """For each form its address and what a browser would send."""
    slug, unit = study.slug, study.units()[1]
    draft = start_draft(member=study.lead)
    people, articles = [member.pk for member in study.members], [study.articles[0].pk]
    note = Note.objects.create(round=study.round, unit=unit, member=study.members[0], text="Who?")
    return {
        "home": ([], lambda: {"title": f"Study {uuid4()}"}),
        "account": ([], lambda: {"name": str(uuid4()), "scope": "read", "days": "9"}),
        "calculator": ([], lambda: dict(TABLE)),
        "calculator_project": ([], lambda: TABLE | {"title": str(uuid4())}),
        "members": ([slug], lambda: {"role": "annotator"}),
        "snapshots": ([slug], lambda: {"round": study.round.pk, "variables": "stance", "outlets": ""}),
        "compute_report": ([slug], lambda: {"round": study.round.pk, "articles": articles, "kinds": "sentence"}),
        "new_round": (
            [slug],
            lambda: {"name": str(uuid4()), "purpose": "pilot", "articles": articles, "members": people, "blind": "1"},
        ),
        "close_round": ([slug, study.round.pk], lambda: {"state": "open"}),
        "codebook_import": ([slug], lambda: {"draft": "1", "preview": "1", "file": _file("c.json", json.dumps({}))}),
        "codebook_edit": ([slug, draft.number], lambda: _edit_sent(draft)),
        "codebook_ready": ([slug], lambda: {"ready": "short"}),
        "label_import": ([slug], lambda: {"round": "", "file": _file("l.csv", "article,sentence\n")}),
        "article_import": (
            [slug],
            lambda: {"text": "One line.\n\nIt rained.", "title": str(uuid4()), "encoding": "", "codable": "sentence"},
        ),
        "change_articles": (
            [slug],
            lambda: {
                "act": "set",
                "articles": articles,
                "shown": articles,
                "set_column": "desk",
                "set_value": "home",
                "back": f"/p/{slug}/articles/?q=rain",
            },
        ),
        "article_metadata": (
            [slug, study.articles[0].pk],
            lambda: {"title": "A day", "language": "en", "outlet": "Wire", "name": "desk", "value": "home"},
        ),
        "decide_copies": (
            [slug],
            lambda: {"act": "link", "original": articles[0], "article": articles[0], "back": "/"},
        ),
        "settings": (
            [slug],
            lambda: {
                "title": "A study",
                "description": "",
                "language": "en",
                "codable": "sentence",
                "never_split_after": "Kpt.",
                "keep_quotations_whole": "1",
                "minimum_length": "5",
                "soft_maximum_length": "500",
                "text": "It rained. Nobody came.",
                "tried_language": "en",
                "try": "1",
            },
        ),
        "lexicons": ([slug], lambda: {"file": _file("l.json", json.dumps(WORDS))}),
        "lexicon": ([slug, "words"], lambda: {"variable": "framing", "group.elsewhere": "praise"}),
        "switch_lexicon": ([slug, "words"], lambda: {"in_use": "1"}),
        "sources": (
            [slug],
            lambda: {
                "base": "1",
                "variable": "attribution",
                "key": "mayor",
                "label": "The mayor",
                "aliases": "the mayor",
                "side": "town",
                "actor_type": "official",
                "into": "",
                "name": "Port Office",
                "to": "+",
            },
        ),
        "log_hints": (
            [slug, study.assignment().pk],
            lambda: {"acts": json.dumps([[str(uuid4()), unit.pk, "words", 1, "", unit.start, unit.end, "shown", ""]])},
        ),
        "kinds": ([slug], lambda: {"match": "begins", "words": "It", "kind": "promo", "look": "1"}),
        "split_again": ([slug], lambda: {"again": "1"}),
        "release_article": ([slug, study.articles[0].pk], lambda: {"state": "hold"}),
        "boundaries": (
            [slug, articles[0]],
            lambda: {
                "base": "1",
                "at": "0",
                "edits": '[["offer", 0, false]]',
                "edit": '["kind", 0, "dek"]',
                "reword": "0",
                "words": "Bridge opens",
                "split": "1",
                "offset": "7",
                "leave": "5",
            },
        ),
        "apply_boundaries": ([slug, articles[0]], lambda: {"base": "1", "edits": '[["kind", 0, "dek"]]'}),
        "undo_boundaries": ([slug, articles[0]], lambda: {"base": "1"}),
        "move_round": ([slug, study.round.pk], lambda: {"to": make.codebook(study.lead).number}),
        "undo_move": ([slug, study.round.pk], lambda: {"move": moved.move(study, moved.later({})).pk}),
        "login": ([], lambda: {"username": "nobody", "password": "no", "next": "/"}),
        "save_label": (
            [slug, study.assignment().pk],
            lambda: {
                "event": str(uuid4()),
                "unit": unit.pk,
                "variable": "remark",
                "value": '"words"',
                "base_version": "0",
                "client_time": "2026-01-01T00:00:00Z",
                "active_ms": "1200",
                "elsewhere_ms": "0",
                "codebook": "1",
            },
        ),
        "act_on_sentence": (
            [slug],
            lambda: {
                "round": study.round.pk,
                "variable": "stance",
                "unit": unit.pk,
                "act": "example",
                "value": "for",
                "text": "Mind rule 3.",
                "first": "for",
            },
        ),
        "start_merge": ([slug], lambda: {"round": study.round.pk, "variable": "stance", "value": ["for", "against"]}),
        "answer_note": ([slug, note.pk], lambda: {"text": "The mayor.", "state": ""}),
        "leave_note": (
            [slug, study.assignment().pk],
            lambda: {"event": str(uuid4()), "unit": unit.pk, "value": '{"text": "Who?"}', "base_version": "0"},
        ),
    }


def _file(name: str, content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


FORMS = ["home", "account", "members", "new_round", "close_round", "codebook_import", "label_import", "article_import"]
FORMS += ["change_articles", "article_metadata", "decide_copies", "login", "save_label", "leave_note", "answer_note"]
FORMS += ["codebook_edit", "codebook_ready", "calculator", "calculator_project", "snapshots", "compute_report"]
FORMS += ["act_on_sentence", "start_merge", "settings", "kinds", "split_again", "release_article"]
FORMS += ["lexicons", "lexicon", "switch_lexicon", "sources", "log_hints"]
FORMS += ["boundaries", "apply_boundaries", "undo_boundaries", "move_round", "undo_move"]


def test_the_forms_are_all_there_are(study: make.Study) -> None:
    """A form that is added has to be added here."""
    without_fields = {
        "look_for_copies",
        "undo_change",
        "logout",
        "codebook_start",
        "codebook_discard",
        "cancel_job",
        "leave_queue",
        "healthz",
        "withdraw_invitation",
        "publish_codebook",
        "revoke_token",
        "join",
    }
    pages = [path for path in addresses(study) if not path.startswith("/api/")]
    sent_to = {resolve(path).url_name for path in pages if _client(study.lead.user).post(path).status_code != 405}
    assert sent_to == {*FORMS, *without_fields}


@pytest.mark.parametrize("name", FORMS)
def test_every_field_of_every_form(study: make.Study, name: str) -> None:
    where, sent = forms(study)[name]
    client = (
        Client()
        if name == "login"
        else _client((study.members[0] if name in ("save_label", "leave_note", "log_hints") else study.lead).user)
    )
    url = reverse(name, args=where)
    assert hold(client.post(url, sent())) in {200, 204, 302, 400, 409}
    for field in sent():
        for value in STRINGS:
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
def test_every_name_of_a_file(study: make.Study, lead: Client, name: str) -> None:
    pages = [
        reverse(page, args=[study.slug]) for page in ("article_import", "label_import", "codebook_import", "lexicons")
    ]
    for page in (*pages, reverse("calculator")):
        for content in ("It rained.", "article,sentence,annotator,variable,value\na,1,b,c,d\n", "[]", "{}", "\0"):
            hold(lead.post(page, {"file": _file(name, content)}))


def test_more_fields_than_any_form_has(study: make.Study, lead: Client) -> None:
    many = [str(number) for number in range(5000)]
    assert hold(lead.post(f"/p/{study.slug}/rounds/new/", {"articles": many, "members": many})) == 400
