"""Who the annotators of another tool's file are here: members that exist, or new ones without a sign-in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from annotator.core.annotated import Plan
from projects.models import Membership, Role
from projects.queries.members import earlier_owner

LONGEST = 100
# Names that tell nobody who it is stay; all others become ann-1, ann-2, ... for files often hold addresses and names.
_NEUTRAL = re.compile(r"(?:ann|annotator|coder|rater|user|a|c|r|member)?[-_ ]?\d{1,4}|[a-z]|adjudicated", re.IGNORECASE)


def pseudonyms_for(project_id: int, names: Sequence[str]) -> dict[str, str]:
    """A pseudonym for each name of a file: the same where a member has it or it is neutral, else a free number.

    The number 2 becomes ann-2, but never one who signs in here: that would be another person, by chance.
    """
    signs_in = dict(Membership.objects.filter(project_id=project_id).values_list("pseudonym", "user_id"))
    taken = set(signs_in)
    made: dict[str, str] = {}
    for name in names:
        if name in taken:
            made[name] = name
        elif _NEUTRAL.fullmatch(name) and not (name.isdigit() and signs_in.get(f"ann-{name}")):
            made[name] = f"ann-{name}" if name.isdigit() else name
    used = taken | set(made.values())
    numbers = (f"ann-{number}" for number in count(1))
    for name in names:
        if name not in made:
            made[name] = next(free for free in numbers if free not in used)
    return made


def member_problems(member: Membership, names: Sequence[str], plan: Plan) -> list[str]:
    """What stands against the pseudonyms of a plan."""
    left = Membership.objects.filter(project_id=member.project_id, left_at__isnull=False)
    gone = set(left.values_list("pseudonym", flat=True))
    problems = []
    for name in names:
        said = plan.annotators.get(name, "")
        if not _is_pseudonym(said):
            problems.append(f"Give the annotator “{name[:60]}” a pseudonym of 1 to {LONGEST} characters without @.")
        elif said in gone:
            problems.append(f"“{said}” is the pseudonym of a member who has left; choose another for “{name[:60]}”.")
        elif earlier_owner(member.project_id, said) is not None:
            problems.append(f"“{said}” was another member’s pseudonym: exports of then would be misread.")
    return problems


def _is_pseudonym(said: str) -> bool:
    return said.isprintable() and said == " ".join(said.split()) and 0 < len(said) <= LONGEST and "@" not in said


def members_of(project_id: int, pseudonyms: Iterable[str], groups: Mapping[str, str]) -> dict[str, Membership]:
    """The members of these pseudonyms, inside the caller's transaction; who is missing is made, without a sign-in."""
    wanted = sorted(set(pseudonyms))
    known = Membership.objects.filter(project_id=project_id, pseudonym__in=wanted, left_at=None)
    there = set(known.values_list("pseudonym", flat=True))
    Membership.objects.bulk_create(
        Membership(project_id=project_id, role=Role.ANNOTATOR, pseudonym=name, group=groups.get(name, ""))
        for name in wanted
        if name not in there
    )
    return {member.pseudonym: member for member in known.all()}
