"""Notices by e-mail: at once as a task, or all of a day in one. What was read meanwhile is not sent any more."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotator.models import Notice
from annotator.queries.notices import notices_of, unmailed, words_of
from projects.models import User
from projects.services.transaction import write


def send_notices(user_id: int, ids: Sequence[int]) -> None:
    """One e-mail to one person."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        _send(user, notices_of(user).filter(pk__in=ids, read_at=None, mailed_at=None))


def send_digests() -> int:
    """To everybody who wants one e-mail a day what is new to him; how many e-mails went out."""
    sent = 0
    for user, mine in groupby(unmailed(), key=lambda notice: notice.user):
        sent += _send(user, notices_of(user).filter(pk__in=[notice.pk for notice in mine]))
    return sent


def _send(user: User, notices: Iterable[Notice]) -> bool:
    told = list(notices)
    if not told or not user.email or not user.is_active:
        return False
    subject = words_of(told[0])
    if len(told) > 1:
        subject = ngettext("%(n)s notice for you", "%(n)s notices for you", len(told)) % {"n": len(told)}
    send_mail(" ".join(subject.split()), _text(user, told), None, [user.email])
    with write():
        Notice.objects.filter(pk__in=[notice.pk for notice in told]).update(mailed_at=timezone.now())
    return True


def _text(user: User, notices: Sequence[Notice]) -> str:
    lines = [_("Hello %(name)s,") % {"name": user.get_display_name()}, ""]
    for notice in notices:
        lines += [words_of(notice), f"{settings.SITE_URL}{notice.link}" if settings.SITE_URL else "", ""]
    lines.append(_("Which notices come by e-mail is said on your page of notices."))
    return "\n".join(line for place, line in enumerate(lines) if line or (place and lines[place - 1]))
