"""Who may do what. Default deny: an act that no line names is refused."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotator.core.errors import NotAllowedError, NotFoundError

from .models import Membership, Role

LEAD, ADJUDICATOR, ANNOTATOR, VIEWER = Role.LEAD, Role.ADJUDICATOR, Role.ANNOTATOR, Role.VIEWER

ALLOWED: dict[str, frozenset[str]] = {
    "view project": frozenset({LEAD, ADJUDICATOR, ANNOTATOR, VIEWER}),
    "view articles": frozenset({LEAD, ADJUDICATOR, VIEWER}),
    "view codebook": frozenset({LEAD, ADJUDICATOR, ANNOTATOR, VIEWER}),
    "view members": frozenset({LEAD}),
    "view rounds": frozenset({LEAD, ADJUDICATOR, VIEWER}),
    "view labels of all": frozenset({LEAD, ADJUDICATOR, VIEWER}),
    "view agreement": frozenset({LEAD, ADJUDICATOR, VIEWER}),
    "view access log": frozenset({LEAD}),
    "keep reports": frozenset({LEAD}),
    "export": frozenset({LEAD, VIEWER}),
    "export archive": frozenset({LEAD}),
    "take key table": frozenset({LEAD}),
    "import articles": frozenset({LEAD}),
    "manage articles": frozenset({LEAD}),
    "import codebook": frozenset({LEAD}),
    "import labels": frozenset({LEAD}),
    "change settings": frozenset({LEAD}),
    "manage members": frozenset({LEAD}),
    "manage webhooks": frozenset({LEAD}),
    "manage rounds": frozenset({LEAD}),
    "manage gold": frozenset({LEAD}),
    "mend boundaries": frozenset({LEAD}),
    "view notes": frozenset({LEAD, ADJUDICATOR, ANNOTATOR}),
    "answer notes": frozenset({LEAD, ADJUDICATOR}),
    "adjudicate": frozenset({LEAD, ADJUDICATOR}),
    "annotate": frozenset({LEAD, ADJUDICATOR, ANNOTATOR}),
    "leave project": frozenset({LEAD, ADJUDICATOR, ANNOTATOR, VIEWER}),
    "use trash": frozenset({LEAD}),
    "delete project": frozenset({LEAD}),
    "view history": frozenset({LEAD}),
    "restore labels": frozenset({LEAD}),
}
WORDS: dict[str, Promise] = {
    "view project": _("see the project and one’s own work"),
    "annotate": _("label own assignments"),
    "view codebook": _("read the codebook"),
    "view notes": _("leave notes, read own ones and their answers"),
    "answer notes": _("read and answer everybody’s notes"),
    "view articles": _("see all articles"),
    "view rounds": _("see all rounds"),
    "view labels of all": _("see everybody’s labels"),
    "view agreement": _("see the agreement"),
    "adjudicate": _("put up for adjudication, and decide"),
    "export": _("export the dataset"),
    "export archive": _("take the whole project as one file"),
    "take key table": _("see who is behind each pseudonym, as a table"),
    "view access log": _("read who saw others’ answers"),
    "keep reports": _("keep a report under an address of its own"),
    "view members": _("see who the members are"),
    "manage members": _("invite, change and remove members"),
    "manage rounds": _("open, change and close rounds"),
    "manage gold": _("make gold answers, and see who meets them"),
    "import articles": _("bring articles in"),
    "manage articles": _("change, link and drop articles"),
    "mend boundaries": _("mend the boundaries of units"),
    "import codebook": _("write and publish the codebook"),
    "import labels": _("import labels"),
    "change settings": _("change the project’s settings"),
    "manage webhooks": _("let other systems be told what happens in the project"),
    "leave project": _("leave the project"),
    "use trash": _("put rounds and articles into the trash and bring them back"),
    "delete project": _("delete the project"),
    "view history": _("read who did what when"),
    "restore labels": _("set an annotator’s labels back to a moment"),
}
"""Each act in plain words, as the page of members and docs/leads.md tell it."""


def can(member: Membership, act: str) -> bool:
    return member.left_at is None and member.role in ALLOWED.get(act, frozenset())


def require(member: Membership, act: str) -> None:
    """The first line of every service."""
    if member.left_at is not None:
        raise NotFoundError("There is no such project.")
    if not can(member, act):
        raise NotAllowedError(f"Your role, {member.role}, does not allow this: {act}.")
