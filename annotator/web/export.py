"""Datasets out by the browser: a page that says what there is, and the download."""

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from annotator.core.errors import InvalidError
from annotator.core.tables import Selection
from annotator.formats.written import text_of
from annotator.models import AccessEntry
from annotator.queries.editions import earlier_moves
from annotator.services import access_log
from annotator.services.export_formats import make
from annotator.services.exports import exported_rounds, preview
from annotator.web.moments import asked_moment
from projects.queries import overview
from projects.web.numbers import number
from projects.web.pages import member_of, page

PREVIEWED = 10
FILES = {
    "csv": _("CSV"),
    "tsv": _("TSV (tabs)"),
    "jsonl": _("JSON Lines"),
    "spreadsheet": _("CSV for Excel"),
}
LAYERS = {
    "labels": _("labels"),
    "decisions": _("decisions"),
    "consensus": _("consensus of the annotators"),
}


@require_safe
def export_page(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "export")
    shown = {round.pk for round in exported_rounds(member=member)}
    access_log.note(member=member, rounds=shown, what=AccessEntry.What.DATASET)
    lines = overview.round_lines(member.project)
    columns, rows = preview(member=member, rows=PREVIEWED)
    context = {
        "lines": [line for line in lines if line.round.pk in shown],
        "hidden": [line.round for line in lines if line.round.pk not in shown],
        "earlier": earlier_moves(line.round for line in lines if line.round.pk in shown),
        "files": FILES.items(),
        "layers": LAYERS.items(),
        "columns": columns,
        "rows": [[text_of(cell) for cell in row] for row in rows],
    }
    return page(request, member, "export/export.html", context)


@require_safe
def export_download(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """`?format=long&as=csv|tsv|jsonl|spreadsheet&round=ID`, or `?format=spreadsheet`; without a round, all of them.

    With `codebook` the round as it stood under the version of this number; with `as_of` all as it stood at that moment.
    `layer=decisions` or `layer=consensus` give these in place of the labels.
    """
    member = member_of(request, slug, "export")
    selection = _selection(request)
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
        dataset.chunks,
        content_type=dataset.media_type,
        headers={"Content-Disposition": f'attachment; filename="{dataset.file_name}"'},
    )


def _selection(request: HttpRequest) -> Selection:
    """What the query of a download or preview chooses; each part may be named several times."""
    asked = request.GET
    rounds = [number(value) for value in asked.getlist("round") if value]
    if None in rounds:
        raise InvalidError("Choose a round from the list.")
    return Selection(
        rounds=tuple(pk for pk in rounds if pk is not None),
        variables=_picked(asked, "variable"),
        kinds=_picked(asked, "kind"),
        annotators=_picked(asked, "annotator"),
        at=asked_moment(request),
        under=_chosen_version(asked.get("codebook", "")),
    )


def _picked(asked: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in asked.getlist(name) if value))


def _chosen_version(value: str) -> int | None:
    if not value:
        return None
    chosen = number(value)
    if chosen is None:
        raise InvalidError("Give the version of the codebook by its number.")
    return chosen
