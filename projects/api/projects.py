"""Projects, and what a lead says of one as a whole."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.errors import NotAllowedError
from annotator.core.sentences import KINDS
from projects.models import Membership, Token
from projects.queries import access
from projects.services.projects import create_project
from projects.services.settings import OFFERED, change_settings

from .fields import Filters, Strict, Text
from .once import once
from .reach import caller, member_of, memberships


class ProjectSerializer(serializers.ModelSerializer[Membership]):
    """A project as its member sees it."""

    slug = serializers.CharField(source="project.slug")
    title = serializers.CharField(source="project.title")
    description = serializers.CharField(source="project.description")
    language = serializers.CharField(source="project.language")
    codable_kinds = serializers.SerializerMethodField(help_text="The kinds of unit that are offered for labelling.")
    created_at = serializers.DateTimeField(source="project.created_at")

    class Meta:
        model = Membership
        fields = ["slug", "title", "description", "language", "codable_kinds", "role", "pseudonym", "created_at"]
        read_only_fields = fields

    def get_codable_kinds(self, member: Membership) -> list[str]:
        return list(member.project.codable_kinds or OFFERED)


class NewProject(Strict):
    title = Text(max_length=200)
    slug = Text(required=False, max_length=60, help_text="Its address; without it made from the title.")
    language = Text(required=False, max_length=16, help_text="A code such as en.")


class ProjectChange(Strict):
    """What stays out stays as it is."""

    title = Text(required=False, max_length=200)
    description = Text(required=False, max_length=5000, allow_blank=True)
    language = Text(required=False, max_length=16)
    codable_kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=KINDS), required=False, allow_empty=False
    )


class ProjectList(generics.ListAPIView[Membership]):
    """The projects of which the caller is a member."""

    serializer_class = ProjectSerializer
    queryset = Membership.objects.none()

    def get_queryset(self) -> QuerySet[Membership]:
        Filters.of(self.request)
        return memberships(self.request)

    @extend_schema(request=NewProject, responses={201: ProjectSerializer})
    @once
    def post(self, request: Request) -> Response:
        """Make a project with the caller as its lead."""
        if isinstance(request.auth, Token) and request.auth.projects is not None:
            raise NotAllowedError("This token is for chosen projects only: it makes no new ones.")
        made = create_project(user=caller(request), **NewProject.of(request))
        return Response(ProjectSerializer(made).data, status=201)


class ProjectDetail(APIView):
    """One project."""

    @extend_schema(responses=ProjectSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return Response(ProjectSerializer(member_of(request, slug, "view project")).data)

    @extend_schema(request=ProjectChange, responses=ProjectSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Change its settings. Articles that are there keep their units."""
        member = member_of(request, slug, "change settings")
        project = member.project
        stands: dict[str, Any] = {
            "title": project.title,
            "description": project.description,
            "language": project.language,
            "codable_kinds": project.codable_kinds or OFFERED,
        }
        change_settings(member=member, wishes=project.split_options or {}, **stands | ProjectChange.of(request))
        return Response(ProjectSerializer(access.membership(caller(request), slug)).data)
