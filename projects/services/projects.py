from django.db import IntegrityError
from django.utils.text import slugify

from annotator.core.errors import InvalidError
from projects.models import Membership, Project, Role, User

from . import audit
from .names import one_line
from .transaction import write

LONGEST_TITLE = 200


def create_project(*, user: User, title: str, slug: str = "", language: str = "en") -> Membership:
    """A new project with `user` as its lead."""
    return _create(user=user, title=title, slug=slug, language=language)


def create_unattended_project(*, slug: str, title: str, language: str = "en") -> Membership:
    """A project made by a command: its lead has no sign-in until somebody is invited as such."""
    return _create(user=None, title=title, slug=slug, language=language)


def _create(*, user: User | None, title: str, slug: str, language: str) -> Membership:
    try:
        with write():
            return store_project(user=user, title=title, slug=slug, language=language)
    except IntegrityError as error:
        raise taken(slug or title) from error


def store_project(
    *, user: User | None, title: str, slug: str = "", language: str = "en", pseudonym: str = "lead"
) -> Membership:
    """The project and its lead, inside the caller's transaction."""
    title = one_line(title, most=LONGEST_TITLE)
    slug = slugify(slug or title)[:60]
    if not title or not slug:
        raise InvalidError("Give the project a title with at least one letter a to z, or an address of its own.")
    project = Project.objects.create(title=title, slug=slug, language=language)
    lead = Membership.objects.create(project=project, user=user, role=Role.LEAD, pseudonym=pseudonym)
    audit.record(lead, "create project", {"title": title})
    return lead


def taken(name: str) -> InvalidError:
    return InvalidError(f"The address “{slugify(name)[:60]}” is taken. Choose another.")
