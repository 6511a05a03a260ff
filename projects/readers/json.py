"""A JSON array of articles as objects, or one article: external_id, title, text, metadata."""

import json
import math
import re
from collections.abc import Mapping, Sequence

from projects.readers import limits
from projects.readers.base import Document, Json, ReadError, documents, rename
from projects.readers.encoding import read_table_text

# The last quote may be missing, so that a string that is never closed is read over once.
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_MOST_DIGITS = 18


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    text, source = read_table_text(name, data, encoding)
    if not text.strip():
        raise ReadError("the file is empty: there is no article in it")
    content = parse(text, "")
    articles = content if isinstance(content, Sequence) and not isinstance(content, str) else [content]
    records = [(place, record(article, mapping, place)) for place, article in _placed(articles)]
    return documents(source, records, "the list is empty")


def _placed(articles: Sequence[Json]) -> list[tuple[str, Json]]:
    return [(f"article {number}", article) for number, article in enumerate(articles, 1)]


def record(article: Json, mapping: Mapping[str, str] | None, where: str) -> Mapping[str, Json]:
    """Check that an article is an object, and give its keys the names of the mapping."""
    if not isinstance(article, Mapping):
        raise ReadError("an article has to be a JSON object with external_id, title and text", where)
    present = {key: field for key, field in (mapping or {}).items() if key in article}
    return dict(zip(rename(list(article), present, where), article.values(), strict=True))


def parse(text: str, where: str) -> Json:
    """Parse strict JSON: no NaN, no key twice, no number that a database would not take, nesting up to the limit."""
    _check_depth(text, where)
    try:
        parsed: Json = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise ReadError(f"not valid JSON: {error}", where) from error
    except ReadError as error:
        raise ReadError(f"not valid JSON: {error.message}", where) from error
    return parsed


def _check_depth(text: str, where: str) -> None:
    if text.count("[") + text.count("{") <= limits.JSON_DEPTH:
        return
    depth = 0
    for found in _STRUCTURE.finditer(text):
        sign = found.group()
        depth += (sign in "[{") - (sign in "]}")
        if depth > limits.JSON_DEPTH:
            raise ReadError(f"the JSON is nested more than {limits.JSON_DEPTH} deep", where)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made: dict[str, Json] = {}
    for key, value in pairs:
        if key in made:
            raise ReadError(f"the key “{key[:40]}” is there twice in one object (duplicate)")
        made[key] = value
    return made


def _no_constant(constant: str) -> Json:
    raise ReadError(f"{constant} is no JSON number")


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ReadError(f"the number {digits[:12]}… has more than {_MOST_DIGITS} digits; write it as text")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ReadError(f"the number {digits[:12]} is too large")
    return number
