"""Template tags that every page may use (a built-in library, see settings)."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from annotator.queries.notices import NOTES, unread
from annotator.sso import Service
from projects.models import Membership, User

register = template.Library()


@dataclass(frozen=True)
class News:
    """How much a person has not read: all notices, and those on notes of the project at hand."""

    notices: int = 0
    notes: int = 0


@register.simple_tag(takes_context=True)
def news(context: Context) -> News:
    """For the bar, in one query; nothing for who isn't signed in."""
    user, member = context.get("user"), context.get("member")
    if not isinstance(user, User):
        return News()
    found = unread(user)
    project = member.project_id if isinstance(member, Membership) else None
    return News(found.total(), sum(found[project, kind] for kind in NOTES) if project else 0)


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """A symbol of icons.svg. `kind` "turns" mirrors it in right-to-left pages."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', kind, static("annotator/icons.svg"), name
    )


@register.simple_tag
def sign_in_services() -> tuple[Service, ...]:
    """The other services by which one may sign in."""
    services: tuple[Service, ...] = settings.SSO.services
    return services
