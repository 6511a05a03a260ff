"""The fields of a codebook document in the words of its readers."""

from django.utils.translation import gettext as _


def field_name(field: str) -> str:
    """The document's own name where we have no better one."""
    return _names().get(field, field.replace("_", " "))


def _names() -> dict[str, str]:
    return {
        "actor_type": _("type of actor"),
        "aliases": _("other names"),
        "edge_rule": _("edge rule"),
        "general_rules": _("general rules"),
        "groups": _("group"),
        "label": _("name"),
        "manners": _("manner"),
        "max_choices": _("most choices"),
        "negative": _("counter-example"),
        "nested": _("source inside the source"),
        "not_when": _("don’t use when"),
        "positive": _("example"),
        "required": _("answer required"),
        "sources": _("source"),
        "span_attributes": _("question on marked words"),
        "stances": _("stance of the cue"),
        "type": _("kind"),
        "use_when": _("use when"),
        "values": _("value"),
        "values_from": _("values taken from"),
        "values_limited_to_chosen_in": _("only values chosen in"),
        "variables": _("question"),
        "visible_if": _("asked when"),
    }
