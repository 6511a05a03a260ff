from collections.abc import Mapping

from projects.models import AuditEntry, Membership


def record(member: Membership, act: str, detail: Mapping[str, object] | None = None) -> AuditEntry:
    """Write down an act that is not labelling, inside the transaction of the act."""
    return AuditEntry.objects.create(project_id=member.project_id, member=member, act=act, detail=dict(detail or {}))
