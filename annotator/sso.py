"""Signing in by another service (OpenID Connect, SAML): what the environment switches on of django-allauth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ALLAUTH = ("allauth", "allauth.account", "allauth.socialaccount")
PROVIDERS = "allauth.socialaccount.providers."


@dataclass(frozen=True)
class Service:
    """As the pages offer it; `id` is how accounts that it opens are stored."""

    id: str
    name: str
    path: str


@dataclass(frozen=True)
class SingleSignOn:
    services: tuple[Service, ...] = ()
    apps: tuple[str, ...] = ()
    providers: Mapping[str, object] = field(default_factory=dict)
    origins: tuple[str, ...] = ()
    """Where a form that signs in may lead to."""


def single_sign_on(environment: Mapping[str, str]) -> SingleSignOn:
    """Nothing where no service is named."""
    known = {"OIDC_URL": _oidc, "SAML_METADATA_URL": _saml}
    found = [(read(environment), environment[name]) for name, read in known.items() if environment.get(name)]
    if not found:
        return SingleSignOn()
    if find_spec("allauth") is None:
        raise ImproperlyConfigured("Signing in by another service needs: pip install -r requirements-sso.txt")
    more = environment.get("SSO_ORIGINS", "").split()
    return SingleSignOn(
        services=tuple(service for (service, _app, _settings), _url in found),
        apps=(*ALLAUTH, *(app for (_service, app, _settings), _url in found)),
        providers={app.removeprefix(PROVIDERS): settings for (_service, app, settings), _url in found},
        origins=(*(_origin(url) for _read, url in found), *more),
    )


def _oidc(environment: Mapping[str, str]) -> tuple[Service, str, Mapping[str, object]]:
    name = environment.get("OIDC_NAME", "OpenID Connect")
    app = {
        "provider_id": "oidc",
        "name": name,
        "client_id": _needed(environment, "OIDC_CLIENT_ID"),
        "secret": _needed(environment, "OIDC_SECRET"),
        "settings": {"server_url": environment["OIDC_URL"]},
    }
    service = Service("oidc", name, "/accounts/oidc/oidc/login/")
    return service, f"{PROVIDERS}openid_connect", {"APPS": [app], "OAUTH_PKCE_ENABLED": True}


def _saml(environment: Mapping[str, str]) -> tuple[Service, str, Mapping[str, object]]:
    identity, name = _needed(environment, "SAML_ENTITY_ID"), environment.get("SAML_NAME", "SAML")
    app = {
        "provider_id": identity,
        "name": name,
        "client_id": "site",
        "settings": {"idp": {"entity_id": identity, "metadata_url": environment["SAML_METADATA_URL"]}},
    }
    return Service(identity, name, "/accounts/saml/site/login/"), f"{PROVIDERS}saml", {"APPS": [app]}


def _needed(environment: Mapping[str, str], name: str) -> str:
    if not environment.get(name):
        raise ImproperlyConfigured(f"Signing in by another service needs {name}.")
    return environment[name]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured(f"A service that signs people in has to be asked by https, not as {url}.")
    return f"{parts.scheme}://{parts.netloc}"
