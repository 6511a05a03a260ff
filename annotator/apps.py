from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class AnnotatorConfig(AppConfig):
    name = "annotator"

    def ready(self) -> None:
        from . import checks  # noqa: F401
        from .services import access_log

        request_started.connect(access_log.begin)
        request_finished.connect(access_log.finish)
