"""What the schema says of the answers to refused requests; `errors` makes them."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers

from annotator.api.answers import AnswerField

MEDIA_TYPE = "application/problem+json"
ALWAYS = {
    "400": "Something of the address, the query or the body can't be taken; `errors` says what, by field.",
    "401": "No token, or one that is unknown, expired or revoked.",
    "403": "Your role, your token or the state of the project forbids it.",
    "404": "It is not there, or not for you.",
    "406": "The answer is JSON; ask for that.",
    "429": "Too many requests; `Retry-After` says when to go on.",
}
WITH_BODY = {
    "409": "What you build on has changed meanwhile.",
    "413": "The body is too large.",
    "415": "The body has to be application/json.",
    "422": "The key of the request or event was used for another content.",
}


class ProblemSerializer(serializers.Serializer[Mapping[str, object]]):
    """RFC 9457. The messages of `errors` stand once more under the names of their fields."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong, in a sentence.")
    errors = serializers.DictField(required=False, help_text="Messages by field.")  # type: ignore[assignment]
    problems = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="All that is wrong, one by one."
    )
    retry_after = serializers.IntegerField(required=False, help_text="Seconds.")


class ConflictSerializer(ProblemSerializer):
    """Another choice came first."""

    yours = AnswerField(allow_null=True)
    theirs = AnswerField(allow_null=True)
    version = serializers.IntegerField(help_text="Send it as `base_version` to put yours in the place of theirs.")


def with_problems(result: dict[str, Any], generator: SchemaGenerator, **_more: object) -> dict[str, Any]:
    """Give every operation the answers that it may be refused with: a hook of drf-spectacular."""
    parts = result["components"]
    told = parts.setdefault("responses", {})
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status, description in (ALWAYS | WITH_BODY).items():
        told[f"Problem{status}"] = {"description": description, "content": {MEDIA_TYPE: reference}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            refusals = ALWAYS if method == "get" else ALWAYS | WITH_BODY
            for status in refusals:
                operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
            _as_problems(operation["responses"])
    return result


def _as_problems(responses: dict[str, Any]) -> None:
    for status, answer in responses.items():
        if status >= "400" and "application/json" in answer.get("content", {}):
            answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
