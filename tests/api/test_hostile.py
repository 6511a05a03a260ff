"""Requests made to break the server: it stores nothing wrong, says why, and never fails itself."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from annotator.models import Event, Label
from tests import make
from tests.api.callers import ARTICLES, LABELS, body, browser_of, script_of
from tests.shared import SHARED, needs_shared

pytestmark = pytest.mark.django_db
MANIFEST = SHARED / "reference" / "hostile" / "manifest.json"
CASES = (
    [case for case in json.loads(MANIFEST.read_text())["cases"] if case["route"] == "api_json"]
    if MANIFEST.exists()
    else [{"id": "absent"}]
)


def filled(text: str, study: make.Study, used: str) -> str:
    holes = {
        "api_articles": ARTICLES,
        "api_labels": LABELS,
        "event": str(uuid4()),
        "used_event": used,
        "base_version": "0",
        # A used event comes with its own unit; every other choice is the first on its unit.
        "unit": str(study.units()["used_event" not in text].pk),
        "variable": "stance",
        "value": "for",
        "value2": "against",
        "other_annotator_id": str(study.members[1].pk),
        "x*1000000": "x" * 1_000_000,
    }
    for name, value in holes.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def send(client: Client, request: dict[str, object], study: make.Study, used: str) -> tuple[int, str]:
    headers = dict(request.get("headers", {}))
    kind = headers.pop("Content-Type", "application/json")
    if headers.pop("X-Omit-CSRF", None) is None and "X-CSRFToken" not in headers:
        headers["X-CSRFToken"] = client.cookies["csrftoken"].value
    raw = request.get("raw") or (json.dumps(request["json"]) if "json" in request else "")
    answer = client.generic(
        request["method"], filled(request["path"], study, used), filled(raw, study, used), kind, headers=headers
    )
    return answer.status_code, answer.text


@needs_shared
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_hostile_request_of_a_browser(study: make.Study, case: dict[str, object]) -> None:
    used = make.label(study.assignment(), study.units()[0], "stance", "for").event
    client = browser_of(study.members[0], csrf=True)
    client.get("/account/")
    before = Event.objects.count()
    status, text = send(client, case["request"], study, str(used))
    stored = Event.objects.count() - before
    assert status in case["status"], text[:300]
    assert stored == int(case["outcome"] != "reject" and case["request"]["method"] == "POST" and status == 200)
    mentions = case.get("message_mentions_any", [])
    assert status == 200 or not mentions or any(word in text.lower() for word in mentions), text[:300]
    assert not any(word in text for word in case["must_not_appear"])
    assert not Label.objects.exclude(assignment__member=study.members[0]).exists()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{not json", 400),
        (b'"text"', 400),
        (b"[1]", 400),
        (b"null", 400),
        (b"NaN", 400),
        (b'{"value": Infinity}', 400),
        (b'{"value": 1e999}', 400),
        (b'{"value": ' + b"9" * 5000 + b"}", 400),
        (b'{"value": "\xff"}', 400),
        ('{"value": "x"}'.encode("utf-16"), 400),
        (b'{"value": "\\ud800"}', 400),
        (b'{"a\\u0000b": 1}', 400),
        (b'{"value": ' + b"[" * 40 + b"]" * 40 + b"}", 400),
        (b"[" * 200_000, 400),
        (b'{"a":' * 100_000, 400),
        (b'{"value": "' + b"x" * 1_000_000 + b'"}', 413),
    ],
)
def test_a_body_that_nobody_can_store_is_refused(study: make.Study, raw: bytes, status: int) -> None:
    answer = script_of(study.members[0]).post(LABELS, raw, content_type="application/json")
    assert answer.status_code == status, answer.text[:300]
    assert answer.json()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "value", ["\ud800", "a\0b", [["x"] * 31], 10**400, {"source": 1}, [{"start": 2**70, "end": 1}]]
)
@pytest.mark.parametrize("variable", ["stance", "side", "tone", "weight", "remark", "framing", "attribution"])
def test_a_value_that_no_variable_takes_is_refused(study: make.Study, variable: str, value: object) -> None:
    script = script_of(study.members[0])
    answer = script.post(LABELS, json.dumps(body(study.units()[0], variable, value)), content_type="application/json")
    assert answer.status_code == 400, answer.text[:300]
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml", "nonsense"],
)
def test_only_json_is_taken(study: make.Study, kind: str) -> None:
    raw = json.dumps(body(study.units()[0]))
    answer = script_of(study.members[0]).generic("POST", LABELS, raw, kind)
    assert answer.status_code == 415
    assert "media type" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_method_that_is_not_there_is_refused(study: make.Study, method: str) -> None:
    assert script_of(study.members[0]).generic(method, LABELS).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        f"{ARTICLES}{'9' * 20}/",
        f"{ARTICLES}{'9' * 5000}/",
        f"{ARTICLES}-1/",
        f"{ARTICLES}%00/units/",
        "/api/v1/labels",
    ],
)
def test_an_address_that_is_not_there_is_not_found_in_json(study: make.Study, address: str) -> None:
    script = script_of(study.members[0])
    for answer in (script.get(address), script.post(address, {}, content_type="application/json")):
        assert answer.status_code in {404, 405}
        assert answer.json()["detail"]


def test_thousands_of_unknown_fields_get_a_short_answer(study: make.Study) -> None:
    choice = body(study.units()[0]) | {f"field{n}": n for n in range(20_000)}
    answer = script_of(study.members[0]).post(LABELS, choice, content_type="application/json")
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 20
