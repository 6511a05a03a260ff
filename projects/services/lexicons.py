"""Lexicons of a project: taken, imported, aimed at values of the codebook, switched off and on. Each makes a number."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings

from annotator.core.codebook import CodebookError, Json, load
from annotator.core.errors import InvalidError, NotFoundError
from annotator.core.lexicons import parse
from projects.models import Lexicon, Membership, Project
from projects.permissions import require

from . import audit
from .transaction import write

# The lexicons that come with the product, by the names that a form may choose.
READY = {
    "contrast_sets": "fixtures/lexicons/contrast_sets.json",
    "reporting_cues": "fixtures/lexicons/reporting_cues.json",
}


def import_lexicon(*, member: Membership, data: bytes) -> Lexicon:
    """Check the document of a lexicon and store it as the next number of its key; the same again changes nothing.

    Raises InvalidError with one problem a line when anything in the document can't be taken.
    """
    require(member, "import codebook")
    with _refused("This lexicon was not imported."):
        document = load(data)
        lexicon = parse(document)
    return _store(member, lexicon.key, document, "import lexicon")


def take_ready_lexicon(*, member: Membership, name: str) -> Lexicon:
    """Put one of the lexicons that come with the product to use."""
    if name not in READY:
        raise InvalidError("There is no such ready lexicon.")
    return import_lexicon(member=member, data=(settings.BASE_DIR / READY[name]).read_bytes())


def set_in_use(*, member: Membership, key: str, in_use: bool) -> Lexicon:
    """Show the lexicon's terms as hints, or no longer; where it is so already, nothing changes."""
    require(member, "import codebook")
    document = {name: value for name, value in _newest(member, key).document.items() if name != "in_use"}
    return _store(member, key, document if in_use else document | {"in_use": False}, "switch lexicon")


def aim_lexicon(*, member: Membership, key: str, variable: str, maps: Mapping[str, str]) -> Lexicon:
    """Say to which question the hints belong, and which value each group of terms proposes (empty: none)."""
    require(member, "import codebook")
    document = _newest(member, key).document
    known = {group.key for group in parse(document).groups}
    aimed: dict[str, Json] = {group: value for group, value in maps.items() if group in known}
    document = document | {"variable": variable, "maps": aimed}
    with _refused("The values were not saved."):
        parse(document)
    return _store(member, key, document, "aim lexicon")


@contextmanager
def _refused(message: str) -> Iterator[None]:
    try:
        yield
    except CodebookError as error:
        raise InvalidError(message, tuple(str(problem) for problem in error.problems)) from error


def _newest(member: Membership, key: str) -> Lexicon:
    found = Lexicon.objects.filter(project_id=member.project_id, key=key).order_by("-number").first()
    if found is None:
        raise NotFoundError("There is no such lexicon.")
    return found


def _store(member: Membership, key: str, document: dict[str, Json], act: str) -> Lexicon:
    with write():
        # One at a time: two at once would get the same number.
        Project.objects.select_for_update().get(pk=member.project_id)
        of_key = Lexicon.objects.filter(project_id=member.project_id, key=key)
        newest = of_key.order_by("-number").first()
        if newest is not None and newest.document == document:
            return newest
        number = newest.number + 1 if newest else 1
        made = Lexicon.objects.create(project_id=member.project_id, key=key, number=number, document=document)
        audit.record(member, act, {"lexicon": key, "number": made.number})
    return made
