"""An account: what its owner changes, how a password is set anew, and the code beside it."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from annotator.mail import mail_server
from projects.models import AuditEntry, Membership, Role, User
from projects.queries.second_factor import is_on
from projects.services import passwords
from projects.services.member_changes import change_member
from projects.services.members import accept_invitation, invite
from projects.services.second_factor import begin_second_factor, confirm_second_factor
from tests import make
from tests.api.callers import bearer
from tests.web.test_sign_in import TRIES, attempt

pytestmark = pytest.mark.django_db
NEW = "tides and weather"


def signed_in(user: User | None) -> Client:
    client = Client()
    assert user is not None
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def by_form(user: User, password: str = make.PASSWORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"username": user.username, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def app_code(user: User, *, steps: int = 0) -> str:
    """What the app shows so many half minutes from now."""
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key, t0=-steps * device.step):06d}"


def with_second_factor(user: User) -> list[str]:
    """Recovery codes of an account whose app can be asked again at once."""
    begin_second_factor(user=user)
    codes = confirm_second_factor(user=user, code=app_code(user))
    TOTPDevice.objects.update(last_t=-1)
    return codes


def test_names_and_email_are_changed_the_ones_that_open_the_account_by_the_password_only() -> None:
    user, other = make.user("iris"), make.user("jonas")
    client = signed_in(user)
    sent = {"shown_name": "Iris K.", "username": "iris", "email": ""}
    assert client.post("/account/profile/", sent).status_code == 302
    for wrong in (
        {"email": "iris@example.org"},
        {"email": "iris@example.org", "password": "not this one"},
        {"username": other.username, "password": make.PASSWORD},
        {"email": "no e-mail", "password": make.PASSWORD},
    ):
        assert client.post("/account/profile/", sent | wrong).status_code == 400
    right = {"email": "i@example.org", "password": make.PASSWORD}
    assert client.post("/account/profile/", sent | right).status_code == 302
    user.refresh_from_db()
    assert (user.get_display_name(), user.username, user.email) == ("Iris K.", "iris", "i@example.org")


def test_a_new_password_ends_the_other_sessions_and_no_token() -> None:
    user = make.user("iris")
    here, elsewhere, script = signed_in(user), signed_in(user), bearer(user)
    wrong = here.post("/account/password/", {"password": "not this one", "new_password": NEW})
    weak = here.post("/account/password/", {"password": make.PASSWORD, "new_password": "password"})
    assert (wrong.status_code, weak.status_code) == (400, 400)
    here.post("/account/password/", {"password": make.PASSWORD, "new_password": NEW})
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert script.get("/api/v1/projects/").status_code == 200
    assert is_in(by_form(user, NEW))


def test_guesses_of_the_present_password_count_and_no_password_is_kept_of_them() -> None:
    client = signed_in(make.user("iris"))
    answers = [
        client.post("/account/password/", {"password": "guess", "new_password": NEW}).status_code for _ in range(TRIES)
    ]
    assert answers[-1] == 429
    assert attempt("iris", make.PASSWORD) == 429
    kept = str(list(AccessAttempt.objects.values()))
    assert "guess" not in kept
    assert NEW not in kept


@pytest.fixture
def sends_mail(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = True


def asked_for(email: str) -> list[str]:
    """The links that come by e-mail, each without the site's address."""
    Client().post("/accounts/forgotten/", {"email": email})
    call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
    return [re.findall(r"http://testserver(/\S+)", str(message.body))[0] for message in mail.outbox]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sends_mail")
def test_a_forgotten_password_is_set_by_a_link_once() -> None:
    user = make.user("iris")
    User.objects.update(email="Iris@example.org")
    elsewhere, browser = signed_in(user), Client()
    assert asked_for("nobody@example.org") == []
    (link,) = asked_for("iris@EXAMPLE.org")
    assert browser.get(link).status_code == 200
    assert browser.post(link, {"new_password": "short"}).status_code == 400
    assert browser.post(link, {"new_password": NEW})["Location"] == "/accounts/login/"
    assert (is_in(browser), is_in(elsewhere), is_in(by_form(user, NEW))) == (False, False, True)
    assert browser.get(link).status_code == 404
    call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
    assert (mail.outbox[-1].subject, mail.outbox[-1].to) == ("Your account was changed", ["Iris@example.org"])


@pytest.mark.usefixtures("sends_mail")
def test_nobody_learns_by_a_forgotten_password_who_has_an_account_or_floods_him() -> None:
    make.user("iris")
    User.objects.update(email="iris@example.org")
    there, absent = (
        Client().post("/accounts/forgotten/", {"email": f"{name}@example.org"}).content for name in ("iris", "nobody")
    )
    assert re.sub(rb'value="\w{64}"', b"", there) == re.sub(rb'value="\w{64}"', b"", absent)
    answers = [Client().post("/accounts/forgotten/", {"email": "iris@example.org"}).status_code for _ in range(TRIES)]
    assert answers[-1] == 429
    assert attempt("iris", make.PASSWORD) == 302


def test_a_site_without_email_says_whom_to_ask() -> None:
    assert "sends no e-mail" in Client().post("/accounts/forgotten/", {"email": "x@example.org"}).content.decode()


def test_a_lead_makes_a_link_for_who_is_in_his_projects_alone() -> None:
    lead = make.project()
    person = make.member(lead.project)
    client = signed_in(lead.user)
    page = f"/p/{lead.project.slug}/members/{person.pk}/"
    shown = client.post(f"{page}password/").content.decode()
    link = re.findall(r'id="reset-link">http://testserver([^<]+)', shown)[0]
    assert AuditEntry.objects.filter(act="make password link", detail__id=person.pk).count() == 1
    assert person.user is not None
    script = bearer(person.user)
    assert Client().post(link, {"new_password": NEW}).status_code == 302
    assert AuditEntry.objects.filter(act="set password by link", member=person).count() == 1
    assert script.get("/api/v1/projects/").status_code == 401
    beyond = make.member(make.project().project)
    Membership.objects.create(project=lead.project, user=beyond.user, role=Role.ANNOTATOR, pseudonym="both")
    refused = [Membership.objects.get(project=lead.project, pseudonym="both"), lead, make.member(lead.project)]
    User.objects.filter(pk=refused[2].user_id).update(is_superuser=True)
    for other in refused:
        page = f"/p/{lead.project.slug}/members/{other.pk}/"
        assert "Make a link for a password" not in client.get(page).content.decode()
        assert client.post(f"{page}password/").status_code == 403


@pytest.mark.parametrize("change", ["joins another project", "signs in", "lead is none any more", "has left"])
def test_a_link_ends_when_the_account_changes(change: str) -> None:
    lead = make.project()
    other, person = make.member(lead.project, Role.LEAD), make.member(lead.project)
    assert person.user is not None
    link = f"/accounts/reset/{passwords.make_password_link(lead=lead, member_id=person.pk)}/"
    assert Client().get(link).status_code == 200
    if change == "joins another project":
        accept_invitation(user=person.user, key=invite(lead=make.project(), role=Role.ANNOTATOR))
    elif change == "signs in":
        by_form(person.user)
    elif change == "has left":
        Membership.objects.filter(pk=person.pk).update(left_at=person.joined_at + timedelta(days=1))
    else:
        change_member(lead=other, member_id=lead.pk, role=Role.VIEWER, pseudonym="lead", group="")
    assert Client().get(link).status_code == 404
    assert Client().post(link, {"new_password": NEW}).status_code == 404


@pytest.mark.parametrize("key", ["x", "1-x", "zzzzzzzzzzzzzz-1-1", "-", "1-zzzzzzz-0"])
def test_what_is_no_link_opens_nothing(key: str) -> None:
    make.user()
    assert Client().get(f"/accounts/reset/{key}/").status_code == 404


def test_a_second_factor_is_set_up_and_asked_for() -> None:
    user = make.user("iris")
    client, script = signed_in(user), bearer(user)
    assert client.post("/account/second-factor/begin/", {"password": "not this one"}).status_code == 400
    client.post("/account/second-factor/begin/", {"password": make.PASSWORD})
    assert "data:image/svg+xml" in client.get("/account/second-factor/").content.decode()
    assert is_in(by_form(user))
    code = app_code(user)
    page = client.post("/account/second-factor/", {"code": f" {code[:3]} {code[3:]}"}).content.decode()
    recovery = re.findall(r"<code>(\w{8})</code>", page)
    assert len(set(recovery)) == 10
    browser = by_form(user)
    assert not is_in(browser)
    assert browser.post("/accounts/code/", {"code": recovery[0]})["Location"] == "/"
    assert is_in(browser)
    assert by_form(user).post("/accounts/code/", {"code": recovery[0]}).status_code == 400
    assert script.get("/api/v1/projects/").status_code == 200
    assert is_on(user)


def test_a_code_of_the_app_opens_once() -> None:
    user = make.user("iris")
    with_second_factor(user)
    code = app_code(user)
    browser = Client()
    sent = {"username": "iris", "password": make.PASSWORD, "next": "/account/"}
    assert browser.post("/accounts/login/", sent)["Location"] == "/accounts/code/"
    assert browser.post("/accounts/code/", {"code": code})["Location"] == "/account/"
    again = by_form(user)
    assert again.post("/accounts/code/", {"code": code}).status_code == 400
    assert not is_in(again)


def test_codes_are_guessed_as_little_as_passwords_whatever_the_address() -> None:
    user = make.user("iris")
    with_second_factor(user)
    browser = by_form(user)
    assert browser.post("/accounts/code/", {"code": "000000"}).status_code == 400
    too_soon = browser.post("/accounts/code/", {"code": app_code(user)}, REMOTE_ADDR="10.0.0.1")
    assert too_soon.status_code == 400
    answers = [browser.post("/accounts/code/", {"code": "000000"}).status_code for _ in range(TRIES)]
    assert answers[-1] == 429
    assert attempt("iris", make.PASSWORD) == 429


def test_without_the_password_there_is_no_second_step() -> None:
    with_second_factor(make.user("iris"))
    assert Client().get("/accounts/code/")["Location"] == "/accounts/login/?next=/"
    late = by_form(User.objects.get())
    session = late.session
    session["second_step"] |= {"at": 0}
    session.save()
    assert late.get("/accounts/code/")["Location"] == "/accounts/login/?next=/"


def test_a_link_for_a_password_does_not_pass_over_the_second_factor() -> None:
    lead = make.project()
    person = make.member(lead.project)
    assert person.user is not None
    with_second_factor(person.user)
    key = passwords.make_password_link(lead=lead, member_id=person.pk)
    Client().post(f"/accounts/reset/{key}/", {"new_password": NEW})
    assert not is_in(by_form(person.user, NEW))


def test_it_is_switched_off_and_its_codes_are_renewed_by_a_code() -> None:
    user = make.user("iris")
    codes = with_second_factor(user)
    client = signed_in(user)
    page = client.post("/account/second-factor/codes/", {"code": codes[0]}).content.decode()
    fresh = re.findall(r"<code>(\w{8})</code>", page)
    assert not set(fresh) & set(codes)
    assert client.post("/account/second-factor/off/", {"code": codes[1]}).status_code == 400
    TOTPDevice.objects.update(throttling_failure_count=0)
    assert client.post("/account/second-factor/off/", {"code": app_code(user)}).status_code == 302
    assert not is_on(user)
    assert is_in(by_form(user))


def test_a_site_may_ask_it_of_leads(settings: Settings) -> None:
    settings.SECOND_FACTOR_FOR_LEADS = True
    study = make.study(annotators=1)
    lead, annotator = signed_in(study.lead.user), signed_in(study.members[0].user)
    page = f"/p/{study.slug}/"
    articles = f"/api/v1/projects/{study.slug}/articles/"
    assert (lead.get(page).status_code, annotator.get(page).status_code) == (403, 200)
    assert [len(client.get(articles).json()["results"]) for client in (lead, annotator)] == [0, 1]
    assert study.lead.user is not None
    with_second_factor(study.lead.user)
    assert lead.get(page).status_code == 200
    assert len(lead.get(articles).json()["results"]) == 1


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtps://me%40x:p%2Fw@mail.example.org", ("mail.example.org", 465, "me@x", "p/w", False, True)),
        ("smtp+tls://mail.example.org:2525", ("mail.example.org", 2525, "", "", True, False)),
    ],
)
def test_the_address_of_a_mail_server_is_read(address: str, expected: tuple[object, ...]) -> None:
    server = mail_server(address, debug=False)
    assert server is not None
    assert (server.host, server.port, server.user, server.password, server.starts_tls, server.is_tls) == expected


@pytest.mark.parametrize(
    "address", ["console:", "mail.example.org", "http://mail.example.org", "smtp://", "smtps://me:p/w@mail.example.org"]
)
def test_what_is_no_mail_server_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        mail_server(address, debug=False)


def test_an_operator_lets_in_who_lost_everything() -> None:
    user = make.user("iris")
    with_second_factor(user)
    told = StringIO()
    call_command("account", "iris", "--password-link", site="http://testserver/", stdout=told)
    link = told.getvalue().split()[0].removeprefix("http://testserver")
    assert Client().post(link, {"new_password": NEW}).status_code == 302
    call_command("account", "iris", "--second-factor-off", stdout=told)
    assert is_in(by_form(user, NEW))
    with pytest.raises(CommandError, match="no account"):
        call_command("account", "nobody", "--second-factor-off")
