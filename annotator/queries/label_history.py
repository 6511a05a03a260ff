"""Labels of an article as they stood at a moment, and everything that ever happened to those of one unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from annotator.core.codebook import Json
from annotator.models import Event
from annotator.queries.datasets import open_rounds_hidden_from
from annotator.queries.editions import Edition, edition_at, now
from projects.models import Article, Assignment, Membership, Round, TextVersion, Unit, UnitLineage
from projects.queries.access import due

AT_ONCE = 100
"""Units a page."""


@dataclass(frozen=True)
class Sheet:
    """Some units of a text with the labels of the shares in it: by share and unit, value and whether it waits.

    `later` is the first unit of the next page.
    """

    edition: Edition
    text: TextVersion
    units: Sequence[Unit]
    shares: Sequence[Assignment]
    labels: Mapping[tuple[int, int], Mapping[str, tuple[Json, bool]]]
    later: int | None


def rounds_with(member: Membership, article: Article) -> list[Round]:
    """The rounds of an article whose labels the member may see, newest first."""
    rounds = Round.objects.filter(project=member.project_id, assignments__text_version__article=article).distinct()
    return list(rounds.exclude(pk__in=open_rounds_hidden_from(member)).select_related("codebook_version"))


def sheet_of(
    round: Round, article: Article, at: datetime | None, first: int, *, only: int | None = None
) -> Sheet | None:
    """The labels on an article, or those of one share of it; None where nobody was given it yet."""
    edition = now(round) if at is None else edition_at(round, at, article=article)
    shares = edition.shares().filter(text_version__article=article).select_related("member")
    given = [share for share in shares.order_by("member__pseudonym", "occasion") if only in (None, share.pk)]
    # Shares of one round may stay on text versions of their own; the newest is shown.
    newest = max((edition.text(share.text_version_id) for share in given), default=None)
    if newest is None:
        return None
    text = TextVersion.objects.get(pk=newest)
    shown = [share for share in given if edition.text(share.text_version_id) == newest]
    found = list(Unit.objects.filter(text_version=text, index__gte=first).order_by("index")[: AT_ONCE + 1])
    units = found[:AT_ONCE]
    labels: dict[tuple[int, int], dict[str, tuple[Json, bool]]] = {}
    rows = edition.labels([share.pk for share in shown], [unit.pk for unit in units])
    for share, unit, variable, value, _version, _time, to_confirm in rows:
        labels.setdefault((share, unit), {})[variable] = (value, bool(to_confirm))
    return Sheet(edition, text, units, shown, labels, found[AT_ONCE].index if len(found) > AT_ONCE else None)


def share_of(member: Membership, share_id: int) -> Assignment | None:
    """A share in the project, not in the trash, whether or not the member may see its labels; none of his to come."""
    living = Assignment.objects.filter(round__project=member.project_id, round__deleted_at=None)
    joined = ("round__codebook_version", "member__user", "text_version__article")
    found: Assignment | None = living.select_related(*joined).filter(due() | ~Q(member=member), pk=share_id).first()
    return found


def begun_shares(member: Membership, before: int | None) -> QuerySet[Assignment]:
    """The member's own shares in which he has answered something, newest first, from the one before `before` on."""
    begun = (Assignment.State.STARTED, Assignment.State.DONE)
    found = Assignment.objects.filter(member=member, state__in=begun, round__deleted_at=None).order_by("-pk")
    joined = found.select_related("round", "text_version__article").defer("text_version__text")
    return joined if before is None else joined.filter(pk__lt=before)


def events_of(share: Assignment, unit: Unit) -> QuerySet[Event]:
    """What happened to the labels of a share on a unit, and on those it came from, oldest first."""
    joined = ("unit__text_version", "move__to_version", "move__from_version", "restore")
    found = Event.objects.filter(assignment=share, unit__in=_line_of(unit)).select_related(*joined)
    return found.defer("move__to_version__document", "move__from_version__document").order_by("pk")


def _line_of(unit: Unit) -> set[int]:
    """The unit and all units of earlier text versions that it came from."""
    found, new = {unit.pk}, {unit.pk}
    while new:
        parents = UnitLineage.objects.filter(new_unit__in=new).values_list("old_unit", flat=True)
        new = set(parents) - found
        found |= new
    return found
