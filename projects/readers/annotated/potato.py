"""Potato: the folder annotation_output as a ZIP, with the data files where the texts are to come along.

`user_state.json` (version 2) has labels as pairs of schema and name with their value, and spans with offsets;
`annotated_instances.jsonl` (version 1) has one object an item. Offsets are those of the browser, so UTF-16.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from annotator.core.annotated import Annotated
from projects.readers.annotated.base import Building, Gathering, Piece, listed, objects
from projects.readers.annotated.json_lines import records
from projects.readers.base import Json, ReadError
from projects.readers.json import parse

TOOL = "Potato"
_STATE = "instance_id_to_label_to_value"
_SPANS = "instance_id_to_span_to_value"
_ON = ("true", "1", "on", "yes")


def is_it(piece: Piece, text: str) -> bool:
    named = piece.path.rpartition("/")[2] in ("user_state.json", "annotated_instances.jsonl")
    return named or f'"{_STATE}"' in text[:200_000]


def read(pieces: Sequence[Piece]) -> Annotated:
    gathering = Gathering(TOOL)
    texts: dict[str, str] = {}
    work = [piece for piece in pieces if is_it(piece, "") or piece.stem == "user_state"]
    work = work or [piece for piece in pieces if piece.ending == "json"]
    for piece in pieces:
        if piece not in work and piece.ending in ("json", "jsonl", "csv", "tsv"):
            texts |= {str(row["id"]): str(row["text"]) for row in _rows(piece) if "id" in row and "text" in row}
    for piece in work:
        read_one = _read_state if piece.ending == "json" else _read_instances
        read_one(gathering, piece, texts)
    return gathering.finish()


def _rows(piece: Piece) -> Iterator[Mapping[str, Json]]:
    """The items of a data file; other files of the folder, such as settings, hold none."""
    try:
        if piece.ending in ("csv", "tsv"):
            yield from csv.DictReader(io.StringIO(piece.text()), delimiter="\t" if piece.ending == "tsv" else ",")
        else:
            yield from (row for _, row in records(piece))
    except (ReadError, csv.Error):
        return


def _read_state(gathering: Gathering, piece: Piece, texts: Mapping[str, str]) -> None:
    state = parse(piece.text(), piece.path)
    if not isinstance(state, Mapping):
        raise ReadError("it is no state of an annotator", piece.path)
    name = state.get("user_id") or piece.folder.rpartition("/")[2]
    labels, spans = (_object(state.get(field)) for field in (_STATE, _SPANS))
    for item in dict.fromkeys([*labels, *spans]):
        where = f"{piece.path}, {item}"
        building = gathering.document(item, texts.get(item), where)
        by = building.annotated_by(name)
        for schema, label, value in _pairs(labels.get(item)):
            _answer(building, by, schema, label, value, where)
        for span in _spans(spans.get(item)):
            _mark(building, by, span, where)


def _read_instances(gathering: Gathering, piece: Piece, texts: Mapping[str, str]) -> None:
    for where, record in records(piece):
        id = str(record.get("id", record.get("instance_id", where)))
        shown = record.get("displayed_text")
        text = texts.get(id) or (shown if isinstance(shown, str) else None)
        building = gathering.document(id, text, where)
        by = building.annotated_by(record.get("user_id") or piece.folder.rpartition("/")[2])
        for field in ("label_annotations", "annotation"):
            for schema, label, value in _pairs(record.get(field)):
                _answer(building, by, schema, label, value, where)
        for span in _spans(record.get("span_annotations")):
            _mark(building, by, span, where)


def _pairs(said: Json) -> Iterator[tuple[str, str, Json]]:
    """Schema, name and value, out of each way in which the versions write them."""
    if isinstance(said, Mapping):
        for schema, names in said.items():
            inner = names.get("labels", names) if isinstance(names, Mapping) else names
            if isinstance(inner, Mapping):
                yield from ((schema, name, value) for name, value in inner.items())
            else:
                yield from ((schema, str(name), True) for name in listed(inner))
        return
    for pair in listed(said):
        label, *value = listed(pair)
        if isinstance(label, Mapping):
            yield str(label.get("schema", "")), str(label.get("name", "")), value[0] if value else True


def _answer(building: Building, by: str, schema: str, name: str, value: Json, where: str) -> None:
    """A choice is a name with a value that says yes or repeats it; a text box has the answer as its value."""
    if value is None or value is False or str(value).lower() == "false":
        return
    chosen = value is True or str(value).lower() in _ON or str(value) == name
    free = name in ("text_box", "bad_text", "free_response", schema)
    if free:
        building.gathering.free.add(schema)
    building.answer(by, schema, value if free or not chosen else name, where)


def _spans(said: Json) -> Iterator[Mapping[str, Json]]:
    """Each span with its schema."""
    if isinstance(said, Mapping):
        for schema, spans in said.items():
            yield from ({"schema": schema, **span} for span in objects(spans))
        return
    for pair in listed(said):
        if isinstance(pair, Mapping):
            yield pair
        elif isinstance(span := (listed(pair) or [None])[0], Mapping):
            yield span


def _mark(building: Building, by: str, span: Mapping[str, Json], where: str) -> None:
    layer = str(span.get("schema") or "spans")
    value = span.get("name") or span.get("label") or span.get("annotation")
    words = span.get("text") or span.get("span")
    quote = words if isinstance(words, str) else None
    start, end = span.get("start"), span.get("end")
    building.mark(by, layer, value, where, start=start, end=end, quote=quote, count="utf-16")


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
