"""What a person has been told: the list, what he has read, and which of it also comes by e-mail."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import InvalidError
from annotator.models import MailWish, Notice
from annotator.queries.notices import notices_of, wish_of, words_of
from annotator.services.notices import mark_all_read, open_notice, set_wish
from projects.web.numbers import number
from projects.web.pages import signed_in

AT_ONCE = 50


@dataclass(frozen=True)
class Line:
    notice: Notice
    words: str


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Newest first, `before` is where a page begins; a form says what comes by e-mail, or marks all as read."""
    user = signed_in(request)
    if request.method == "POST":
        try:
            _act(request)
        except InvalidError as refused:
            messages.warning(request, str(refused), "doubt")
        return redirect("notices")
    found, before = notices_of(user), number(request.GET.get("before", ""))
    shown = list((found if before is None else found.filter(pk__lt=before))[: AT_ONCE + 1])
    context = {
        "lines": [Line(notice, words_of(notice)) for notice in shown[:AT_ONCE]],
        "older": shown[AT_ONCE - 1].pk if len(shown) > AT_ONCE else None,
        "wishes": MailWish.Wish.choices,
        "wish": wish_of(user),
        "mail": settings.EMAIL_CONFIGURED,
    }
    return render(request, "notices/list.html", context)


def _act(request: HttpRequest) -> None:
    user = signed_in(request)
    if "wish" in request.POST:
        set_wish(user=user, wish=request.POST["wish"])
        messages.success(request, _("Saved."), "good")
    else:
        mark_all_read(user=user)


@require_POST
def follow_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """To what the notice is about; it is read with that."""
    return redirect(open_notice(user=signed_in(request), notice_id=notice_id))
