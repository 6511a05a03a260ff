"""Articles: brought in, their metadata mended, put in the trash and brought back."""

import json

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.jobs import JobSerializer, started
from annotator.core.sentences import KINDS
from annotator.models import Job
from annotator.services.article_imports import Imported, import_or_start
from annotator.services.article_imports import Request as Import
from projects.api.articles import ArticleDetail, ArticleSerializer, ProjectArticleList
from projects.api.fields import Strict, Text
from projects.api.once import once
from projects.api.parsing import LongJSONParser
from projects.api.reach import member_of, with_article
from projects.services.article_metadata import edit_metadata
from projects.services.articles import ALL_KINDS
from projects.services.linking import drop, restore

FIELD = 2000


class NewArticles(Strict):
    articles = serializers.ListField(
        child=serializers.DictField(),
        allow_empty=False,
        max_length=20_000,
        help_text="Objects with `external_id`, `title`, `text` and optionally `outlet`, `author`, `published_at`,"
        " `url`, `language`; what else they have is kept as metadata.",
    )
    language = Text(required=False, max_length=16, help_text="Of the articles that name none.")
    codable = serializers.ListField(
        child=serializers.ChoiceField(choices=[*KINDS, ALL_KINDS]),
        required=False,
        allow_empty=False,
        help_text="The kinds of unit that are offered for labelling; without it the project's.",
    )
    skip_taken = serializers.BooleanField(
        default=False, help_text="Leave out the articles whose ids the project has already; else they refuse all."
    )


class ImportedSerializer(serializers.Serializer[Imported]):
    articles = serializers.ListField(child=serializers.IntegerField(), help_text="Ids, in the order sent.")
    changes = serializers.ListField(child=serializers.CharField(), help_text="What of the texts had to be changed.")
    skipped = serializers.IntegerField()


class MetadataChange(Strict):
    """What stays out stays as it is."""

    title = Text(required=False, max_length=500)
    outlet = Text(required=False, max_length=FIELD, allow_blank=True)
    author = Text(required=False, max_length=FIELD, allow_blank=True)
    published_at = Text(required=False, max_length=FIELD, allow_blank=True)
    url = Text(required=False, max_length=FIELD, allow_blank=True)
    language = Text(required=False, max_length=16)
    metadata = serializers.DictField(
        child=Text(max_length=FIELD, allow_blank=True),
        required=False,
        help_text="Own columns to set; an empty text removes one.",
    )


class ProjectArticles(ProjectArticleList):
    """The articles of one project that the caller may read."""

    parser_classes = [LongJSONParser]

    @extend_schema(
        operation_id="projects_articles_create",
        request=NewArticles,
        responses={201: ImportedSerializer, 202: JobSerializer},
    )
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Bring articles in, all of them or none; many are a job: 202 with its address."""
        member = member_of(request, slug, "import articles")
        sent = NewArticles.of(request)
        data = json.dumps(sent.pop("articles"), ensure_ascii=False).encode()
        done = import_or_start(member=member, request=Import("api.json", data, **sent))
        if isinstance(done, Job):
            return started(request, member, done)
        ids = [article.pk for article in done.articles]
        return Response({"articles": ids, "changes": done.changes, "skipped": done.skipped}, status=201)


class Article(ArticleDetail):
    """One article with its text."""

    @extend_schema(request=MetadataChange, responses=ArticleSerializer)
    def patch(self, request: Request, article_id: int) -> Response:
        """Mend what is known about it; the text stays."""
        member, _found = with_article(request, article_id, "manage articles")
        sent = MetadataChange.of(request)
        edit_metadata(member=member, article=article_id, own=sent.pop("metadata", {}), fields=sent)
        return self.get(request, article_id)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, article_id: int) -> Response:
        """Put it in the trash; one that somebody has labelled stays."""
        member, _found = with_article(request, article_id, "manage articles")
        drop(member=member, articles=[article_id])
        return Response(status=204)


class ArticleRestore(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, article_id: int) -> Response:
        """Bring it back from the trash."""
        member, _found = with_article(request, article_id, "manage articles")
        restore(member=member, articles=[article_id])
        return Response(status=204)
