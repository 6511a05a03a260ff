"""What a lead says of the dataset that is to be published: the bundle tells it, the project remembers it."""

from collections.abc import Sequence

from annotator.core.errors import InvalidError
from annotator.core.plain import plain, rebuilt
from annotator.core.publishing import Publishing
from annotator.core.splits import Shares
from annotator.core.text import TextError, clean_field
from projects.models import Membership, Project
from projects.permissions import require

from . import audit
from .names import one_line
from .transaction import write

LONGEST_LINE, LONGEST_TEXT, MOST_CREATORS = 300, 10_000, 200


def change_publishing(
    *,
    member: Membership,
    version: str,
    licence: str,
    creators: Sequence[str],
    citation: str,
    limits: str,
    texts: bool,
    events: bool,
    split: Shares | None,
) -> Publishing:
    """Store all of it or nothing."""
    require(member, "change settings")
    problems: list[str] = []
    asked = Publishing(
        version=_line("Version", version, problems),
        licence=_line("Licence", licence, problems),
        creators=_creators(creators, problems),
        citation=_text("How to cite it", citation, problems),
        limits=_text("Known limits", limits, problems),
        texts=texts,
        events=events,
        split=split,
    )
    if problems:
        raise InvalidError("Nothing was saved.", tuple(problems))
    with write():
        project = Project.objects.select_for_update().get(pk=member.project_id)
        after = plain(asked)
        if project.publishing is None or rebuilt(Publishing, project.publishing) != asked:
            Project.objects.filter(pk=project.pk).update(publishing=after)
            audit.record(member, "describe dataset", {"before": project.publishing, "after": after})
    member.project.publishing = after
    return asked


def _creators(given: Sequence[str], problems: list[str]) -> tuple[str, ...]:
    lines = [line for name in given if (line := _line("Creators", name, problems))]
    if len(lines) > MOST_CREATORS:
        problems.append(f"Creators: {len(lines)} are too many; {MOST_CREATORS} are the most.")
    return tuple(lines)


def _line(what: str, given: str, problems: list[str]) -> str:
    try:
        return one_line(given, most=LONGEST_LINE)
    except InvalidError as error:
        problems.append(f"{what}: {error}")
        return ""


def _text(what: str, given: str, problems: list[str]) -> str:
    try:
        text = clean_field(given).text.strip()
    except TextError as error:
        problems.append(f"{what}: {error}. Type it anew.")
        return ""
    if len(text) > LONGEST_TEXT:
        problems.append(f"{what}: {len(text):,} characters are too many; {LONGEST_TEXT:,} are the most.")
    return text
