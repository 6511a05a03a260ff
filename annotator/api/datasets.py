"""Datasets: a table of the labels, streamed."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from annotator.core.sentences import KINDS
from annotator.core.tables import Selection
from annotator.models import AccessEntry
from annotator.services import access_log
from annotator.services.exports import FORMS, TABLES, export_dataset, exported_rounds
from projects.api.fields import LARGEST_VERSION, Filters, Id, WholeNumber
from projects.api.reach import member_of
from projects.models import Membership

MOST = 1000
MEDIA_TYPES = sorted({form.media_type.partition(";")[0] for form in FORMS.values()})


class DatasetFilters(Filters):
    """What is wanted; what stays out leaves nothing out. The lists may be named several times."""

    table = serializers.ChoiceField(choices=list(TABLES), default="long")
    form = serializers.ChoiceField(choices=list(FORMS), default="csv", help_text="The kind of file.")
    round = serializers.ListField(child=Id(help_text=""), required=False, max_length=MOST, help_text="Ids of rounds.")
    variable = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=MOST, help_text="Keys of variables."
    )
    kind = serializers.ListField(
        child=serializers.ChoiceField(choices=KINDS), required=False, max_length=MOST, help_text="Kinds of unit."
    )
    annotator = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=MOST, help_text="Pseudonyms."
    )
    at = serializers.DateTimeField(required=False, help_text="As it stood at this moment.")
    under = WholeNumber(
        required=False,
        min_value=1,
        max_value=LARGEST_VERSION,
        help_text="The one round as it stood under the codebook version of this number.",
    )


class AsFile(APIView):
    """Answers with a file whatever a client accepts; what is refused is JSON."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        return JSONRenderer(), "application/json"


class Dataset(AsFile):
    @extend_schema(
        operation_id="dataset",
        parameters=[DatasetFilters],
        responses={(200, media_type): OpenApiTypes.BINARY for media_type in MEDIA_TYPES},
    )
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """A table of the labels of all rounds, or of those named, as a file; docs/datasets.md has its columns."""
        member = member_of(request, slug, "export")
        asked = DatasetFilters.of(request)
        wanted = selection_of(asked)
        dataset = export_dataset(member=member, format=asked["table"], kind=asked["form"], selection=wanted)
        note_served(member, wanted)
        told = f'attachment; filename="{dataset.file_name}"'
        return StreamingHttpResponse(
            dataset.chunks, content_type=dataset.media_type, headers={"Content-Disposition": told}
        )


def selection_of(asked: dict[str, Any]) -> Selection:
    return Selection(
        rounds=tuple(asked.get("round", ())),
        variables=tuple(asked.get("variable", ())),
        kinds=tuple(asked.get("kind", ())),
        annotators=tuple(asked.get("annotator", ())),
        at=asked.get("at"),
        under=asked.get("under"),
    )


def note_served(member: Membership, wanted: Selection) -> None:
    rounds = [round.pk for round in exported_rounds(member=member, selection=wanted)]
    access_log.note(member=member, rounds=rounds, what=AccessEntry.What.DATASET)
