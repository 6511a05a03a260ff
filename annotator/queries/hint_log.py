"""The log of hints as rows, and what an annotator does not want to see again."""

from collections.abc import Iterator

from django.db.models import F
from django.db.models.functions import Substr

from annotator.models import HintEvent
from annotator.queries.datasets import open_rounds_hidden_from
from projects.models import Assignment, Membership, Round

COLUMNS = (
    *("round", "article", "sentence", "annotator", "act", "words", "start", "end"),
    *("lexicon", "number", "value", "client_time", "server_time"),
)
_AT_ONCE = 2_000


def logged_rounds(member: Membership) -> list[int]:
    """The rounds whose log the member may read: those with hints that are not blind to him."""
    found = Round.objects.filter(project_id=member.project_id, hints=True, deleted_at=None)
    return list(found.exclude(pk__in=open_rounds_hidden_from(member).values("pk")).values_list("pk", flat=True))


def logged(member: Membership) -> Iterator[tuple[str | int, ...]]:
    """One row an act, in the order in which they came in, without rounds that are blind to this member."""
    rows = (
        HintEvent.objects.filter(assignment__member__project_id=member.project_id, assignment__round__deleted_at=None)
        .exclude(assignment__round__in=open_rounds_hidden_from(member))
        .annotate(words=Substr("unit__text_version__text", F("start") + 1, F("end") - F("start")))
        .order_by("id")
        .values_list(
            *("assignment__round__name", "unit__text_version__article__external_id", "unit__index"),
            *("assignment__member__pseudonym", "act", "words", "start", "end", "lexicon", "number", "value"),
            *("client_time", "server_time"),
        )
    )
    for *cells, client_time, server_time in rows.iterator(chunk_size=_AT_ONCE):
        yield (*cells, client_time.isoformat() if client_time else "", server_time.isoformat())


def dismissed(assignment: Assignment) -> set[tuple[int, int, int, str]]:
    """Unit, start, end (in the text version) and lexicon of the hints that the annotator has dismissed."""
    acts = HintEvent.objects.filter(assignment=assignment, act=HintEvent.Act.DISMISSED)
    return set(acts.values_list("unit_id", "start", "end", "lexicon"))
