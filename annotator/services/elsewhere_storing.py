"""What was reviewed of another tool's file is stored: questions, members, articles, labels, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.db import IntegrityError

from annotator.core.codebook import Json
from annotator.core.errors import InvalidError
from annotator.services.coded_tables import store_items
from annotator.services.elsewhere_members import members_of
from annotator.services.elsewhere_reviews import Review
from annotator.services.jobs import Running
from annotator.services.label_imports import refuse_mended
from annotator.services.stored_labels import Checked, imported_round, store_labels
from projects.models import CodebookVersion, ItemText, Membership, Round, Unit
from projects.permissions import require
from projects.queries.codebooks import newest_published_or_none
from projects.services import audit
from projects.services.articles import insert_articles, insert_units, record_import
from projects.services.bulk import in_batches
from projects.services.codebooks import store_version
from projects.services.transaction import write

MEANWHILE = "Nothing was imported: the project changed meanwhile. Look at the file once more."


@dataclass(frozen=True)
class Brought:
    """What came in."""

    round: Round
    labels: int
    annotators: int
    articles: int
    questions: int
    lost: Mapping[str, int]


def store(*, member: Membership, review: Review, running: Running | None = None) -> Brought:
    """Store all of it in one transaction. Raises InvalidError where the project has changed since the review."""
    require(member, "import labels")
    _require_parts(member, review)
    try:
        with write():
            done = _store(member, review)
            if running:
                running.finish(_told(done))
    except IntegrityError as error:
        raise InvalidError(MEANWHILE) from error
    return done


def _require_parts(member: Membership, review: Review) -> None:
    if review.homes.new:
        require(member, "import articles")
    if review.document is not None:
        require(member, "import codebook")


def _store(member: Membership, review: Review) -> Brought:
    refuse_mended([home.version for home in review.homes.found.values() if home.version])
    version = _version(member, review)
    members = _members(member, review)
    units = _units(member, review)
    names = review.plan.annotators
    checked = [
        Checked(
            units[number, answer.unit],
            members[names[answer.annotator]],
            answer.variable,
            answer.value,
            answer.occasion,
        )
        for number, answer in review.answers
    ]
    target = imported_round(member.project_id, version, checked)
    store_labels(target, review.book, checked)
    done = Brought(
        round=target,
        labels=len(checked),
        annotators=len({item.member.pk for item in checked}),
        articles=review.homes.new,
        questions=len(review.questions),
        lost=review.lost,
    )
    audit.record(
        member, "import labels", {"round": target.name, "labels": len(checked), "tool": review.export.read.tool}
    )
    return done


def _version(member: Membership, review: Review) -> CodebookVersion:
    """The version that the labels are of: the newest one as it was reviewed, or the next with the new questions."""
    newest = newest_published_or_none(member.project_id)
    if (newest and newest.pk) != (review.version and review.version.pk):
        raise InvalidError(MEANWHILE)
    if review.document is None:
        return cast(CodebookVersion, review.version)
    document: dict[str, Json] = dict(review.document)
    version = store_version(member.project_id, document, draft=False)
    audit.record(member, "import codebook", {"number": version.number, "state": version.state})
    return version


def _members(member: Membership, review: Review) -> dict[str, Membership]:
    said = review.plan.annotators
    by = [one for document in review.export.read.documents for one in document.by]
    groups = {said[one.annotator]: one.group for one in by}
    return members_of(member.project_id, {said[one.annotator] for one in by}, groups)


def _units(member: Membership, review: Review) -> dict[tuple[int, int], Unit]:
    """The stored units by number of the document and of the unit; articles and items that are new are stored."""
    versions = {number: home.version.pk for number, home in review.homes.found.items() if home.version}
    new = [(number, home) for number, home in review.homes.found.items() if home.new]
    made = insert_articles(member=member, items=[home.new for _, home in new if home.new], file_name=review.export.name)
    insert_units(made.units)
    documents = review.export.read.documents
    items = {
        documents[number].external_id: (home.text, (ItemText.GIVEN if home.given else ItemText.ABSENT).value)
        for number, home in review.homes.found.items()
        if not home.version and not home.new
    }
    stored = store_items(member.project_id, items)
    ids = {document.external_id: number for number, document in enumerate(documents)}
    versions |= {ids[item]: unit.text_version_id for item, unit in stored.items()}
    texts = {article.pk: number for article, (number, _) in zip(made.articles, new, strict=True)}
    if new or items:
        record_import(member, [document.external_id for document in documents], len(new) + len(items))
    return _by_place(versions, texts)


def _by_place(versions: Mapping[int, int], articles: Mapping[int, int]) -> dict[tuple[int, int], Unit]:
    """Units by place; `versions` are text versions by document, `articles` documents by new article."""
    numbers: dict[int, list[int]] = {}
    for number, version in versions.items():
        numbers.setdefault(version, []).append(number)
    found: dict[tuple[int, int], Unit] = {}
    for some in in_batches(iter(numbers)):
        for unit in Unit.objects.filter(text_version__in=some).defer("why"):
            found |= {(number, unit.index): unit for number in numbers[unit.text_version_id]}
    for some in in_batches(iter(articles)):
        units = (
            Unit.objects.filter(text_version__article__in=some)
            .select_related("text_version")
            .defer("why", "text_version__text")
        )
        found |= {(articles[unit.text_version.article_id], unit.index): unit for unit in units}
    return found


def _told(done: Brought) -> dict[str, object]:
    return {
        "labels": done.labels,
        "annotators": done.annotators,
        "articles": done.articles,
        "questions": done.questions,
        "round": done.round.name,
        "lost": dict(done.lost),
    }
