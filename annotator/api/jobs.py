"""Long work: watched by its address, cancelled, and its file fetched."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from annotator.core.errors import NotFoundError
from annotator.models import Job
from annotator.services import jobs
from projects.api.fields import Filters
from projects.api.pagination import IdPagination
from projects.api.reach import member_of, memberships
from projects.models import Membership


class JobSerializer(serializers.ModelSerializer[Job]):
    """Long work. `message` and `problems` say why it failed, `result` what came of it."""

    address = serializers.SerializerMethodField(help_text="Ask here how far it is.")
    project = serializers.CharField(source="project.slug", read_only=True)
    started_by = serializers.CharField(source="member.pseudonym", read_only=True)
    result = serializers.DictField(read_only=True)

    class Meta:
        model = Job
        fields = [
            "id",
            "address",
            "project",
            "kind",
            "state",
            "done",
            "total",
            "message",
            "result",
            "started_by",
            "created_at",
            "ended_at",
        ]
        read_only_fields = fields

    def get_address(self, job: Job) -> str:
        return reverse("api_job", args=[job.pk], request=self.context["request"])


def started(request: Request, member: Membership, job: Job) -> Response:
    """202 Accepted."""
    job.project, job.member = member.project, member
    told = JobSerializer(job, context={"request": request}).data
    return Response(told, status=202, headers={"Location": told["address"]})


class JobList(generics.GenericAPIView[Job]):
    """The jobs of a project that the caller's role lets him see, oldest first."""

    serializer_class = JobSerializer
    pagination_class = IdPagination
    queryset = Job.objects.none()

    @extend_schema(operation_id="jobs_list", responses=JobSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        Filters.of(request)
        member = member_of(request, slug, "view project")
        rows = self.paginate_queryset(jobs.jobs_of(member=member)) or []
        return self.get_paginated_response(JobSerializer(rows, many=True, context={"request": request}).data)


class JobDetail(APIView):
    @extend_schema(responses=JobSerializer)
    def get(self, request: Request, job_id: int) -> Response:
        """How far one is."""
        return Response(JobSerializer(job_here(request, job_id)[1], context={"request": request}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, job_id: int) -> Response:
        """Cancel it; one that has ended stays as it is."""
        member, job = job_here(request, job_id)
        jobs.cancel(member=member, job=job)
        return Response(status=204)


def job_here(request: Request, job_id: int) -> tuple[Membership, Job]:
    project = Job.objects.filter(pk=job_id).values_list("project__slug", flat=True).first()
    if project is None or not memberships(request).filter(project__slug=project).exists():
        raise NotFoundError("There is no such job.")
    member = member_of(request, project, "view project")
    return member, jobs.job_of(member=member, job_id=job_id)
