"""Template tags that every page may use (a built-in library, see settings)."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """A symbol of icons.svg. `kind` "turns" mirrors it in right-to-left pages."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', kind, static("annotator/icons.svg"), name
    )
