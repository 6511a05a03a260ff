"""Webhooks against a receiver of our own; the signature is checked by the words of Standard Webhooks."""

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from annotator.core.errors import InvalidError
from annotator.models import Delivery, Notice, Webhook
from annotator.services import outbound, webhooks
from annotator.services.decisions import Ruling, decide
from tests import make

pytestmark = pytest.mark.django_db
Taken = list[tuple[dict[str, str], bytes]]


class Receiver:
    """Takes what is sent, and answers with `status`."""

    def __init__(self) -> None:
        self.status, self.taken = 200, Taken()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                if receiver.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(b"x" * 100_000)

            def log_message(self, *_said: object) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?a=1"


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    receiver = Receiver()
    settings.WEBHOOK_HOSTS = frozenset({"127.0.0.1"})
    Thread(target=receiver.server.serve_forever, args=[0.01], daemon=True).start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def study(db: None) -> make.Study:
    return make.study(2)


def made(study: make.Study, receiver: Receiver, *events: str) -> tuple[Webhook, str]:
    return webhooks.make_webhook(lead=study.lead, url=receiver.url, events=events or list(webhooks.EVENTS))


def delivered() -> list[Delivery]:
    """Do what the job worker would do now."""
    for waiting in Delivery.objects.filter(delivered_at=None, given_up_at=None).order_by("pk"):
        webhooks.deliver(waiting.pk)
    return list(Delivery.objects.order_by("pk"))


def test_a_message_is_signed_as_standard_webhooks_says(study: make.Study, receiver: Receiver) -> None:
    webhook, secret = made(study, receiver)
    webhooks.send_test(lead=study.lead, webhook_id=webhook.pk)
    (delivery,) = delivered()
    ((headers, body),) = receiver.taken
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    assert (
        headers["webhook-signature"]
        == "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    )
    assert (delivery.status, len(delivery.answer), delivery.delivered_at is not None) == (200, 200, True)
    assert json.loads(body)["data"] == {"project": study.slug}
    again = webhooks.rotate_secret(lead=study.lead, webhook_id=webhook.pk)
    assert again != secret
    assert secret.removeprefix("whsec_") not in str(Webhook.objects.values_list().get())


def test_what_happens_in_a_project_is_told_by_ids_alone(study: make.Study, receiver: Receiver) -> None:
    made(study, receiver)
    browser = Client()
    browser.force_login(study.lead.user)
    for state in ("closed", "open"):
        browser.post(f"/p/{study.slug}/rounds/{study.round.pk}/close/", {"state": state})
    browser.post(f"/p/{study.slug}/codebook/ready/", {"ready": "short"})
    unit = study.units()[0]
    decide(member=study.lead, ruling=Ruling(uuid4(), study.round, unit, "remark", "Canary", 0, "Canary"))
    delivered()
    told = [json.loads(body) for _headers, body in receiver.taken]
    place = {"project": study.slug}
    assert [(one["type"], one["data"]) for one in told] == [
        ("round.closed", place | {"round": study.round.pk}),
        ("round.opened", place | {"round": study.round.pk}),
        ("codebook.published", place | {"codebook": 2}),
        ("decision.made", place | {"round": study.round.pk, "unit": unit.pk, "variable": "remark"}),
    ]
    assert not any(b"Canary" in body for _headers, body in receiver.taken)


def test_only_what_was_asked_for_is_told(study: make.Study, receiver: Receiver) -> None:
    made(study, receiver, "codebook.published")
    webhooks.emit("round.closed", project=study.project.pk, data={})
    assert not Delivery.objects.exists()


def test_a_receiver_that_fails_is_tried_again_and_then_switched_off(study: make.Study, receiver: Receiver) -> None:
    webhook, _secret = made(study, receiver)
    receiver.status = 302
    for number in range(webhooks.MOST_FAILURES):
        webhooks.emit("round.closed", project=study.project.pk, data={"round": number})
        for _try in range(len(webhooks.PAUSES) + 1):
            delivered()
    webhook.refresh_from_db()
    assert webhook.disabled_at is not None
    assert len(receiver.taken) == webhooks.MOST_FAILURES * (len(webhooks.PAUSES) + 1)
    assert Notice.objects.get(user=study.lead.user).kind == "webhook off"
    webhooks.emit("round.closed", project=study.project.pk, data={})
    assert Delivery.objects.count() == webhooks.MOST_FAILURES
    webhooks.switch_webhook(lead=study.lead, webhook_id=webhook.pk, on=True)
    receiver.status = 410
    webhooks.emit("round.closed", project=study.project.pk, data={})
    delivered()
    webhook.refresh_from_db()
    assert webhook.disabled_at is not None


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2/",
        "https://hooks.example.org/",
        "http://allowed.example.org/",
        "ftp://127.0.0.1/",
        "http://me:secret@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        "http://127.0.0.1/a\tb",
        "http://127.0.0.1/é",
        "",
        "https://127.0.0.1/" + "x" * 500,
    ],
)
def test_nothing_is_sent_where_the_operator_has_not_allowed_it(study: make.Study, settings: Settings, url: str) -> None:
    settings.WEBHOOK_HOSTS = frozenset({"127.0.0.1", "allowed.example.org"})
    with pytest.raises(InvalidError):
        webhooks.make_webhook(lead=study.lead, url=url, events=["round.closed"])
    settings.WEBHOOK_HOSTS = frozenset()
    with pytest.raises(InvalidError, match="WEBHOOK_HOSTS"):
        outbound.check_url("https://127.0.0.1/")


def test_an_allowed_name_that_leads_into_a_private_network_is_not_followed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_HOSTS = frozenset(
        {"hooks.example.org", "private:inside.example.org", "private:ported.example.org:8443"}
    )
    monkeypatch.setattr(outbound, "_sent", lambda pool, *_sent: outbound.Answer(200, pool.host))
    for address in ("10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "192.168.1.1"):
        found = [(2, 1, 6, "", (address, 443))]
        monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_asked, found=found, **_more: found)
        with pytest.raises(outbound.UnreachedError, match="private"):
            outbound.post("https://hooks.example.org/", b"", {})
        for url in ("https://inside.example.org/", "https://ported.example.org:8443/"):
            assert outbound.post(url, b"", {}).beginning == address
        with pytest.raises(InvalidError):
            outbound.post("https://ported.example.org/", b"", {})


def test_who_answers_byte_by_byte_is_not_waited_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_HOSTS = frozenset({"127.0.0.1"})
    monkeypatch.setattr(outbound, "LONGEST", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(outbound.UnreachedError, match="too long"):
        outbound.post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"", {})


def test_an_address_of_ipv6_is_allowed_as_it_is_written(settings: Settings) -> None:
    settings.WEBHOOK_HOSTS = frozenset({"[::1]:8000"})
    assert outbound.check_url("http://[::1]:8000/").port == 8000
    with pytest.raises(InvalidError):
        outbound.check_url("http://[::1]:8001/")


def test_a_lead_makes_tests_and_deletes_a_webhook_on_its_page(study: make.Study, receiver: Receiver) -> None:
    browser, place = Client(), f"/p/{study.slug}/settings/webhooks/"
    browser.force_login(study.lead.user)
    page = browser.post(place, {"url": receiver.url, "event": ["round.closed"]})
    assert "whsec_" in page.text
    assert "whsec_" not in browser.get(place).text
    webhook = Webhook.objects.get()
    browser.post(f"{place}{webhook.pk}/", {"act": "test"})
    assert delivered()[0].delivered_at is not None
    assert "delivered" in browser.get(place).text
    assert "whsec_" in browser.post(f"{place}{webhook.pk}/", {"act": "rotate"}).text
    assert browser.post(f"{place}{webhook.pk}/", {"act": "x"}).status_code == 400
    browser.post(f"{place}{webhook.pk}/", {"act": "delete"})
    assert not Delivery.objects.exists()
