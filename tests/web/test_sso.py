"""Signing in by another service: an extra, tried where it is installed, and never half switched on."""

import subprocess
import sys
from importlib.util import find_spec

import pytest
from django.core.exceptions import ImproperlyConfigured

from annotator import sso
from tests import absent
from tests.site import ROOT

OIDC = {"OIDC_URL": "https://id.example.org", "OIDC_CLIENT_ID": "annotator", "OIDC_SECRET": "s"}


@pytest.mark.skipif(find_spec("allauth") is None, reason=f"NOT RUN: {absent.SSO}")
def test_every_way_through_its_doors() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.sso"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_it_is_off_where_no_service_is_named() -> None:
    assert sso.single_sign_on({}) == sso.SingleSignOn()


def test_services_are_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sso, "find_spec", lambda _name: True)
    saml = {"SAML_METADATA_URL": "https://idp.example.org/metadata", "SAML_ENTITY_ID": "urn:idp"}
    found = sso.single_sign_on(OIDC | saml | {"SSO_ORIGINS": "https://login.example.org"})
    assert [service.name for service in found.services] == ["OpenID Connect", "SAML"]
    assert found.origins == ("https://id.example.org", "https://idp.example.org", "https://login.example.org")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"OIDC_SECRET": ""}, "needs OIDC_SECRET"), ({"OIDC_URL": "http://id.example.org"}, "by https")],
)
def test_what_would_not_be_safe_is_refused(wrong: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sso, "find_spec", lambda _name: True)
    with pytest.raises(ImproperlyConfigured, match=told):
        sso.single_sign_on(OIDC | wrong)


def test_a_site_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sso, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-sso\.txt"):
        sso.single_sign_on(OIDC)
