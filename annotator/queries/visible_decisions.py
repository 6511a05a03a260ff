"""Whose decisions a caller sees: where his role shows him everybody's labels, but not where he annotates blind."""

from collections.abc import Collection

from django.db.models import QuerySet

from annotator.models import Decision
from annotator.queries.adjudication import standing_decisions
from projects.queries import access


def visible_decisions(*, whole: Collection[int], members: Collection[int]) -> QuerySet[Decision]:
    """Decisions in the projects `whole`, on the text that is assigned now."""
    hidden = access.blind_rounds_of(members).values("pk")
    found = standing_decisions(Decision.objects.filter(round__project__in=whole).exclude(round__in=hidden))
    joined = found.select_related("unit__text_version__article", "round__project")
    return joined.defer("unit__text_version__text", "unit__text_version__article__metadata")
