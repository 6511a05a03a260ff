"""Prodigy: JSONL of db-out, one line an answer. Offsets are code points; what was ignored or rejected has no marks."""

from collections.abc import Mapping, Sequence

from annotator.core.annotated import Annotated
from projects.readers.annotated.base import NOBODY, Building, Gathering, Piece, listed, objects
from projects.readers.annotated.json_lines import records
from projects.readers.base import Json

TOOL = "Prodigy"
CHOICE = "choice"
SPANS = "spans"


def is_it(record: Mapping[str, Json]) -> bool:
    return "text" in record and ("answer" in record or "_input_hash" in record)


def read(pieces: Sequence[Piece]) -> Annotated:
    gathering = Gathering(TOOL)
    for piece in pieces:
        for where, record in records(piece):
            text = record.get("text")
            if not isinstance(text, str):
                gathering.problem(where, "it has no text")
            elif record.get("answer") == "ignore":
                gathering.lost["answers that were ignored"] += 1
            else:
                meta = record.get("meta")
                known = meta.get("id") if isinstance(meta, Mapping) else None
                id = record.get("external_id") or known or record.get("_input_hash") or where
                building = gathering.document(id, text, where)
                by = record.get("_annotator_id") or record.get("_session_id") or NOBODY
                _read(building, building.annotated_by(by), record, where)
    return gathering.finish()


def _read(building: Building, by: str, record: Mapping[str, Json], where: str) -> None:
    accepted = record.get("answer", "accept") == "accept"
    if "label" in record and "spans" not in record:
        building.answer(by, str(record["label"]), "accept" if accepted else "reject", where)
    elif not accepted:
        building.gathering.lost["answers that were rejected"] += 1
        return
    for value in listed(record.get("accept")):
        building.answer(by, CHOICE, value, where)
    for number, span in enumerate(objects(record.get("spans")), start=1):
        place = f"{where}, span {number}"
        id = f"{span.get('start')}-{span.get('end')}"
        building.mark(by, SPANS, span.get("label"), place, start=span.get("start"), end=span.get("end"), id=id)
    building.gathering.lost["relations between marks"] += len(objects(record.get("relations")))
