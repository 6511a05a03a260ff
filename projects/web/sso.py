"""Accounts of another service (django-allauth): new ones by invitation alone, and no second factor is passed over.

An account that is here already is never found by its e-mail: whoever typed somebody's address into his own account
would be given the other's work. Its owner connects it himself, on his account page.
"""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import SignupClosedException
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST

from annotator.core.errors import DomainError
from projects.models import User
from projects.queries import second_factor
from projects.services.accounts import disconnect_service
from projects.services.members import accept_invitation, open_invitation
from projects.web.pages import signed_in
from projects.web.sign_in import ask_for_code

BACKEND = "django.contrib.auth.backends.ModelBackend"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **how: object) -> HttpResponse | None:
        """Whoever has a second factor is asked for it after another service's word too."""
        answer: HttpResponse | None = super().pre_login(request, user, **how)
        if answer is None and second_factor.is_on(user):
            return ask_for_code(request, user, BACKEND, str(how.get("redirect_url") or reverse("home")))
        return answer


class ServiceAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whoever came from an invitation's page, while the invitation is open."""
        try:
            open_invitation(_invitation(sociallogin))
        except DomainError:
            return False
        return True

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: object = None) -> User:
        """The account and the membership that it was made for: both, or neither."""
        user: User = super().save_user(request, sociallogin, form)
        try:
            member = accept_invitation(user=user, key=_invitation(sociallogin))
        except DomainError as error:
            user.delete()
            raise SignupClosedException from error
        sociallogin.state["next"] = reverse("overview", args=[member.project.slug])
        return user


@require_POST
def disconnect(request: HttpRequest) -> HttpResponse:
    disconnect_service(user=signed_in(request), service=request.POST.get("service", ""))
    return redirect("account")


@login_not_required
def leave_to_sign_in(request: HttpRequest) -> HttpResponse:
    """What is left when the other service was not used after all."""
    return redirect("account" if request.user.is_authenticated else "login")


def _invitation(sociallogin: SocialLogin) -> str:
    """The key of the invitation on whose page somebody chose to sign in; empty where it was another page."""
    try:
        place = resolve(sociallogin.state.get("next") or "/")
    except Resolver404:
        return ""
    return str(place.kwargs["key"]) if place.url_name == "join" else ""
