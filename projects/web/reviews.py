"""The one button of an article that waits for review."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from annotator.core.errors import ConflictError
from projects.queries import access
from projects.services.reviews import hold_article, release_article
from projects.web.pages import member_of


@require_POST
def release(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """Release an article for labelling, or hold it again where the form says so: a second click changes nothing."""
    member = member_of(request, slug, "manage articles")
    found = access.article(member, article_id)
    try:
        if request.POST.get("state") == "hold":
            hold_article(member=member, article=found)
            messages.success(request, _("It waits for review again. No round draws it."), "good")
        else:
            release_article(member=member, article=found)
            messages.success(request, _("Released. Rounds may draw it now."), "good")
    except ConflictError as error:
        messages.warning(request, str(error), "doubt")
    return redirect("article", slug, article_id)
