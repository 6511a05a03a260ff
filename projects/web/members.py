"""People: the members of a project, and its invitations."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import InvalidError
from projects import permissions
from projects.models import AuditEntry, Membership, Role
from projects.queries import members as people
from projects.queries import overview
from projects.services.members import invite, withdraw_invitation
from projects.web.numbers import number
from projects.web.pages import member_of, page


@dataclass(frozen=True)
class Done:
    """A change that the page offers to undo."""

    entry: int
    act: str
    pseudonym: str
    released: int


@dataclass(frozen=True)
class ActLine:
    """An act, and for each role whether it may do it."""

    words: str
    allowed: list[bool]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def member_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The members, and a form that makes an invitation. Its link is shown once."""
    member = member_of(request, slug, "view members")
    link, error = "", None
    if request.method == "POST":
        try:
            key = invite(lead=member, role=request.POST.get("role", ""), note=request.POST.get("note", ""))
            link = invitation_link(request, key)
        except InvalidError as refused:
            error = refused
    context = {
        "members": people.members(member.project),
        "former": people.former_members(member.project),
        "roles": Role.choices,
        "waiting": overview.waiting_invitations(member.project),
        "lapsed": people.lapsed_invitations(member.project),
        "acts": acts(),
        "done": _done(request, member),
        "link": link,
        "error": error,
        "note": request.POST.get("note", "") if error else "",
    }
    return page(request, member, "members/list.html", context, status=400 if error else 200)


@require_POST
def withdraw(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    withdraw_invitation(lead=member_of(request, slug, "manage members"), invitation_id=invitation_id)
    return redirect("members", slug)


def invitation_link(request: HttpRequest, key: str) -> str:
    return request.build_absolute_uri(reverse("join", args=[key]))


def acts() -> list[ActLine]:
    """The table of permissions in words."""
    named = [(str(permissions.WORDS.get(act, act)), roles) for act, roles in permissions.ALLOWED.items()]
    lines = [ActLine(words, [role in roles for role in Role.values]) for words, roles in named]
    return sorted(lines, key=lambda line: -sum(line.allowed))


def _done(request: HttpRequest, member: Membership) -> Done | None:
    """What the address says was just done, where nobody has undone it yet."""
    entry = number(request.GET.get("done", ""))
    found: AuditEntry | None = people.undoable(member.project_id, entry) if entry is not None else None
    if found is None:
        return None
    changed = Membership.objects.get(project=found.project_id, pk=found.detail["id"])
    return Done(found.pk, found.act, changed.pseudonym, len(found.detail["released"]))
