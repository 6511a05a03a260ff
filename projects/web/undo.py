"""What a lead has just changed about articles, said on the next page beside a button that takes it back."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from annotator.core.errors import ConflictError, InvalidError
from projects.models import Membership
from projects.permissions import can
from projects.queries.duplicates import Change, change
from projects.services.linking import undo
from projects.web.numbers import number
from projects.web.pages import member_of

MOST_REASONS = 3


@dataclass(frozen=True)
class Done:
    entry: int
    told: str
    withdrawn: str


def done_notice(request: HttpRequest, member: Membership) -> Done | None:
    """What the address says was just done, where the member may undo it and nobody has yet."""
    entry = number(request.GET.get("done", ""))
    found = change(member.project_id, entry) if entry is not None and can(member, "manage articles") else None
    if found is None:
        return None
    shares = ngettext(
        "%(n)s share that nobody had begun was withdrawn from its annotator.",
        "%(n)s shares that nobody had begun were withdrawn from their annotators.",
        found.withdrawn,
    )
    return Done(found.entry, _told(found), shares % {"n": found.withdrawn} if found.withdrawn else "")


def _told(done: Change) -> str:
    n = done.articles
    told = {
        "link copies": ngettext(
            "%(n)s copy is linked: it is labelled once, as its original.",
            "%(n)s copies are linked: they are labelled once, as their original.",
            n,
        ),
        "unlink copies": ngettext("%(n)s article is no copy any more.", "%(n)s articles are no copies any more.", n),
        "drop articles": ngettext("%(n)s article is in the trash.", "%(n)s articles are in the trash.", n),
        "restore articles": ngettext(
            "%(n)s article is back from the trash.", "%(n)s articles are back from the trash.", n
        ),
        "keep copies apart": ngettext(
            "%(n)s article is kept as one of its own.", "%(n)s articles are kept, each as one of its own.", n
        ),
        "set a column": ngettext(
            "“%(column)s” changed in %(n)s article.", "“%(column)s” changed in %(n)s articles.", n
        ),
    }
    return told[done.act] % {"n": n, "column": done.column}


def tell_refusal(request: HttpRequest, error: ConflictError | InvalidError) -> None:
    """Say on the next page why nothing was changed: one notice, the first reasons in full."""
    reasons = error.problems if isinstance(error, InvalidError) else ()
    told = [str(error), *reasons[:MOST_REASONS]]
    if more := len(reasons[MOST_REASONS:]):
        told.append(ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": more})
    messages.warning(request, " ".join(told), extra_tags="doubt")


@require_POST
def undo_change(request: HttpRequest, slug: str, entry: int) -> HttpResponse:
    member = member_of(request, slug, "manage articles")
    try:
        undo(member=member, entry=entry)
        messages.success(request, _("That is undone."), extra_tags="good")
    except (ConflictError, InvalidError) as error:
        tell_refusal(request, error)
    return redirect(back_to(request, slug))


def back_to(request: HttpRequest, slug: str) -> str:
    """The page of articles that a form says it was sent from; anything else leads to the list."""
    articles, given = reverse("articles", args=[slug]), request.POST.get("back", "")
    inside = given.startswith(articles) and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if inside else articles


def with_done(address: str, entry: int) -> str:
    path, _mark, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("done=")]
    return f"{path}?{'&'.join([*kept, f'done={entry}'])}"
