"""The codebook as its readers see it, and its import."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotator.core.codebook import effective_keys
from annotator.core.errors import InvalidError
from projects.permissions import can
from projects.queries.codebooks import codebook, newest_published, newest_published_or_none
from projects.services.codebooks import check_codebook, import_codebook, take_ready_codebook
from projects.web.pages import member_of, page
from projects.web.uploads import uploaded_file


@require_safe
def codebook_page(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view codebook")
    version = newest_published_or_none(member.project_id)
    book = codebook(version.pk) if version else None
    variables = [(variable, effective_keys(variable)) for variable in book.variables] if book else []
    context = {
        "version": version,
        "book": book,
        "variables": variables,
        "may_import": can(member, "import codebook"),
    }
    return page(request, member, "codebook/codebook.html", context)


@require_safe
def codebook_document(request: HttpRequest, slug: str) -> HttpResponse:
    """The published document as a download."""
    member = member_of(request, slug, "view codebook")
    version = newest_published(member.project_id)
    answer = JsonResponse(version.document, json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{slug}-codebook-{version.number}.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def codebook_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a document; with `preview` it is only checked."""
    member = member_of(request, slug, "import codebook")
    if request.method != "POST":
        return page(request, member, "codebook/import.html", {})
    try:
        data = uploaded_file(request).data
        if request.POST.get("preview"):
            book = check_codebook(member=member, data=data)
            return page(request, member, "codebook/import.html", {"previewed": book})
        version = import_codebook(member=member, data=data, draft=bool(request.POST.get("draft")))
    except InvalidError as error:
        return page(request, member, "codebook/import.html", {"error": error}, status=400)
    if version.published_at is None:
        told = _("Codebook version %(number)s is kept as a draft. It is not published.")
    else:
        told = _("Codebook version %(number)s is published.")
    messages.success(request, told % {"number": version.number}, "good")
    return redirect("codebook", slug)


@require_http_methods(["POST"])
def codebook_ready(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a codebook that comes with the product."""
    member = member_of(request, slug, "import codebook")
    version = take_ready_codebook(member=member)
    messages.success(request, _("Codebook version %(number)s is published.") % {"number": version.number}, "good")
    return redirect("codebook", slug)
