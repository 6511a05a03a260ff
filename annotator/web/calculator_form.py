"""What the forms of the calculator send: a table, and how it is to be read.

The table of a report goes to its page and back with the form, packed, so that it need be kept nowhere.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from annotator.core.agreement import VariableRatings
from annotator.core.coded_tables import LEVELS, ORDERED, Level
from annotator.core.elsewhere import LAYOUTS, ROLES, Grid, Reading, guess, parse_groups, variables
from annotator.core.errors import InvalidError
from annotator.services.calculator import rows_of_file, rows_of_text, same_rows
from annotator.web.charts import level_name
from projects.readers.base import Rows
from projects.readers.limits import TABLE_ROWS, UPLOAD_BYTES
from projects.web.numbers import number
from projects.web.uploads import uploaded_file

LONGEST_NAME = 100
SHOWN_COLUMNS = 40
SHOWN_CELLS = 4


@dataclass(frozen=True)
class Sent:
    name: str
    rows: Rows

    def packed(self) -> str:
        content = json.dumps([self.name, self.rows], ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(zlib.compress(content.encode(), 6)).decode()


@dataclass(frozen=True)
class Column:
    """A column with its first cells and what it may be."""

    name: str
    role: str
    cells: Sequence[str]
    roles: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Question:
    """A variable with the level that it is read at; `values` are listed where they are few."""

    key: str
    level: str
    order: str
    values: str
    merge: str
    levels: Sequence[tuple[str, str]]


def sent_table(request: HttpRequest) -> Sent:
    """The table of the page before, else the file, else the pasted text. Raises InvalidError."""
    if request.POST.get("table"):
        return _unpacked(request.POST["table"])
    text = request.POST.get("text", "")
    if "file" not in request.FILES and text.strip():
        return Sent(_("pasted table"), rows_of_text(text))
    file = uploaded_file(request)
    return Sent(file.name[:LONGEST_NAME], rows_of_file(name=file.name, data=file.data, encoding=file.encoding))


def _unpacked(packed: str) -> Sent:
    """Nobody else than the page packs tables, but anybody may send something."""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(base64.b64decode(packed, validate=True), 2 * UPLOAD_BYTES)
        if content.count(b"],[") > TABLE_ROWS:
            raise ValueError("more rows than a table may have")
        name, rows = json.loads(content)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise InvalidError(_("The table did not come back whole. Choose it once more.")) from error
    if not isinstance(name, str) or not isinstance(rows, list) or not all(map(_is_row, rows)):
        raise InvalidError(_("The table did not come back whole. Choose it once more."))
    return Sent(name[:LONGEST_NAME], same_rows([*rows, [name]])[:-1])


def _is_row(row: object) -> bool:
    return isinstance(row, list) and all(isinstance(cell, str) for cell in row)


def reading_of(request: HttpRequest, table: Grid) -> Reading:
    """What the form says; where it says nothing, or the layout was changed, what the table looks like."""
    said = request.POST
    layout = said.get("layout", "")
    if layout not in LAYOUTS:
        return guess(table)
    header = said.get("header") == "1"
    reading = guess(table, layout=layout, header=header)
    # Those of columns beyond the ones shown come as one field, for a request may have a thousand of them.
    more = said["more_roles"].split(",") if "more_roles" in said else []
    roles = (*said.getlist("role"), *more)
    if said.get("roles_of") == f"{layout} {header:d}" and len(roles) == table.width and set(roles) <= {*ROLES[layout]}:
        reading = replace(
            reading, roles=roles, per_question=min(number(said.get("per_question", "")) or 0, table.width)
        )
    marks = tuple(mark.strip() for mark in said.get("missing", "").split(",") if mark.strip())
    merges = zip(said.getlist("variable"), map(parse_groups, said.getlist("merge")), strict=False)
    return replace(reading, missing=marks, levels=_levels(request), merges=dict(merges))


def _levels(request: HttpRequest) -> dict[str, Level]:
    said = zip(*(request.POST.getlist(name) for name in ("variable", "level", "order")), strict=False)
    return {
        variable: Level(level, _listed(order) if level in ORDERED else ())
        for variable, level, order in said
        if level in LEVELS
    }


def _listed(order: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in order.split(",") if value.strip()))


def read_context(sent: Sent, table: Grid, reading: Reading) -> dict[str, object]:
    """What the form of a report shows of its table."""
    marks = ", ".join(reading.missing)
    return {"sent": sent, "reading": reading, "missing": marks, "columns": _columns(table, reading)}


def _columns(table: Grid, reading: Reading) -> list[Column]:
    names = {
        "": _("left out"),
        "unit": _("the unit"),
        "article": _("the article, or another cluster"),
        "text": _("the text, for a project"),
        "annotator": _("an annotator’s answers") if reading.layout == "wide" else _("the annotator"),
        "variable": _("the question"),
        "value": _("answers"),
        "occasion": _("the occasion"),
    }
    offered = [(role, names[role]) for role in ROLES[reading.layout]]
    below = table.rows[reading.header :]
    return [
        Column(name, role, [row[place] for row in below[:SHOWN_CELLS]], offered)
        for place, (name, role) in enumerate(zip(table.names(header=reading.header), reading.roles, strict=True))
    ]


def without_choices(table: Grid, reading: Reading) -> list[VariableRatings]:
    """The questions of a table that can't be read as was chosen; none where its columns are wrong already."""
    try:
        return variables(table, replace(reading, levels={}, merges={}))
    except InvalidError:
        return []


def questions(ratings: Sequence[VariableRatings], reading: Reading) -> list[Question]:
    levels = [(level, level_name(level)) for level in LEVELS]
    return [
        Question(
            key=item.key,
            level=reading.levels.get(item.key, Level(item.level)).name,
            order=", ".join(reading.levels.get(item.key, Level()).order),
            merge="; ".join(map(", ".join, reading.merges.get(item.key, ()))),
            values=", ".join(item.values) if item.level in ORDERED and len(item.values) <= SHOWN_COLUMNS else "",
            levels=levels,
        )
        for item in ratings
    ]
