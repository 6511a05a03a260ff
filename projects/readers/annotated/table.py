"""A table that was coded elsewhere: `item_id,text,annotator,variable,value`, optionally `occasion` and `group`."""

from annotator.core.annotated import NONE, Annotated
from annotator.core.coded_tables import PARTED_BY
from projects.readers.annotated.base import Gathering
from projects.readers.base import ReadError
from projects.readers.tables import read_table

TOOL = "a coded table"
_NEEDED = ("item_id", "annotator", "variable", "value")
_MOST_OCCASIONS = 99


def read(name: str, data: bytes, *, encoding: str | None = None) -> Annotated:
    """Each row is an answer; values are sets parted by “|” where they hold one. Raises ReadError."""
    rows = read_table(name, data, encoding=encoding)
    header = [cell.strip() for cell in rows[0]] if rows else []
    if missing := [column for column in _NEEDED if column not in header]:
        raise ReadError(f"the column “{missing[0]}” is missing; a coded table has {', '.join(_NEEDED)} and text")
    gathering = Gathering(TOOL)
    for number, cells in enumerate(rows[1:], start=2):
        if any(map(str.strip, cells)):
            _read_row(gathering, dict(zip(header, cells, strict=False)), f"row {number}")
    return gathering.finish()


def _read_row(gathering: Gathering, row: dict[str, str], where: str) -> None:
    for column in ("item_id", "annotator", "variable"):
        if not row.get(column, "").strip():
            return gathering.problem(where, f"the {column} is empty")
    said = row.get("occasion", "").strip() or "1"
    if not (said.isascii() and said.isdigit() and 1 <= int(said[:9]) <= _MOST_OCCASIONS):
        return gathering.problem(where, f"the occasion “{said[:20]}” is not a number from 1 to {_MOST_OCCASIONS}")
    building = gathering.document(row["item_id"], row.get("text") or None, where)
    by = building.annotated_by(row["annotator"], occasion=int(said), group=row.get("group", ""))
    # An empty cell is the empty set, and no answer where a value has to be chosen.
    for value in row.get("value", "").split(PARTED_BY):
        building.answer(by, row["variable"].strip(), value or NONE, where, occasion=int(said))
    return None
