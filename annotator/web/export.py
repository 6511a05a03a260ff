"""Datasets out by the browser: a page that says what there is, shows the first rows, and the download."""

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import InvalidError
from annotator.formats.written import text_of
from annotator.models import AccessEntry
from annotator.queries.editions import earlier_moves
from annotator.queries.ready_reports import is_long
from annotator.services import access_log, jobs
from annotator.services.dataset_jobs import file_of, start_export
from annotator.services.document_exports import DOCUMENT_FORMATS
from annotator.services.export_formats import make
from annotator.services.exports import exported_rounds, preview, size_of
from annotator.web import export_form
from projects.models import Membership
from projects.queries import overview
from projects.web.pages import member_of, page

PREVIEWED, LARGE = 10, 200_000


@require_safe
def export_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; for htmx what changes with a choice: the first rows and how many there are."""
    member = member_of(request, slug, "export")
    shown = exported_rounds(member=member)
    access_log.note(member=member, rounds=[round.pk for round in shown], what=AccessEntry.What.DATASET)
    context = _look(request, member)
    status = 400 if "refusal" in context else 200
    if request.headers.get("HX-Request") == "true":
        return page(request, member, "export/_preview.html", context, status)
    lines, keys = overview.round_lines(member.project), {round.pk for round in shown}
    context |= {
        "lines": [line for line in lines if line.round.pk in keys],
        "hidden": [line.round for line in lines if line.round.pk not in keys],
        "earlier": earlier_moves(shown),
        "files": export_form.FILES.items(),
        "tables": export_form.TABLES.items(),
        "documents": DOCUMENT_FORMATS.items(),
        "fields": export_form.fields(shown, request.GET),
        "asked": request.GET,
    }
    return page(request, member, "export/export.html", context, status)


def _look(request: HttpRequest, member: Membership) -> dict[str, object]:
    """The first rows of what is chosen, or why there are none."""
    table = request.GET.get("format") or "long"
    try:
        selection = export_form.asked_selection(request)
        rounds = exported_rounds(member=member, selection=selection)
        if table == "consensus" and any(map(is_long, rounds)):
            return {"table": table, "too_long": True, "is_large": True, "chosen": _chosen(request)}
        columns, rows = preview(member=member, table=table, selection=selection, rows=PREVIEWED)
        size = size_of(member=member, table=table, selection=selection)
    except InvalidError as error:
        return {"table": table, "refusal": str(error)}
    cells = [[text_of(cell) for cell in row] for row in rows]
    one_row = export_form.ONE_ROW[table]
    large = {"is_large": size.rows > LARGE, "chosen": _chosen(request)}
    return {"table": table, "one_row": one_row, "columns": columns, "rows": cells, "size": size, **large}


def _chosen(request: HttpRequest) -> list[tuple[str, str]]:
    """What the address says, field by field."""
    return [(name, value) for name, values in request.GET.lists() for value in values if value]


@require_safe
def export_download(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """`?format=long&as=csv&round=ID`: a table in a form; without a round, of all. docs/datasets.md says the rest."""
    member = member_of(request, slug, "export")
    selection = export_form.asked_selection(request)
    dataset = make(
        member=member,
        format=request.GET.get("format") or "long",
        kind=request.GET.get("as", ""),
        selection=selection,
        layer=request.GET.get("layer") or "labels",
    )
    served = [round.pk for round in exported_rounds(member=member, selection=selection)]
    access_log.note(member=member, rounds=served, what=AccessEntry.What.DATASET)
    return StreamingHttpResponse(
        dataset.begun(),
        content_type=dataset.media_type,
        headers={"Content-Disposition": f'attachment; filename="{dataset.file_name}"'},
    )


@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Write it beside the site, with the fields of a download."""
    member = member_of(request, slug, "export")
    job = start_export(
        member=member,
        format=request.POST.get("format") or "long",
        kind=request.POST.get("as", ""),
        selection=export_form.asked_selection(request),
        layer=request.POST.get("layer") or "labels",
    )
    return redirect("job", slug, job.pk)


@require_safe
def job_file(request: HttpRequest, slug: str, job_id: int) -> StreamingHttpResponse:
    member = member_of(request, slug, "export")
    job = jobs.job_of(member=member, job_id=job_id)
    file, name, media_type = file_of(member=member, job=job)
    access_log.note(member=member, rounds=job.result["rounds"], what=AccessEntry.What.DATASET)
    return FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
