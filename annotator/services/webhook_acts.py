"""Which acts of a project its webhooks are told of: those that its audit writes down."""

from collections.abc import Callable, Mapping

from annotator.services.webhooks import emit
from projects.models import AuditEntry, CodebookVersion, Round

Data = Mapping[str, object]


def tell(entry: AuditEntry) -> None:
    kind, data_of = ACTS[entry.act]
    data = data_of(entry)
    if data is not None:
        emit(kind, project=entry.project_id, data=data)


def _round(entry: AuditEntry) -> Data | None:
    """The newest of this name, for a round in the trash may have had it."""
    found = Round.objects.filter(project=entry.project_id, name=entry.detail.get("round", "")).first()
    return {"round": found.pk} if found else None


def _codebook(entry: AuditEntry) -> Data | None:
    is_draft = entry.detail.get("state") == CodebookVersion.State.DRAFT
    return None if is_draft else {"codebook": entry.detail.get("number")}


ACTS: Mapping[str, tuple[str, Callable[[AuditEntry], Data | None]]] = {
    "open round": ("round.opened", _round),
    "reopen round": ("round.opened", _round),
    "close round": ("round.closed", _round),
    "publish codebook": ("codebook.published", _codebook),
    "import codebook": ("codebook.published", _codebook),
}
