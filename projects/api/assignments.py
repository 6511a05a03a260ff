"""Assignments: one's own, and for leads those of all."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from projects.models import Assignment
from projects.queries.shares import visible_shares

from .fields import Filters, Id
from .reach import reach


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """One annotator's share: one article in one round. What it was drawn for is told to nobody here."""

    project = serializers.CharField(source="round.project.slug", read_only=True)
    round = serializers.IntegerField(source="round_id", read_only=True)
    article = serializers.IntegerField(source="text_version.article_id", read_only=True)
    text_version = serializers.IntegerField(source="text_version.number", read_only=True)
    annotator = serializers.CharField(source="member.pseudonym", read_only=True)

    class Meta:
        model = Assignment
        fields = [
            "id",
            "project",
            "round",
            "article",
            "text_version",
            "annotator",
            "occasion",
            "state",
            "units_done",
            "units_total",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class AssignmentFilters(Filters):
    project = serializers.CharField(required=False, max_length=60, help_text="Slug of a project.")
    round = Id(required=False, help_text="Id of a round.")
    article = Id(required=False, help_text="Id of an article.")
    annotator = serializers.CharField(required=False, max_length=200, help_text="Pseudonym of a member.")
    state = serializers.ChoiceField(choices=Assignment.State.choices, required=False)


# Parameters of the address to paths of the model; nothing else filters.
PATHS = {
    "round": "round_id",
    "article": "text_version__article_id",
    "annotator": "member__pseudonym",
    "state": "state",
}


class AssignmentList(generics.GenericAPIView[Assignment]):
    """The caller's own; in projects that he leads, those of all."""

    serializer_class = AssignmentSerializer
    queryset: QuerySet[Assignment] = Assignment.objects.none()

    @extend_schema(
        operation_id="assignments_list", parameters=[AssignmentFilters], responses=AssignmentSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        query = AssignmentFilters.of(request)
        seen = reach(request, query.pop("project", None))
        found = visible_shares(whole=seen.whole("manage rounds"), members=seen.own)
        rows = self.paginate_queryset(found.filter(**{PATHS[name]: value for name, value in query.items()})) or []
        return self.get_paginated_response(AssignmentSerializer(rows, many=True).data)
