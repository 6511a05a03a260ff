"""Articles and their units, for reading. Whoever may not see all articles of a project sees those assigned to him."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.models import Article, Project, TextVersion, Unit
from projects.queries import reading

from .fields import Filters, WholeNumber
from .pagination import IndexPagination
from .reach import reach

SEE_ALL = "view articles"


class ArticleSerializer(serializers.ModelSerializer[Article]):
    project: serializers.SlugRelatedField[Project] = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Article
        fields = [
            "id",
            "project",
            "external_id",
            "title",
            "outlet",
            "author",
            "published_at",
            "url",
            "language",
            "metadata",
            "file_sha256",
            "linked_to",
            "created_at",
        ]
        read_only_fields = fields

    def to_representation(self, instance: Article) -> dict[str, object]:
        """Without what an open round keeps from its annotators; columns, addresses and ids may tell it as well."""
        told = super().to_representation(instance)
        kept = reading.kept(self.context.get("text_version", instance))
        if any(kept):
            told["external_id"] = ""
        if kept.outlet:
            told |= {"outlet": "", "url": "", "metadata": {}}
        if kept.byline:
            told |= {"author": "", "metadata": {}}
        if kept.headline:
            told |= {"title": "", "url": "", "metadata": {}}
        return told


class ArticleTextSerializer(ArticleSerializer):
    """An article with the text that its units cut."""

    text_version = serializers.SerializerMethodField(help_text="Number of the text version.")
    text = serializers.SerializerMethodField()
    text_sha256 = serializers.SerializerMethodField()

    class Meta(ArticleSerializer.Meta):
        fields = [*ArticleSerializer.Meta.fields, "text_version", "text", "text_sha256"]
        read_only_fields = fields

    def get_text_version(self, article: Article) -> int:
        return self._text.number

    def get_text(self, article: Article) -> str:
        return self._text.text

    def get_text_sha256(self, article: Article) -> str:
        return self._text.sha256

    @property
    def _text(self) -> TextVersion:
        text: TextVersion = self.context["text_version"]
        return text


class UnitSerializer(serializers.ModelSerializer[Unit]):
    """A unit; `start` and `end` are code points into the text, `index` 0 is the whole article."""

    text_version = serializers.SerializerMethodField(help_text="Number of the text version.")
    text = serializers.SerializerMethodField()

    class Meta:
        model = Unit
        fields = ["id", "index", "kind", "start", "end", "codable", "text_version", "text"]
        read_only_fields = fields

    def get_text_version(self, unit: Unit) -> int:
        text: TextVersion = self.context["text_version"]
        return text.number

    def get_text(self, unit: Unit) -> str:
        text: TextVersion = self.context["text_version"]
        return text.text[unit.start : unit.end]


class ProjectFilter(Filters):
    project = serializers.CharField(required=False, max_length=60, help_text="Slug of a project.")


class TextFilter(Filters):
    text_version = WholeNumber(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Number of a text version; without it the newest."
    )


class ArticleList(generics.ListAPIView[Article]):
    """The articles that the caller may read, of all his projects or of one."""

    serializer_class = ArticleSerializer
    queryset = Article.objects.none()

    def get_queryset(self) -> QuerySet[Article]:
        return self.readable(ProjectFilter.of(self.request).get("project"))

    def readable(self, slug: str | None) -> QuerySet[Article]:
        seen = reach(self.request, slug)
        return reading.readable_articles(whole=seen.whole(SEE_ALL), members=seen.own)

    @extend_schema(parameters=[ProjectFilter])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return self.list(request)


class ProjectArticleList(ArticleList):
    """The articles of one project that the caller may read."""

    def get_queryset(self) -> QuerySet[Article]:
        Filters.of(self.request)
        return self.readable(self.kwargs["slug"])

    @extend_schema(operation_id="projects_articles_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return self.list(request)


class ArticleDetail(APIView):
    """One article with its text."""

    @extend_schema(parameters=[TextFilter], responses=ArticleTextSerializer)
    def get(self, request: Request, article_id: int) -> Response:
        text = _text(request, article_id)
        return Response(ArticleTextSerializer(text.article, context={"text_version": text}).data)


class UnitList(generics.ListAPIView[Unit]):
    """The units of an article, in the order of the text."""

    serializer_class = UnitSerializer
    pagination_class = IndexPagination
    queryset = Unit.objects.none()

    @extend_schema(parameters=[TextFilter])
    def get(self, request: Request, article_id: int) -> Response:
        text = _text(request, article_id)
        rows = self.paginate_queryset(reading.units_of(text))
        return self.get_paginated_response(UnitSerializer(rows, many=True, context={"text_version": text}).data)


def _text(request: Request, article_id: int) -> TextVersion:
    number = TextFilter.of(request).get("text_version")
    seen = reach(request)
    return reading.readable_text(article_id, number=number, whole=seen.whole(SEE_ALL), members=seen.own)
