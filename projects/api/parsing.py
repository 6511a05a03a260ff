"""JSON in. Whatever a database or an answer could not hold is refused here, before anybody looks at it."""

import json
import math
from collections.abc import Mapping
from typing import IO

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

from annotator.core.codebook import Json
from annotator.core.text import is_storable

LARGEST_BODY, LARGEST_FILE = 1_000_000, 20_000_000
DEEPEST = 32


class TooLargeError(APIException):
    status_code = 413
    default_code = "too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"The request is too large: {most} bytes at most.")


class StrictJSONParser(JSONParser):
    largest = LARGEST_BODY

    # The base class promises a dict; a body may be any JSON, and the serializer says what is expected.
    def parse(  # type: ignore[override]
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, object] | None = None,
    ) -> Json:
        body = stream.read(self.largest + 1)
        if len(body) > self.largest:
            raise TooLargeError(self.largest)
        try:
            data: Json = json.loads(body.decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"JSON parse error: {_reason(error)}") from error
        refuse_unstorable(data)
        return data


class LongJSONParser(StrictJSONParser):
    """Where a body holds what else would come as a file."""

    largest = LARGEST_FILE


def refuse_unstorable(data: Json) -> None:
    """ParseError on NUL, half characters, numbers without end and deep nesting, anywhere in `data`."""
    waiting: list[tuple[Json, int]] = [(data, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > DEEPEST:
            raise ParseError(f"The JSON is nested too deeply: {DEEPEST} levels at most.")
        if isinstance(item, str):
            _refuse_characters(item)
        elif isinstance(item, float) and not math.isfinite(item):
            raise ParseError("A number is too large.")
        elif isinstance(item, list):
            waiting += [(entry, depth + 1) for entry in item]
        elif isinstance(item, dict):
            waiting += [(key, depth) for key in item]
            waiting += [(entry, depth + 1) for entry in item.values()]


def _refuse_characters(text: str) -> None:
    if not is_storable(text):
        raise ParseError("The JSON holds a NUL character or half a character (a lone surrogate).")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"the body is not UTF-8 (byte {error.start})"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
