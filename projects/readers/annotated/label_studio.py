"""Label Studio: the exports JSON (tasks with annotations) and JSON-MIN (one flat object an annotation).

Offsets count code points; versions before 1.5 counted UTF-16 in some browsers, so the words that the export repeats
decide. Audio, pictures and the like are no text and are counted as lost.
"""

from collections.abc import Iterable, Mapping, Sequence

from annotator.core.annotated import Annotated
from projects.readers.annotated.base import NOBODY, Building, Gathering, Piece, listed, objects
from projects.readers.base import Json, ReadError
from projects.readers.json import parse

TOOL = "Label Studio"
_SPANS = ("labels", "hypertextlabels")
_WHOLE = ("choices", "rating", "number", "textarea", "taxonomy", "datetime")
_OF_MINI = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "external_id", "text"}
_LONG = 200
_BY = "the-annotator"
_OURS = (_BY, "the-unit")
"""What our own export adds. The number of a mark, `-item`, is of use where it joins pieces, which name a source."""


def is_it(document: Json) -> bool:
    return _is_full(document) or _is_mini(document)


def _is_full(document: Json) -> bool:
    return any("data" in task and ("annotations" in task or "completions" in task) for task in objects(document)[:5])


def _is_mini(document: Json) -> bool:
    return any("annotation_id" in row for row in objects(document)[:5])


def read(pieces: Sequence[Piece]) -> Annotated:
    gathering = Gathering(TOOL)
    for piece in pieces:
        document = parse(piece.text(), piece.path)
        if _is_full(document):
            _read_tasks(gathering, objects(document))
        else:
            _read_rows(gathering, objects(document))
    return gathering.finish()


def _read_tasks(gathering: Gathering, tasks: Iterable[Mapping[str, Json]]) -> None:
    for number, task in enumerate(tasks, start=1):
        where = f"task {task.get('id', number)}"
        data = task.get("data")
        if not isinstance(data, Mapping):
            gathering.problem(where, "it has no data")
            continue
        building = gathering.document(_id_of(data, task, number), _text_of(data, where), where)
        gathering.lost["predictions"] += len(objects(task.get("predictions")))
        newest: dict[str, Mapping[str, Json]] = {}
        for annotation in objects(task.get("annotations", task.get("completions"))):
            if annotation.get("was_cancelled"):
                gathering.lost["annotations that were skipped"] += 1
                continue
            by = _named(annotation) or _annotator(annotation.get("completed_by"))
            gathering.lost["earlier annotations of a task by the same annotator"] += by in newest
            newest[by] = annotation
        for by, annotation in newest.items():
            _read_results(building, building.annotated_by(by), objects(annotation.get("result")), where)


def _id_of(data: Mapping[str, Json], task: Mapping[str, Json], number: int) -> Json:
    return data.get("external_id") or data.get("article") or task.get("id") or number


def _text_of(data: Mapping[str, Json], where: str) -> str:
    """The field “text”, else the only or the longest field that is text."""
    texts = [value for value in data.values() if isinstance(value, str) and value.strip()]
    if isinstance(named := data.get("text"), str):
        return named
    if not texts:
        raise ReadError("the task has no text; pictures, sound and video can't be brought in", where)
    return max(texts, key=len)


def _named(annotation: Mapping[str, Json]) -> str:
    """The annotator that our own export names, which makes no accounts there."""
    for result in objects(annotation.get("result")):
        value = result.get("value")
        if result.get("from_name") == _BY and isinstance(value, Mapping):
            return str((listed(value.get("text")) or [""])[0])
    return ""


def _annotator(by: Json) -> str:
    if isinstance(by, Mapping):
        return str(by.get("email") or by.get("username") or by.get("id") or NOBODY)
    return NOBODY if by is None else str(by)


def _read_results(building: Building, by: str, results: Sequence[Mapping[str, Json]], where: str) -> None:
    controls = {str(result.get("from_name")) for result in results}
    joined = {name.removesuffix("-source") for name in controls if name.endswith("-source")}
    for number, result in enumerate(results, start=1):
        name = str(result.get("from_name"))
        if name in _OURS or (name.endswith("-item") and name.removesuffix("-item") not in joined):
            continue
        place = f"{where}, result {number}"
        kind, value = str(result.get("type")), result.get("value")
        if kind == "relation":
            names = listed(result.get("labels")) or ["relation"]
            building.link(by, str(names[0]), str(result.get("from_id")), str(result.get("to_id")), place)
        elif isinstance(value, Mapping) and kind in (*_SPANS, *_WHOLE):
            _read_value(building, by, str(result.get("from_name", kind)), kind, value, place, str(result.get("id", "")))
        else:
            building.gathering.lost[f"results of the type {kind[:40]}"] += 1


def _read_value(
    building: Building, by: str, layer: str, kind: str, value: Mapping[str, Json], where: str, id: str
) -> None:
    said = listed(value.get("text" if kind == "textarea" else kind))
    if kind == "textarea":
        building.gathering.free.add(layer)
    if kind == "taxonomy":
        said = ["/".join(map(str, listed(path))) for path in said]
    for one in said:
        if "start" in value and "end" in value:
            extent = _global(value)
            quote = value.get("text") if kind in _SPANS else None
            words = quote if isinstance(quote, str) else None
            building.mark(by, layer, one, where, start=extent[0], end=extent[1], quote=words, id=id)
        else:
            building.answer(by, layer, one, where)


def _global(value: Mapping[str, Json]) -> tuple[Json, Json]:
    offsets = value.get("globalOffsets")
    source = offsets if isinstance(offsets, Mapping) else value
    return source.get("start"), source.get("end")


def _read_rows(gathering: Gathering, rows: Sequence[Mapping[str, Json]]) -> None:
    """JSON-MIN doesn't part data from answers: fields that are long texts are data, all others may be left out."""
    for number, row in enumerate(rows, start=1):
        where = f"object {number}"
        texts = {key: value for key, value in row.items() if isinstance(value, str)}
        text_field = "text" if "text" in texts else max(texts, key=lambda key: len(texts[key]), default="")
        if not text_field:
            gathering.problem(where, "it has no text")
            continue
        building = gathering.document(row.get("external_id") or row.get("id") or number, texts[text_field], where)
        by = building.annotated_by(_annotator(row.get("annotator")))
        for layer, value in row.items():
            if layer not in _OF_MINI and layer != text_field:
                _read_field(building, by, layer, value, where)


def _read_field(building: Building, by: str, layer: str, value: Json, where: str) -> None:
    if isinstance(value, Mapping):
        value = value.get("choices", [])
    for one in listed(value):
        if isinstance(one, Mapping) and "start" in one:
            _read_value(building, by, layer, next((kind for kind in _SPANS if kind in one), "labels"), one, where, "")
        elif isinstance(one, Mapping):
            for kind in _WHOLE:
                for said in listed(one.get(kind)):
                    building.answer(by, layer, said, where)
        elif one is not None and len(str(one)) <= _LONG:
            building.answer(by, layer, one, where)
