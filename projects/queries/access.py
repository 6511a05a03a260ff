"""How a view gets hold of anything: membership first. What one may not know of does not exist."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone

from annotator.core.errors import NotFoundError
from projects.models import Article, Assignment, Membership, Role, Round, User


def membership(user: User, slug: str) -> Membership:
    """The user's membership in a living project, with the project loaded."""
    found = (
        Membership.objects.select_related("project")
        .filter(user_id=user.pk, project__slug=slug, project__deleted_at=None, left_at=None)
        .first()
    )
    if found is None:
        raise NotFoundError("There is no such project.")
    return found


def memberships(user: User) -> QuerySet[Membership]:
    """Where the user is a member, newest project first."""
    return (
        Membership.objects.select_related("project")
        .filter(user_id=user.pk, project__deleted_at=None, left_at=None)
        .order_by("-project_id")
    )


def article(member: Membership, article_id: int) -> Article:
    found = Article.objects.filter(project_id=member.project_id, pk=article_id, deleted_at=None).first()
    if found is None:
        raise NotFoundError("There is no such article.")
    return found


def round_of(member: Membership, round_id: int) -> Round:
    found = Round.objects.select_related("codebook_version").filter(project_id=member.project_id, pk=round_id).first()
    if found is None:
        raise NotFoundError("There is no such round.")
    return found


def blind_rounds_of(members: Collection[int]) -> QuerySet[Round]:
    """The open blind rounds in which these memberships have shares: there they see nobody else's labels.

    Whatever their role, and also where the shares were taken back or come later.
    """
    return Round.objects.filter(blind=True, closed_at=None, assignments__member_id__in=members).distinct()


def own_assignments(user_id: int) -> QuerySet[Assignment]:
    """The user's assignments in living rounds, each with round, membership, project and article joined."""
    joined = ("round", "member__project", "text_version__article", "round__codebook_version")
    shares = own_shares(user_id).filter(due(), round__deleted_at=None)
    return shares.select_related(*joined).defer("round__codebook_version__document")


def own_shares(user_id: int) -> QuerySet[Assignment]:
    """The user's assignments in living projects, with nothing joined, those too that aren't `due` yet.

    Those of a round in the trash too: a save is told that it is closed.
    """
    return Assignment.objects.filter(member__user_id=user_id, member__left_at=None, member__project__deleted_at=None)


def due() -> Q:
    """The shares that their annotators may know of by now."""
    return Q(available_from=None) | Q(available_from__lte=timezone.now())


def own_assignment(user_id: int, assignment_id: int, *, slug: str | None = None) -> Assignment:
    """An assignment of the user's own, with round, membership, project and article, in one query."""
    found = own_assignments(user_id).filter(pk=assignment_id).first()
    if found is None or (slug is not None and found.member.project.slug != slug):
        raise NotFoundError("There is no such assignment.")
    return found


def annotators(project_id: int) -> QuerySet[Membership]:
    """The members who annotate: everybody but viewers."""
    return Membership.objects.filter(project_id=project_id, left_at=None).exclude(role=Role.VIEWER)
