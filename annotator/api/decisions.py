"""Decisions: read what one may see, decide by the same service as the bench."""

from collections.abc import Sequence

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api.answers import AnswerField, EventKey
from annotator.api.problems import ConflictSerializer
from annotator.models import AccessEntry, Decision, DecisionEvent
from annotator.queries.adjudication import made_by, unit_of_round
from annotator.queries.visible_decisions import visible_decisions
from annotator.services import access_log
from annotator.services.decisions import LONGEST_REASON, Ruling, check_open, decide
from projects.api.fields import LARGEST_VERSION, Filters, Id, Strict, Text, WholeNumber
from projects.api.reach import reach, with_round
from projects.queries.codebooks import codebook


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """The adjudicated answer. `sentence` is the number of the unit in its article (0 = the whole)."""

    project = serializers.CharField(source="round.project.slug", read_only=True)
    round = serializers.IntegerField(source="round_id", read_only=True)
    article = serializers.IntegerField(source="unit.text_version.article_id", read_only=True)
    article_external_id = serializers.CharField(source="unit.text_version.article.external_id", read_only=True)
    unit = serializers.IntegerField(source="unit_id", read_only=True)
    sentence = serializers.IntegerField(source="unit.index", read_only=True)
    value = AnswerField(read_only=True, allow_null=True)
    reason = serializers.SerializerMethodField()
    decided_by = serializers.SerializerMethodField(help_text="Pseudonym of who gave it its value.")

    class Meta:
        model = Decision
        fields = [
            "id",
            "project",
            "round",
            "article",
            "article_external_id",
            "unit",
            "sentence",
            "variable",
            "value",
            "version",
            "discussed",
            "to_confirm",
            "reason",
            "decided_by",
            "updated_at",
        ]
        read_only_fields = fields

    def get_reason(self, decision: Decision) -> str:
        made = self._made(decision)
        return made.reason if made else ""

    def get_decided_by(self, decision: Decision) -> str:
        made = self._made(decision)
        return made.member.pseudonym if made else ""

    def _made(self, decision: Decision) -> DecisionEvent | None:
        made: DecisionEvent | None = self.context["made"].get(decision.pk, [None])[0]
        return made


class DecisionFilters(Filters):
    project = serializers.CharField(required=False, max_length=60, help_text="Slug of a project.")
    round = Id(required=False, help_text="Id of a round.")
    article = Id(required=False, help_text="Id of an article.")
    variable = serializers.CharField(required=False, max_length=100, help_text="Key of a variable.")


# Parameters of the address to paths of the model; nothing else filters.
PATHS = {"round": "round_id", "article": "unit__text_version__article_id", "variable": "variable"}


class RulingSerializer(Strict):
    """One change of a decision."""

    event = EventKey(help_text="A new uuid for each change; a repeat of the request uses the same.")
    round = Id(help_text="Id of a round.")
    unit = Id(help_text="Id of a unit.")
    variable = Text(max_length=100, trim_whitespace=False)
    value = AnswerField(allow_null=True, help_text="null puts it up for discussion, with the reason as the remark.")
    base_version = WholeNumber(
        min_value=0, max_value=LARGEST_VERSION, help_text="The version of the decision that is changed; 0 = none yet."
    )
    reason = Text(required=False, allow_blank=True, max_length=LONGEST_REASON)


class DecisionList(generics.GenericAPIView[Decision]):
    """The decisions of those projects in which the caller sees everybody's labels."""

    serializer_class = DecisionSerializer
    queryset = Decision.objects.none()

    @extend_schema(operation_id="decisions_list", parameters=[DecisionFilters], responses=DecisionSerializer(many=True))
    def get(self, request: Request) -> Response:
        query = DecisionFilters.of(request)
        seen = reach(request, query.pop("project", None))
        found = visible_decisions(whole=seen.whole("view labels of all"), members=seen.own)
        rows = self.paginate_queryset(found.filter(**{PATHS[name]: value for name, value in query.items()})) or []
        for member in seen.members:
            rounds = [row.round_id for row in rows if row.round.project_id == member.project_id]
            access_log.note(member=member, rounds=rounds, what=AccessEntry.What.ANSWERS)
        return self.get_paginated_response(_told(rows))

    @extend_schema(
        operation_id="decisions_create",
        request=RulingSerializer,
        responses={200: DecisionSerializer, 409: ConflictSerializer},
    )
    def post(self, request: Request) -> Response:
        """Decide, or put up for discussion."""
        sent = RulingSerializer.of(request)
        member, round = with_round(request, sent["round"], "adjudicate")
        check_open(member, round)
        if codebook(round.codebook_version_id).find(sent["variable"]) is None:
            raise serializers.ValidationError({"variable": ["The codebook of this round has no such variable."]})
        unit = unit_of_round(round, sent["unit"])
        decision = decide(member=member, ruling=Ruling(**sent | {"round": round, "unit": unit}))
        access_log.note(member=member, rounds=[round.pk], what=AccessEntry.What.ANSWERS)
        return Response(_told([decision])[0])


def _told(rows: Sequence[Decision]) -> list[dict[str, object]]:
    context = {"made": made_by([row.pk for row in rows])}
    return list(DecisionSerializer(rows, many=True, context=context).data)
