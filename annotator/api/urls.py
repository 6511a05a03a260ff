"""The API's addresses. The first part of a path after the version is a plural noun."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from annotator.api.labels import LabelList
from annotator.api.unknown import Unknown
from projects.api.articles import ArticleDetail, ArticleList, ProjectArticleList, UnitList
from projects.api.projects import ProjectList

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("v1/projects/", ProjectList.as_view(), name="api_projects"),
    path("v1/projects/<slug:slug>/articles/", ProjectArticleList.as_view(), name="api_project_articles"),
    path("v1/articles/", ArticleList.as_view(), name="api_articles"),
    path("v1/articles/<int:article_id>/", ArticleDetail.as_view(), name="api_article"),
    path("v1/articles/<int:article_id>/units/", UnitList.as_view(), name="api_units"),
    path("v1/labels/", LabelList.as_view(), name="api_labels"),
    re_path("", Unknown.as_view()),
]
