"""Gold answers: made from decisions or from a lead's own answers, explained, taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from annotator.core.codebook import Codebook, Json
from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.core.gold import may_be_gold
from annotator.core.text import is_storable
from annotator.models import GoldAnswer, Label
from annotator.queries.datasets import is_hidden
from annotator.queries.gold import visible_gold
from annotator.queries.gold_pages import decided, taken_back
from annotator.queries.standing import standing
from annotator.services.checked_values import checked_value
from annotator.services.gold_scores import score_again
from projects.models import Assignment, Membership, Round, TextVersion, Unit
from projects.permissions import require
from projects.queries.codebooks import codebook
from projects.queries.duplicates import newest_of
from projects.services import audit
from projects.services.transaction import write

LONGEST = 4_000
BATCH = 500


@dataclass(frozen=True)
class Offered:
    """An answer that may become gold, and where it comes from."""

    unit: Unit
    variable: str
    value: Json
    decision: int | None = None
    assignment: int | None = None

    @property
    def place(self) -> tuple[int, str]:
        return self.unit.pk, self.variable


@dataclass(frozen=True)
class Made:
    """How many gold answers were made, and how many of those offered could be none."""

    made: int
    left_out: int


def gold_from_decisions(*, lead: Membership, round: Round, variable: str = "", decision_id: int | None = None) -> Made:
    """Make gold of the decisions of a round, of those on one variable, or of one of them.

    Left out are words, answers that can't be told, and decisions on a text that was mended since; passed over, those in
    discussion and those to confirm.
    """
    require(lead, "manage gold")
    if is_hidden(lead, round.pk):
        raise NotAllowedError("You annotate in this blind round. Its decisions show when the round is closed.")
    decisions = decided(lead).filter(round=round).select_related("unit__text_version")
    if decision_id is not None:
        decisions = decisions.filter(pk=decision_id)
    found = [Offered(d.unit, d.variable, d.value, decision=d.pk) for d in decisions if variable in ("", d.variable)]
    if not found:
        raise InvalidError("This round has no decisions to make gold of.")
    return _make(lead, round, found)


def gold_from_own(*, lead: Membership, assignment_id: int, variable: str = "") -> Made:
    """Make gold of what the lead answered himself in a share that he has finished, or to one variable of it."""
    require(lead, "manage gold")
    own = Assignment.objects.filter(member=lead, state=Assignment.State.DONE, round__deleted_at=None)
    share = own.select_related("round").filter(pk=assignment_id).first()
    if share is None:
        raise NotFoundError("You have no finished article like this.")
    labels = standing(Label.objects.filter(assignment=share, to_confirm=False, value__isnull=False))
    given = labels.select_related("unit__text_version").order_by("unit__index", "pk")
    return _make(
        lead,
        share.round,
        [
            Offered(label.unit, label.variable, label.value, assignment=share.pk)
            for label in given
            if variable in ("", label.variable)
        ],
    )


def explain(*, lead: Membership, answer_id: int, explanation: str) -> GoldAnswer:
    """Say why this is the gold answer, for those who miss it in training."""
    require(lead, "manage gold")
    if not is_storable(explanation) or len(explanation) > LONGEST:
        raise InvalidError(f"An explanation has {LONGEST} characters at most, and none that can't be stored.")
    with write():
        old = _own(lead, answer_id)
        if old.explanation == explanation.strip():
            return old
        _retire([old.pk])
        old.explanation = explanation.strip()
        _store_anew(lead, [old])
        audit.record(lead, "explain gold", {"unit": old.unit_id, "variable": old.variable})
    return old


def take_back(*, lead: Membership, article_id: int, answer_id: int | None = None) -> int:
    """Retire the gold answers of an article, or one of them; the answer is how many. What was scored stays written."""
    require(lead, "manage gold")
    with write():
        found = visible_gold(lead).filter(unit__text_version__article=article_id)
        if answer_id is not None:
            found = found.filter(pk=answer_id)
        ids, texts = list(found.values_list("pk", flat=True)), set(found.values_list("unit__text_version", flat=True))
        if not ids:
            raise NotFoundError("There is no such gold answer.")
        _retire(ids)
        audit.record(lead, "take back gold", {"article": article_id, "answers": ids})
    score_again(texts)
    return len(ids)


def bring_back(*, lead: Membership, article_id: int) -> int:
    """Make what was taken back on an article gold again, where nothing else is by now; the answer is how many."""
    require(lead, "manage gold")
    with write():
        found = taken_back(lead, article_id)
        _store_anew(lead, found)
        audit.record(lead, "bring back gold", {"article": article_id, "answers": len(found)})
    score_again({gold.unit.text_version_id for gold in found})
    return len(found)


def _store_anew(lead: Membership, rows: Sequence[GoldAnswer]) -> None:
    for row in rows:
        row.pk, row.created_at, row.retired_at, row.member = None, timezone.now(), None, lead
    GoldAnswer.objects.bulk_create(rows, batch_size=BATCH)


def _own(lead: Membership, answer_id: int) -> GoldAnswer:
    found = visible_gold(lead).filter(pk=answer_id).first()
    if found is None:
        raise NotFoundError("There is no such gold answer.")
    return found


def _make(lead: Membership, round: Round, offered: Sequence[Offered]) -> Made:
    """Store what may be gold and isn't yet; another answer that was gold there is retired."""
    book, now = codebook(round.codebook_version_id), timezone.now()
    fit = [one for one in _on_newest_texts(offered) if _may_be_gold(book, one)]
    texts = {one.unit.text_version_id for one in fit}
    with write():
        found = GoldAnswer.objects.filter(retired_at=None, unit__text_version__in=texts)
        there = {(gold.unit_id, gold.variable): gold for gold in found}
        new = [one for one in fit if one.place not in there or there[one.place].value != one.value]
        _retire([there[one.place].pk for one in new if one.place in there])
        GoldAnswer.objects.bulk_create([_row(lead, round, one, now) for one in new], batch_size=BATCH)
        audit.record(lead, "make gold", {"round": round.name, "answers": len(new)})
    score_again({one.unit.text_version_id for one in new})
    return Made(len(new), len(offered) - len(fit))


def _on_newest_texts(offered: Sequence[Offered]) -> Iterable[Offered]:
    articles = {one.unit.text_version.article_id for one in offered}
    newest = set(newest_of(TextVersion.objects.filter(article__in=articles)).values_list("pk", flat=True))
    return (one for one in offered if one.unit.text_version_id in newest)


def _may_be_gold(book: Codebook, one: Offered) -> bool:
    """Whether two people can give the answer, and the codebook takes it."""
    try:
        text = one.unit.text_version.text
        value = checked_value(book, one.variable, one.value, unit=one.unit, text=text)
    except InvalidError:
        return False
    return one.unit.codable and may_be_gold(book.variable(one.variable), value)


def _row(lead: Membership, round: Round, one: Offered, now: datetime) -> GoldAnswer:
    return GoldAnswer(
        unit=one.unit,
        variable=one.variable,
        value=one.value,
        codebook_version_id=round.codebook_version_id,
        decision_id=one.decision,
        assignment_id=one.assignment,
        member=lead,
        created_at=now,
    )


def _retire(ids: Sequence[int]) -> None:
    for start in range(0, len(ids), BATCH):
        GoldAnswer.objects.filter(pk__in=ids[start : start + BATCH]).update(retired_at=timezone.now())
