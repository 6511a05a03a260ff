"""doccano: JSONL or JSON, one object an example; a file an annotator where they did not work together.

Spans are `[start, end, label]` or entities with relations; offsets are code points.
"""

from collections.abc import Mapping, Sequence

from annotator.core.annotated import Annotated
from projects.readers.annotated.base import Building, Gathering, Piece, is_list, listed, objects
from projects.readers.annotated.json_lines import records
from projects.readers.base import Json

TOOL = "doccano"
_FIELDS = ("label", "labels", "entities", "cats", "annotations")


def is_it(record: Mapping[str, Json]) -> bool:
    return ("text" in record or "data" in record) and any(is_list(record.get(field)) for field in _FIELDS)


def read(pieces: Sequence[Piece]) -> Annotated:
    gathering = Gathering(TOOL)
    for piece in pieces:
        for where, record in records(piece):
            text = record.get("text", record.get("data"))
            if not isinstance(text, str):
                gathering.problem(where, "it has no text")
                continue
            id = record.get("external_id") or record.get("id") or where
            building = gathering.document(id, text, where)
            _read(building, building.annotated_by(piece.stem), record, where)
    return gathering.finish()


def _read(building: Building, by: str, record: Mapping[str, Json], where: str) -> None:
    for field in _FIELDS:
        for number, item in enumerate(listed(record.get(field)), start=1):
            place = f"{where}, {field} {number}"
            if isinstance(item, Mapping):
                _read_entity(building, by, field, item, place)
            elif is_list(item):
                start, end, value, *_ = [*listed(item), None, None, None]
                building.mark(by, field, value, place, start=start, end=end)
            elif item is not None:
                building.answer(by, field, item, place)
    for relation in objects(record.get("relations")):
        ends = str(relation.get("from_id")), str(relation.get("to_id"))
        building.link(by, str(relation.get("type")), *ends, where)
    building.gathering.lost["comments"] += len(listed(record.get("Comments")))


def _read_entity(building: Building, by: str, field: str, item: Mapping[str, Json], where: str) -> None:
    value, id = item.get("label"), str(item.get("id", ""))
    if "start_offset" not in item:
        building.answer(by, field, value, where)
        return
    by = building.annotated_by(f"{item['user']}") if "user" in item else by
    building.mark(by, field, value, where, start=item["start_offset"], end=item.get("end_offset"), id=id)
