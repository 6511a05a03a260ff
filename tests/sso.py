"""`python -m tests.sso`: the site with a service that signs people in, played here, and all ways through its doors.

In a process of its own, as the settings switch the extra on when they are read. Says nothing where all is right.
"""

import json
import os
import shutil
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

CLIENT = "annotator"


class Service(BaseHTTPRequestHandler):
    """An OpenID provider that signs in whoever `person` is."""

    person = {"sub": "1", "name": "Rita Lane", "email": "rita@example.org", "email_verified": True}
    nonce = ""

    def do_GET(self) -> None:
        here = f"http://{self.headers['Host']}"
        answers = {
            "/.well-known/openid-configuration": {
                "issuer": here,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "userinfo_endpoint": f"{here}/userinfo",
                "jwks_uri": f"{here}/keys",
            },
            "/userinfo": self.person,
        }
        self.answer(answers[self.path])

    def do_POST(self) -> None:
        import jwt

        self.rfile.read(int(self.headers["Content-Length"]))
        claims = {"iss": f"http://{self.headers['Host']}", "aud": CLIENT, "exp": time.time() + 60, "iat": time.time()}
        signed = jwt.encode(self.person | claims, "k" * 32, algorithm="HS256", headers={"kid": "1"})
        self.answer({"access_token": "a", "token_type": "Bearer", "id_token": signed})

    def answer(self, content: object) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_args: object) -> None:
        """Silence."""


def play(data: str) -> None:
    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    os.environ |= {"DJANGO_SETTINGS_MODULE": "annotator.settings", "DATA_DIR": data, "DEBUG": "1"}
    os.environ |= {"ALLOWED_HOSTS": "testserver"}
    os.environ |= {"OIDC_URL": url, "OIDC_CLIENT_ID": CLIENT, "OIDC_SECRET": "s", "OIDC_NAME": "the university"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    doors(url)


def doors(url: str) -> None:
    from django.test import Client
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from projects.models import Membership, Role, User
    from projects.services.members import invite
    from projects.services.passwords import link_key
    from tests import make

    def through(client: Client, *, go_on_to: str = "", process: str = "login") -> str:
        """The whole way to the service and back; where it ends."""
        sent = client.post("/accounts/oidc/oidc/login/", {"next": go_on_to, "process": process})
        assert sent["Location"].startswith(f"{url}/authorize?"), sent["Location"]
        state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]
        back = client.get("/accounts/oidc/oidc/login/callback/", {"code": "c", "state": state})
        return back.headers.get("Location", back.content.decode())

    lead = make.project()
    invited = invite(lead=lead, role=Role.VIEWER)
    newcomer = Client()
    page = newcomer.get("/accounts/login/")
    assert "Go on with the university" in page.content.decode()
    assert f"form-action 'self' {url};" in page["Content-Security-Policy"]
    assert newcomer.get("/accounts/oidc/oidc/login/").status_code == 200, "a link alone leads nowhere"

    # Nobody signs up without an invitation, and an e-mail opens nobody's account.
    make.user("rita")
    User.objects.filter(username="rita").update(email="rita@example.org")
    assert "No account here" in through(newcomer)
    assert "No account here" in through(newcomer, go_on_to="/join/no-such-key/")
    assert User.objects.count() == 2

    # With one it makes an account and its membership, once.
    assert through(newcomer, go_on_to=f"/join/{invited}/") == f"/p/{lead.project.slug}/"
    member = Membership.objects.get(role=Role.VIEWER)
    assert member.user is not None
    assert (member.user.get_display_name(), member.user.has_usable_password()) == ("Rita Lane", False)
    assert newcomer.get(f"/p/{lead.project.slug}/").status_code == 200
    assert "connected" in newcomer.get("/account/").content.decode()
    assert newcomer.post("/account/services/disconnect/", {"service": "oidc"}).status_code == 400
    Service.person |= {"sub": "2"}
    assert "No account here" in through(Client(), go_on_to=f"/join/{invited}/")
    Service.person |= {"sub": "1"}

    # The account has no password to forget; a second factor is asked for.
    assert through(Client()) == "/"
    TOTPDevice.objects.create(user=member.user, confirmed=True)
    careful = Client()
    assert through(careful, go_on_to="/account/") == "/accounts/code/"
    assert careful.get("/account/").status_code == 302

    # An owner connects his account, and takes that back.
    Service.person |= {"sub": "3"}
    owner = Client()
    owner.post("/accounts/login/", {"username": "rita", "password": make.PASSWORD})
    assert through(owner, go_on_to="/account/", process="connect") == "/account/"
    again = Client()
    assert through(again) == "/"
    assert "rita" in again.get("/account/").content.decode()
    owner.post("/account/services/disconnect/", {"service": "oidc"})
    assert "No account here" in through(Client())

    # A password that is set by a link ends it too.
    assert through(owner, go_on_to="/account/", process="connect") == "/account/"
    link = f"/accounts/reset/{link_key(User.objects.get(username='rita'))}/"
    assert Client().post(link, {"new_password": "tides and weather"}).status_code == 302
    assert "No account here" in through(Client())


if __name__ == "__main__":
    place = tempfile.mkdtemp(prefix="annotator-sso-")
    try:
        play(place)
    finally:
        shutil.rmtree(place)
