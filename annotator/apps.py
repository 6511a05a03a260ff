from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.db.models.signals import post_save


class AnnotatorConfig(AppConfig):
    name = "annotator"

    def ready(self) -> None:
        from projects.models import AuditEntry

        from . import checks  # noqa: F401
        from .services import access_log, act_notices

        request_started.connect(access_log.begin)
        request_finished.connect(access_log.finish)
        request_started.connect(act_notices.begin)
        post_save.connect(act_notices.noted, sender=AuditEntry)
        request_finished.connect(act_notices.finish)
