"""Which tables and fields a project archive has. A test fails where a new one is neither here nor left out."""

from collections.abc import Mapping
from functools import cache

from django.db.models import Field, Model, Q

from annotator.models import (
    AccessEntry,
    CodebookMove,
    Decision,
    DecisionEvent,
    Event,
    GoldAnswer,
    GoldScore,
    HintEvent,
    Label,
    LabelRestore,
    Mending,
    Note,
    QueuedUnit,
    Snapshot,
    Tally,
    TrainingResult,
)
from annotator.queries.belonging import Table
from projects.models import (
    Article,
    Assignment,
    AuditEntry,
    CodebookVersion,
    CopyPair,
    Lexicon,
    Membership,
    Project,
    Round,
    TextVersion,
    Unit,
    UnitLineage,
)

PARTS: Mapping[str, Table] = {
    "project": Project,
    "members": Membership,
    "codebooks": CodebookVersion,
    "lexicons": Lexicon,
    "articles": Article,
    "text_versions": TextVersion,
    "units": Unit,
    "unit_lineage": UnitLineage,
    "copy_pairs": CopyPair,
    "mendings": Mending,
    "rounds": Round,
    "assignments": Assignment,
    "codebook_moves": CodebookMove,
    "label_restores": LabelRestore,
    "events": Event,
    "labels": Label,
    "hint_events": HintEvent,
    "notes": Note,
    "queued_units": QueuedUnit,
    "decisions": Decision,
    "decision_events": DecisionEvent,
    "gold_answers": GoldAnswer,
    "gold_scores": GoldScore,
    "training_results": TrainingResult,
    "snapshots": Snapshot,
    "tallies": Tally,
    "history": AuditEntry,
    "access_log": AccessEntry,
}
"""By the name of the file, those that others hang on first."""

LEFT_OUT: Mapping[str, str] = {
    "User": "accounts belong to a site; members are known by their pseudonyms",
    "Token": "belongs to an account",
    "MailWish": "belongs to an account",
    "Notice": "tells an account of something",
    "Invitation": "opens a door of the site where it was made",
    "Job": "work of the site; what came of it is here",
    "Webhook": "leads to another system of this site's",
    "Delivery": "of a webhook",
    "AnsweredRequest": "what scripts were answered, kept for a day",
    "KeptReport": "worked out from the labels",
}
"""Tables of ours without a part, and why."""

LEFT_OUT_FIELDS: Mapping[str, str] = {
    "Membership.user": "the account",
    "Project.deleted_at": "a project in the trash is not archived",
    "Article.pending_import": "an import that isn't finished is left out",
    "TextVersion.pending": "an import that isn't finished is left out",
    "Snapshot.spec_sha256": "worked out from the spec",
}

EXPORTED, IMPORTED = "export project archive", "import project archive"
KEPT: Mapping[Table, Q] = {
    Article: Q(pending_import=None),
    TextVersion: Q(article__pending_import=None),
    Unit: Q(text_version__article__pending_import=None),
    # That an archive was written or read is of the site where it was: else the next one would always be another.
    AuditEntry: ~Q(act__in=(EXPORTED, IMPORTED)),
}
"""Which rows of a table are archived, where not all are."""


ROWS = 1_000
FEW: Mapping[Table, int] = {CodebookVersion: 10, Snapshot: 1, TextVersion: 20}
"""How many rows are held at once: of some tables one row may have megabytes."""


@cache
def fields_of(table: Table) -> tuple["Field[object, object]", ...]:
    """Those that the archive has, which are all but the key, the project and what is left out."""
    return tuple(
        field
        for field in table._meta.concrete_fields
        if not field.primary_key
        and field.related_model is not Project
        and f"{table.__name__}.{field.name}" not in LEFT_OUT_FIELDS
    )


def project_key(table: type[Model]) -> str | None:
    """The field by which a row names its project itself."""
    return next((field.attname for field in table._meta.concrete_fields if field.related_model is Project), None)
