"""Bytes to a JSON document, strictly, and the hash by which a document is known."""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import NoReturn

from annotator.core.codebook.model import CodebookError, Json, Problem

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 64
_BOM = b"\xef\xbb\xbf"
# A string that is never closed runs to the end, so that the pattern stays linear on hostile input.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.?)*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)


def load(data: bytes) -> dict[str, Json]:
    """The JSON object in `data` (UTF-8, a byte order mark is dropped).

    Refused with CodebookError: other encodings, anything that isn't JSON (YAML, NaN, Infinity, numbers too large for
    a float), one name twice in an object, nesting deeper than 64, more than 5 MB.

    >>> load(b'{"key": "small"}')
    {'key': 'small'}
    """
    if len(data) > MAX_BYTES:
        _refuse(f"The file has {len(data)} bytes; a document may have {MAX_BYTES} at most.")
    text = _decode(data)
    if not text.strip():
        _refuse("The file is empty; choose a JSON document.")
    _check_depth(text)
    document = _parse(text)
    if not isinstance(document, dict):
        _refuse("The document has to be one JSON object ({...}), not a list or a single value.")
    return document


def document_hash(document: Json) -> str:
    """Hex sha256 of the document in canonical form."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def canonical_bytes(document: Json) -> bytes:
    """The document with names sorted, no white space and ASCII escapes: the file that has the hash."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def _decode(data: bytes) -> str:
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse(f"The file is not UTF-8 (byte {error.start + 1} doesn't fit); save the JSON document as UTF-8.")


def _check_depth(text: str) -> None:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match.group(), 0)
        if depth > MAX_DEPTH:
            _refuse(f"The JSON is nested deeper than {MAX_DEPTH} levels.")


def _parse(text: str) -> Json:
    try:
        document: Json = json.loads(
            text, object_pairs_hook=_unique_names, parse_constant=_refuse_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        _refuse(
            f"Not JSON: {error.msg} at line {error.lineno}, column {error.colno}. "
            "Only JSON documents are read, not YAML or others."
        )
    except CodebookError:
        raise
    except ValueError:  # Python refuses integers of more than 4,300 digits
        _refuse("The JSON holds a number with too many digits.")
    return document


def _unique_names(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in pairs:
        if name in found:
            _refuse(f'The JSON has the name "{name[:60]}" twice in one object; keep one of them.')
        found[name] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    _refuse(f"The JSON holds {name}, which is no number in JSON.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _refuse(f"The JSON holds the number {digits[:40]}, which is too large.")
    return number


def _refuse(message: str) -> NoReturn:
    raise CodebookError((Problem("", message),))
