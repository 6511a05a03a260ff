"""What a person has been told, and what of it he has not read."""

from collections import Counter
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotator.models import MailWish, Note, Notice
from projects.models import Membership, User

ANSWER = "answer"
NOTES = (ANSWER, "new note")
WORDS: dict[str, Promise] = {
    ANSWER: _("Your note in %(project)s was answered"),
    "new note": _("There is a new note in %(project)s"),
    "round open": _("The round %(round)s is open for you in %(project)s"),
    "share given": _("Articles of the round %(round)s in %(project)s are yours now: %(number)s"),
    "share taken": _("Articles of the round %(round)s in %(project)s are no longer yours: %(number)s"),
    "training passed": _("You passed the training %(round)s in %(project)s"),
    "training failed": _("The training %(round)s in %(project)s is done, below its mark; see how it went"),
    "discussion": _("A sentence of %(project)s is up for discussion"),
    "job done": _("“%(job)s” in %(project)s is done"),
    "job failed": _("“%(job)s” in %(project)s has failed"),
    "webhook off": _("A webhook of %(project)s was switched off: nobody took its messages"),
    "labels restored": _("A lead restored answers of yours in %(project)s as they were before"),
}
"""What each kind of notice says, and the parts that it names."""
MOST_UNREAD = 100
"""More are shown as that many and a plus."""


def notices_of(user: User) -> QuerySet[Notice]:
    """Newest first; nothing of projects in the trash, or of which the user is no member any more."""
    here = {"project__deleted_at": None, "project__memberships__user": user, "project__memberships__left_at": None}
    return Notice.objects.filter(user=user, **here).select_related("project")


def unread(user: User) -> Counter[tuple[int, str]]:
    """How many notices are unread, by project and kind, counted up to `MOST_UNREAD`."""
    rows = notices_of(user).filter(read_at=None).order_by().values_list("project_id", "kind")
    return Counter(rows[:MOST_UNREAD])


def unread_notes(member: Membership, notes: Collection[Note]) -> set[int]:
    """Those of the threads of which the member has an unread notice."""
    found = Notice.objects.filter(user=member.user_id, read_at=None, note__in=[note.pk for note in notes])
    return {note for note in found.values_list("note_id", flat=True) if note is not None}


def words_of(notice: Notice) -> str:
    words = WORDS.get(notice.kind)
    return notice.kind if words is None else str(words) % notice.parts


def wish_of(user: User) -> str:
    found = MailWish.objects.filter(user=user).values_list("wish", flat=True).first()
    return found or MailWish.Wish.ANSWERS


def email_wanted(stored: Sequence[Notice]) -> list[Notice]:
    """Those of new notices that go out by e-mail at once."""
    if not settings.EMAIL_CONFIGURED:
        return []
    users = {notice.user_id for notice in stored}
    wishes = dict(MailWish.objects.filter(user__in=users).values_list("user_id", "wish"))
    at_once, answers = MailWish.Wish.AT_ONCE, MailWish.Wish.ANSWERS
    return [
        notice
        for notice in stored
        if (wish := wishes.get(notice.user_id, answers)) == at_once or (wish == answers and notice.kind == ANSWER)
    ]


def unmailed() -> QuerySet[Notice]:
    """What is neither read nor mailed, of everybody who wants one e-mail a day."""
    daily = Notice.objects.filter(user__mail_wish__wish=MailWish.Wish.DAILY, read_at=None, mailed_at=None)
    return daily.select_related("user", "project").order_by("user_id", "id")
