"""What follows of a row from the rest of it: filled in, or checked. Raises ValueError where it doesn't fit."""

import hashlib
from collections.abc import Callable, Mapping

from annotator.core.codebook import document_hash, parse
from annotator.core.text import TextError, clean
from annotator.models import Snapshot
from annotator.queries.belonging import Table
from annotator.services.snapshots import spec_hash
from projects.models import CodebookVersion, TextVersion


def _text(row: TextVersion) -> None:
    try:
        kept = clean(row.text).text
    except TextError as error:
        raise ValueError(str(error)) from error
    if kept != row.text:
        raise ValueError("its text has characters that are never stored")
    if hashlib.sha256(row.text.encode()).hexdigest() != row.sha256:
        raise ValueError("its text is not that of its sha256")


def _codebook(row: CodebookVersion) -> None:
    if not isinstance(row.document, dict) or document_hash(row.document) != row.document_sha256:
        raise ValueError("its document is not that of its sha256")
    if row.state == CodebookVersion.State.PUBLISHED:
        parse(row.document)


def _snapshot(row: Snapshot) -> None:
    row.spec_sha256 = spec_hash(row.spec)


FINISH: Mapping[Table, Callable[..., object]] = {
    CodebookVersion: _codebook,
    Snapshot: _snapshot,
    TextVersion: _text,
}
