"""What a user changes about his account: names, e-mail, password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from annotator.core.errors import InvalidError
from projects.services import accounts, passwords
from projects.web.account import show_account
from projects.web.pages import signed_in
from projects.web.sign_in import refuse_wrong_password


@never_cache
@require_POST
def change_profile(request: HttpRequest) -> HttpResponse:
    """The name that signs in and the e-mail, to which links for a new password go, are changed by the password only."""
    user = signed_in(request)
    name, username, email = (request.POST.get(field, "") for field in ("shown_name", "username", "email"))
    try:
        if (username.strip(), email.strip()) != (user.username, user.email):
            refuse_wrong_password(request)
        accounts.change_profile(user=user, name=name, username=username, email=email)
    except InvalidError as error:
        return show_account(request, error=error)
    messages.success(request, _("Your account is changed."), extra_tags="good")
    return redirect("account")


@never_cache
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    try:
        refuse_wrong_password(request)
        passwords.change_password(user=user, password=request.POST.get("new_password", ""))
    except InvalidError as error:
        return show_account(request, error=error)
    update_session_auth_hash(request, user)
    told = _("The password is changed. Wherever else you were signed in, you are signed out.")
    messages.success(request, told, extra_tags="good")
    return redirect("account")
