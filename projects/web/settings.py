"""A project's settings: its name, its language, which kinds are offered, and how sentences are split."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from annotator.core.errors import InvalidError
from annotator.core.sentences import KINDS, known_languages, options_from, split
from annotator.core.text import TextError, clean
from projects.models import Membership, Project
from projects.queries.texts import beginning, newest_article
from projects.queries.unassigned import splittable
from projects.services.articles import is_codable
from projects.services.settings import OFFERED, RULES, change_settings, rules_of
from projects.web.pages import member_of, page

TRIED_CHARACTERS = 20_000
LENGTHS = ("minimum_length", "soft_maximum_length")


@dataclass(frozen=True)
class Sample:
    """The text on which the wishes are tried."""

    text: str
    language: str


@dataclass(frozen=True)
class TriedUnit:
    text: str
    kind: str
    codable: bool
    why: tuple[str, ...]


@dataclass(frozen=True)
class Typed:
    """What the form says, right or wrong; before it was sent, what holds."""

    title: str
    description: str
    language: str
    codable_kinds: list[str]
    wishes: Mapping[str, object]

    @classmethod
    def of_project(cls, project: Project) -> "Typed":
        kinds = project.codable_kinds or OFFERED
        return cls(
            title=project.title,
            description=project.description,
            language=project.language,
            codable_kinds=[kind for kind in KINDS if is_codable(kind, kinds)],
            wishes=project.split_options or {},
        )

    @classmethod
    def sent(cls, request: HttpRequest) -> "Typed":
        form = request.POST
        words = form.get("never_split_after", "").splitlines()
        return cls(
            title=form.get("title", ""),
            description=form.get("description", ""),
            language=form.get("language", ""),
            codable_kinds=form.getlist("codable"),
            wishes={
                "never_split_after": [word for word in words if word.strip()],
                "keep_quotations_whole": bool(form.get("keep_quotations_whole")),
                **{name: _number(form.get(name, "")) for name in LENGTHS},
            },
        )


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, with a text on which the wishes are tried while they are typed; nothing is stored before Save."""
    member = member_of(request, slug, "change settings")
    if request.method != "POST":
        newest = newest_article(member.project)
        sample = Sample(beginning(newest), newest.language) if newest else Sample("", member.project.language)
        return _show(request, member, Typed.of_project(member.project), sample)
    typed = Typed.sent(request)
    sample = Sample(request.POST.get("text", ""), request.POST.get("tried_language", "").strip() or typed.language)
    if request.POST.get("try"):
        return _show(request, member, typed, sample)
    try:
        units_change = change_settings(
            member=member,
            title=typed.title,
            description=typed.description,
            language=typed.language,
            codable_kinds=typed.codable_kinds,
            wishes=typed.wishes,
        )
    except InvalidError as error:
        return _show(request, member, typed, sample, error)
    if units_change and splittable(member.project_id).exists():
        messages.success(request, _("Saved. It holds for all articles that come in from now on."), "good")
        return redirect("split_again", slug)
    messages.success(request, _("Saved."), "good")
    return redirect("settings", slug)


def _show(
    request: HttpRequest, member: Membership, typed: Typed, sample: Sample, error: InvalidError | None = None
) -> HttpResponse:
    try:
        tried, refused = _tried(member.project, typed, sample), None
    except InvalidError as problem:
        tried, refused = [], problem
    status = 400 if error or refused else 200
    context = {"tried": tried, "refused": refused, "language": sample.language}
    if request.headers.get("HX-Request") == "true":
        return render(request, "settings/_tried.html", context, status=status)
    shown = {
        "typed": typed,
        "words": "\n".join(map(str, typed.wishes.get("never_split_after", ()))),  # type: ignore[call-overload]
        "lengths": {name: typed.wishes.get(name, 0) for name in LENGTHS},
        "kinds": [(kind, kind in typed.codable_kinds) for kind in KINDS],
        "known": known_languages(),
        "rules": len(rules_of(member.project)),
        "text": sample.text,
        "error": error or refused,
    }
    return page(request, member, "settings/settings.html", context | shown, status)


def _tried(project: Project, typed: Typed, sample: Sample) -> list[TriedUnit]:
    """A text split by what is typed, with the rules for kinds that the project has."""
    options = options_from({**typed.wishes, RULES: rules_of(project)})
    if not sample.text.strip():
        return []
    try:
        cleaned = clean(sample.text[:TRIED_CHARACTERS]).text
    except TextError as error:
        raise InvalidError(f"Try it: {error}. Paste another text.") from error
    found = split(cleaned, sample.language, options=options)
    return [TriedUnit(unit.text, unit.kind, unit.kind in typed.codable_kinds, unit.why) for unit in found]


def _number(typed: str) -> object:
    """A whole number; anything else as it was typed, for the refusal to name it. Nothing asks for nothing."""
    typed = typed.strip() or "0"
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else typed
