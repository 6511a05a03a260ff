"""Who was served others' answers of a round, and who of its annotators before he had finished his own."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from annotator.models import AccessEntry, Event
from annotator.queries.coding import UNFINISHED
from projects.models import Assignment, Membership, Round


@dataclass(frozen=True)
class ServedEarly:
    """An annotator of the round, by pseudonym, who was served others' answers of it before he gave the last of his own.

    `since` is the first time, in UTC as ISO 8601.
    """

    annotator: str
    what: str
    since: str
    times: int


def entries(project_id: int, *, round_id: int | None = None, member_id: int | None = None) -> QuerySet[AccessEntry]:
    """The log of a project, newest first, but of rounds in the trash."""
    picked = {"round": round_id, "member": member_id}
    of_project = AccessEntry.objects.filter(round__project=project_id, round__deleted_at=None)
    found = of_project.filter(**{name: value for name, value in picked.items() if value is not None})
    return found.select_related("round", "member__user").order_by("-pk")


def served_early(round: Round) -> tuple[ServedEarly, ...]:
    """In a retest the answers of the round that is labelled again count too."""
    shares = Assignment.objects.filter(round=round, kind=Assignment.Kind.LABELS)
    rounds = [round.pk, *([round.retest_of_id] if round.retest_of_id else [])]
    seen = AccessEntry.objects.filter(round__in=rounds, member__in=shares.values("member")).order_by("first_at", "pk")
    found: dict[tuple[str, str], ServedEarly] = {}
    until: dict[int, datetime | None] = {}
    for entry in seen.select_related("member"):
        if entry.member_id not in until:
            until[entry.member_id] = _last_own(round, entry.member)
        last = until[entry.member_id]
        if last is None or entry.first_at < last:
            key = entry.member.pseudonym, entry.what
            before = found.get(key)
            since = before.since if before else entry.first_at.isoformat(timespec="seconds")
            found[key] = ServedEarly(*key, since, entry.times + (before.times if before else 0))
    return tuple(found.values())


def _last_own(round: Round, member: Membership) -> datetime | None:
    """When the member gave his last answer in the round, whichever share it was on; None: he may give more.

    What a mending, a new codebook or a lead who put labels back made of his answers is no answer of his.
    """
    shares = Assignment.objects.filter(round=round, member=member, kind=Assignment.Kind.LABELS)
    if round.closed_at is None and shares.filter(state__in=UNFINISHED).exists():
        return None
    own = Event.objects.filter(assignment__in=shares, to_confirm=None, restore=None)
    last = own.order_by("-server_time").values_list("server_time", flat=True).first()
    return last or round.created_at
