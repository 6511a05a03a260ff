"""The calculator: the agreement report of a table from elsewhere, for everybody who is signed in. Nothing is stored."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.elsewhere import grid
from annotator.core.errors import InvalidError
from annotator.core.text import ENCODINGS
from annotator.formats.downloads import NAMES
from annotator.services.calculator import UnknownEncodingError, calculate
from annotator.services.table_projects import project_of_table
from annotator.web.calculator_form import questions, read_context, reading_of, sent_table, without_choices
from annotator.web.calculator_report import report_context
from annotator.web.report_downloads import file_answer
from projects.readers.tables import ENDINGS
from projects.web.pages import signed_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calculator(request: HttpRequest) -> HttpResponse:
    """Ask for a table; show its report and how it was read, or give the report as a file."""
    signed_in(request)
    if request.method != "POST":
        return _start(request, {})
    try:
        sent = sent_table(request)
        table = grid(sent.rows)
    except InvalidError as error:
        likely = error.likely[:1] if isinstance(error, UnknownEncodingError) else ()
        encoding = next(iter(likely), request.POST.get("encoding", ""))
        text = request.POST.get("text", "")
        return _start(request, {"error": error, "encoding": encoding, "text": text}, status=400)
    reading = reading_of(request, table)
    context = read_context(sent, table, reading)
    try:
        made = calculate(name=sent.name, grid=table, reading=reading)
    except InvalidError as error:
        asked = questions(without_choices(table, reading), reading)
        return render(request, "calculator/report.html", {**context, "error": error, "questions": asked}, status=400)
    wanted = request.POST.get("format", "")
    if wanted in NAMES:
        return file_answer(wanted, made.frozen, _("agreement"))
    context |= {"questions": questions(made.ratings, reading), **report_context(made)}
    return render(request, "calculator/report.html", context)


@require_POST
def calculator_project(request: HttpRequest) -> HttpResponse:
    """Store the table of a report as a project."""
    user = signed_in(request)
    sent = sent_table(request)
    table = grid(sent.rows)
    reading = reading_of(request, table)
    try:
        made = project_of_table(user=user, title=request.POST.get("title", ""), grid=table, reading=reading)
    except InvalidError as error:
        context = {**read_context(sent, table, reading), "error": error}
        return render(request, "calculator/report.html", context, status=400)
    messages.success(request, _("The project is there. Its annotators have no sign-in until you invite them."))
    return redirect(f"{reverse('agreement', args=[made.round.project.slug])}?round={made.round.pk}")


def _start(request: HttpRequest, more: Mapping[str, object], status: int = 200) -> HttpResponse:
    endings = ",".join(f".{ending}" for ending in ENDINGS)
    return render(request, "calculator/start.html", {"endings": endings, "encodings": ENCODINGS, **more}, status=status)
