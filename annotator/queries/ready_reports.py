"""A report for a page that can't wait: of a short round computed at once, of a long one the newest that a job left."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from annotator.core.plain import plain
from annotator.models import KeptReport, Label
from annotator.queries.frozen import from_stored
from annotator.queries.reports import SOFTWARE, Frozen, kept_frozen, labels_state, told
from annotator.queries.selections import EVERYTHING, Selection
from projects.models import Round

SHORT_LABELS = 50_000
"""The report of so many labels takes about a second."""


@dataclass(frozen=True)
class Ready:
    """A report; `computed_at` is set where it was kept, and `is_current` false where labels have changed since."""

    frozen: Frozen
    computed_at: datetime | None = None
    is_current: bool = True


def is_long(round: Round) -> bool:
    return Label.objects.filter(round=round)[: SHORT_LABELS + 1].count() > SHORT_LABELS


def ready_report(round: Round, selection: Selection = EVERYTHING) -> Ready | None:
    """None where a job has to compute it first.

    What was computed by another version of the program, or of the codebook, is no answer.
    """
    if not is_long(round):
        return Ready(told(round, kept_frozen(round, selection)))
    found = KeptReport.objects.filter(round=round, selection_sha256=selection_sha256(selection)).first()
    if found is None or _basis(found) != (SOFTWARE, round.codebook_version.document_sha256):
        return None
    frozen = told(round, from_stored(found.result, bytes(found.ratings)))
    return Ready(frozen, found.computed_at, found.state == labels_state(round))


def _basis(kept: KeptReport) -> tuple[str, str]:
    report = kept.result["report"]
    return report["software"], report["codebook"]["sha256"]


def selection_sha256(selection: Selection) -> str:
    return hashlib.sha256(json.dumps(plain(selection), sort_keys=True).encode()).hexdigest()
