from collections.abc import Sequence
from datetime import date
from typing import TypedDict, Unpack

from django.db import IntegrityError
from django.db.models import Count, Q
from django.utils import timezone

from annotator.core.codebook import Codebook
from annotator.core.errors import InvalidError
from projects.models import Article, Assignment, Membership, Round, TextVersion, Unit
from projects.permissions import require
from projects.queries.codebooks import codebook, newest_published
from projects.queries.progress import counts

from . import audit
from .articles import locked_articles
from .names import one_line
from .transaction import write

LONGEST_NAME = 100


class RoundOptions(TypedDict, total=False):
    """What a lead may set of a round, beside who labels what; the model says what each means."""

    blind: bool
    hints: bool
    hide_outlet: bool
    hide_byline: bool
    reason_required: bool
    due_on: date | None


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
    name = one_line(name, most=LONGEST_NAME)
    try:
        with write():
            now = locked_articles([article.pk for article in articles])
            given = [now[article.pk] for article in articles if article.pk in now]
            drawn = [article for article in given if _may_be_drawn(article)]
            waiting = sum(article.waits_for_review for article in given)
            _refuse_unfit(lead, name, purpose, drawn, members, waiting)
            version = newest_published(lead.project_id)
            book = codebook(version.pk)
            texts = newest_texts(drawn)
            if options.get("hide_byline"):
                _refuse_codable_bylines(texts)
            totals = unit_totals(book, texts)
            made = Round.objects.create(
                project_id=lead.project_id,
                name=name,
                purpose=purpose,
                codebook_version=version,
                overlap=len(members),
                **options,
            )
            Assignment.objects.bulk_create(
                [
                    Assignment(round=made, text_version=text, member=member, units_total=totals[text.pk])
                    for text in texts
                    for member in members
                ],
                batch_size=500,
            )
            told = {"articles": len(texts), "members": len(members), "left_out": len(articles) - len(drawn)}
            audit.record(lead, "open round", {"round": made.name, **told})
    except IntegrityError as error:
        raise InvalidError(f"There is a round named “{name}” already. Choose another name.") from error
    return made


def set_closed(*, lead: Membership, round: Round, closed: bool) -> None:
    """Close the round, or open it again; where it is so already, nothing changes."""
    require(lead, "manage rounds")
    with write():
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


def _refuse_codable_bylines(texts: Sequence[TextVersion]) -> None:
    offered = Unit.objects.filter(text_version__in=texts, kind="byline", codable=True)
    title = offered.values_list("text_version__article__title", flat=True).first()
    if title is not None:
        raise InvalidError(
            f"The author can't be kept from the annotators: the byline of “{title}” is offered for labelling. "
            "Take it out on the boundaries page, or show the author."
        )


def _may_be_drawn(article: Article) -> bool:
    return article.linked_to_id is None and article.deleted_at is None and not article.waits_for_review


def _refuse_unfit(
    lead: Membership,
    name: str,
    purpose: str,
    articles: Sequence[Article],
    members: Sequence[Membership],
    waiting: int,
) -> None:
    problems = []
    if not name:
        problems.append("Give the round a name.")
    if purpose not in Round.Purpose.values:
        problems.append("Choose a purpose.")
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
