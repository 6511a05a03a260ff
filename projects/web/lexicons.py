"""The lexicons of a project: which are in use, what is in them, and which values of the codebook they propose."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.codebook import Codebook
from annotator.core.errors import InvalidError, NotFoundError
from annotator.core.lexicons import Aim, Group, aim, offered, takers
from annotator.core.lexicons import Lexicon as Parsed
from projects.models import Lexicon, Membership
from projects.queries import lexicons
from projects.queries.codebooks import codebook, newest_published_or_none
from projects.services.lexicons import READY, aim_lexicon, import_lexicon, set_in_use, take_ready_lexicon
from projects.web.pages import member_of, page
from projects.web.uploads import uploaded_file

GROUP_FIELD = "group."


@dataclass(frozen=True)
class Line:
    """A lexicon of the list, with the question of the codebook that its hints belong to."""

    row: Lexicon
    read: Parsed
    aim: Aim | None


@dataclass(frozen=True)
class GroupLine:
    """A group of terms, and the value it proposes."""

    group: Group
    terms: list[str]
    value: str


@require_http_methods(["GET", "HEAD", "POST"])
def lexicon_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; a POST takes a ready lexicon or an uploaded one."""
    member = member_of(request, slug, "import codebook")
    if request.method != "POST":
        return _list(request, member)
    try:
        ready = request.POST.get("ready")
        made = (
            take_ready_lexicon(member=member, name=ready)
            if ready
            else import_lexicon(member=member, data=uploaded_file(request).data)
        )
    except InvalidError as error:
        return _list(request, member, error)
    messages.success(request, _("“%(key)s” is in use.") % {"key": lexicons.lexicon(made.pk).title}, "good")
    return redirect("lexicons", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def lexicon_page(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The terms of a lexicon by group; a POST says which value each group proposes."""
    member = member_of(request, slug, "import codebook")
    line = _line(member, key)
    if request.method == "POST":
        names = [name for name in request.POST if name.startswith(GROUP_FIELD)]
        maps = {name.removeprefix(GROUP_FIELD): request.POST[name] for name in names}
        variable = request.POST.get("variable", "")
        changed = variable != (line.aim.variable.key if line.aim else "")
        # Another question has other values: they are chosen on the next page.
        aim_lexicon(member=member, key=key, variable=variable, maps={} if changed else maps)
        messages.success(request, _("Saved."), "good")
        return redirect("lexicon", slug, key)
    book = _book(member)
    context = {
        "line": line,
        "groups": _groups(line),
        "takers": list(takers(line.read.kind, book)) if book else [],
        "values": offered(line.read.kind, line.aim.variable) if line.aim else [],
    }
    return page(request, member, "lexicons/lexicon.html", context)


@require_POST
def switch_lexicon(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    member = member_of(request, slug, "import codebook")
    set_in_use(member=member, key=key, in_use=bool(request.POST.get("in_use")))
    return redirect("lexicons", slug)


def _list(request: HttpRequest, member: Membership, error: InvalidError | None = None) -> HttpResponse:
    lines = _lines(member)
    taken = {line.row.key for line in lines}
    ready = [(name, title, about) for name, title, about in _ready() if name not in taken]
    context = {"lines": lines, "ready": ready, "error": error}
    return page(request, member, "lexicons/list.html", context, status=400 if error else 200)


def _ready() -> list[tuple[str, str, str]]:
    """What a form may take: the name it sends, the title, and what it is for."""
    about = {
        "contrast_sets": (
            _("Contrast sets"),
            _("Rival names for the same thing in conflict news, English and Arabic. They propose framing words."),
        ),
        "reporting_cues": (
            _("Reporting cues"),
            _("Verbs and phrases by which others’ words come in, with the stance they imply, English and Arabic."),
        ),
    }
    return [(name, *about[name]) for name in READY]


def _book(member: Membership) -> Codebook | None:
    version = newest_published_or_none(member.project_id)
    return codebook(version.pk) if version else None


def _lines(member: Membership) -> list[Line]:
    book = _book(member)
    read = [(row, lexicons.lexicon(row.pk)) for row in lexicons.newest(member.project_id)]
    return [Line(row, parsed, aim(parsed, book) if book else None) for row, parsed in read]


def _line(member: Membership, key: str) -> Line:
    found = next((line for line in _lines(member) if line.row.key == key), None)
    if found is None:
        raise NotFoundError("There is no such lexicon.")
    return found


def _groups(line: Line) -> list[GroupLine]:
    values = line.aim.values if line.aim else {}
    terms: dict[str, list[str]] = {}
    for term in line.read.terms:
        terms.setdefault(term.group, []).append(term.name)
    return [GroupLine(group, terms.get(group.key, []), values.get(group.key, "")) for group in line.read.groups]
