"""Label Studio: one task for each article, one annotation of it for each annotator, and the labelling setup that fits.

https://labelstud.io/guide/task_format and https://labelstud.io/guide/export#Label-Studio-JSON-format-of-annotated-tasks.
Its text regions count code points, end exclusive. It knows no units: a region of the control `the-unit` stands for each
unit that was answered, and carries the answers. Names with a hyphen are ours, those without are questions.
"""

from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from annotator.core.codebook import CANNOT_TELL, Codebook, Json, Variable
from annotator.core.codebook.model import ROLES
from annotator.core.documents import (
    NONE,
    NOT_TOLD,
    AnnotatedArticle,
    Answer,
    Mark,
    Reading,
    RoundOfDocuments,
    Unit,
    closed_features,
    feature_names,
    identifier,
    marks,
    values_of,
    words_of,
)
from annotator.core.sentences.units import KINDS
from annotator.formats.documents.common import as_json, codebook_file, readme_file, xml_text
from annotator.formats.zipped import File

TEXT, UNIT, ANNOTATOR = "the-text", "the-unit", "the-annotator"
# The label of an attribution that marks no words, over its unit.
WHOLE = "unit"
OPEN = {"item": "Number", "same_as": "Number", "relation": "TextArea"}
ABOUT = """Label Studio

tasks.json   one task for each article, one annotation for each annotator
config.xml   the labelling setup: paste it under Settings, Labeling Interface, Code, before you import tasks.json

The control the-annotator names the annotator by pseudonym: accounts of Label Studio are not made. A region of the-unit
stands for each unit with answers. Each piece of an attribution is a region; pieces of one share attribution-item.
__none: answered that none applies. __cannot_tell: answered that it can't be told. Offsets count code points.
Kept: every answer. Changed: a control character in a value is written as U+FFFD in config.xml, for XML can't hold it.
Not here: units without answers; annotators who answered nothing; times and history.
"""
Result = dict[str, Json]


def files(documents: RoundOfDocuments) -> Iterator[File]:
    yield "tasks.json", _tasks(documents)
    yield "config.xml", [_config(documents.codebook)]
    yield codebook_file(documents)
    yield readme_file(documents, ABOUT)


def _tasks(documents: RoundOfDocuments) -> Iterator[bytes]:
    before = b"[\n"
    for article in documents.articles():
        yield before + as_json(_task(documents, article))
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _task(documents: RoundOfDocuments, article: AnnotatedArticle) -> Mapping[str, object]:
    about: dict[str, Json] = {"text": article.text, "external_id": article.name, "title": article.title}
    about |= {"language": article.language, "project": documents.project, "round": documents.name}
    final = documents.layer == "decisions"
    annotations = [{"result": [*_results(article, one)], "ground_truth": final} for one in article.readings]
    return {"data": about, "annotations": annotations}


def _results(article: AnnotatedArticle, reading: Reading) -> Iterator[Result]:
    yield _result("annotator", ANNOTATOR, "textarea", {"text": [reading.name]})
    on_units: dict[Unit, list[Answer]] = {}
    marked: list[Answer] = []
    for answer in reading.answers:
        if answer.variable.kind in {"span", "attribution"}:
            marked.append(answer)
        else:
            on_units.setdefault(answer.unit, []).append(answer)
    for unit, answers in on_units.items():
        yield from _unit_results(article, unit, answers)
    for number, mark in enumerate(marks(marked), 1):
        yield from _mark_results(f"mark-{number}", article, mark)


def _unit_results(article: AnnotatedArticle, unit: Unit, answers: Sequence[Answer]) -> Iterator[Result]:
    place = _place(article, unit.start, unit.end) if unit.index else {}
    region = f"unit-{unit.index}"
    if unit.index:
        yield _result(region, UNIT, "labels", {**place, "labels": [unit.kind]})
    for answer in answers:
        name, (kind, said) = _control(answer.variable, answer.value)
        # What is said of the whole article stands by itself: a region would cover all others.
        yield _result(region if unit.index else f"article-{name}", name, kind, {**place, **said})


def _control(variable: Variable, value: Json) -> tuple[str, tuple[str, dict[str, Json]]]:
    """The control that holds this answer, its type, and what it says."""
    name = identifier(variable.key)
    if variable.kind in {"number", "text"} and value == CANNOT_TELL:
        return f"{name}-state", ("choices", {"choices": [NOT_TOLD]})
    if variable.kind == "number":
        return name, ("number", {"number": value})
    if variable.kind == "text":
        return name, ("textarea", {"text": [value]})
    chosen: list[Json] = [NOT_TOLD] if value == CANNOT_TELL else value if isinstance(value, list) else [value]
    return name, ("choices", {"choices": chosen or [NONE]})


def _mark_results(region: str, article: AnnotatedArticle, mark: Mark) -> Iterator[Result]:
    name, place = identifier(mark.variable.key), _place(article, mark.start, mark.end)
    is_span = mark.variable.kind == "span"
    label = mark.value if is_span else mark.features.get("role", WHOLE)
    yield _result(region, name, "labels", {**place, "labels": [label]})
    for feature, word in mark.features.items():
        if feature in {"item", "same_as"}:
            yield _result(region, f"{name}-{feature}", "number", {**place, "number": int(word)})
        elif feature == "relation":
            yield _result(region, f"{name}-{feature}", "textarea", {**place, "text": [word]})
        elif feature in closed_features(mark.variable):
            chosen: dict[str, Json] = {**place, "choices": [*words_of(mark, feature)]}
            yield _result(region, f"{name}-{feature}", "choices", chosen)


def _place(article: AnnotatedArticle, start: int, end: int) -> dict[str, Json]:
    return {"start": start, "end": end, "text": article.text[start:end]}


def _result(region: str, control: str, kind: str, value: Mapping[str, Json]) -> Result:
    named: Result = {"id": region, "from_name": control, "to_name": TEXT, "type": kind}
    return {**named, "origin": "manual", "value": dict(value)}


def _config(book: Codebook) -> bytes:
    view = ET.Element("View")
    ET.SubElement(view, "Header", value="$title")
    _title(view, "Units", {})
    _offer(view, "Labels", UNIT, KINDS)
    regions = [variable for variable in book.variables if variable.kind in {"span", "attribution"}]
    for variable in regions:
        offered = _words(variable) if variable.kind == "span" else [*ROLES, WHOLE]
        _title(view, variable.label, {})
        _offer(view, "Labels", identifier(variable.key), offered)
    ET.SubElement(view, "Text", name=TEXT, value="$text")
    _title(view, "Annotator", {})
    ET.SubElement(view, "TextArea", name=ANNOTATOR, toName=TEXT, maxSubmissions="1", editable="true")
    for variable in book.variables:
        if variable in regions:
            _offer_features(view, variable)
        else:
            _offer_answer(view, variable)
    ET.indent(view)
    return ET.tostring(view, encoding="utf-8") + b"\n"


def _offer_answer(view: ET.Element, variable: Variable) -> None:
    name = identifier(variable.key)
    per_region = {"perRegion": "true", "whenTagName": UNIT} if variable.scope == "sentence" else {}
    _title(view, variable.label, per_region)
    if variable.kind in {"number", "text"}:
        tag = "Number" if variable.kind == "number" else "TextArea"
        ET.SubElement(view, tag, {"name": name, "toName": TEXT, **per_region})
        _offer(view, "Choices", f"{name}-state", [NOT_TOLD], **per_region)
    else:
        how = "multiple" if variable.kind == "multi" else "single"
        _offer(view, "Choices", name, _words(variable), choice=how, **per_region)


def _offer_features(view: ET.Element, variable: Variable) -> None:
    name = identifier(variable.key)
    per_region = {"perRegion": "true", "whenTagName": name}
    for feature, offered in closed_features(variable).items():
        _offer(view, "Choices", f"{name}-{feature}", offered, choice="multiple", **per_region)
    for feature in feature_names(variable):
        if feature in OPEN:
            ET.SubElement(view, OPEN[feature], {"name": f"{name}-{feature}", "toName": TEXT, **per_region})


def _words(variable: Variable) -> list[str]:
    return [value.key for value in values_of(variable)]


def _title(view: ET.Element, label: str, shown: Mapping[str, str]) -> None:
    box = ET.SubElement(view, "View", {"visibleWhen": "region-selected"} if shown else {})
    ET.SubElement(box, "Header", value=xml_text(label), size="5")


def _offer(view: ET.Element, tag: str, name: str, offered: Sequence[str], **more: str) -> None:
    control = ET.SubElement(view, tag, {"name": name, "toName": TEXT, **more})
    for word in offered:
        ET.SubElement(control, "Label" if tag == "Labels" else "Choice", value=xml_text(word))
