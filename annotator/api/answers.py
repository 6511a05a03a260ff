"""The fields of answers, as requests send them and answers tell them."""

from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(
    {
        "anyOf": [{"type": "string"}, {"type": "number"}, {"type": "array", "items": {}}],
        "description": "As the kind of the variable says; null = taken back.",
    }
)
class AnswerField(serializers.JSONField):
    """The answer of one variable on one unit."""


class EventKey(serializers.UUIDField):
    """REST framework would read a number as a uuid."""

    def to_internal_value(self, data: object) -> UUID:
        return super().to_internal_value(data) if isinstance(data, str) else self.fail("invalid", value=data)
