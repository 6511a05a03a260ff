"""The registry of sources: the actors of an attribution variable, where they occur, and who is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from annotator.core.codebook.model import Variable
from annotator.core.codebook.registry import Actor, shared_aliases
from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from annotator.services.sources import Changed, change_sources
from projects.models import CodebookVersion, Membership, Round
from projects.queries.codebooks import codebook, newest_draft, newest_published
from projects.queries.registry import Occurrences, occurrences
from projects.web.numbers import number
from projects.web.pages import member_of, page

COLUMNS = ("key", "label", "aliases", "side", "actor_type", "into")
NEW = "+"
"""What stands in place of a key where a suggested name becomes a source of its own."""


@dataclass(frozen=True)
class Row:
    """An actor as it stands or was typed, the one it is to be merged into, and in how many articles it occurs."""

    actor: Actor
    into: str = ""
    articles: int = 0


@dataclass(frozen=True)
class Sent:
    """What the form says. `named`: suggested names, and the key of the source that each belongs to, or `NEW`.

    `move`: whether open rounds shall use the new version.
    """

    base: int
    rows: list[Row]
    named: list[tuple[str, str]]
    move: bool

    @property
    def actors(self) -> list[Actor]:
        """The actors with the names that were given to them; an empty line is none."""
        more = {row.actor.key: [name for name, key in self.named if key == row.actor.key] for row in self.rows}
        known = [
            replace(row.actor, aliases=(*row.actor.aliases, *(more[row.actor.key] if row.actor.key else ())))
            for row in self.rows
            if row.actor.key or row.actor.label
        ]
        return known + [Actor(name, (name,)) for name, key in self.named if key == NEW]

    @property
    def merges(self) -> dict[str, str]:
        return {row.actor.key: row.into for row in self.rows if row.actor.key and row.into}


@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "import codebook")
    version = newest_published(member.project_id)
    variable = _variable(version, request.GET.get("variable", ""))
    if request.method != "POST":
        return _show(request, member, version, variable)
    sent = None
    try:
        sent = read(request.POST)
        made = change_sources(
            member=member,
            base=sent.base,
            variable=variable.key,
            actors=sent.actors,
            merges=sent.merges,
            move=_open_rounds(member) if sent.move else (),
        )
    except (InvalidError, ConflictError) as error:
        return _show(request, member, version, variable, sent, error)
    _tell(request, made, version)
    return redirect(f"{reverse('sources', args=[slug])}?variable={variable.key}")


def _tell(request: HttpRequest, made: Changed, before: CodebookVersion) -> None:
    if made.version == before:
        return messages.success(request, _("Nothing was changed."))
    number, names = made.version.number, ", ".join(round.name for round in made.moved)
    told = _("Codebook version %(number)s is published.") % {"number": number}
    if names:
        told += " " + _("These rounds use it now: %(names)s.") % {"names": names}
    messages.success(request, told, "good")
    for name, reason in made.left.items():
        messages.warning(request, f"{name}: {reason}", "doubt")
    return None


def read(form: QueryDict) -> Sent:
    """The form; raises InvalidError where its lines have come apart."""
    columns = [form.getlist(name) for name in COLUMNS]
    names, keys = form.getlist("name"), form.getlist("to")
    base = number(form.get("base", ""))
    if base is None or len({len(column) for column in columns}) > 1 or len(names) != len(keys):
        raise InvalidError("The form has come apart on the way. Open the page again.")
    rows = [
        Row(Actor(label.strip(), _lines(aliases), side.strip(), kind.strip(), key), into)
        for key, label, aliases, side, kind, into in zip(*columns, strict=True)
    ]
    return Sent(base, rows, [(name, key) for name, key in zip(names, keys, strict=True) if key], bool(form.get("move")))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _variable(version: CodebookVersion, key: str) -> Variable:
    """The attribution variable of this key, else the first."""
    asked = _variables(version)
    if not asked:
        raise NotFoundError("This codebook has no question on sources.")
    return next((variable for variable in asked if variable.key == key), asked[0])


def _variables(version: CodebookVersion) -> list[Variable]:
    return [v for v in codebook(version.pk).variables if v.kind == "attribution" and not v.retired]


def _show(
    request: HttpRequest,
    member: Membership,
    version: CodebookVersion,
    variable: Variable,
    sent: Sent | None = None,
    error: InvalidError | ConflictError | None = None,
) -> HttpResponse:
    found = occurrences(member.project_id, version.pk)
    actors = [Actor.of(source) for source in variable.sources if not source.retired]
    rows = sent.rows if sent else [*(Row(actor) for actor in actors), Row(Actor(""))]
    named = dict(sent.named) if sent else {}
    context = {
        "version": version,
        "base": sent.base if sent else version.number,
        "variable": variable,
        "others": [other for other in _variables(version) if other != variable],
        "rows": _counted(rows, variable, found),
        "actors": actors,
        "sides": _known(actor.side for actor in actors),
        "types": _known(actor.actor_type for actor in actors),
        "shared": shared_aliases(codebook(version.pk)).items(),
        "found": found,
        "unknown": [(candidate, named.get(candidate.phrase, "")) for candidate in found.unknown],
        "open_rounds": _open_rounds(member),
        "move": bool(sent and sent.move),
        "draft": newest_draft(member.project_id),
        "error": error,
    }
    status = 409 if isinstance(error, ConflictError) else 400 if error else 200
    return page(request, member, "sources/sources.html", context, status)


def _open_rounds(member: Membership) -> list[Round]:
    """Those on the newest version: on an earlier one, the move would do more than this page shows."""
    version = newest_published(member.project_id)
    return list(Round.objects.filter(project_id=member.project_id, closed_at=None, codebook_version=version))


def _counted(rows: Sequence[Row], variable: Variable, found: Occurrences) -> list[Row]:
    return [replace(row, articles=found.articles[variable.key, row.actor.key]) for row in rows]


def _known(said: Iterable[str]) -> list[str]:
    return sorted({word for word in said if word})
