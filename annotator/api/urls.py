"""The API's addresses. The first part of a path after the version is a plural noun."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from annotator.api.agreement import Agreement
from annotator.api.articles import Article, ArticleRestore, ProjectArticles
from annotator.api.bulk import LabelBulk
from annotator.api.datasets import Dataset, Exports, JobFile
from annotator.api.decisions import DecisionList
from annotator.api.jobs import JobDetail, JobList
from annotator.api.labels import LabelList
from annotator.api.notes import NoteAnswers, NoteDetail, NoteList
from annotator.api.rounds import RoundDetail, RoundList
from annotator.api.unknown import Unknown
from projects.api.articles import ArticleList, UnitList
from projects.api.assignments import AssignmentList
from projects.api.codebooks import CodebookDetail, CodebookList, CodebookPublish
from projects.api.members import InvitationList, MemberDetail, MemberList
from projects.api.projects import ProjectDetail, ProjectList

PROJECT, ARTICLE, ROUND = "v1/projects/<slug:slug>/", "v1/articles/<int:article_id>/", "v1/rounds/<int:round_id>/"
CODEBOOK = f"{PROJECT}codebooks/<int:number>/"
NOTE = f"{PROJECT}notes/<int:note_id>/"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("v1/projects/", ProjectList.as_view(), name="api_projects"),
    path(PROJECT, ProjectDetail.as_view(), name="api_project"),
    path(f"{PROJECT}members/", MemberList.as_view(), name="api_members"),
    path(f"{PROJECT}members/<int:member_id>/", MemberDetail.as_view(), name="api_member"),
    path(f"{PROJECT}invitations/", InvitationList.as_view(), name="api_invitations"),
    path(f"{PROJECT}articles/", ProjectArticles.as_view(), name="api_project_articles"),
    path("v1/articles/", ArticleList.as_view(), name="api_articles"),
    path(ARTICLE, Article.as_view(), name="api_article"),
    path(f"{ARTICLE}restore/", ArticleRestore.as_view(), name="api_restore_article"),
    path(f"{ARTICLE}units/", UnitList.as_view(), name="api_units"),
    path(f"{PROJECT}codebooks/", CodebookList.as_view(), name="api_codebooks"),
    path(CODEBOOK, CodebookDetail.as_view(), name="api_codebook"),
    path(f"{CODEBOOK}publish/", CodebookPublish.as_view(), name="api_publish_codebook"),
    path(f"{PROJECT}rounds/", RoundList.as_view(), name="api_rounds"),
    path(ROUND, RoundDetail.as_view(), name="api_round"),
    path(f"{ROUND}agreement/", Agreement.as_view(), name="api_agreement"),
    path("v1/assignments/", AssignmentList.as_view(), name="api_assignments"),
    path("v1/labels/", LabelList.as_view(), name="api_labels"),
    path("v1/labels/bulk/", LabelBulk.as_view(), name="api_labels_bulk"),
    path("v1/decisions/", DecisionList.as_view(), name="api_decisions"),
    path(f"{PROJECT}notes/", NoteList.as_view(), name="api_notes"),
    path(NOTE, NoteDetail.as_view(), name="api_note"),
    path(f"{NOTE}answers/", NoteAnswers.as_view(), name="api_answer_note"),
    path(f"{PROJECT}dataset/", Dataset.as_view(), name="api_dataset"),
    path(f"{PROJECT}exports/", Exports.as_view(), name="api_exports"),
    path(f"{PROJECT}jobs/", JobList.as_view(), name="api_jobs"),
    path("v1/jobs/<int:job_id>/", JobDetail.as_view(), name="api_job"),
    path("v1/jobs/<int:job_id>/file/", JobFile.as_view(), name="api_job_file"),
    re_path("", Unknown.as_view()),
]
