"""One annotator's labels put back as they stood: what would change first, then the act, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.codebook import Variable
from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from annotator.models import AccessEntry, Job, LabelRestore
from annotator.queries.datasets import is_hidden
from annotator.queries.editions import variables_of
from annotator.services import access_log
from annotator.services.appending import Change
from annotator.services.label_restores import Preview, preview_restore
from annotator.services.label_restores.job import start_restore, start_undo
from annotator.web.asking import words
from annotator.web.moments import asked_moment
from projects.models import Article, Membership, Round, Unit
from projects.queries import access
from projects.web.numbers import number
from projects.web.pages import member_of, page
from projects.web.undo import tell_refusal

LISTED = 200


@dataclass(frozen=True)
class Asked:
    """What the form says; without `at` only who could be asked for is shown."""

    annotator: Membership | None
    article: Article | None
    at: datetime | None


@dataclass(frozen=True)
class Line:
    """What would change in one label."""

    article: Article
    unit: Unit
    words: str
    question: str
    now: str
    then: str
    waits: bool


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """Whose labels, as of when and perhaps in which article; then what would change. A POST does it."""
    member = member_of(request, slug, "restore labels")
    round = access.round_of(member, round_id)
    people = list(Membership.objects.filter(assignments__round=round).distinct())
    preview, asked, error = None, Asked(None, None, None), None
    try:
        asked = _asked(request, member, people)
        if request.method == "POST":
            return _restored(request, member, round, asked)
        preview = _preview(member, round, asked)
    except InvalidError as refused:
        error = refused
    context = {
        "round": round,
        "people": people,
        "asked": asked,
        "preview": preview,
        "number": len(preview.changes) if preview else None,
        "lines": _lines(round, preview.changes[:LISTED]) if preview else [],
        "past": _past(member, round),
        "error": error,
    }
    return page(request, member, "label_history/restore.html", context, status=400 if error else 200)


@require_POST
def undo(request: HttpRequest, slug: str, round_id: int, restore_id: int) -> HttpResponse:
    member = member_of(request, slug, "restore labels")
    round = access.round_of(member, round_id)
    made = LabelRestore.objects.select_related("round", "annotator", "article")
    found = made.filter(round=round, pk=restore_id).first()
    if found is None:
        raise NotFoundError("There is no such restore.")
    try:
        return _done(request, member, round, start_undo(member=member, restore=found))
    except (ConflictError, InvalidError) as error:
        tell_refusal(request, error)
    return redirect("restore_labels", slug, round.pk)


def _done(request: HttpRequest, member: Membership, round: Round, job: Job) -> HttpResponse:
    """Back to the page, which says what came of it; where it has only begun, the job."""
    if job.state == Job.State.WAITING:
        return redirect("job", member.project.slug, job.pk)
    if job.state != Job.State.DONE:
        messages.error(request, job.message, "bad")
    else:
        changed = job.result["changed"]
        then = ngettext("%(n)s label stands as it stood then.", "%(n)s labels stand as they stood then.", changed)
        back = ngettext("%(n)s label is as it was before.", "%(n)s labels are as they were before.", changed)
        messages.success(request, (back if job.result["undone"] else then) % {"n": changed}, "good")
    return redirect("restore_labels", member.project.slug, round.pk)


def _asked(request: HttpRequest, member: Membership, people: Sequence[Membership]) -> Asked:
    sent = request.POST if request.method == "POST" else request.GET
    who, which = number(sent.get("annotator", "")), number(sent.get("article", ""))
    annotator = next((person for person in people if person.pk == who), None)
    return Asked(annotator, access.article(member, which) if which is not None else None, asked_moment(request))


def _restored(request: HttpRequest, member: Membership, round: Round, asked: Asked) -> HttpResponse:
    if asked.annotator is None or asked.at is None:
        raise InvalidError(_("Choose an annotator and a moment."))
    at, annotator, article = asked.at, asked.annotator, asked.article
    job = start_restore(member=member, round=round, annotator=annotator, at=at, article=article)
    return _done(request, member, round, job)


def _preview(member: Membership, round: Round, asked: Asked) -> Preview | None:
    if asked.annotator is None or asked.at is None:
        return None
    found = preview_restore(member=member, round=round, annotator=asked.annotator, at=asked.at, article=asked.article)
    if asked.annotator != member:
        access_log.note(member=member, rounds=[round.pk], what=AccessEntry.What.ANSWERS)
    return found


def _past(member: Membership, round: Round) -> list[LabelRestore]:
    if is_hidden(member, round.pk):
        return []
    return list(LabelRestore.objects.filter(round=round).select_related("annotator", "member", "article")[:LISTED])


def _lines(round: Round, changes: Sequence[Change]) -> list[Line]:
    asked = variables_of(round) if changes else {}
    return [_line(asked, change) for change in changes]


def _line(asked: Mapping[str, Variable], change: Change) -> Line:
    label, variable = change.label, asked[change.label.variable]
    text, unit = label.assignment.text_version, label.unit
    return Line(
        article=text.article,
        unit=unit,
        words=text.text[unit.start : unit.end] if unit.index else "",
        question=variable.label,
        now=words(variable, label.value),
        then=words(variable, change.value),
        waits=change.to_confirm,
    )
