"""W3C Web Annotations: shaped as the model wants them, and every answer is found again by position and by quote."""

import json
from typing import Any

import pytest

from tests import documents
from tests.documents import Fact, unmarked

pytestmark = pytest.mark.django_db
# https://www.w3.org/TR/annotation-model/: what each must have.
MUST = {
    "AnnotationCollection": {"@context", "id", "type", "label", "total", "first", "last"},
    "AnnotationPage": {"@context", "id", "type", "partOf", "startIndex", "items"},
    "Annotation": {"id", "type", "motivation", "creator", "body", "target"},
    "TextualBody": {"type", "value", "purpose"},
    "Person": {"id", "type", "nickname"},
    "TextPositionSelector": {"type", "start", "end"},
    "TextQuoteSelector": {"type", "exact", "prefix", "suffix"},
}
PURPOSES = {"tagging", "classifying", "commenting"}


def checked(thing: dict[str, Any]) -> dict[str, Any]:
    """The thing, if it has what its type must have, and besides only what has a prefix or is of paging."""
    names = {name for name in thing if not name.startswith("annotator:")}
    assert MUST[thing["type"]] <= names <= MUST[thing["type"]] | {"prev"}
    assert thing.get("motivation", "tagging") in PURPOSES
    return thing


def test_every_answer_is_an_annotation_of_its_words() -> None:
    study = documents.study()
    files = documents.files_of(documents.exported(study.lead, "web_annotation"))
    collection = checked(json.loads(files["collection.jsonld"]))
    pages = [checked(json.loads(data)) for name, data in files.items() if name.startswith("pages/")]
    assert [page.get("prev") for page in pages] == [None, *(page["id"] for page in pages[:-1])]
    assert [collection["first"], collection["last"]] == [pages[0]["id"], pages[-1]["id"]]
    assert collection["total"] == sum(len(page["items"]) for page in pages)
    assert [page["startIndex"] for page in pages] == [0, len(pages[0]["items"])]
    found = set()
    for page in pages:
        text = files[page["annotator:text"]].decode()
        found |= {fact(page["annotator:article"], text, checked(one)) for one in page["items"]}
    assert found == documents.facts(study)


def fact(article: str, text: str, one: dict[str, Any]) -> Fact:
    body, target = checked(one["body"]), one["target"]
    start, end = 0, len(text)
    if not isinstance(target, str):
        position, quote = map(checked, target["selector"])
        start, end = position["start"], position["end"]
        assert text[start:end] == quote["exact"]
        assert quote["prefix"] + quote["exact"] + quote["suffix"] in text
    more = {name.removeprefix("annotator:"): unmarked(word) for name, word in body.items() if "annotator:" in name}
    variable, unit = more.pop("variable"), int(more.pop("unit"))
    who = checked(one["creator"])["nickname"]
    place = unit, start, end, text[start:end], variable
    return Fact(article, who, *place, unmarked(body["value"]), frozenset(more.items()))
