"""Labels: read what one may see, save one's own by the same service as the coding screen."""

import datetime
from collections.abc import Sequence

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api.answers import AnswerField, EventKey
from annotator.api.problems import ConflictSerializer
from annotator.core.errors import InvalidError, NotFoundError
from annotator.models import AccessEntry, Label
from annotator.queries.save_target import SeveralAssignmentsError, save_target
from annotator.queries.visible_labels import visible_labels
from annotator.services import access_log
from annotator.services.labels import Choice, Saved
from annotator.services.late_labels import save_choice
from projects.api.fields import LARGEST_VERSION, Filters, Id, Strict, WholeNumber
from projects.api.reach import caller, opens, reach
from projects.models import Assignment, Membership
from projects.queries.codebooks import codebook
from projects.queries.masking import hidden_from


class LabelSerializer(serializers.ModelSerializer[Label]):
    """`annotator` is the member's pseudonym, `sentence` the number of the unit in its article (0 = the whole)."""

    article = serializers.IntegerField(source="unit.text_version.article_id", read_only=True)
    article_external_id = serializers.CharField(source="unit.text_version.article.external_id", read_only=True)
    unit = serializers.IntegerField(source="unit_id", read_only=True)
    sentence = serializers.IntegerField(source="unit.index", read_only=True)
    annotator = serializers.CharField(source="assignment.member.pseudonym", read_only=True)
    value = AnswerField(read_only=True, allow_null=True)
    assignment = serializers.IntegerField(source="assignment_id", read_only=True)
    occasion = serializers.IntegerField(source="assignment.occasion", read_only=True)
    round = serializers.IntegerField(source="round_id", read_only=True)
    round_name = serializers.CharField(source="round.name", read_only=True)

    class Meta:
        model = Label
        fields = [
            "id",
            "article",
            "article_external_id",
            "unit",
            "sentence",
            "annotator",
            "variable",
            "value",
            "version",
            "to_confirm",
            "assignment",
            "occasion",
            "round",
            "round_name",
            "updated_at",
        ]
        read_only_fields = fields

    def to_representation(self, instance: Label) -> dict[str, object]:
        """Without the id that an article has elsewhere, where a round masks it: it may tell what is masked."""
        told = super().to_representation(instance)
        instance.assignment.round = instance.round
        is_kept = instance.round.closed_at is None and bool(hidden_from(instance.assignment))
        if is_kept and instance.round.project_id not in self.context["whole"]:
            told["article_external_id"] = ""
        return told


class LabelFilters(Filters):
    project = serializers.CharField(required=False, max_length=60, help_text="Slug of a project.")
    round = Id(required=False, help_text="Id of a round.")
    article = Id(required=False, help_text="Id of an article.")
    variable = serializers.CharField(required=False, max_length=100, help_text="Key of a variable.")
    annotator = serializers.CharField(required=False, max_length=200, help_text="Pseudonym of a member.")


# Parameters of the address to paths of the model; nothing else filters.
PATHS = {
    "round": "round_id",
    "article": "unit__text_version__article_id",
    "variable": "variable",
    "annotator": "assignment__member__pseudonym",
}


class ChoiceSerializer(Strict):
    """One change of a label. The annotator is whoever asks."""

    event = EventKey(help_text="A new uuid for each choice; a repeat of the request uses the same.")
    unit = Id(help_text="Id of a unit.")
    variable = serializers.CharField(max_length=100, trim_whitespace=False)
    value = AnswerField(allow_null=True)
    base_version = WholeNumber(
        min_value=0, max_value=LARGEST_VERSION, help_text="The version of the label that is changed; 0 = none yet."
    )
    assignment = Id(
        required=False, allow_null=True, help_text="Needed where several open assignments of yours hold the unit."
    )
    client_time = serializers.DateTimeField(required=False, allow_null=True, default_timezone=datetime.UTC)


class SavedSerializer(serializers.Serializer[Saved]):
    """What was saved; a repeat answers the same."""

    event = serializers.UUIDField()
    unit = serializers.IntegerField()
    variable = serializers.CharField()
    value = AnswerField(allow_null=True)
    version = serializers.IntegerField(help_text="The next choice's `base_version`.")
    units_done = serializers.IntegerField()
    units_total = serializers.IntegerField()


class LabelList(generics.ListAPIView[Label]):
    """The current labels that the caller may see. Conditions (`visible_if`) are not evaluated here."""

    serializer_class = LabelSerializer
    queryset = Label.objects.none()

    @extend_schema(parameters=[LabelFilters])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        query = LabelFilters.of(request)
        seen = reach(request, query.pop("project", None))
        labels = visible_labels(whole=seen.whole("view labels of all"), members=seen.own)
        context = {**self.get_serializer_context(), "whole": seen.whole("view articles")}
        found = labels.filter(**{PATHS[name]: value for name, value in query.items()})
        rows = self.paginate_queryset(found) or []
        _note_others(seen.members, rows)
        return self.get_paginated_response(LabelSerializer(rows, many=True, context=context).data)

    @extend_schema(request=ChoiceSerializer, responses={200: SavedSerializer, 409: ConflictSerializer})
    def post(self, request: Request) -> Response:
        """Save one choice of the caller's own."""
        return Response(SavedSerializer(save(request, request.data)).data)


def save(request: Request, sent: object, known: dict[int, Assignment] | None = None) -> Saved:
    """Save a choice as it was sent; `known` keeps the assignments that choices of this request have named."""
    serializer = ChoiceSerializer(data=sent)
    serializer.is_valid(raise_exception=True)
    named = serializer.validated_data.pop("assignment", None)
    choice = Choice(**serializer.validated_data)
    found = (known or {}).get(named or 0) or _target(request, choice, named)
    if named is not None and known is not None:
        known[named] = found
    return _save(found, choice)


def _note_others(members: Sequence[Membership], rows: Sequence[Label]) -> None:
    """Others' labels were served to the caller, of whom these are the memberships."""
    for member in members:
        others = [row for row in rows if row.round.project_id == member.project_id]
        rounds = [row.round_id for row in others if row.assignment.member_id != member.pk]
        access_log.note(member=member, rounds=rounds, what=AccessEntry.What.ANSWERS)


def _target(request: Request, choice: Choice, named: int | None) -> Assignment:
    try:
        found = save_target(user_id=caller(request).pk, unit_id=choice.unit, event=choice.event, assignment_id=named)
    except SeveralAssignmentsError as error:
        raise serializers.ValidationError({"assignment": [str(error)]}) from error
    if not opens(request, found.round.project_id):
        raise NotFoundError("You have no assignment with such a unit.")
    return found


def _save(assignment: Assignment, choice: Choice) -> Saved:
    """Save, and tell by field what is wrong with the choice."""
    asked = codebook(assignment.round.codebook_version_id).variables
    if all(variable.key != choice.variable for variable in asked):
        raise serializers.ValidationError({"variable": ["The codebook of this round has no such variable."]})
    try:
        return save_choice(assignment=assignment, choice=choice)
    except InvalidError as error:
        raise serializers.ValidationError({"value": [str(error), *error.problems]}) from error
