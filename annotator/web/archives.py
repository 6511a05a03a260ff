"""A whole project out as one file, and in again."""

from io import BytesIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotator.core.errors import InvalidError
from annotator.models import AccessEntry
from annotator.services import access_log
from annotator.services.archives import ROWS_AT_ONCE, export_archive, import_archive
from projects.models import Round
from projects.web.pages import member_of, signed_in
from projects.web.uploads import uploaded_file


@require_safe
def export_archive_file(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Everything of the project as a ZIP file."""
    member = member_of(request, slug, "export archive")
    pieces = export_archive(member=member)
    rounds = Round.with_trash.filter(project=member.project_id).values_list("pk", flat=True)
    access_log.note(member=member, rounds=rounds, what=AccessEntry.What.DATASET)
    return StreamingHttpResponse(
        pieces,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{slug}-archive.zip"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_project(request: HttpRequest) -> HttpResponse:
    """Bring in a project from such a file; whoever does becomes its lead."""
    user = signed_in(request)
    if request.method != "POST":
        return _form(request)
    try:
        upload = uploaded_file(request)
        slug, lead = (request.POST.get(name, "").strip() for name in ("slug", "lead"))
        member = import_archive(file=BytesIO(upload.data), user=user, slug=slug, lead=lead, most_rows=ROWS_AT_ONCE)
    except InvalidError as error:
        return _form(request, error)
    messages.success(
        request,
        _("The project is here, as it was. Its other members have no sign-in until you invite them."),
        extra_tags="good",
    )
    return redirect("overview", member.project.slug)


def _form(request: HttpRequest, error: InvalidError | None = None) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("slug", "lead")}
    return render(request, "home/import.html", given | {"error": error}, status=400 if error else 200)
