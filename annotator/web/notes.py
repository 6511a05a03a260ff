"""Notes: what annotators ask of a sentence, and what the lead answers."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import InvalidError
from annotator.models import AccessEntry, Note
from annotator.queries.notes import masked, visible_notes, with_words
from annotator.services import access_log
from annotator.services.notes import answer_note, settle_note
from projects.permissions import can
from projects.queries.codebooks import codebook
from projects.web.numbers import number
from projects.web.pages import member_of, page

AT_ONCE = 50


@dataclass(frozen=True)
class Row:
    """A note with the words of its sentence and the question that it is about."""

    note: Note
    words: str
    question: str


@require_safe
def notes(request: HttpRequest, slug: str) -> HttpResponse:
    """The open ones, or with `settled=1` those that are settled, newest first; `before` is where a page begins."""
    member = member_of(request, slug, "view notes")
    settled = request.GET.get("settled") == "1"
    may_answer = can(member, "answer notes")
    found = visible_notes(member, of_all=may_answer).filter(settled_at__isnull=not settled)
    before = number(request.GET.get("before", ""))
    if before is not None:
        found = found.filter(pk__lt=before)
    shown = list(with_words(found)[: AT_ONCE + 1])
    if may_answer:
        others = [note.round_id for note in shown[:AT_ONCE] if note.member_id != member.pk]
        access_log.note(member=member, rounds=others, what=AccessEntry.What.NOTES)
    context = {
        "rows": [row_of(note) for note in shown[:AT_ONCE]],
        "masked": () if may_answer else masked(member, shown[:AT_ONCE]),
        "older": shown[AT_ONCE - 1].pk if len(shown) > AT_ONCE else None,
        "settled": settled,
        "may_answer": may_answer,
    }
    return page(request, member, "notes/list.html", context)


@require_POST
def answer(request: HttpRequest, slug: str, note_id: int) -> HttpResponse:
    """Answer a note, or settle it without a word, or open it again."""
    member = member_of(request, slug, "answer notes")
    text = request.POST.get("text", "")
    try:
        if request.POST.get("state") in ("settled", "open"):
            settle_note(member=member, note_id=note_id, settled=request.POST["state"] == "settled")
        else:
            answer_note(member=member, note_id=note_id, text=text)
            messages.success(request, _("Answered. It stands beside the sentence."), "good")
    except InvalidError as error:
        messages.warning(request, str(error), "doubt")
    return redirect(f"{reverse('notes', args=[slug])}{'?settled=1' if request.POST.get('state') == 'open' else ''}")


def row_of(note: Note) -> Row:
    """Of a note as `queries.notes.with_words` gives it."""
    return Row(note, getattr(note, "words", ""), _question(note))


def _question(note: Note) -> str:
    try:
        return codebook(note.round.codebook_version_id).variable(note.variable).label if note.variable else ""
    except KeyError:
        return ""
