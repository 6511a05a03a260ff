"""Rounds: read, opened, closed, frozen, put in the trash."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.jobs import JobSerializer, started
from annotator.core.errors import InvalidError, NotFoundError
from annotator.core.sampling import Annotator
from annotator.models import Job
from annotator.services.drawn_rounds import open_or_start
from annotator.services.trash import trash_round
from projects.api.fields import Filters, Id, Strict, Text, WholeNumber
from projects.api.once import once
from projects.api.reach import member_of, with_round
from projects.models import Article, Membership, Round
from projects.permissions import can
from projects.queries.access import annotators, round_of
from projects.services.asks import Ask
from projects.services.freezing import freeze_round
from projects.services.rounds import LONGEST_NAME, open_round, set_closed

READ, MANAGE = "view rounds", "manage rounds"
OPEN, CLOSED, FROZEN = "open", "closed", "frozen"
DRAWN_BY = ("number", "part", "overlap")
LARGEST = 1_000_000


class RoundSerializer(serializers.ModelSerializer[Round]):
    project = serializers.CharField(source="project.slug", read_only=True)
    codebook = serializers.IntegerField(source="codebook_version.number", read_only=True, help_text="Its number.")
    state = serializers.SerializerMethodField()
    draw = serializers.DictField(
        read_only=True, allow_null=True, help_text="What was asked of the draw, for leads; null = nothing was drawn."
    )

    class Meta:
        model = Round
        fields = [
            "id",
            "project",
            "name",
            "purpose",
            "state",
            "codebook",
            "blind",
            "hints",
            "hide_outlet",
            "hide_byline",
            "hide_headline",
            "overlap",
            "seed",
            "draw",
            "reason_required",
            "due_on",
            "created_at",
            "closed_at",
            "frozen_at",
        ]
        read_only_fields = fields

    def get_state(self, round: Round) -> str:
        if round.frozen_at is not None:
            return FROZEN
        return CLOSED if round.closed_at is not None else OPEN

    def to_representation(self, instance: Round) -> dict[str, Any]:
        """The draw names gold articles, and who got which: who may only look at rounds may annotate in this one."""
        told: dict[str, Any] = super().to_representation(instance)
        return told if can(self.context["member"], MANAGE) else told | {"draw": None}


class NewRound(Strict):
    """Without `number`, `part` and `overlap` each of the members labels each of the articles."""

    name = Text(max_length=LONGEST_NAME)
    purpose = serializers.ChoiceField(choices=Round.Purpose.choices)
    members = serializers.ListField(child=Text(max_length=200), allow_empty=False, help_text="Pseudonyms.")
    articles = serializers.ListField(
        child=Id(help_text="Id of an article."),
        required=False,
        allow_empty=False,
        help_text="Ids; to draw from all of the project's, leave it out.",
    )
    number = WholeNumber(required=False, min_value=1, max_value=LARGEST, help_text="So many articles are drawn.")
    part = serializers.FloatField(required=False, min_value=0, max_value=1, help_text="Such a part of them is drawn.")
    overlap = WholeNumber(required=False, min_value=1, max_value=1000, help_text="Annotators an article.")
    seed = WholeNumber(required=False, min_value=0, max_value=2**32 - 1)
    blind = serializers.BooleanField(required=False)
    hints = serializers.BooleanField(required=False)
    hide_outlet = serializers.BooleanField(required=False)
    hide_byline = serializers.BooleanField(required=False)
    hide_headline = serializers.BooleanField(required=False)
    reason_required = serializers.BooleanField(required=False)
    due_on = serializers.DateField(required=False, allow_null=True)


class RoundChange(Strict):
    state = serializers.ChoiceField(
        choices=[OPEN, CLOSED, FROZEN], help_text="Only a closed round can be frozen, and a frozen one stays so."
    )


class RoundList(generics.GenericAPIView[Round]):
    """The rounds of a project, oldest first."""

    serializer_class = RoundSerializer
    queryset = Round.objects.none()

    @extend_schema(operation_id="rounds_list", responses=RoundSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        Filters.of(request)
        member = member_of(request, slug, READ)
        found = Round.objects.filter(project=member.project_id).select_related("project", "codebook_version")
        rows = self.paginate_queryset(found.defer("codebook_version__document")) or []
        return self.get_paginated_response(RoundSerializer(rows, many=True, context={"member": member}).data)

    @extend_schema(request=NewRound, responses={201: RoundSerializer, 202: JobSerializer})
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Open a round by the newest published codebook; a large one is a job: 202 with its address."""
        lead = member_of(request, slug, MANAGE)
        made = _open(lead, NewRound.of(request))
        if isinstance(made, Job):
            return started(request, lead, made)
        return Response(_told(lead, made), status=201)


class RoundDetail(APIView):
    @extend_schema(responses=RoundSerializer)
    def get(self, request: Request, round_id: int) -> Response:
        """One round."""
        return Response(_told(*with_round(request, round_id, READ)))

    @extend_schema(request=RoundChange, responses=RoundSerializer)
    def patch(self, request: Request, round_id: int) -> Response:
        """Close it, open it again, or freeze it for good."""
        lead, round = with_round(request, round_id, MANAGE)
        wanted = RoundChange.of(request)["state"]
        if wanted == FROZEN:
            freeze_round(lead=lead, round=round)
        else:
            set_closed(lead=lead, round=round, closed=wanted == CLOSED)
        return Response(_told(lead, round_of(lead, round_id)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, round_id: int) -> Response:
        """Put it in the trash with all that hangs on it; a lead can bring it back for 30 days."""
        lead, round = with_round(request, round_id, MANAGE)
        trash_round(lead=lead, round=round)
        return Response(status=204)


def _told(member: Membership, round: Round) -> dict[str, Any]:
    return RoundSerializer(round, context={"member": member}).data


def _open(lead: Membership, sent: dict[str, Any]) -> Round | Job:
    members = _members(lead, sent.pop("members"))
    articles: list[int] | None = sent.pop("articles", None)
    name, purpose, seed = sent.pop("name"), sent.pop("purpose"), sent.pop("seed", 0)
    drawn = {key: sent.pop(key) for key in DRAWN_BY if key in sent}
    if drawn:
        who = [Annotator(member.pk) for member in members]
        ask = Ask(seed=seed, members=who, by_hand=articles, **drawn)
        return open_or_start(lead=lead, name=name, purpose=purpose, ask=ask, **sent)
    if articles is None:
        raise InvalidError("Name the articles, or say how many are drawn: number, part or overlap.")
    return open_round(
        lead=lead, name=name, purpose=purpose, articles=_articles(lead, articles), members=members, **sent
    )


def _members(lead: Membership, pseudonyms: list[str]) -> list[Membership]:
    known = {member.pseudonym: member for member in annotators(lead.project_id)}
    wanted = dict.fromkeys(pseudonyms)
    if missing := [name for name in wanted if name not in known]:
        raise InvalidError(f"Nobody who annotates in this project is called “{missing[0]}”.")
    return [known[name] for name in wanted]


def _articles(lead: Membership, ids: list[int]) -> list[Article]:
    known = {found.pk: found for found in Article.objects.filter(project=lead.project_id, pk__in=ids, deleted_at=None)}
    if any(pk not in known for pk in ids):
        raise NotFoundError("There is no such article.")
    return [known[pk] for pk in dict.fromkeys(ids)]
