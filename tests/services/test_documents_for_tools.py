"""Label Studio and doccano: every answer is found again in the files that those tools read, counted their way."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests import documents
from tests.documents import Fact, unmarked

pytestmark = pytest.mark.django_db
TAGS = {"labels": "Labels", "choices": "Choices", "number": "Number", "textarea": "TextArea"}


def test_label_studio_tasks_hold_every_answer_and_fit_their_setup() -> None:
    study = documents.study()
    files = documents.files_of(documents.exported(study.lead, "label_studio"))
    tasks = json.loads(files["tasks.json"])
    offered = {one.attrib["name"]: one for one in ET.fromstring(files["config.xml"]).iter() if "toName" in one.attrib}
    results = [one for task in tasks for annotation in task["annotations"] for one in annotation["result"]]
    for one in results:
        control, value = offered[one["from_name"]], one["value"]
        assert control.tag == TAGS[one["type"]]
        if words := value.get("labels") or value.get("choices"):
            assert set(words) <= {word.attrib["value"] for word in control}
    found = {fact for task in tasks for one in task["annotations"] for fact in label_studio_facts(task["data"], one)}
    assert found == {_as_label_studio(fact) for fact in documents.facts(study)}


def _as_label_studio(fact: Fact) -> Fact:
    """It has no number for the unit in which words are marked, and no place for what is said of a whole article."""
    if fact.unit == 0:
        return fact._replace(start=0, end=0, quote="")
    return fact._replace(unit=-1) if fact.variable in {"framing", "attribution"} else fact


def label_studio_facts(data: Mapping[str, str], annotation: Mapping[str, Any]) -> Iterator[Fact]:
    """Regions by their id; what lies on a region of a unit are answers, on another one what is said of its words."""
    text, regions = data["text"], dict[str, list[Any]]()
    for one in annotation["result"]:
        regions.setdefault(one["id"], []).append(one)
    ((who,),) = [one["value"]["text"] for one in regions.pop("annotator")]
    for region, results in regions.items():
        if region.startswith("mark"):
            yield _marked(data, who, region, results, annotation["result"])
            continue
        for one in results:
            value = one["value"]
            start, end = value.get("start", 0), value.get("end", 0)
            unit = int(region.split("-")[1]) if region.startswith("unit") else 0
            name, words = one["from_name"], _words(one)
            for word in words if name != "the-unit" else []:
                yield Fact(data["external_id"], who, unit, start, end, text[start:end], name, unmarked(word))


def _marked(data: Mapping[str, str], who: str, region: str, results: list[Any], every: list[Any]) -> Fact:
    (first,) = [one for one in results if one["type"] == "labels"]
    more = [one for one in results if one["type"] != "labels"]
    name, place = first["from_name"], first["value"]
    quote = data["text"][place["start"] : place["end"]]
    assert place["text"] == quote
    said = {one["from_name"].removeprefix(f"{name}-"): unmarked(_words(one)[0]) for one in more}
    (label,) = place["labels"]
    if name == "attribution" and label != "unit":
        said["role"] = label
    value = said.pop("source") if name == "attribution" else unmarked(label)
    return Fact(data["external_id"], who, -1, place["start"], place["end"], quote, name, value, frozenset(said.items()))


def _words(one: Mapping[str, Any]) -> list[str]:
    value = one["value"]
    if one["type"] == "number":
        return [json.dumps(value["number"])]
    found: list[str] = value.get("choices") or value.get("labels") or value["text"]
    return found


def test_doccano_lines_hold_marked_words_and_closed_answers_as_labels_and_every_answer_beside_them() -> None:
    study = documents.study()
    files = documents.files_of(documents.exported(study.lead, "doccano"))
    sequences, classes = (_lines(files[f"{name}.jsonl"]) for name in ("sequence_labelling", "text_classification"))
    expected = documents.facts(study)
    marked = {
        (line["article"], line["annotator"], line["text"][start:end], *_parts(label))
        for line in sequences
        for start, end, label in line["label"]
    }
    assert marked == {
        (fact.article, fact.annotator, fact.quote, fact.variable + _role(fact), fact.value)
        for fact in expected
        if "item" in dict(fact.more) and (fact.variable == "framing" or _role(fact))
    }
    chosen = {
        (line["article"], line["annotator"], line["unit"], line["text"], *_parts(label))
        for line in classes
        for label in line["label"]
    }
    assert chosen == {
        (fact.article, fact.annotator, fact.unit, fact.quote, fact.variable, fact.value)
        for fact in expected
        if fact.variable in {"stance", "side", "tone", "frame"}
    }
    said = [(line["article"], line["annotator"], answer) for line in sequences for answer in line["answers"]]
    assert sorted(map(_answered, said)) == sorted(documents.answers(study))


def _answered(said: tuple[str, str, dict[str, Any]]) -> tuple[str, str, int, str, str]:
    article, annotator, answer = said
    return article, annotator, answer["unit"], answer["variable"], json.dumps(answer["value"], sort_keys=True)


def _lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.decode().splitlines()]


def _parts(label: str) -> tuple[str, str]:
    variable, _sign, value = label.partition(":")
    return variable, unmarked(value)


def _role(fact: Fact) -> str:
    return f".{role}" if (role := dict(fact.more).get("role")) else ""
