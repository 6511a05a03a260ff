"""A moment of the past as an address or a form gives it."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from annotator.core.moments import read_moment


def asked_moment(request: HttpRequest) -> datetime | None:
    """`as_of` of the address or of the form, in the time zone of the site where it names none; None = now.

    Raises InvalidError where it can't be read.
    """
    written = (request.POST.get("as_of") or request.GET.get("as_of", "")).strip()
    return read_moment(written, zone=timezone.get_current_timezone(), now=timezone.now()) if written else None
