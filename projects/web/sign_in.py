"""Signing in: a name and a password, then a code where the account has a second factor."""

import time
from dataclasses import asdict, dataclass

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django import forms
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView, redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotator.core.errors import InvalidError
from projects.models import User
from projects.queries import second_factor
from projects.services.second_factor import WRONG, is_right_code
from projects.web.pages import signed_in

KEPT = "second_step"
SECONDS_FOR_CODE = 600


@dataclass(frozen=True)
class FirstStep:
    """What a session knows of somebody whose password was right and whose code is still to come."""

    user: int
    backend: str
    next: str
    at: float


class SignInForm(AuthenticationForm):
    """Django's form only tells the browser how long a name is; here a longer one is refused before it is looked up."""

    username = UsernameField(max_length=User._meta.get_field("username").max_length, widget=forms.TextInput)


class SignIn(LoginView):
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)
        if not second_factor.is_on(user):
            return super().form_valid(form)
        return ask_for_code(self.request, user, str(vars(user)["backend"]), self.get_success_url())


def ask_for_code(request: HttpRequest, user: User, backend: str, next_page: str) -> HttpResponse:
    """The first step is done; nobody is signed in before the second."""
    request.session[KEPT] = asdict(FirstStep(user.pk, backend, next_page, time.time()))
    return redirect("second_step")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the code. Wrong ones count together with wrong passwords."""
    first = _first_step(request)
    user = User.objects.filter(pk=first.user, is_active=True).first() if first else None
    if request.user.is_authenticated or first is None or user is None:
        return redirect_to_login(reverse("home")) if request.user.is_anonymous else redirect("home")
    if request.method != "POST":
        return render(request, "registration/code.html")
    name = {"username": user.username}
    if not AxesProxyHandler.is_allowed(request, name):
        return get_lockout_response(request, credentials=name)
    if not is_right_code(user=user, code=request.POST.get("code", "")):
        user_login_failed.send(__name__, credentials=name, request=request)
        return render(request, "registration/code.html", {"error": InvalidError(WRONG)}, status=400)
    del request.session[KEPT]
    login(request, user, backend=first.backend)
    return redirect(first.next)


def refuse_wrong_password(request: HttpRequest) -> None:
    """Before an act on the account: is it its owner? Wrong passwords count together with those of the sign-in."""
    user = signed_in(request)
    given = request.POST.get("password", "")
    if user.has_usable_password() and authenticate(request, username=user.username, password=given) != user:
        raise InvalidError(_("This is not your password. Nothing was changed."))


def _first_step(request: HttpRequest) -> FirstStep | None:
    kept = request.session.get(KEPT)
    first = FirstStep(**kept) if kept else None
    return first if first and time.time() - first.at < SECONDS_FOR_CODE else None
