"""Snapshots as they are listed and looked at, and whether the labels of today would give another one."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.core.codebook import Codebook
from annotator.core.errors import NotFoundError
from annotator.core.plain import rebuilt
from annotator.models import Snapshot
from annotator.queries.datasets import is_hidden, open_rounds_hidden_from
from annotator.queries.frozen import from_stored
from annotator.queries.ready_reports import is_long
from annotator.queries.reports import Frozen, kept_report, labels_state
from annotator.queries.selections import Selection
from projects.models import CodebookVersion, Membership, Round
from projects.queries.codebooks import codebook


def snapshots_of(member: Membership) -> Sequence[Snapshot]:
    """Those that the member may see, of rounds not in the trash, newest first, without their figures."""
    hidden = {*open_rounds_hidden_from(member).values_list("pk", flat=True), *_in_trash(member.project_id)}
    found = Snapshot.objects.filter(project=member.project_id).select_related("made_by").order_by("-pk")
    return [snapshot for snapshot in found.defer("result", "ratings") if snapshot.spec["round"] not in hidden]


def snapshot_of(member: Membership, snapshot: int) -> Snapshot:
    """Whoever annotates in its round, blind and still open, finds none."""
    found = Snapshot.objects.filter(project=member.project_id, pk=snapshot).select_related("made_by").first()
    if found is None or is_hidden(member, found.spec["round"]):
        raise NotFoundError("There is no such snapshot.")
    if found.spec["round"] in _in_trash(member.project_id):
        raise NotFoundError("The round of this snapshot is in the trash. A lead can restore it from there.")
    return found


def _in_trash(project_id: int) -> set[int]:
    rounds = Round.with_trash.filter(project=project_id, deleted_at__isnull=False)
    return set(rounds.values_list("pk", flat=True))


@dataclass(frozen=True)
class Kept:
    """A snapshot with its report; `is_current` says whether the labels of today give the same input."""

    snapshot: Snapshot
    round: Round
    book: Codebook
    selection: Selection
    frozen: Frozen
    is_current: bool


def kept_snapshot(snapshot: Snapshot) -> Kept:
    round = Round.objects.select_related("project", "codebook_version").get(pk=snapshot.spec["round"])
    version = CodebookVersion.objects.get(project=snapshot.project_id, number=snapshot.spec["codebook"]["number"])
    selection = selection_in(snapshot)
    frozen = from_stored(snapshot.result, bytes(snapshot.ratings or b""))
    return Kept(snapshot, round, codebook(version.pk), selection, frozen, _is_current(snapshot, round, selection))


def selection_in(snapshot: Snapshot) -> Selection:
    return rebuilt(Selection, snapshot.spec["selection"])


def _is_current(snapshot: Snapshot, round: Round, selection: Selection) -> bool:
    """Labels changed and changed back give the same input; of a long round that takes too long to find out."""
    if snapshot.result["state"] == labels_state(round):
        return True
    if is_long(round):
        return False
    try:
        return kept_report(round, selection).input_sha256 == snapshot.input_sha256
    except NotFoundError:  # a question of then is none any more
        return False
