"""A first look at a table of articles: its columns, its first rows, and which field each column probably is."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotator.core.text import TextError, decode
from projects.models import Membership, Project
from projects.permissions import require
from projects.readers import FIELDS, SPREADSHEETS, Json, ReadError, first_rows
from projects.readers.json import parse
from projects.services.transaction import write

ROWS = 5
MOST_COLUMNS = 60
_SEPARATORS = (",", ";", "\t", "|")
_LOOKED_AT = 200_000
_OTHER_NAMES = {
    "external_id": ("id", "article_id", "doc_id", "document_id", "uid", "guid", "key"),
    "title": ("headline", "head", "heading", "name", "titre", "titel"),
    "text": ("body", "content", "fulltext", "full_text", "article", "article_text", "texte", "story"),
    "outlet": ("source", "publication", "newspaper", "medium", "media", "publisher", "journal"),
    "author": ("authors", "byline", "writer", "creator", "auteur"),
    "published_at": ("date", "published", "pub_date", "publication_date", "datetime", "datum"),
    "url": ("link", "uri", "permalink", "web_url"),
    "language": ("lang", "language_code", "locale"),
}


@dataclass(frozen=True)
class Table:
    columns: list[str]
    rows: list[list[str]]

    @classmethod
    def shown(cls, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> "Table":
        """Fit for a page whatever the file holds: this comes before the reader, who would refuse half of it."""
        return cls([_storable(name) for name in columns], [[_storable(cell) for cell in row] for row in rows])


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def peek(name: str, data: bytes, encoding: str | None) -> Table | None:
    """The columns and first rows of a table; None for another kind of file, or one that can't be read."""
    ending = name.rpartition(".")[2].lower()
    try:
        if ending in SPREADSHEETS:
            columns, *rows = first_rows(name, data)
            return Table.shown(columns[:MOST_COLUMNS], rows)
        text = decode(data, encoding).text.removeprefix("\ufeff")
        if ending in {"csv", "tsv"}:
            return _of_cells(text[:_LOOKED_AT], separator_of(name, text))
        if ending in {"json", "jsonl"}:
            return _of_objects(text, ending)
    except (TextError, ReadError, csv.Error):
        return None
    return None


def separator_of(name: str, text: str) -> str:
    """The sign between the cells: the one that gives the header the most columns."""
    if name.lower().endswith(".tsv"):
        return "\t"
    headers = {sign: next(iter(_rows(text[:_LOOKED_AT], sign)), []) for sign in _SEPARATORS}
    return max(headers, key=lambda sign: len(headers[sign]))


def _of_cells(text: str, separator: str) -> Table | None:
    header, *rows = _rows(text, separator) or [[]]
    columns = [cell.strip() for cell in header][:MOST_COLUMNS]
    return Table.shown(columns, rows) if any(columns) else None


def _rows(text: str, separator: str) -> list[list[str]]:
    found = []
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        if any(cell.strip() for cell in cells):
            found.append(cells[:MOST_COLUMNS])
        if len(found) > ROWS:
            break
    return found


def _of_objects(text: str, ending: str) -> Table | None:
    if ending == "jsonl":
        lines = (line for line in text[:_LOOKED_AT].split("\n") if line.strip())
        found = [parse(line, "") for line, _ in zip(lines, range(ROWS), strict=False)]
    else:
        content = parse(text, "")
        found = list(content[:ROWS]) if isinstance(content, Sequence) and not isinstance(content, str) else [content]
    objects = [one for one in found if isinstance(one, Mapping)]
    columns = list(dict.fromkeys(key for one in objects for key in one))[:MOST_COLUMNS]
    rows = [[_cell(one.get(column)) for column in columns] for one in objects]
    return Table.shown(columns, rows) if columns else None


def _cell(value: Json) -> str:
    return "" if value is None else str(value)


def likely_mapping(columns: Sequence[str], remembered: Mapping[str, str] | None) -> dict[str, str]:
    """Column to field: as it was said last in this project, else by the column's name. Each field once.

    >>> likely_mapping(["id", "Headline", "text", "note"], None)
    {'id': 'external_id', 'Headline': 'title'}
    """
    said = {column: field for column, field in (remembered or {}).items() if column in columns}
    given = {*said.values(), *(column for column in columns if column in FIELDS and column not in said)}
    guessed: dict[str, str] = {}
    for column in columns:
        field = _field_of(column)
        if field and column not in said and column not in FIELDS and field not in given:
            guessed[column] = field
            given.add(field)
    return said | guessed


def _field_of(column: str) -> str:
    plain = re.sub(r"\W+", "_", column.strip().lower()).strip("_")
    return next((field for field, names in _OTHER_NAMES.items() if plain == field or plain in names), "")


def remember_mapping(*, member: Membership, mapping: Mapping[str, str]) -> None:
    """Keep for the next import what was said of the columns of this one."""
    require(member, "import articles")
    known = member.project.column_mapping or {}
    if any(known.get(column) != field for column, field in mapping.items()):
        with write():
            Project.objects.filter(pk=member.project_id).update(column_mapping=known | dict(mapping))
