"""The codebook editor: one draft, one question at a time, with the panel of the coding screen beside it."""

import re
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.codebook import CodebookError, Problem, changes, parse, problems, readable
from annotator.core.codebook.editing import Document, entries, entry_at
from annotator.core.errors import ConflictError, DomainError, InvalidError, NotFoundError
from annotator.web.asking import Question, asking
from annotator.web.codebook_edits import SentForm, small_number
from annotator.web.codebook_forms import Drawing
from projects.models import CodebookVersion, Membership
from projects.queries.codebooks import newest_published_or_none, published_entries
from projects.services.codebook_drafts import discard_draft, save_draft, start_draft
from projects.web.codebook_words import field_name
from projects.web.pages import member_of, page

_ELEMENT = re.compile(r"[a-z_]+(?:[.-][a-z_0-9]+)*")


@require_http_methods(["GET", "HEAD", "POST"])
def codebook_edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The form of one question (`at`), or without it of the codebook itself; a POST saves it.

    An autosave is answered with the page of just what it saved: its hash is the base of the next one, so that an edit
    of somebody else in between is never taken for seen.
    """
    member = member_of(request, slug, "import codebook")
    if request.method != "POST":
        return _editor(request, _draft(member, number), member, small_number(request.GET.get("at", "")))
    form = SentForm(request.POST)
    try:
        version = save_draft(member=member, number=number, base=request.POST.get("base", ""), edit=form.apply)
    except (ConflictError, InvalidError) as error:
        status = 409 if isinstance(error, ConflictError) else 400
        return _editor(request, _draft(member, number), member, form.at, error, status)
    if request.POST.get("autosave"):
        return _editor(request, version, member, form.at)
    return redirect(_address(slug, number, form))


@require_POST
def codebook_start(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "import codebook")
    version = start_draft(member=member)
    return redirect("codebook_edit", slug, version.number)


@require_POST
def codebook_discard(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    member = member_of(request, slug, "import codebook")
    discard_draft(member=member, number=number)
    messages.success(request, _("The draft is gone. The published versions are as they were."), "good")
    return redirect("codebook", slug)


def _address(slug: str, number: int, form: SentForm) -> str:
    address = reverse("codebook_edit", args=[slug, number])
    address += "" if form.at is None else f"?at={form.at}"
    return address + (f"#{quote(form.focus)}" if _ELEMENT.fullmatch(form.focus[:80]) else "")


def _draft(member: Membership, number: int) -> CodebookVersion:
    drafts = CodebookVersion.objects.filter(project=member.project, state=CodebookVersion.State.DRAFT)
    version = drafts.filter(number=number).first()
    if version is None:
        raise NotFoundError("There is no such draft. It may have been published or discarded meanwhile.")
    return version


def _editor(
    request: HttpRequest,
    version: CodebookVersion,
    member: Membership,
    at: int | None,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    document: Document = version.document
    if at is not None and at >= len(entries(document, ("variables",))):
        at = None
    wrong = problems(document)
    drawing = Drawing(document, wrong, published_entries(member.project_id))
    since = newest_published_or_none(member.project_id)
    context = {
        "version": version,
        "form": drawing.book() if at is None else drawing.question(at),
        "groups": list(drawing.links()),
        "elsewhere": [(problem.message, *_place_of(problem, document)) for problem in drawing.rest()],
        "wrong": len(wrong),
        "questions": _preview(document, at),
        "since": since,
        "changes": [(c, field_name(c.field)) for c in changes(since.document, document)] if since else [],
        "error": error,
        "conflict": isinstance(error, ConflictError),
    }
    return page(request, member, "codebook_editor/editor.html", context, status)


def _place_of(problem: Problem, document: Document) -> tuple[str, int | None]:
    """The name and number of the question that a problem is of, else its place in the document."""
    found = re.match(r"variables\[(\d+)\]", problem.where)
    if not found:
        return problem.where, None
    entry = entry_at(document, ("variables", int(found[1])))
    return str(entry.get("label") or entry.get("key") or problem.where), int(found[1])


def _preview(document: Document, at: int | None) -> list[Question] | None:
    """The steps of a question on the coding screen, None where it can't be read yet."""
    if at is None:
        return []
    try:
        book, key = parse(document), str(entries(document, ("variables",))[at]["key"])
    except CodebookError:
        found = readable(document, at)
        if found is None:
            return None
        book, key = found, found.variables[0].key
    asked = asking(book)
    return [question for question in (*asked.required, *asked.optional) if question.variable.key == key]
