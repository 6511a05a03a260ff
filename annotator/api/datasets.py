"""Datasets: streamed at once, or written by a job and fetched when it is done."""

from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.jobs import JobSerializer, job_here, started
from annotator.core.layers import LAYERS
from annotator.core.sentences import KINDS
from annotator.core.tables import Selection
from annotator.models import AccessEntry
from annotator.services import access_log
from annotator.services.dataset_jobs import file_of, start_export
from annotator.services.export_formats import MAKERS, make
from annotator.services.exports import FORMS, exported_rounds
from projects.api.fields import LARGEST_VERSION, Filters, Id, Strict, WholeNumber
from projects.api.once import once
from projects.api.reach import member_of

MOST = 1000
FILE = {(200, "*/*"): OpenApiTypes.BINARY}


class Wanted(Strict):
    """What of the labels; what stays out leaves nothing out."""

    format = serializers.ChoiceField(choices=list(MAKERS), default="long", help_text="See docs/datasets.md.")
    form = serializers.ChoiceField(choices=list(FORMS), required=False, help_text="The kind of file of a table.")
    layer = serializers.ChoiceField(
        choices=LAYERS, default="labels", help_text="Documents hold the labels or the decisions; tables have names."
    )
    round = serializers.ListField(child=Id(help_text=""), required=False, max_length=MOST, help_text="Ids of rounds.")
    variable = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=MOST, help_text="Keys of variables."
    )
    kind = serializers.ListField(
        child=serializers.ChoiceField(choices=["article", *KINDS]),
        required=False,
        max_length=MOST,
        help_text="Kinds of unit.",
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


class DatasetFilters(Filters, Wanted):
    """In an address; its lists are named several times."""


class AsFile(APIView):
    """Answers with a file whatever a client accepts; what is refused is JSON."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        return JSONRenderer(), "application/json"


class Dataset(AsFile):
    @extend_schema(operation_id="dataset", parameters=[DatasetFilters], responses=FILE)
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """A table of the labels of all rounds, or of those named, or another format, as a file."""
        member = member_of(request, slug, "export")
        asked = chosen(DatasetFilters.of(request))
        dataset = make(member=member, **asked)
        served = [round.pk for round in exported_rounds(member=member, selection=asked["selection"])]
        access_log.note(member=member, rounds=served, what=AccessEntry.What.DATASET)
        told = f'attachment; filename="{dataset.file_name}"'
        return StreamingHttpResponse(
            dataset.begun(), content_type=dataset.media_type, headers={"Content-Disposition": told}
        )


class Exports(APIView):
    @extend_schema(operation_id="exports_create", request=Wanted, responses={202: JobSerializer})
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Write a dataset as a job; when it is done, its file is fetched from the job for seven days."""
        member = member_of(request, slug, "export")
        return started(request, member, start_export(member=member, **chosen(Wanted.of(request))))


class JobFile(AsFile):
    @extend_schema(operation_id="jobs_file", responses=FILE)
    def get(self, request: Request, job_id: int) -> FileResponse:
        """The file of an export that is done."""
        member, job = job_here(request, job_id)
        file, name, media_type = file_of(member=member, job=job)
        access_log.note(member=member, rounds=job.result["rounds"], what=AccessEntry.What.DATASET)
        return FileResponse(file, as_attachment=True, filename=name, content_type=media_type)


def chosen(asked: dict[str, Any]) -> dict[str, Any]:
    """As the services take it."""
    selection = Selection(
        rounds=tuple(asked.get("round", ())),
        variables=tuple(asked.get("variable", ())),
        kinds=tuple(asked.get("kind", ())),
        annotators=tuple(asked.get("annotator", ())),
        at=asked.get("at"),
        under=asked.get("under"),
    )
    return {"format": asked["format"], "kind": asked.get("form", ""), "layer": asked["layer"], "selection": selection}
