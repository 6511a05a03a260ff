"""What a lead says of a project as a whole: its name, its language, and how its articles become units."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from annotator.core.errors import InvalidError
from annotator.core.sentences import KINDS, options_from, written
from annotator.core.text import TextError, clean_field
from projects.models import Membership, Project
from projects.permissions import require

from . import audit
from .articles import NOT_CODABLE
from .names import is_language, one_line
from .projects import LONGEST_TITLE
from .transaction import write

LONGEST_DESCRIPTION = 5000
OFFERED = tuple(kind for kind in KINDS if kind not in NOT_CODABLE)
"""The kinds that are offered for labelling where a project says nothing of it."""
RULES = "kind_rules"


def change_settings(
    *,
    member: Membership,
    title: str,
    description: str,
    language: str,
    codable_kinds: Collection[str],
    wishes: Mapping[str, object],
) -> bool:
    """Store all of it or nothing; whether anything that makes units has changed.

    `wishes` are those of `annotator.core.sentences.options_from`, but for the rules for kinds, which stay as they are.
    """
    require(member, "change settings")
    problems: list[str] = []
    kinds = [kind for kind in KINDS if kind in codable_kinds]
    if not kinds:
        problems.append("Offered for labelling: choose at least one kind of unit.")
    new: dict[str, object] = {
        "title": _title(title, problems),
        "description": _description(description, problems),
        "language": _language(language, problems),
        "codable_kinds": [] if tuple(kinds) == OFFERED else kinds,
    }
    asked = _asked(wishes, problems)
    if problems:
        raise InvalidError("Nothing was saved.", tuple(problems))
    with write():
        project = Project.objects.select_for_update().get(pk=member.project_id)
        kept = {RULES: rules} if (rules := (project.split_options or {}).get(RULES)) else {}
        changed = _store(member, project, new | {"split_options": (asked | kept) or None})
    return bool(changed & {"codable_kinds", "split_options", "language"})


def add_kind_rule(*, member: Membership, rule: Mapping[str, str]) -> None:
    """Give a kind to all units of a pattern, in every article that is split from now on."""
    require(member, "change settings")
    made = asdict(options_from({RULES: [rule]}).kind_rules[0])
    with write():
        project = Project.objects.select_for_update().get(pk=member.project_id)
        known = rules_of(project)
        if made in known:
            raise InvalidError("This project has this rule already.")
        _store_rules(member, project, [*known, made])


def remove_kind_rule(*, member: Membership, rule: Mapping[str, str]) -> None:
    """Take a rule back; where it is gone already, nothing changes."""
    require(member, "change settings")
    with write():
        project = Project.objects.select_for_update().get(pk=member.project_id)
        _store_rules(member, project, [known for known in rules_of(project) if known != rule])


def rules_of(project: Project) -> list[dict[str, str]]:
    return list((project.split_options or {}).get(RULES, ()))


def _store_rules(member: Membership, project: Project, rules: Sequence[Mapping[str, str]]) -> None:
    asked = {name: value for name, value in (project.split_options or {}).items() if name != RULES}
    asked = written(options_from(asked | {RULES: rules}))
    _store(member, project, {"split_options": asked or None})


def _store(member: Membership, project: Project, new: Mapping[str, object]) -> set[str]:
    """Write what is new inside the caller's transaction; the names of what changed."""
    before = {name: getattr(project, name) for name, value in new.items() if getattr(project, name) != value}
    if not before:
        return set()
    after = {name: new[name] for name in before}
    Project.objects.filter(pk=project.pk).update(**after)
    audit.record(member, "change settings", {"before": before, "after": after})
    for name, value in after.items():
        setattr(member.project, name, value)
    return set(before)


def _title(given: str, problems: list[str]) -> str:
    try:
        title = one_line(given, most=LONGEST_TITLE)
    except InvalidError as error:
        problems.append(f"Title: {error}")
        return ""
    if not title:
        problems.append("Title: give the project one.")
    return title


def _description(given: str, problems: list[str]) -> str:
    try:
        text = clean_field(given).text.strip()
    except TextError as error:
        problems.append(f"Description: {error}. Type it anew.")
        return ""
    if len(text) > LONGEST_DESCRIPTION:
        problems.append(f"Description: {len(text):,} characters are too many; {LONGEST_DESCRIPTION:,} are the most.")
    return text


def _language(given: str, problems: list[str]) -> str:
    code = given.strip()
    if len(code) > 16 or not is_language(code):
        problems.append("Language: write a code such as en, ar or pt-br.")
    return code


def _asked(wishes: Mapping[str, object], problems: list[str]) -> dict[str, object]:
    try:
        return written(options_from({name: value for name, value in wishes.items() if name != RULES}))
    except InvalidError as error:
        problems += error.problems
        return {}
