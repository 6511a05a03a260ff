"""Pages by cursor: the last id seen. A page costs the same however far it lies, and nothing is counted unasked."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from .fields import LARGEST_ID, WholeNumber

PAGE, LARGEST_PAGE = 100, 1000
Stored = TypeVar("Stored", bound=Model)
Row = TypeVar("Row")


class PageQuery(serializers.Serializer[None]):
    cursor = WholeNumber(required=False, min_value=0, max_value=LARGEST_ID)
    page_size = WholeNumber(default=PAGE, min_value=1, max_value=LARGEST_PAGE)
    count = serializers.ChoiceField(choices=["0", "1"], default="0")


class IdPagination(BasePagination):
    """Rows in the order of `field`, which must be unique within the list."""

    field = "id"

    def paginate_queryset(
        self, queryset: QuerySet[Stored, Row] | Sequence[Row], request: Request, view: APIView | None = None
    ) -> list[Row]:
        assert isinstance(queryset, QuerySet)
        asked = PageQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        query, size = asked.validated_data, asked.validated_data["page_size"]
        self.count = queryset.count() if query["count"] == "1" else None
        if "cursor" in query:
            queryset = queryset.filter(**{f"{self.field}__gt": query["cursor"]})
        rows = list(queryset.order_by(self.field)[: size + 1])
        self.next = None
        if len(rows) > size:
            rows.pop()
            last = getattr(rows[-1], self.field)
            self.next = replace_query_param(request.build_absolute_uri(), "cursor", last)
        return rows

    def get_paginated_response(self, data: object) -> Response:
        page = {"next": self.next, "results": data}
        return Response(page if self.count is None else {"count": self.count, **page})

    def get_paginated_response_schema(self, schema: dict[str, object]) -> dict[str, object]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Only with `?count=1`."},
                "next": {"type": ["string", "null"], "format": "uri"},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, object]]:
        """Of `PageQuery`, in the words of OpenAPI."""
        number = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}
        return [
            _parameter("cursor", {"type": "integer", "minimum": 0}, "Taken from `next`."),
            _parameter("page_size", number, "Rows a page."),
            _parameter("count", {"type": "string", "enum": ["0", "1"]}, "1 adds `count`, the length of the list."),
        ]


class IndexPagination(IdPagination):
    """Units, in the order of the text."""

    field = "index"


class NumberPagination(IdPagination):
    """Versions, in the order in which they were begun."""

    field = "number"


def _parameter(name: str, schema: dict[str, object], description: str) -> dict[str, object]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
