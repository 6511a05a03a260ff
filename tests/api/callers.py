"""Those who call the API: scripts with a token, browsers with a session."""

from uuid import uuid4

from django.test import Client
from django.utils import timezone

from annotator.core.codebook import Json
from projects.models import Membership, Unit, User
from projects.services.tokens import make_token

LABELS, ARTICLES, PROJECTS = "/api/v1/labels/", "/api/v1/articles/", "/api/v1/projects/"


def bearer(user: User, scope: str = "write") -> Client:
    made = make_token(user=user, name=f"{scope} {user.tokens.count()}", scope=scope, days=1)
    # That it was used is written at the first request alone.
    user.tokens.update(last_used_at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {made.key}"})


def script_of(member: Membership, scope: str = "write") -> Client:
    assert member.user is not None
    return bearer(member.user, scope)


def browser_of(member: Membership, *, csrf: bool = False) -> Client:
    assert member.user is not None
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(member.user)
    return client


def body(unit: Unit, variable: str = "stance", value: Json = "for", **more: Json) -> dict[str, Json]:
    """A new choice, as a script sends it."""
    return {
        "event": str(uuid4()),
        "unit": unit.pk,
        "variable": variable,
        "value": value,
        "base_version": 0,
        **more,
    }
