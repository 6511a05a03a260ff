"""doccano: JSONL or JSON, one object an example; a file an annotator where they did not work together.

Spans are `[start, end, label]` or entities with relations; offsets are code points. Our own export names article and
annotator beside the text, and each label by its question.
"""

from collections.abc import Mapping, Sequence

from annotator.core.annotated import Annotated
from projects.readers.annotated.base import Building, Gathering, Piece, is_list, listed, objects
from projects.readers.annotated.json_lines import records
from projects.readers.base import Json

TOOL = "doccano"
_OURS = "answers"
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
            if _OURS in record and "unit" in record and len(pieces) > 1:
                gathering.lost["lines of units, beside those of whole articles"] += 1
                continue
            id = record.get("external_id") or _article(record) or record.get("id") or where
            building = gathering.document(id, text, where)
            by = building.annotated_by(record.get("annotator", piece.stem) if _OURS in record else piece.stem)
            _read(building, by, record, where)
    return gathering.finish()


def _article(record: Mapping[str, Json]) -> str:
    """The article of our own export; a unit of it is a document of its own."""
    name = str(record.get("article", "")) if _OURS in record and "annotator" in record else ""
    return f"{name} {record['unit']}" if name and "unit" in record else name


def _read(building: Building, by: str, record: Mapping[str, Json], where: str) -> None:
    ours = _OURS in record
    for field in _FIELDS:
        for number, item in enumerate(listed(record.get(field)), start=1):
            place = f"{where}, {field} {number}"
            if isinstance(item, Mapping):
                _read_entity(building, by, field, item, place)
            elif is_list(item):
                start, end, said, *_ = [*listed(item), None, None, None]
                layer, value = _parted(field, said, ours=ours)
                building.mark(by, layer, value, place, start=start, end=end)
            elif item is not None:
                building.answer(by, *_parted(field, item, ours=ours), place)
    for relation in objects(record.get("relations")):
        ends = str(relation.get("from_id")), str(relation.get("to_id"))
        building.link(by, str(relation.get("type")), *ends, where)
    building.gathering.lost["comments"] += len(listed(record.get("Comments")))


def _parted(field: str, said: Json, *, ours: bool) -> tuple[str, Json]:
    """Layer and value; our own labels are QUESTION:VALUE."""
    if not ours or not isinstance(said, str):
        return field, said
    question, _, value = said.partition(":")
    return question, value


def _read_entity(building: Building, by: str, field: str, item: Mapping[str, Json], where: str) -> None:
    value, id = item.get("label"), str(item.get("id", ""))
    if "start_offset" not in item:
        building.answer(by, field, value, where)
        return
    by = building.annotated_by(f"{item['user']}") if "user" in item else by
    building.mark(by, field, value, where, start=item["start_offset"], end=item.get("end_offset"), id=id)
