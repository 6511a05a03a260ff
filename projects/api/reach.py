"""How far a request reaches: the caller's projects, and what of them he sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from annotator.core.errors import NotAllowedError, NotFoundError
from projects.models import Article, Membership, Round, Token, User
from projects.permissions import can, require
from projects.queries import access, second_factor


@dataclass(frozen=True)
class Reach:
    members: Sequence[Membership]

    @property
    def own(self) -> list[int]:
        """The caller's memberships: what is assigned to them, and what they answered, is his to read."""
        return [member.pk for member in self.members]

    def whole(self, act: str) -> list[int]:
        """The projects in which he may `act` on everybody's."""
        return [member.project_id for member in self.members if can(member, act)]


def caller(request: Request) -> User:
    """Who asks; the permission classes let nobody through without an account."""
    if isinstance(request.user, AnonymousUser):
        raise NotAuthenticated
    return request.user


def opens(request: Request, project_id: int) -> bool:
    """Whether the caller's token, if he has sent one, is for this project too."""
    chosen = _chosen(request)
    return chosen is None or project_id in chosen


def memberships(request: Request) -> QuerySet[Membership]:
    """The caller's, in the projects that his token opens."""
    found, chosen = access.memberships(caller(request)), _chosen(request)
    return found if chosen is None else found.filter(project_id__in=chosen)


def reach(request: Request, slug: str | None = None) -> Reach:
    """All projects of the caller, or the one named; none that he leads without the second factor that is asked."""
    found = memberships(request) if slug is None else [_named(request, slug)]
    return Reach([member for member in found if not second_factor.is_lacking(member, caller(request))])


def member_of(request: Request, slug: str, act: str) -> Membership:
    """Membership, then permission: the first line of what is about one project."""
    return _allowed(request, _named(request, slug), act)


def with_round(request: Request, round_id: int, act: str) -> tuple[Membership, Round]:
    """A living round, and the caller's membership in its project."""
    round = Round.objects.select_related("project", "codebook_version").filter(pk=round_id).first()
    if round is None:
        raise NotFoundError("There is no such round.")
    return _member_in(request, round.project_id, act, "There is no such round."), round


def with_article(request: Request, article_id: int, act: str) -> tuple[Membership, Article]:
    """An article, be it in the trash, and the caller's membership in its project."""
    article = Article.objects.filter(pk=article_id).first()
    if article is None:
        raise NotFoundError("There is no such article.")
    return _member_in(request, article.project_id, act, "There is no such article."), article


def _member_in(request: Request, project_id: int, act: str, missing: str) -> Membership:
    """What is in a project of others does not exist."""
    member = memberships(request).filter(project_id=project_id).first()
    if member is None:
        raise NotFoundError(missing)
    return _allowed(request, member, act)


def _chosen(request: Request) -> list[int] | None:
    """The projects that the token is for; None where it is for all, or there is none."""
    return request.auth.projects if isinstance(request.auth, Token) else None


def _named(request: Request, slug: str) -> Membership:
    found = memberships(request).filter(project__slug=slug).first()
    if found is None:
        raise NotFoundError("There is no such project.")
    return found


def _allowed(request: Request, member: Membership, act: str) -> Membership:
    require(member, act)
    if second_factor.is_lacking(member, caller(request)):
        raise NotAllowedError("Leads need a second factor on this site. Switch it on on your account page.")
    return member
