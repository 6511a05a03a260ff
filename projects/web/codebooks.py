"""The codebook as its readers see it, and its import."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotator.core.codebook import changes, effective_keys, parse, problems
from annotator.core.errors import InvalidError, NotFoundError
from projects.models import CodebookVersion, Membership, Round
from projects.permissions import can
from projects.queries.codebooks import (
    newest_draft,
    newest_published,
    newest_published_or_none,
    rounds_before,
    versions,
)
from projects.services.codebooks import check_codebook, import_codebook, publish_draft, take_ready_codebook
from projects.web.codebook_words import field_name
from projects.web.numbers import number
from projects.web.pages import member_of, page
from projects.web.uploads import uploaded_file


@require_safe
def codebook_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest published version, or with `version` any other, and the list of all."""
    member = member_of(request, slug, "view codebook")
    asked = request.GET.get("version")
    version = newest_published_or_none(member.project_id) if asked is None else _version(member, asked)
    if version and version.published_at is None and problems(version.document):
        return redirect("codebook_edit", slug, version.number)
    book = parse(version.document) if version else None
    variables = [(variable, effective_keys(variable)) for variable in book.variables] if book else []
    context = {
        "version": version,
        "versions": _versions(member),
        "book": book,
        "variables": variables,
        "has_sources": any(variable.kind == "attribution" for variable, _keys in variables),
        "may_import": can(member, "import codebook"),
        "earlier": _earlier_rounds(member, version),
        "draft": newest_draft(member.project_id) if can(member, "import codebook") else None,
        "ready": _ready(),
    }
    return page(request, member, "codebook/codebook.html", context)


@require_safe
def codebook_changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What changed in a version since the one before it, or since the one that `since` names."""
    member = member_of(request, slug, "view codebook")
    version = _version(member, str(number))
    others = list(_versions(member).filter(number__lt=version.number))
    asked = request.GET.get("since")
    since = _version(member, asked) if asked is not None else next(iter(others), None)
    told = (
        []
        if since is None
        else [(change, field_name(change.field)) for change in changes(since.document, version.document)]
    )
    context = {"version": version, "since": since, "others": others, "changes": told}
    return page(request, member, "codebook/changes.html", context)


@require_POST
def publish_codebook(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    member = member_of(request, slug, "import codebook")
    try:
        version = publish_draft(member=member, number=number)
        messages.success(request, _("Codebook version %(number)s is published.") % {"number": version.number}, "good")
    except InvalidError as error:
        messages.error(request, str(error), "bad")
        if error.problems:
            return redirect("codebook_edit", slug, number)
    return redirect("codebook", slug)


def _earlier_rounds(member: Membership, version: CodebookVersion | None) -> Iterable[Round]:
    """The rounds that a lead may move to this version."""
    offered = version and version.published_at and can(member, "manage rounds")
    return rounds_before(version) if version and offered else ()


def _versions(member: Membership) -> QuerySet[CodebookVersion]:
    """Those that a member may see: a draft is its writers' own."""
    return versions(member.project_id, drafts=can(member, "import codebook"))


def _version(member: Membership, asked: str) -> CodebookVersion:
    chosen = number(asked)
    found = _versions(member).filter(number=chosen).first() if chosen is not None else None
    if found is None:
        raise NotFoundError("There is no such version of the codebook.")
    return found


@require_safe
def codebook_document(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest published document as a download, or that of the version named."""
    member = member_of(request, slug, "view codebook")
    asked = request.GET.get("version")
    version = newest_published(member.project_id) if asked is None else _version(member, asked)
    answer = JsonResponse(version.document, json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{slug}-codebook-{version.number}.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def codebook_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a document; with `preview` it is only checked."""
    member = member_of(request, slug, "import codebook")
    if request.method != "POST":
        return page(request, member, "codebook/import.html", {})
    try:
        data = uploaded_file(request).data
        if request.POST.get("preview"):
            book = check_codebook(member=member, data=data)
            return page(request, member, "codebook/import.html", {"previewed": book})
        version = import_codebook(member=member, data=data, draft=bool(request.POST.get("draft")))
    except InvalidError as error:
        return page(request, member, "codebook/import.html", {"error": error}, status=400)
    if version.published_at is None:
        told = _("Codebook version %(number)s is kept as a draft. It is not published.")
    else:
        told = _("Codebook version %(number)s is published.")
    messages.success(request, told % {"number": version.number}, "good")
    return redirect("codebook", slug)


@require_http_methods(["POST"])
def codebook_ready(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one of the codebooks that come with the product."""
    member = member_of(request, slug, "import codebook")
    version = take_ready_codebook(member=member, name=request.POST.get("ready", "conflict"))
    messages.success(request, _("Codebook version %(number)s is published.") % {"number": version.number}, "good")
    return redirect("codebook", slug)


def _ready() -> list[tuple[str, str, str]]:
    """What a form may take: the name it sends, the title, and what it is for."""
    return [
        (
            "conflict",
            _("Attribution, stance and framing in conflict news"),
            _(
                "Ready to use: who is speaking, by which manner and with which stance; framing words; parties, frames, "
                "status of the claim. One key a sentence in the narrator’s voice, three for an attributed one."
            ),
        ),
        (
            "stance",
            _("Stance and attribution, for any topic"),
            _("Who says it, and whether the sentence is for or against your topic. Put your own topic into the rules."),
        ),
        (
            "short",
            _("Five short questions"),
            _("Learnt in five minutes: for a trial run, a class, or as the start of your own codebook."),
        ),
    ]
