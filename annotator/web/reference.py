"""The reference of the API, written from its schema."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

Part = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body or an answer."""

    name: str
    type: str
    required: bool
    about: str


@dataclass(frozen=True)
class Answer:
    status: str
    about: str
    fields: Sequence[Field]


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    about: Sequence[str]
    parameters: Sequence[Field]
    body: Sequence[Field]
    answers: Sequence[Answer]


@dataclass(frozen=True)
class Group:
    name: str
    operations: Sequence[Operation]


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    return render(request, "reference/page.html", {"groups": groups(), "refusals": refusals()})


@lru_cache(maxsize=1)
def groups() -> list[Group]:
    """The operations by what they are about, in the order of their addresses."""
    found = [
        (_about(path), _operation(method, path, operation))
        for path, operations in schema()["paths"].items()
        for method, operation in operations.items()
    ]
    found.sort(key=lambda pair: pair[0])
    return [Group(name, [one for _, one in some]) for name, some in groupby(found, key=lambda pair: pair[0])]


def _about(path: str) -> str:
    """The last plural noun of an address; what is below a project is about that."""
    below = path.removeprefix("/api/v1/").strip("/").split("/")
    return below[2] if below[0] == "projects" and len(below) > 2 else below[0]


def refusals() -> list[Answer]:
    """What holds of every operation."""
    told = schema()["components"]["responses"]
    return [Answer(name.removeprefix("Problem"), told[name]["description"], []) for name in sorted(told)]


@lru_cache(maxsize=1)
def schema() -> Part:
    found: Part = SchemaGenerator().get_schema(request=None, public=True)
    return found


def _operation(method: str, path: str, said: Part) -> Operation:
    parameters = [
        Field(one["name"], _type(one["schema"]), one.get("required", False), one.get("description", ""))
        for one in said.get("parameters", [])
    ]
    answers = [
        Answer(status, answer.get("description", ""), list(_fields(_content(answer))))
        for status, answer in said["responses"].items()
        if "$ref" not in answer
    ]
    about = said.get("description", "").split("\n\n")
    body = list(_fields(_content(said.get("requestBody", {}))))
    return Operation(said["operationId"], method.upper(), path, about, parameters, body, answers)


def _content(part: Part) -> Part:
    content: Mapping[str, Part] = part.get("content", {})
    return next((one["schema"] for one in content.values()), {})


def _fields(said: Part) -> Iterator[Field]:
    """Of an object; of a page of a list, those of its rows."""
    found = _resolved(said)
    rows = found.get("properties", {}).get("results")
    if rows is not None and "next" in found["properties"]:
        found = _resolved(rows["items"])
    for name, one in found.get("properties", {}).items():
        yield Field(name, _type(one), name in found.get("required", ()), one.get("description", ""))


def _resolved(said: Part) -> Part:
    if "$ref" not in said:
        return said
    found: Part = schema()["components"]["schemas"][said["$ref"].rpartition("/")[2]]
    return found


def _type(said: Part) -> str:
    """In a few words; values of a choice are named."""
    if "$ref" in said:
        return _type(_resolved(said))
    for several in ("oneOf", "anyOf", "allOf"):
        if several in said:
            return " | ".join(dict.fromkeys(_type(one) for one in said[several]))
    if "enum" in said:
        return " | ".join(str(value) for value in said["enum"])
    kind = said.get("type", "any")
    if isinstance(kind, list):
        return " | ".join(kind)
    if kind == "array":
        return f"list of {_type(said.get('items', {}))}"
    return str(said.get("format", kind))
