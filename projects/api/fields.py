"""Fields and serializers that take exactly what they say and refuse the rest by name."""

import re
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

LARGEST_ID = 2**63 - 1
LARGEST_VERSION = 2**31 - 1
# A hostile body may name thousands of fields; the answer need not.
MOST_NAMED = 20
# Read by the framework or the paginator, on every list.
OF_EVERY_LIST = frozenset({"cursor", "page_size", "count", "format"})
_DIGITS = re.compile(r"[0-9]{1,20}")


class WholeNumber(serializers.IntegerField):
    """A whole number from `min_value` to `max_value`, as a number or its digits; 1.0 and true are none."""

    def to_internal_value(self, data: object) -> int:
        if isinstance(data, str) and _DIGITS.fullmatch(data):
            return int(data)
        if isinstance(data, int) and not isinstance(data, bool):
            return data
        return self.fail("invalid")


class Text(serializers.CharField):
    """A string; REST framework would read a number as one."""

    def to_internal_value(self, data: object) -> str:
        return str(super().to_internal_value(data)) if isinstance(data, str) else self.fail("invalid")


class Id(WholeNumber):
    def __init__(self, *, help_text: str, required: bool = True, allow_null: bool = False) -> None:
        super().__init__(
            min_value=1, max_value=LARGEST_ID, help_text=help_text, required=required, allow_null=allow_null
        )


class Strict(serializers.Serializer[None]):
    """Refuses fields that it doesn't have: a forged `annotator` is named, not passed over in silence."""

    ignored: frozenset[str] = frozenset()

    def to_internal_value(self, data: object) -> dict[str, object]:
        if isinstance(data, Mapping):
            unknown = sorted(str(key) for key in data if key not in self.fields and key not in self.ignored)
            if unknown:
                raise serializers.ValidationError({key[:100]: ["Unknown field."] for key in unknown[:MOST_NAMED]})
        taken: dict[str, object] = super().to_internal_value(data)
        return taken

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        """What the body of a request says."""
        return cls._checked(request.data)

    @classmethod
    def _checked(cls, data: object) -> dict[str, Any]:
        asked = cls(data=data)
        asked.is_valid(raise_exception=True)
        said: dict[str, Any] = asked.validated_data
        return said


class Filters(Strict):
    """The query of an address."""

    ignored = OF_EVERY_LIST

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        return cls._checked(request.query_params)
