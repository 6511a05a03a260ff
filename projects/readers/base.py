"""What a reader gives: articles as documents, or an error that says what to mend and where."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from annotator.core.text import Change, Cleaned, TextError, clean, clean_field
from projects.readers import limits

_TYPE_NAMES = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}

REQUIRED = ("external_id", "text")
METADATA = ("outlet", "author", "published_at", "url", "language")
FIELDS = ("external_id", "title", "text", *METADATA)
"""The columns and keys that have a meaning; all others are kept as metadata under their own names."""

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

Rows = list[list[str]]
"""A table as text, its header first."""


class ReadError(ValueError):
    """A file that can't be taken in: `message` says what is wrong, `where` in which row, article or line."""

    def __init__(self, message: str, where: str = "") -> None:
        self.message = message
        self.where = where
        super().__init__(f"{where}: {message}" if where else message)


class EncodingError(ReadError):
    """Bytes in an encoding that nobody declared; `likely` is our guess, best first, for the user to choose from."""

    def __init__(self, message: str, likely: tuple[str, ...], where: str = "") -> None:
        self.likely = likely
        super().__init__(message, where)


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it was read, its text already clean; `changes` are those made to the text."""

    external_id: str
    title: str
    text: str
    source_sha256: str
    encoding: str
    metadata: Mapping[str, Json] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    language_detected: bool = False
    """The language of the metadata is our guess from the text; nobody stated it."""
    needs_review: bool = False
    """The text was put together from a page's layout: a person has to look at it before it is stored."""


@dataclass(frozen=True, slots=True)
class Source:
    """The file that documents come from."""

    name: str
    sha256: str
    encoding: str
    changes: tuple[Change, ...] = ()
    """Made to the file as a whole; reported with its first document."""


def limited(rows: Iterable[list[str]]) -> Rows:
    """The rows as a list, unless they are too many: refused before they take all the memory."""
    kept: Rows = []
    cells = 0
    for row in rows:
        kept.append(row)
        cells += len(row)
        if len(kept) > limits.TABLE_ROWS or cells > limits.TABLE_CELLS:
            most = f"{limits.TABLE_ROWS} rows and {limits.TABLE_CELLS} cells"
            raise ReadError(f"the table is too large: the limits are {most}")
    return kept


def document(source: Source, record: Mapping[str, Json], where: str) -> Document:
    """Make a document of one row or object; raises `ReadError` for what is missing, empty or of the wrong type."""
    for name in REQUIRED:
        if name not in record:
            raise ReadError(f"the field “{name}” is missing", where)
    external_id = _external_id(record["external_id"], where)
    where = f"{where} ({external_id})"
    body = _cleaned(_text(record["text"], "text", where), where)
    given = _field(record.get("title"), "title", where)
    title, shortened = _one_line(given) if given else (_one_line(_first_line(body.text))[0], ())
    return Document(
        external_id=external_id,
        title=title,
        text=body.text,
        source_sha256=source.sha256,
        encoding=source.encoding,
        metadata=_metadata(record, where),
        changes=body.changes + shortened,
    )


def documents(source: Source, records: Sequence[tuple[str, Mapping[str, Json]]], none: str) -> list[Document]:
    """Make documents of records, each with its place in the file; `none` says what a file without any lacks."""
    if not records:
        raise ReadError(f"there is no article in the file: {none}")
    seen: dict[str, str] = {}
    made = []
    for place, record in records:
        read = document(source, record, place)
        if read.external_id in seen:
            raise ReadError(f"the external_id “{read.external_id}” is a duplicate of {seen[read.external_id]}", place)
        seen[read.external_id] = place
        made.append(read)
    made[0] = replace(made[0], changes=source.changes + made[0].changes)
    return made


def rename(names: Sequence[str], mapping: Mapping[str, str] | None, where: str) -> list[str]:
    """Give columns the names that `mapping` (column to field) gives them; refuse unknown and doubled ones."""
    wanted = mapping or {}
    if unknown := sorted(set(wanted) - set(names)):
        raise ReadError(f"there is no column “{unknown[0]}” to map; the columns are: {', '.join(names[:20])}", where)
    renamed = [wanted.get(name, name) for name in names]
    if doubled := [name for name, count in Counter(renamed).items() if count > 1]:
        raise ReadError(f"the column “{doubled[0][:40]}” is there twice (duplicate header)", where)
    return renamed


def check_header(header: Sequence[str]) -> None:
    """Refuse a table whose header lacks a column that every article needs."""
    if not header:
        raise ReadError("the table is empty: there is no article in it")
    if missing := [name for name in REQUIRED if name not in header]:
        found = ", ".join(f"“{name[:40]}”" for name in header[:20])
        hint = ". Every article needs an id: number the rows if there is none" if missing[0] == "external_id" else ""
        raise ReadError(
            f"the column “{missing[0]}” is missing; the header has {found}. Map a column to it{hint}", "the header"
        )


def refuse_mapping(mapping: Mapping[str, str] | None, what: str) -> None:
    """Refuse a mapping of columns for a file that has none."""
    if mapping:
        raise ReadError(f"a {what} has no columns to map")


def _first_line(text: str) -> str:
    """Return the first line that is not blank, without white space at its ends."""
    return text.lstrip().partition("\n")[0].rstrip()


def _one_line(title: str) -> tuple[str, tuple[Change, ...]]:
    """Put a title on one line and cut it at the limit, reporting the cut."""
    line = " ".join(title.split())
    if len(line) <= limits.TITLE_LENGTH:
        return line, ()
    return line[: limits.TITLE_LENGTH - 1].rstrip() + "…", (Change("title_shortened", 1),)


def _external_id(value: Json, where: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    external_id = " ".join(_field(value, "external_id", where).split())
    if not external_id:
        raise ReadError("the external_id is empty", where)
    if len(external_id) > limits.EXTERNAL_ID_LENGTH:
        raise ReadError(f"the external_id is longer than {limits.EXTERNAL_ID_LENGTH} characters", where)
    return external_id


def _text(value: Json, name: str, where: str) -> str:
    if isinstance(value, str):
        return value
    found = "nothing (null)" if value is None else _TYPE_NAMES[type(value)]
    raise ReadError(f"the field “{name}” has to be text, not {found}", where)


def _field(value: Json, name: str, where: str) -> str:
    """A short field as clean text; null is an empty one."""
    text = "" if value is None else _text(value, name, where)
    return _storable(text, f"{where}, {name}").strip()


def _metadata(record: Mapping[str, Json], where: str) -> dict[str, Json]:
    own = {name: value for name, value in record.items() if name not in ("external_id", "title", "text")}
    known = {name: _limited(_field(own.pop(name), name, where), name, where) for name in METADATA if name in own}
    others = {_storable(name, where): _storable_json(value, f"{where}, {name}") for name, value in own.items()}
    return {name: value for name, value in known.items() if value} | others


def _limited(text: str, name: str, where: str) -> str:
    if len(text) > limits.FIELD_LENGTH:
        raise ReadError(f"the field “{name}” is longer than {limits.FIELD_LENGTH} characters", where)
    return text


def _storable_json(value: Json, where: str) -> Json:
    """Clean every text inside a JSON value and refuse numbers that no database takes."""
    if isinstance(value, str):
        return _storable(value, where)
    if isinstance(value, Mapping):
        return {_storable(key, where): _storable_json(item, where) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_storable_json(item, where) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ReadError("a number that is not finite", where)
    return value


def _storable(text: str, where: str) -> str:
    try:
        return clean_field(text).text
    except TextError as error:
        raise ReadError(str(error), where) from error


def _cleaned(text: str, where: str) -> Cleaned:
    try:
        return clean(text)
    except TextError as error:
        raise ReadError(str(error), where) from error
