"""Members by their pseudonyms: no name, no address, no user name leaves the site."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.errors import NotFoundError
from projects.models import Membership, Role
from projects.queries.members import members
from projects.services.member_changes import change_member, remove_member
from projects.services.members import invite

from .fields import Filters, Strict, Text
from .reach import member_of


class MemberSerializer(serializers.ModelSerializer[Membership]):
    signs_in = serializers.SerializerMethodField(help_text="False until the holder of imported labels is invited.")

    class Meta:
        model = Membership
        fields = ["id", "pseudonym", "role", "group", "signs_in", "joined_at"]
        read_only_fields = fields

    def get_signs_in(self, member: Membership) -> bool:
        return member.user_id is not None


class MemberChange(Strict):
    """What stays out stays as it is."""

    role = serializers.ChoiceField(choices=Role.choices, required=False)
    pseudonym = Text(required=False, max_length=200)
    group = Text(required=False, max_length=200, allow_blank=True)


class NewInvitation(Strict):
    role = serializers.ChoiceField(choices=Role.choices)
    note = Text(required=False, max_length=200, allow_blank=True, help_text="Your own reminder of whom it is for.")
    pseudonym = Text(
        required=False, max_length=200, help_text="Of a member without a sign-in, whose place the invited one takes."
    )


class InvitationSerializer(serializers.Serializer[dict[str, str]]):
    link = serializers.CharField(help_text="To be sent to one person. It is shown this once.")


class MemberList(generics.GenericAPIView[Membership]):
    """Who is a member, for leads."""

    serializer_class = MemberSerializer
    queryset = Membership.objects.none()

    @extend_schema(operation_id="members_list", responses=MemberSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        Filters.of(request)
        rows = self.paginate_queryset(members(member_of(request, slug, "view members").project)) or []
        return self.get_paginated_response(MemberSerializer(rows, many=True).data)


class MemberDetail(APIView):
    @extend_schema(responses=MemberSerializer)
    def get(self, request: Request, slug: str, member_id: int) -> Response:
        """One member."""
        return Response(MemberSerializer(_one(member_of(request, slug, "view members"), member_id)).data)

    @extend_schema(request=MemberChange, responses=MemberSerializer)
    def patch(self, request: Request, slug: str, member_id: int) -> Response:
        """Change role, pseudonym or group."""
        lead = member_of(request, slug, "manage members")
        found = _one(lead, member_id)
        stands = {"role": found.role, "pseudonym": found.pseudonym, "group": found.group}
        change_member(lead=lead, member_id=member_id, **stands | MemberChange.of(request))
        return Response(MemberSerializer(_one(lead, member_id)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, member_id: int) -> Response:
        """End the membership. Labels stay; shares that were not begun are released."""
        remove_member(lead=member_of(request, slug, "manage members"), member_id=member_id)
        return Response(status=204)


class InvitationList(APIView):
    @extend_schema(request=NewInvitation, responses={201: InvitationSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Make an invitation. A repeated request makes another one: `Idempotency-Key` is not heeded here."""
        lead = member_of(request, slug, "manage members")
        sent = NewInvitation.of(request)
        holder = _named(lead, sent.pop("pseudonym")) if "pseudonym" in sent else None
        key = invite(lead=lead, member=holder, **sent)
        return Response({"link": request.build_absolute_uri(reverse("join", args=[key]))}, status=201)


def _one(member: Membership, member_id: int) -> Membership:
    found = members(member.project).filter(pk=member_id).first()
    if found is None:
        raise NotFoundError("There is no such member.")
    return found


def _named(member: Membership, pseudonym: str) -> Membership:
    found = members(member.project).filter(pseudonym=pseudonym).first()
    if found is None:
        raise NotFoundError("There is no member of this pseudonym.")
    return found
