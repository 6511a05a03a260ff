"""Notes: what annotators ask of a sentence, and what the lead answers."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotator.core.codebook import Codebook, Variable
from annotator.core.errors import ConflictError, InvalidError
from annotator.models import AccessEntry, Note
from annotator.queries.notes import asked_of, masked, visible_notes, with_words
from annotator.queries.notices import unread_notes
from annotator.services import access_log
from annotator.services.notes import (
    answer_as_rule,
    answer_note,
    ask_decision,
    mark_read,
    reply_to_answer,
    settle_note,
)
from projects.models import Membership
from projects.permissions import can
from projects.queries.codebooks import codebook
from projects.queries.masking import HEADLINE
from projects.web.numbers import number
from projects.web.pages import member_of, page

AT_ONCE = 50
PARTS = ("sources", "manners", "stances")


@dataclass(frozen=True)
class Place:
    """Where an edge rule may go: the question itself, or a value of it or of a part."""

    key: str
    label: str


@dataclass(frozen=True)
class Row:
    """A note with the words of its sentence, the question that it is about, and where its answer may become a rule."""

    note: Note
    words: str
    question: str
    places: list[Place] = field(default_factory=list)
    rule: str = ""
    is_new: bool = False


@require_safe
def notes(request: HttpRequest, slug: str) -> HttpResponse:
    """The open ones, or with `settled=1` those that are settled, newest first; `before` is where a page begins.

    `decide=1` shows those that need a decision alone, `by` those of one member.
    """
    member = member_of(request, slug, "view notes")
    may_answer = can(member, "answer notes")
    settled, decide, by = request.GET.get("settled") == "1", request.GET.get("decide") == "1", request.GET.get("by", "")
    found = visible_notes(member, of_all=may_answer).filter(settled_at__isnull=not settled)
    before, whose = number(request.GET.get("before", "")), number(by)
    narrowed = {"pk__lt": before, "needs_decision": decide or None, "member": whose if may_answer else None}
    found = found.filter(**{name: value for name, value in narrowed.items() if value is not None})
    shown = list(with_words(found)[: AT_ONCE + 1])
    if may_answer:
        others = [note.round_id for note in shown[:AT_ONCE] if note.member_id != member.pk]
        access_log.note(member=member, rounds=others, what=AccessEntry.What.NOTES)
    news, may_rule = unread_notes(member, shown[:AT_ONCE]), can(member, "import codebook")
    kept = {} if may_answer else masked(member, shown[:AT_ONCE])
    context = {
        "rows": [
            row_of(note, may_rule=may_rule, is_new=note.pk in news, kept=kept.get(note.pk, frozenset()))
            for note in shown[:AT_ONCE]
        ],
        "masked": {pk for pk, masks in kept.items() if HEADLINE in masks},
        "older": shown[AT_ONCE - 1].pk if len(shown) > AT_ONCE else None,
        "settled": settled,
        "decide": decide,
        "by": by if whose is not None and may_answer else "",
        "asked": asked_of(member) if may_answer else None,
        "may_answer": may_answer,
    }
    answer = page(request, member, "notes/list.html", context)
    mark_read(member, shown[:AT_ONCE])
    return answer


@require_POST
def answer(request: HttpRequest, slug: str, note_id: int) -> HttpResponse:
    """Answer a note, perhaps with a rule; settle it without a word, or open it again; say if it needs a decision."""
    member = member_of(request, slug, "view notes")
    state, text, rule = (request.POST.get(name, "") for name in ("state", "text", "rule"))
    try:
        if state in ACTS:
            ACTS[state](member, note_id)
        elif not can(member, "answer notes"):
            reply_to_answer(member=member, note_id=note_id, text=text)
            messages.success(request, _("Sent to the lead."), "good")
        elif rule:
            key, _equals, value = rule.partition("=")
            answer_as_rule(member=member, note_id=note_id, text=text, key=key, value=value)
            messages.success(request, _("Answered; the codebook’s draft has it as an edge rule."), "good")
        else:
            answer_note(member=member, note_id=note_id, text=text)
            messages.success(request, _("Answered. It stands beside the sentence."), "good")
    except (InvalidError, ConflictError) as error:
        messages.warning(request, str(error), "doubt")
    return redirect(f"{reverse('notes', args=[slug])}{'?settled=1' if state == 'open' else ''}")


def _settling(*, settled: bool) -> Callable[[Membership, int], Note]:
    return lambda member, note_id: settle_note(member=member, note_id=note_id, settled=settled)


def _deciding(*, wanted: bool) -> Callable[[Membership, int], Note]:
    return lambda member, note_id: ask_decision(member=member, note_id=note_id, wanted=wanted)


ACTS: Mapping[str, Callable[[Membership, int], Note]] = {
    "settled": _settling(settled=True),
    "open": _settling(settled=False),
    "decide": _deciding(wanted=True),
    "no decision": _deciding(wanted=False),
}


def row_of(note: Note, *, may_rule: bool = False, is_new: bool = False, kept: Collection[str] = frozenset()) -> Row:
    """Of a note as `queries.notes.with_words` gives it; `kept` is what the reader may not see of its article."""
    book = codebook(note.round.codebook_version_id)
    asked = book.find(note.variable)
    return Row(
        note=note,
        words="" if note.unit.kind in kept else getattr(note, "words", ""),
        question=asked.label if asked else "",
        places=list(_places(book, asked)) if may_rule and note.settled_at is None else [],
        rule=_rule(book, note),
        is_new=is_new,
    )


def _places(book: Codebook, asked: Variable | None) -> Iterator[Place]:
    """The question of the note and its values; of a note on a whole sentence every question."""
    for variable in book.variables if asked is None else [asked]:
        if not variable.retired:
            yield Place(variable.key, variable.label)
    if asked is not None:
        for value in asked.values:
            yield Place(f"{asked.key}={value.key}", f"{asked.label}: {value.label}")
        for part in PARTS:
            for value in getattr(asked, part):
                yield Place(f"{asked.key}.{part.removesuffix('s')}={value.key}", f"{asked.label}: {value.label}")


def _rule(book: Codebook, note: Note) -> str:
    """What the edge rule that the answer became belongs to, in words."""
    if not note.rule_key:
        return ""
    key = note.rule_key.partition(".")[0]
    found = book.find(key)
    label = found.label if found else key
    return f"{label}: {note.rule_value}" if note.rule_value else label
