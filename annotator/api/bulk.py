"""Many labels in one request: each is saved, or refused, by itself."""

from collections.abc import Mapping

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.errors import Problem, field_problem, problem
from annotator.api.labels import ChoiceSerializer, SavedSerializer, save
from annotator.api.problems import ProblemSerializer
from annotator.core.errors import DomainError
from projects.api.fields import Strict
from projects.api.parsing import LongJSONParser
from projects.models import Assignment

MOST = 1000


@extend_schema_field(ChoiceSerializer(many=True))
class ChoicesField(serializers.ListField):
    """Checked one by one, so that a wrong one refuses itself alone."""

    child = serializers.JSONField()


class BulkSerializer(Strict):
    choices = ChoicesField(allow_empty=False, max_length=MOST)


class OutcomeSerializer(serializers.Serializer[object]):
    status = serializers.IntegerField(help_text="200, or what the choice alone would have been refused with.")
    saved = SavedSerializer(required=False)
    problem = ProblemSerializer(required=False)


class OutcomesSerializer(serializers.Serializer[object]):
    saved = serializers.IntegerField(help_text="So many choices are stored, by this request or one before.")
    refused = serializers.IntegerField()
    results = OutcomeSerializer(many=True, help_text="One for each choice, in the order sent.")


class LabelBulk(APIView):
    parser_classes = [LongJSONParser]

    @extend_schema(
        operation_id="labels_bulk", request=BulkSerializer, responses=dict.fromkeys((200, 207), OutcomesSerializer)
    )
    def post(self, request: Request) -> Response:
        """Save up to 1,000 choices of the caller's own, in the order sent.

        200: all of them are saved. 207: some were refused, the others are saved; send those again once they are mended.
        The whole request may be repeated: each choice has its `event`, and is stored once.
        """
        known: dict[int, Assignment] = {}
        results = [_outcome(request, sent, known) for sent in BulkSerializer.of(request)["choices"]]
        refused = sum("problem" in result for result in results)
        told = {"saved": len(results) - refused, "refused": refused, "results": results}
        return Response(told, status=207 if refused else 200)


def _outcome(request: Request, sent: object, known: dict[int, Assignment]) -> dict[str, object]:
    told: Problem | None
    try:
        return {"status": 200, "saved": SavedSerializer(save(request, sent, known)).data}
    except serializers.ValidationError as error:
        told = field_problem(error)
    except DomainError as error:
        told = problem(error, sent if isinstance(sent, Mapping) else {})
        if told is None:
            raise
    return {"status": told["status"], "problem": told}
