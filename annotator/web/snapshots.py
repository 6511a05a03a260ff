"""Snapshots: keep the report that is shown, list those that were kept, look at one."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotator.core.agreement import VariableReport
from annotator.core.errors import NotFoundError
from annotator.queries.selections import Selection
from annotator.queries.snapshots import Kept, kept_snapshot, snapshot_of, snapshots_of
from annotator.services.snapshots import keep_report
from annotator.web.charts import floor_of, line
from annotator.web.findings import finding, interval_note, lede, left_out
from annotator.web.report_downloads import offered_formats
from annotator.web.report_query import asked_report
from projects.models import Membership
from projects.permissions import can
from projects.web.pages import member_of, page


@require_http_methods(["GET", "HEAD", "POST"])
def snapshots(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view agreement")
    if request.method == "POST":
        asked = asked_report(request, member)
        return redirect("snapshot", slug, keep_report(member=member, round=asked.round, selection=asked.selection).pk)
    return page(request, member, "snapshots/list.html", {"snapshots": snapshots_of(member)})


@require_safe
def snapshot(request: HttpRequest, slug: str, snapshot_id: int) -> HttpResponse:
    member = member_of(request, slug, "view agreement")
    kept = kept_snapshot(snapshot_of(member, snapshot_id))
    return page(request, member, "snapshots/snapshot.html", _context(request, member, kept))


def _context(request: HttpRequest, member: Membership, kept: Kept) -> dict[str, object]:
    report = kept.frozen.report
    floor = floor_of(report.variables)
    chosen = _chosen(request, report.variables)
    return {
        "kept": kept,
        "report": report,
        "only": only(kept.selection),
        "finding": finding(report),
        "lede": lede(report, kept.round),
        "interval_note": interval_note(report),
        "lines": [line(variable, floor=floor) for variable in report.variables],
        "from_40": floor > 0,
        "chosen": chosen.key,
        "variable": chosen,
        "left_out": left_out(chosen),
        "formats": offered_formats(member),
        "may_export": can(member, "export"),
    }


def only(selection: Selection) -> Sequence[tuple[str, str]]:
    """What is picked, in words: the part and what it keeps."""
    names = {
        "variables": _("questions"),
        "annotators": _("annotators"),
        "articles": _("articles"),
        "outlets": _("outlets"),
        "kinds": _("kinds of unit"),
    }
    return [(names[part], ", ".join(picked)) for part, picked in selection.parts()]


def _chosen(request: HttpRequest, variables: Sequence[VariableReport]) -> VariableReport:
    wanted = request.GET.get("variable", "")
    for variable in variables:
        if variable.key == wanted:
            return variable
    if wanted:
        raise NotFoundError("This snapshot has no such question.")
    return next((variable for variable in variables if variable.verdict == "not yet"), variables[0])
