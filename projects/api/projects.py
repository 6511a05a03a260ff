from django.db.models import QuerySet
from rest_framework import generics, serializers

from projects.models import Membership
from projects.queries import access

from .fields import Filters
from .reach import caller


class ProjectSerializer(serializers.ModelSerializer[Membership]):
    """A project as its member sees it."""

    slug = serializers.CharField(source="project.slug")
    title = serializers.CharField(source="project.title")
    description = serializers.CharField(source="project.description")
    language = serializers.CharField(source="project.language")
    created_at = serializers.DateTimeField(source="project.created_at")

    class Meta:
        model = Membership
        fields = ["slug", "title", "description", "language", "role", "pseudonym", "created_at"]
        read_only_fields = fields


class ProjectList(generics.ListAPIView[Membership]):
    """The projects of which the caller is a member."""

    serializer_class = ProjectSerializer
    queryset = Membership.objects.none()

    def get_queryset(self) -> QuerySet[Membership]:
        Filters.of(self.request)
        return access.memberships(caller(self.request))
