"""Addresses of django-allauth, where it is switched on: those of the services alone, none of its own accounts."""

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from projects.web.sso import disconnect, leave_to_sign_in

# Where allauth leads when a service refused, or an account was connected.
LEFT_BY = (
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_connections",
    "socialaccount_signup",
    "account_inactive",
)
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"accounts/sso/{name}/", leave_to_sign_in, name=name) for name in LEFT_BY
]
urlpatterns.append(path("account/services/disconnect/", disconnect, name="disconnect_service"))
for app in settings.SSO.apps:
    if ".providers." in app:
        urlpatterns.append(path("accounts/", include(import_module(f"{app}.urls"))))
