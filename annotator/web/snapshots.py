"""Snapshots: keep the report that is shown, list those that were kept, look at one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from annotator.models import AccessEntry, Snapshot
from annotator.queries.snapshots import Kept, kept_snapshot, selection_in, snapshot_of, snapshots_of
from annotator.services import access_log
from annotator.services.snapshots import keep_report
from annotator.web.report_downloads import offered_formats
from annotator.web.report_figures import figures_context
from annotator.web.report_parts import picked_words, report_address
from annotator.web.report_query import asked_report
from projects.models import Membership
from projects.permissions import can
from projects.web.pages import member_of, page


@dataclass(frozen=True)
class SnapshotLine:
    snapshot: Snapshot
    only: Sequence[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def snapshots(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view agreement")
    if request.method == "POST":
        asked = asked_report(request, member)
        return redirect("snapshot", slug, keep_report(member=member, round=asked.round, selection=asked.selection).pk)
    lines = [SnapshotLine(found, picked_words(selection_in(found))) for found in snapshots_of(member)]
    return page(request, member, "snapshots/list.html", {"snapshots": lines})


@require_safe
def snapshot(request: HttpRequest, slug: str, snapshot_id: int) -> HttpResponse:
    member = member_of(request, slug, "view agreement")
    kept = kept_snapshot(snapshot_of(member, snapshot_id))
    access_log.note(member=member, rounds=[kept.round.pk], what=AccessEntry.What.SNAPSHOT)
    return page(request, member, "snapshots/snapshot.html", _context(member, kept))


def _context(member: Membership, kept: Kept) -> dict[str, object]:
    return {
        **figures_context(kept.frozen.report, kept.book, may_change=False),
        "kept": kept,
        "only": picked_words(kept.selection),
        "today": report_address(member.project.slug, kept.round, kept.selection),
        "formats": offered_formats(member),
        "may_read_log": can(member, "view access log"),
        "download": reverse("snapshot_download", args=[member.project.slug, kept.snapshot.pk]) + "?",
    }
