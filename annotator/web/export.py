"""Datasets out by the browser: a page that says what there is, and the download."""

from collections.abc import Iterator
from itertools import islice

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from annotator.core.dataset import COLUMNS
from annotator.core.errors import InvalidError
from annotator.models import AccessEntry
from annotator.queries.editions import earlier_moves
from annotator.services import access_log
from annotator.services.exports import export_dataset, exported_rounds, preview
from annotator.web.moments import asked_moment
from projects.models import Membership, Round
from projects.queries import access, overview
from projects.web.numbers import number
from projects.web.pages import member_of, page

PREVIEWED = 10
LINES_A_CHUNK = 500
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
# In the order of the columns; docs/datasets.md says more.
MEANINGS = {
    "item_id": _("What is rated: article and sentence in one"),
    "text": _("The words of the unit, exact to the character"),
    "annotator": _("Pseudonym of the member"),
    "variable": _("Key of the question"),
    "value": _(
        "The answer: a key, number or text, or JSON for sets, spans and attributions; empty where there is none"
    ),
    "occasion": _("1, or 2 and more where the same annotator labels again"),
    "group": _("Group of a table that came from elsewhere, else empty"),
    "state": _("answered, none (answered: none applies), unanswered, or not_asked (its condition does not hold)"),
    "article": _("External id of the article"),
    "sentence": _("Number of the unit in the article, from 1; 0 is the whole article"),
    "start": _("First character of the unit in the article’s text, in code points from 0"),
    "end": _("End of the unit, exclusive"),
    "kind": _("Kind of the unit: sentence, headline, article and so on"),
    "round": _("Name of the round"),
    "codebook": _("Number of the codebook version of the round"),
    "version": _("How often the label was set or changed; 0 = never"),
    "updated_at": _("Time of the last change, ISO 8601 in UTC; empty = never"),
}


@require_safe
def export_page(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "export")
    shown = {round.pk for round in exported_rounds(member=member)}
    access_log.note(member=member, rounds=shown, what=AccessEntry.What.DATASET)
    lines = overview.round_lines(member.project)
    context = {
        "lines": [line for line in lines if line.round.pk in shown],
        "hidden": [line.round for line in lines if line.round.pk not in shown],
        "earlier": earlier_moves(line.round for line in lines if line.round.pk in shown),
        "files": FILES.items(),
        "layers": LAYERS.items(),
        "columns": COLUMNS,
        "rows": preview(member=member, rows=PREVIEWED),
        "meanings": MEANINGS.items(),
    }
    return page(request, member, "export/export.html", context)


@require_safe
def export_download(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """`?format=long&as=csv|tsv|jsonl|spreadsheet&round=ID`, or `?format=spreadsheet`; without a round, all of them.

    With `codebook` the round as it stood under the version of this number; with `as_of` all as it stood at that moment.
    `layer=decisions` or `layer=consensus` give these in place of the labels.
    """
    member = member_of(request, slug, "export")
    only = _chosen_round(member, request.GET.get("round", ""))
    dataset = export_dataset(
        member=member,
        format=request.GET.get("format") or "long",
        kind=request.GET.get("as", ""),
        only=only,
        under=_chosen_version(request.GET.get("codebook", "")),
        at=asked_moment(request),
        layer=request.GET.get("layer") or "labels",
    )
    served = [round.pk for round in exported_rounds(member=member, only=only)]
    access_log.note(member=member, rounds=served, what=AccessEntry.What.DATASET)
    return StreamingHttpResponse(
        _chunks(dataset.lines),
        content_type=f"{dataset.media_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{dataset.file_name}"'},
    )


def _chosen_round(member: Membership, value: str) -> Round | None:
    if not value:
        return None
    chosen = number(value)
    if chosen is None:
        raise InvalidError("Choose a round from the list.")
    return access.round_of(member, chosen)


def _chosen_version(value: str) -> int | None:
    if not value:
        return None
    chosen = number(value)
    if chosen is None:
        raise InvalidError("Give the version of the codebook by its number.")
    return chosen


def _chunks(lines: Iterator[str]) -> Iterator[str]:
    """Many rows a piece: a write to the network for each row would cost more than the row."""
    while chunk := "".join(islice(lines, LINES_A_CHUNK)):
        yield chunk
