"""The agreement of a round, as the report says it."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.jobs import JobSerializer, started
from annotator.core.errors import ConflictError
from annotator.models import AccessEntry
from annotator.queries.ready_reports import Ready, ready_report
from annotator.queries.selections import EVERYTHING
from annotator.services import access_log
from annotator.services.long_reports import require_shown, start_report
from projects.api.fields import Filters
from projects.api.reach import with_round

ACT = "view agreement"


class ReportSerializer(serializers.Serializer[Ready]):
    computed_at = serializers.DateTimeField(allow_null=True, help_text="null = now.")
    is_current = serializers.BooleanField(help_text="False where labels have changed since.")
    report = serializers.DictField(help_text="As `manage.py agreement --format json` writes it.")


class Agreement(APIView):
    @extend_schema(responses=ReportSerializer)
    def get(self, request: Request, round_id: int) -> Response:
        """The report of a round; 409 where a long one is not computed yet."""
        Filters.of(request)
        member, round = with_round(request, round_id, ACT)
        require_shown(member, round)
        ready = ready_report(round, EVERYTHING)
        if ready is None:
            raise ConflictError("This report is not computed yet. POST to this address computes it, as a job.")
        access_log.note(member=member, rounds=[round.pk], what=AccessEntry.What.REPORT)
        told = {"computed_at": ready.computed_at, "is_current": ready.is_current}
        return Response({**told, "report": ready.frozen.report.as_dict()})

    @extend_schema(request=None, responses={202: JobSerializer})
    def post(self, request: Request, round_id: int) -> Response:
        """Compute the report as a job."""
        member, round = with_round(request, round_id, ACT)
        return started(request, member, start_report(member=member, round=round, selection=EVERYTHING))
