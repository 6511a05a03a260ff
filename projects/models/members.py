from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProjectQuerySet(models.QuerySet["Project"]):
    def alive(self) -> "ProjectQuerySet":
        return self.filter(deleted_at=None)


class Project(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=16, default="en")
    # Kinds of unit that are offered for labelling; empty = the default of core.layout.
    codable_kinds = models.JSONField(default=list, blank=True)
    # What the project asks of the splitter, as annotator.core.sentences.written gives it; null = nothing.
    split_options = models.JSONField(null=True, blank=True)
    # Which column of a table is which field of an article, as it was said last.
    column_mapping = models.JSONField(null=True, blank=True)
    # What its dataset bundle says and holds, as annotator.core.publishing has it; null = nothing was said.
    publishing = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class Role(models.TextChoices):
    LEAD = "lead", _("lead")
    ADJUDICATOR = "adjudicator", _("adjudicator")
    ANNOTATOR = "annotator", _("annotator")
    VIEWER = "viewer", _("viewer")


class Membership(models.Model):
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="memberships")
    # Empty where labels came from elsewhere: such a member has no sign-in until he is invited.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", null=True, blank=True
    )
    role = models.CharField(max_length=12, choices=Role)
    pseudonym = models.CharField(max_length=200)
    # Groups of annotators are compared with each other, such as experts and students.
    group = models.CharField(max_length=200, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="one_membership_a_user"),
            models.UniqueConstraint(fields=["project", "pseudonym"], name="pseudonym_in_project"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pseudonym} ({self.role})"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None)

    def usable(self) -> "InvitationQuerySet":
        """Those that still let somebody in. Who leads no more has no guests either."""
        inviting = self.filter(invited_by__left_at=None, invited_by__role=Role.LEAD, project__deleted_at=None)
        return inviting.unanswered().filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    key_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=12, choices=Role)
    # For whom the link is meant, as the lead notes it for himself.
    note = models.CharField(max_length=200, blank=True)
    # Set where the invitation takes over a member who has labels but no sign-in yet.
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, blank=True)
    invited_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.role} in {self.project_id}"
