"""A report, of now or kept, as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import ConflictError, InvalidError
from annotator.formats.bundle import Basis
from annotator.formats.downloads import BUNDLE, NAMES, report_file
from annotator.models import AccessEntry
from annotator.queries.ready_reports import Ready, ready_report
from annotator.queries.reports import Frozen
from annotator.queries.snapshots import kept_snapshot, snapshot_of
from annotator.services import access_log
from annotator.services.long_reports import start_report
from annotator.web.report_query import Asked, asked_report
from projects.models import Membership
from projects.permissions import can, require
from projects.web.pages import member_of


@require_safe
def agreement_download(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view agreement")
    asked = asked_report(request, member)
    name = _format(request)
    ready = ready_report(asked.round, asked.selection)
    if ready is None:
        raise ConflictError("This report is not computed yet. Open its page and compute it first.")
    return _answer(member, name, ready.frozen, f"{slug}-agreement-{asked.round.pk}")


@require_safe
def snapshot_download(request: HttpRequest, slug: str, snapshot_id: int) -> HttpResponse:
    member = member_of(request, slug, "view agreement")
    found = snapshot_of(member, snapshot_id)
    access_log.note(member=member, rounds=[found.spec["round"]], what=AccessEntry.What.SNAPSHOT)
    return _answer(member, _format(request), kept_snapshot(found).frozen, f"{slug}-snapshot-{found.pk}")


@require_POST
def compute_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Of a long round; the page of the job leads to the report."""
    member = member_of(request, slug, "view agreement")
    asked = asked_report(request, member)
    job = start_report(member=member, round=asked.round, selection=asked.selection)
    return redirect("job", slug, job.pk)


def around_report(member: Membership, asked: Asked, ready: Ready) -> dict[str, object]:
    """What stands above and below the figures: how old they are, the files, and whether they can be kept."""
    return {
        "computed_at": ready.computed_at,
        "is_current": ready.is_current,
        "formats": offered_formats(member),
        "download": f"{reverse('agreement_download', args=[member.project.slug])}?{asked.query}&",
        "may_export": can(member, "export"),
        "may_read_log": can(member, "view access log"),
        "may_keep": can(member, "keep reports"),
    }


def offered_formats(member: Membership) -> list[tuple[str, str]]:
    """Key and name of each file that this member may have."""
    return [(key, name) for key, name in all_formats() if key != BUNDLE or can(member, "export")]


def all_formats() -> list[tuple[str, str]]:
    return [
        ("csv", _("Table, CSV")),
        ("xlsx", _("Table, Excel")),
        ("json", "JSON"),
        ("markdown", "Markdown"),
        ("latex", "LaTeX"),
        ("methods", _("Paragraph for a paper")),
        (BUNDLE, _("Ratings and scripts in R and Python")),
    ]


def _format(request: HttpRequest) -> str:
    name = request.GET.get("format", "csv")
    if name not in NAMES:
        raise InvalidError(f"There is no format {name[:20]!r}; choose one of {', '.join(NAMES)}.")
    return name


def _answer(member: Membership, name: str, frozen: Frozen, file_name: str) -> HttpResponse:
    """Single ratings go out to those alone who may export."""
    if name == BUNDLE:
        require(member, "export")
    return file_answer(name, frozen, file_name)


def file_answer(name: str, frozen: Frozen, file_name: str) -> HttpResponse:
    """A report as an attachment; `name` is one of NAMES."""
    basis = Basis(frozen.annotators, frozen.questions, frozen.ratings.lines())
    file = report_file(name, frozen.report.as_dict(), basis)
    answer = HttpResponse(file.content, content_type=file.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{slugify(file_name)}.{file.ending}"'
    return answer
