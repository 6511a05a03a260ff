"""The versions of a codebook: read, begun as drafts, published."""

import json
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.errors import NotFoundError
from projects.models import CodebookVersion, Membership
from projects.permissions import can
from projects.queries.codebooks import versions
from projects.services.codebook_drafts import discard_draft, save_draft
from projects.services.codebooks import import_codebook, publish_draft

from .fields import Filters, Strict
from .once import once
from .pagination import NumberPagination
from .parsing import LongJSONParser
from .reach import member_of

WRITE = "import codebook"


class CodebookSerializer(serializers.ModelSerializer[CodebookVersion]):
    class Meta:
        model = CodebookVersion
        fields = ["number", "state", "document_sha256", "created_at", "published_at"]
        read_only_fields = fields


class DocumentSerializer(CodebookSerializer):
    document = serializers.DictField(read_only=True, help_text="The whole codebook.")

    class Meta(CodebookSerializer.Meta):
        fields = [*CodebookSerializer.Meta.fields, "document"]
        read_only_fields = fields


class NewCodebook(Strict):
    document = serializers.DictField(help_text="The whole codebook.")
    draft = serializers.BooleanField(default=False, help_text="Without it the version is published at once, for ever.")


class DraftChange(Strict):
    document = serializers.DictField(help_text="In place of the draft's.")
    base_sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}$", help_text="`document_sha256` of the draft that you have read; 409 where it has changed."
    )


class CodebookList(generics.GenericAPIView[CodebookVersion]):
    """The versions, oldest first; drafts are shown to those who write them."""

    serializer_class = CodebookSerializer
    pagination_class = NumberPagination
    parser_classes = [LongJSONParser]
    queryset = CodebookVersion.objects.none()

    @extend_schema(operation_id="codebooks_list", responses=CodebookSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        Filters.of(request)
        rows = self.paginate_queryset(_versions(member_of(request, slug, "view codebook"))) or []
        return self.get_paginated_response(CodebookSerializer(rows, many=True).data)

    @extend_schema(request=NewCodebook, responses={201: DocumentSerializer})
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Store the document as the next version."""
        member = member_of(request, slug, WRITE)
        sent = NewCodebook.of(request)
        made = import_codebook(member=member, data=json.dumps(sent["document"]).encode(), draft=sent["draft"])
        return Response(DocumentSerializer(made).data, status=201)


class CodebookDetail(APIView):
    parser_classes = [LongJSONParser]

    @extend_schema(responses=DocumentSerializer)
    def get(self, request: Request, slug: str, number: int) -> Response:
        """One version with its document."""
        return Response(DocumentSerializer(_one(member_of(request, slug, "view codebook"), number)).data)

    @extend_schema(request=DraftChange, responses=DocumentSerializer)
    def put(self, request: Request, slug: str, number: int) -> Response:
        """Put another document in the place of a draft's."""
        member = member_of(request, slug, WRITE)
        sent = DraftChange.of(request)
        document: dict[str, Any] = sent["document"]
        changed = save_draft(
            member=member, number=number, base=sent["base_sha256"], edit=lambda _stands, _published: document
        )
        return Response(DocumentSerializer(changed).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, number: int) -> Response:
        """Give a draft up for good."""
        discard_draft(member=member_of(request, slug, WRITE), number=number)
        return Response(status=204)


class CodebookPublish(APIView):
    @extend_schema(request=None, responses=DocumentSerializer)
    def post(self, request: Request, slug: str, number: int) -> Response:
        """Publish a draft for ever."""
        member = member_of(request, slug, WRITE)
        _one(member, number)
        return Response(DocumentSerializer(publish_draft(member=member, number=number)).data)


def _versions(member: Membership) -> QuerySet[CodebookVersion]:
    return versions(member.project_id, drafts=can(member, WRITE))


def _one(member: Membership, number: int) -> CodebookVersion:
    found = _versions(member).filter(number=number).first()
    if found is None:
        raise NotFoundError("There is no such version of the codebook.")
    return found
