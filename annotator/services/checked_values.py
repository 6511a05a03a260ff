"""Whether an answer can be stored under the codebook of its round, however old the page is that it was chosen on."""

from collections.abc import Iterable, Iterator, Sequence, Set

from annotator.core.codebook import (
    AnswerError,
    Codebook,
    Json,
    Used,
    Variable,
    all_ends,
    check_answer,
    lists_of,
    moved,
    retired_in,
    revived,
    used_in,
)
from annotator.core.errors import InvalidError
from annotator.models import Label
from projects.models import Unit
from projects.queries.progress import scope_of

NOTHING: frozenset[Used] = frozenset()


def checked_value(
    book: Codebook, variable: str, value: Json, *, unit: Unit, text: str, retired: Set[Used] | None = NOTHING
) -> Json:
    """The value in canonical form. Each is checked against its own variable only: saves may come in any order.

    `retired` are those retired values that may stand in it, None = all.
    """
    try:
        asked = book.variable(variable)
    except KeyError as error:
        raise InvalidError(f"The codebook has no variable “{variable[:100]}”.") from error
    if asked.scope != scope_of(unit.index):
        where = "the whole article (unit 0)" if asked.scope == "article" else "sentences"
        raise InvalidError(f"{asked.label} is asked of {where} only.")
    if value is None:
        return None
    try:
        offered = asked if retired == NOTHING else revived(asked, retired)
        return check_answer(offered, value, text=text, start=unit.start, end=unit.end)
    except AnswerError as error:
        raise InvalidError(str(error)) from error


def in_force(book: Codebook, variable: str, value: Json, *, assignment_id: int, unit: Unit, text: str) -> Json:
    """A value that was checked with all retired values allowed, as it may be stored now.

    What was merged is replaced. What was split or retired is refused, unless it stands in the label already: marks and
    attributions are sent whole, and one of them may be answered anew before the others.
    """
    asked = book.variable(variable)
    after = moved(asked, value)
    if not (after.asked or retired_in(asked, after.value)):
        return after.value
    label = Label.objects.filter(assignment_id=assignment_id, unit_id=unit.pk, variable=variable).first()
    standing = list(used_in(asked.kind, label.value)) if label else []
    if after.asked:
        _refuse_split(asked, list(used_in(asked.kind, value)), standing)
    return checked_value(book, variable, after.value, unit=unit, text=text, retired=frozenset(standing))


def readings(books: Iterable[Codebook], variable: str, value: Json, *, unit: Unit, text: str) -> Iterator[Json]:
    """What a value that was sent may have been stored as, under each of these versions that takes it."""
    for book in books:
        try:
            sent = checked_value(book, variable, value, unit=unit, text=text, retired=None)
        except InvalidError:
            continue
        yield sent
        yield moved(book.variable(variable), sent).value


def _refuse_split(variable: Variable, chosen: Sequence[Used], standing: Sequence[Used]) -> None:
    """Unless fewer of these values are left than stand there now."""
    split = {Used(name, key): to for name, leads in all_ends(variable).items() for key, to in leads.items() if to[1:]}
    left = [used for used in chosen if used in split]
    if not left:
        raise InvalidError(
            f"{variable.label}: values were merged in the codebook meanwhile, and this answer no longer fits. Load the"
            " page again and choose anew."
        )
    if not len(left) < sum(used in split for used in standing):
        labels = {Used(name, v.key): v.label for name, values in lists_of(variable).items() for v in values}
        into = " and ".join(f"“{labels[left[0]._replace(key=key)]}”" for key in split[left[0]])
        raise InvalidError(
            f"{variable.label}: “{labels[left[0]]}” was split into {into} in the codebook. Choose one of these; load"
            " the page again if they are not offered."
        )
