from django.db.models import F, QuerySet

from annotator.models import Label


def standing(labels: QuerySet[Label]) -> QuerySet[Label]:
    """Those on the text that is assigned now. On the units of earlier text versions they are history."""
    return labels.filter(unit__text_version_id=F("assignment__text_version_id"))
