"""One member, as leads see him: how he is known, what he has in his hands, and the acts on him."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import ConflictError, DomainError, InvalidError, NotFoundError
from projects.models import Membership, Role
from projects.permissions import can
from projects.queries import access, members
from projects.queries.accounts import may_make_password_link
from projects.services.member_changes import (
    LEAVE,
    Changed,
    change_member,
    remove_member,
    transfer_project,
    undo_member_change,
)
from projects.services.members import invite
from projects.services.passwords import make_password_link
from projects.web.members import invitation_link
from projects.web.pages import member_of, page, signed_in

STATUS: dict[type[DomainError], int] = {InvalidError: 400, ConflictError: 409}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def member_page(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """How a member is known, and a form that changes it."""
    lead, person = _both(request, slug, member_id)
    if request.method != "POST":
        return _show(request, lead, person)
    role, pseudonym, group = (request.POST.get(name, "") for name in ("role", "pseudonym", "group"))
    try:
        changed = change_member(lead=lead, member_id=person.pk, role=role, pseudonym=pseudonym, group=group)
    except (InvalidError, ConflictError) as error:
        person.role, person.pseudonym, person.group = role, pseudonym, group
        return _show(request, lead, person, error=error)
    return _done(slug, changed) if _still_leads(request, slug) else redirect("overview", slug)


@require_POST
def remove(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    lead, person = _both(request, slug, member_id)
    try:
        changed = remove_member(lead=lead, member_id=person.pk)
    except ConflictError as error:
        return _show(request, lead, person, error=error)
    return _done(slug, changed) if _still_leads(request, slug) else redirect("home")


@never_cache
@require_POST
def invite_holder(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """An invitation for a member who holds labels but has no sign-in. Its link is shown once."""
    lead, person = _both(request, slug, member_id)
    key = invite(lead=lead, role=person.role, member=person, note=person.pseudonym)
    return _show(request, lead, person, link=invitation_link(request, key))


@never_cache
@require_POST
def password_link(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """A link by which a member who forgot his password sets another. It is shown once."""
    lead, person = _both(request, slug, member_id)
    key = make_password_link(lead=lead, member_id=person.pk)
    return _show(request, lead, person, reset_link=request.build_absolute_uri(reverse("reset", args=[key])))


@require_POST
def transfer(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """Hand the project over: he becomes a lead, the giver what he chose."""
    lead, person = _both(request, slug, member_id)
    try:
        transfer_project(lead=lead, to=person.pk, role=request.POST.get("giver", ""))
    except (InvalidError, ConflictError) as error:
        return _show(request, lead, person, error=error)
    told = _("“%(title)s” is handed over to %(name)s.") % {"title": lead.project.title, "name": _name(person)}
    messages.success(request, told, extra_tags="good")
    return redirect("home") if request.POST.get("giver") == LEAVE else redirect("overview", slug)


@require_POST
def undo(request: HttpRequest, slug: str, entry: int) -> HttpResponse:
    lead = member_of(request, slug, "manage members")
    try:
        undo_member_change(lead=lead, entry=entry)
        messages.success(request, _("That is undone."), extra_tags="good")
    except ConflictError as error:
        messages.warning(request, str(error), extra_tags="doubt")
    return redirect("members", slug)


def _both(request: HttpRequest, slug: str, member_id: int) -> tuple[Membership, Membership]:
    """The lead who asks, and the member of his project whom the address names."""
    lead = member_of(request, slug, "manage members")
    person = members.members(lead.project).filter(pk=member_id).first()
    if person is None:
        raise NotFoundError("There is no such member.")
    return lead, person


def _show(
    request: HttpRequest,
    lead: Membership,
    person: Membership,
    *,
    error: DomainError | None = None,
    link: str = "",
    reset_link: str = "",
) -> HttpResponse:
    kept = Membership.objects.get(pk=person.pk)
    context = {
        "person": person,
        "name": _name(kept),
        "itself": person.pk == lead.pk,
        "standing": members.standing(person),
        "renamed": members.pseudonyms_before(person),
        "groups": members.groups(lead.project),
        "roles": Role.choices,
        "error": error,
        "link": link,
        "reset_link": reset_link,
        "may_reset": person.user is not None and may_make_password_link(lead, person.user),
    }
    return page(request, lead, "members/member.html", context, status=STATUS[type(error)] if error else 200)


def _name(person: Membership) -> str:
    return person.user.get_display_name() if person.user else person.pseudonym


def _done(slug: str, changed: Changed | None) -> HttpResponse:
    return redirect(reverse("members", args=[slug]) + (f"?done={changed.entry}" if changed else ""))


def _still_leads(request: HttpRequest, slug: str) -> bool:
    """Whether the lead still is one after he may have changed himself."""
    member = access.memberships(signed_in(request)).filter(project__slug=slug).first()
    return member is not None and can(member, "view members")
