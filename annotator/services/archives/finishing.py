"""What follows of a row from the rest of it: filled in, or checked. Raises ValueError where it doesn't fit.

Who unpacks something for it tells how many bytes that were.
"""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

from annotator.core.codebook import document_hash, parse
from annotator.core.lexicons import parse as parse_lexicon
from annotator.core.text import TextError, clean
from annotator.models import Snapshot
from annotator.queries.belonging import Table
from annotator.queries.frozen import from_stored
from annotator.queries.snapshots import selection_in
from annotator.services.snapshots import spec_hash
from projects.models import CodebookVersion, Lexicon, Round, TextVersion
from projects.queries.masking import MASKS

PIECE = 1024 * 1024
LONGEST_TABLE = 1024 * PIECE


def _lexicon(row: Lexicon) -> None:
    parse_lexicon(row.document)


def _round(row: Round) -> None:
    for arm in row.arms:
        if arm.keys() != {"key", "hide"} or not isinstance(arm["key"], str) or not set(arm["hide"]) <= set(MASKS):
            raise ValueError("an arm is none")


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


def _snapshot(row: Snapshot) -> int:
    row.spec_sha256 = spec_hash(row.spec)
    selection_in(row)
    from_stored(row.result, b"")
    if not row.ratings:
        return 0
    size, sha256 = _unpacked(bytes(row.ratings))
    if sha256 != row.input_sha256:
        raise ValueError("its ratings are not those of its sha256")
    return size


def _unpacked(data: bytes) -> tuple[int, str]:
    sha256, left = hashlib.sha256(), LONGEST_TABLE
    try:
        with gzip.open(BytesIO(data)) as table:
            while piece := table.read(PIECE):
                sha256.update(piece)
                left -= len(piece)
                if left < 0:
                    raise ValueError("its ratings are too many")
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("its ratings can’t be unpacked") from error
    return LONGEST_TABLE - left, sha256.hexdigest()


FINISH: Mapping[Table, Callable[..., int | None]] = {
    CodebookVersion: _codebook,
    Lexicon: _lexicon,
    Round: _round,
    Snapshot: _snapshot,
    TextVersion: _text,
}
