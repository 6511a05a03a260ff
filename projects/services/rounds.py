from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple, TypedDict, Unpack

from django.db import IntegrityError, connection
from django.db.models import Count, Q
from django.utils import timezone

from annotator.core.codebook import Codebook
from annotator.core.errors import InvalidError
from annotator.core.sampling import assign_arms
from projects.models import Article, Assignment, Membership, Round, TextVersion, Unit
from projects.permissions import require
from projects.queries.codebooks import codebook, newest_published
from projects.queries.masking import BYLINE, HEADLINE, OUTLET, hidden_by
from projects.queries.progress import counts

from . import audit
from .articles import locked_articles
from .bulk import in_batches, insert_rows
from .freezing import refuse_frozen
from .names import one_line
from .transaction import plan_anew, write

LONGEST_NAME = 100


class Arm(TypedDict):
    """A name, and what is kept from who gets a share of this arm: some of `masking.MASKS`."""

    key: str
    hide: Sequence[str]


class RoundOptions(TypedDict, total=False):
    """What a lead may set of a round, beside who labels what; the model says what each means."""

    blind: bool
    hints: bool
    hide_outlet: bool
    hide_byline: bool
    hide_headline: bool
    arms: Sequence[Arm]
    reason_required: bool
    due_on: date | None
    feedback: bool
    pass_mark: float | None
    tries: int
    requires: Round | None


def open_round(
    *,
    lead: Membership,
    name: str,
    purpose: str,
    articles: Sequence[Article],
    members: Sequence[Membership],
    **options: Unpack[RoundOptions],
) -> Round:
    """A round in which each of `members` labels each of `articles`, by the newest published codebook.

    Linked copies, articles in the trash, and those that wait for a lead's review are left out.
    """
    require(lead, "manage rounds")
    with named_once(name) as name, write():
        now = locked_articles([article.pk for article in articles])
        given = [now[article.pk] for article in articles if article.pk in now]
        drawn = [article for article in given if _may_be_drawn(article)]
        waiting = sum(article.waits_for_review for article in given)
        _refuse_unfit(lead, name, purpose, drawn, members, waiting)
        texts = newest_texts(drawn)
        made = create_round(lead, name, purpose, overlap=len(members), **options)
        totals = unit_totals(codebook(made.codebook_version_id), texts)
        insert_shares(made, [NewShare(text.pk, one.pk, totals[text.pk]) for text in texts for one in members])
        told = {"articles": len(texts), "members": len(members), "left_out": len(articles) - len(drawn)}
        audit.record(lead, "open round", {"round": made.name, **told})
    return made


@contextmanager
def named_once(name: str) -> Iterator[str]:
    """The name of a round as it is stored; raises InvalidError where another round has it."""
    try:
        yield one_line(name, most=LONGEST_NAME)
    except IntegrityError as error:
        raise InvalidError(f"There is a round named “{name}” already. Choose another name.") from error


def create_round(lead: Membership, name: str, purpose: str, **fields: object) -> Round:
    """A round without shares, by the newest published codebook, inside the caller's transaction."""
    version = newest_published(lead.project_id)
    return Round.objects.create(
        project_id=lead.project_id, name=name, purpose=purpose, codebook_version=version, **fields
    )


class NewShare(NamedTuple):
    text_version: int
    member: int
    units_total: int
    why: str = Assignment.Why.WORK.value
    available_from: datetime | None = None


def insert_shares(made: Round, shares: Sequence[NewShare]) -> None:
    """Store the shares of a new round inside the caller's transaction, in the order in which they are to be done."""
    for mask in hidden_by(made) - {OUTLET}:
        _refuse_codable(mask, {share.text_version for share in shares})
    arms = assign_arms([share[:2] for share in shares], [arm["key"] for arm in made.arms], made.seed)
    moment = Assignment._meta.get_field("created_at")

    def stored(time: datetime | None) -> object:
        return moment.get_db_prep_save(time, connection)

    now = stored(timezone.now())
    columns = ("round_id", "text_version_id", "member_id", "units_total", "why", "available_from", "arm")
    rows = (
        (made.pk, *share[:4], stored(share.available_from), arm, now, now)
        for share, arm in zip(shares, arms, strict=True)
    )
    insert_rows(Assignment, (*columns, "created_at", "updated_at"), rows)
    plan_anew(Assignment)


def set_closed(*, lead: Membership, round: Round, closed: bool) -> None:
    """Close the round, or open it again; where it is so already, nothing changes."""
    require(lead, "manage rounds")
    with write():
        refuse_frozen(round.pk)
        changed = Round.objects.filter(pk=round.pk, closed_at__isnull=closed)
        if not changed.update(closed_at=timezone.now() if closed else None):
            return
        audit.record(lead, "close round" if closed else "reopen round", {"round": round.name})


def newest_texts(articles: Sequence[Article]) -> list[TextVersion]:
    """The newest text version of each article, in the order given."""
    ids = [article.pk for article in articles]
    newest: dict[int, TextVersion] = {}
    for text in TextVersion.objects.filter(article_id__in=ids).defer("text").order_by("article_id", "number"):
        newest[text.article_id] = text
    return [newest[i] for i in ids]


def unit_totals(book: Codebook, texts: Sequence[TextVersion]) -> dict[int, int]:
    """How many units of each text version are to be labelled."""
    counted = TextVersion.objects.filter(pk__in=[text.pk for text in texts]).annotate(
        codable=Count("units", filter=Q(units__codable=True, units__index__gt=0))
    )
    whole = int(counts(book, 0))
    return {text.pk: text.codable + whole for text in counted.defer("text")}


def _refuse_codable(mask: str, texts: Collection[int]) -> None:
    """Who may not see a byline or headline can't label it, and would never be done."""
    what = {BYLINE: "author", HEADLINE: "headline"}[mask]
    for some in in_batches(iter(sorted(texts))):
        offered = Unit.objects.filter(text_version__in=some, kind=mask, codable=True)
        title = offered.values_list("text_version__article__title", flat=True).first()
        if title is not None:
            raise InvalidError(
                f"The {what} can't be kept from the annotators: the {mask} of “{title}” is offered for labelling. "
                f"Take it out on the boundaries page, or show the {what}."
            )


def _may_be_drawn(article: Article) -> bool:
    return article.linked_to_id is None and article.deleted_at is None and not article.waits_for_review


def unfit(name: str, purpose: str) -> list[str]:
    """What stands against a round of this name and purpose."""
    problems = [] if name else ["Give the round a name."]
    return problems if purpose in Round.Purpose.values else [*problems, "Choose a purpose."]


def _refuse_unfit(
    lead: Membership,
    name: str,
    purpose: str,
    articles: Sequence[Article],
    members: Sequence[Membership],
    waiting: int,
) -> None:
    problems = unfit(name, purpose)
    if not articles and waiting:
        problems.append("All articles chosen wait for review: look at their units and release them for labelling.")
    elif not articles:
        problems.append("Choose at least one article.")
    if not members:
        problems.append("Choose at least one annotator.")
    projects = {article.project_id for article in articles} | {member.project_id for member in members}
    if projects - {lead.project_id}:
        problems.append("An article or annotator is not of this project.")
    if problems:
        raise InvalidError("The round was not opened.", tuple(problems))
