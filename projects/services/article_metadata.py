"""What is known about an article, mended by a lead: every change is written down with what was there before."""

import json
from collections.abc import Collection, Mapping

from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from annotator.core.text import TextError, clean_field
from projects.models import Article, Membership
from projects.permissions import require
from projects.readers.base import FIELDS, METADATA
from projects.readers.limits import FIELD_LENGTH, TITLE_LENGTH

from . import audit
from .names import is_language
from .transaction import write

EDITABLE = ("title", *METADATA)
NAME_LENGTH = 100
MOST_COLUMNS = 100

Values = dict[str, object]
"""The own columns of an article, as its metadata holds them."""


def edit_metadata(*, member: Membership, article: int, fields: Mapping[str, str], own: Mapping[str, str]) -> list[str]:
    """Set the fields given (see `EDITABLE`) and own columns of an article; an own column set to nothing goes.

    Returns the names of those that changed. What is sent back as `shown` gave it stays what it is, be it a number, a
    text of several lines, or one that could not be typed here.
    """
    require(member, "manage articles")
    with write():
        found = Article.objects.filter(project_id=member.project_id, pk=article, deleted_at=None).select_for_update()
        stored = found.first()
        if stored is None:
            raise NotFoundError("There is no such article.")
        known: Values = {name: getattr(stored, name) for name in EDITABLE}
        taken = _typed(known, {name: value for name, value in fields.items() if name in known})
        changes = _changes(stored, taken, _typed(stored.metadata, own))
        if changes:
            stored.save(update_fields=[*EDITABLE, "metadata"])
            audit.record(member, "edit metadata", {"article": stored.external_id, "changes": changes})
    return list(changes)


def set_column(*, member: Membership, articles: Collection[int], name: str, value: str) -> int | None:
    """Set one field or own column of several articles to the same value.

    Returns the number of the audit entry, by which `linking.undo` takes it back; None where nothing was different.
    """
    require(member, "manage articles")
    known = name.strip() in METADATA
    column = name.strip() if known else _named(name)
    given = _checked(column, value)
    fields, own = ({column: given}, {}) if known else ({}, {column: given})
    with write():
        found = list(Article.objects.filter(project_id=member.project_id, pk__in=articles).select_for_update())
        if len(found) != len(set(articles)):
            raise NotFoundError("There is no such article.")
        was = {
            article.external_id: changes[column][0] for article in found if (changes := _changes(article, fields, own))
        }
        if not was:
            return None
        changed = [article for article in found if article.external_id in was]
        Article.objects.bulk_update(changed, [column if known else "metadata"], batch_size=200)
        return audit.record(member, "set a column", {"column": column, "value": given, "was": was}).pk


def put_back_column(member: Membership, *, column: str, value: str, was: Mapping[str, object]) -> None:
    """Give articles what a column held before it was set to `value`; inside the transaction of the undo."""
    known = column in METADATA
    found = list(Article.objects.filter(project_id=member.project_id, external_id__in=was).select_for_update())
    now = [getattr(article, column) if known else shown(article.metadata.get(column, "")) for article in found]
    if now != [value] * len(was):
        raise ConflictError("Some of these articles were changed again since. Nothing was undone.")
    for article in found:
        before = was[article.external_id]
        if known:
            setattr(article, column, before)
        else:
            others = {name: held for name, held in article.metadata.items() if name != column}
            article.metadata = others | ({column: before} if before != "" else {})
    Article.objects.bulk_update(found, [column if known else "metadata"], batch_size=200)


def shown(value: object) -> str:
    """A value as a form shows it, on one line."""
    return " ".join((value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).split())


def _typed(known: Values, sent: Mapping[str, str]) -> dict[str, str]:
    """Of what a form sent that which is not as it was shown, checked; names that are new are checked too."""
    return {
        name if name in known else _named(name): _checked(name, value)
        for name, value in sent.items()
        if name not in known or shown(known[name]) != shown(value)
    }


def _changes(article: Article, fields: Mapping[str, str], own: Mapping[str, str]) -> dict[str, tuple[object, str]]:
    """Change the article in memory; what was and what is, by name."""
    changes: dict[str, tuple[object, str]] = {}
    for name, value in fields.items():
        if getattr(article, name) != value:
            changes[name] = (getattr(article, name), value)
            setattr(article, name, value)
    metadata: Values = dict(article.metadata)
    for name, value in own.items():
        if shown(metadata.get(name, "")) != value:
            changes[name] = (metadata.pop(name, ""), value)
            if value:
                metadata[name] = value
    if len(metadata) > max(MOST_COLUMNS, len(article.metadata)):
        raise InvalidError(f"Nothing was changed: an article has at most {MOST_COLUMNS} columns of its own.")
    article.metadata = metadata
    return changes


def _named(name: str) -> str:
    """The name of an own column. Raises InvalidError where it has another meaning, or can't be stored."""
    column = _cleaned(name, "The name of the column")
    if not column or len(column) > NAME_LENGTH:
        raise InvalidError(f"Give the column a name of 1 to {NAME_LENGTH} characters.")
    if column in FIELDS:
        raise InvalidError(f"“{column}” is no column of your own. Choose another name.")
    return column


def _checked(name: str, value: str) -> str:
    text = _cleaned(value, f"“{name}”")
    most = TITLE_LENGTH if name == "title" else FIELD_LENGTH
    if len(text) > most:
        raise InvalidError(f"“{name}” is too long: it has {len(text):,} characters, and {most:,} are the most.")
    if name == "title" and not text:
        raise InvalidError("Give the article a title.")
    if name == "language" and not is_language(text):
        raise InvalidError(f"“{text}” is no language code. Write one such as en, ar or pt-BR.")
    return text


def _cleaned(value: str, what: str) -> str:
    try:
        return " ".join(clean_field(value).text.split())
    except TextError as error:
        raise InvalidError(f"{what} can’t be taken: {error}.") from error
