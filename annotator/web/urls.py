from django.urls import path

from annotator.web import imports

urlpatterns = [
    path("p/<slug:slug>/articles/import/", imports.article_import, name="article_import"),
    path("p/<slug:slug>/labels/import/", imports.label_import, name="label_import"),
]
