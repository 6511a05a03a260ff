"""Template tags that every page may use (a built-in library, see settings)."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from annotator.sso import Service

register = template.Library()


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
