"""Who may do what. Default deny: an act that no line names is refused."""

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
    "keep reports": frozenset({LEAD}),
    "export": frozenset({LEAD, VIEWER}),
    "import articles": frozenset({LEAD}),
    "manage articles": frozenset({LEAD}),
    "import codebook": frozenset({LEAD}),
    "import labels": frozenset({LEAD}),
    "change settings": frozenset({LEAD}),
    "manage members": frozenset({LEAD}),
    "manage rounds": frozenset({LEAD}),
    "mend boundaries": frozenset({LEAD}),
    "view notes": frozenset({LEAD, ADJUDICATOR, ANNOTATOR}),
    "answer notes": frozenset({LEAD, ADJUDICATOR}),
    "adjudicate": frozenset({LEAD, ADJUDICATOR}),
    "annotate": frozenset({LEAD, ADJUDICATOR, ANNOTATOR}),
}


def can(member: Membership, act: str) -> bool:
    return member.left_at is None and member.role in ALLOWED.get(act, frozenset())


def require(member: Membership, act: str) -> None:
    """The first line of every service."""
    if member.left_at is not None:
        raise NotFoundError("There is no such project.")
    if not can(member, act):
        raise NotAllowedError(f"Your role, {member.role}, does not allow this: {act}.")
