"""Files in: articles and labels. A preview stores nothing; an import is stored whole or refused whole."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from annotator.core.errors import InvalidError
from annotator.core.sentences import known_languages
from annotator.core.text import ENCODINGS
from annotator.models import Job
from annotator.queries.mending_pages import first_doubtful
from annotator.services import tables, uploads
from annotator.services.article_checks import check_articles, refused, with_likely_mapping
from annotator.services.article_imports import Imported, Request, import_or_start
from annotator.services.label_imports import import_labels
from annotator.web.jobs import begun_job
from projects.models import Membership, Round
from projects.permissions import require
from projects.queries import access
from projects.readers import ENDINGS, FIELDS
from projects.web.numbers import number
from projects.web.pages import member_of, page
from projects.web.uploads import uploaded_file

MOST_TOLD = 20


@dataclass(frozen=True)
class Sent:
    """What came by the form: the file, and the token under which it is kept, if it is."""

    request: Request
    token: str


@require_http_methods(["GET", "HEAD", "POST"])
def article_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a file of articles, or paste a text; look at what would come in; bring it in."""
    member = member_of(request, slug, "import articles")
    if request.method != "POST":
        return _import_page(request, member, {})
    try:
        sent = _sent(request, member)
    except InvalidError as error:
        typed = {name: request.POST.get(name, "") for name in ("encoding", "text", "title")}
        return _import_page(request, member, {**typed, "error": error}, status=400)
    if request.POST.get("preview") or request.POST.get("guessed"):
        return _check_page(request, member, sent)
    try:
        outcome = import_or_start(member=member, request=sent.request)
    except InvalidError as error:
        return _check_page(request, member, sent, error)
    if sent.request.mapping:
        tables.remember_mapping(member=member, mapping=sent.request.mapping)
    uploads.forget(member=member, token=sent.token)
    if isinstance(outcome, Job):
        return begun_job(request, member, outcome)
    return _came_in(request, slug, outcome)


def _sent(request: HttpRequest, member: Membership) -> Sent:
    """The file chosen now, else the one kept from the page before, else the pasted text."""
    token = ""
    if request.POST.get("upload"):
        kept = uploads.kept(member=member, token=request.POST["upload"])
        name, data, token = kept.name, kept.data, kept.token
    elif "file" not in request.FILES and request.POST.get("text", "").strip():
        name, data = _pasted(request.POST["text"], request.POST.get("title", "").strip())
    else:
        file = uploaded_file(request)
        name, data = file.name, file.data
    asked = Request(
        name,
        data,
        encoding=request.POST.get("guessed") or request.POST.get("encoding") or None,
        mapping=_mapping(request),
        language=request.POST.get("language", "").strip().replace("\0", "")[:16],
        codable=request.POST.getlist("codable") or None,
        skip_taken=request.POST.get("taken") == "skip",
    )
    return Sent(asked, token)


def _mapping(request: HttpRequest) -> dict[str, str] | None:
    """What the form says of the columns; one that is named like a field but is none gets another name."""
    pairs = zip(request.POST.getlist("column"), request.POST.getlist("field"), strict=False)
    said = {column: field if field in FIELDS else "" for column, field in pairs}
    own = {column: f"own_{column}" for column, field in said.items() if not field and column in FIELDS}
    return {column: field for column, field in said.items() if field and field != column} | own or None


def _pasted(text: str, name: str) -> tuple[str, bytes]:
    """The text as a file, with the line ends that were typed: a form sends each as two characters."""
    text = text.replace("\r\n", "\n")
    name = "".join(filter(str.isprintable, name or text.strip().splitlines()[0]))
    return f"{name[:150]}.txt", text.encode("utf-8", "surrogatepass")


def _import_page(request: HttpRequest, member: Membership, more: dict[str, object], status: int = 200) -> HttpResponse:
    context = {"encodings": ENCODINGS, "endings": ",".join(f".{ending}" for ending in ENDINGS), **more}
    return page(request, member, "articles/import.html", context, status)


def _check_page(
    request: HttpRequest, member: Membership, sent: Sent, error: InvalidError | None = None
) -> HttpResponse:
    """What would come in, or what stands in the way, with all that can be changed; the file is kept meanwhile."""
    asked = sent.request
    if "column" not in request.POST and error is None:
        asked = replace(asked, mapping=with_likely_mapping(member, asked))
    check = refused(asked, error) if error else check_articles(member=member, request=asked)
    context = {
        "check": check,
        "error": check.refusal,
        "guesses": getattr(check.refusal, "guesses", ()),
        "token": sent.token or uploads.keep(member=member, name=asked.name, data=asked.data),
        "encoding": asked.encoding or "",
        "language": asked.language,
        "skip_taken": asked.skip_taken,
        "encodings": ENCODINGS,
        "known": known_languages(),
        "fields": FIELDS,
    }
    return page(request, member, "articles/import_check.html", context, 400 if check.refusal else 200)


def _came_in(request: HttpRequest, slug: str, done: Imported) -> HttpResponse:
    """Say what came in and what was changed on the way: nothing is altered in silence."""
    number = len(done.articles)
    told = ngettext("%(n)s article came in.", "%(n)s articles came in.", number) % {"n": number}
    messages.success(request, told, extra_tags="good")
    if done.skipped:
        left = ngettext(
            "%(n)s was there already and is left out.", "%(n)s were there already and are left out.", done.skipped
        )
        messages.warning(request, left % {"n": done.skipped}, extra_tags="doubt")
    if doubtful := first_doubtful(done.articles):
        where = reverse("boundaries", args=[slug, doubtful.pk])
        look = _("Some boundaries are doubtful: <a href='{}'>look at “{}” first</a>.")
        messages.warning(request, format_html(look, where, doubtful.title[:80]), extra_tags="doubt")
    for change in done.changes[:MOST_TOLD]:
        messages.warning(request, change, extra_tags="doubt")
    if more := done.changes[MOST_TOLD:]:
        messages.warning(request, _("And %(n)s more changes.") % {"n": len(more)}, extra_tags="doubt")
    return redirect("article", slug, done.articles[0].pk) if number == 1 else redirect("articles", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def label_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload labels that were made elsewhere onto units that exist."""
    member = member_of(request, slug, "import labels")
    rounds = Round.objects.filter(project=member.project)
    context: dict[str, object] = {"rounds": rounds}
    if request.method != "POST":
        return page(request, member, "labels/import.html", context)
    try:
        into = _chosen_round(member, request.POST.get("round", ""))
        done = import_labels(member=member, data=uploaded_file(request).data, into=into)
    except InvalidError as error:
        return page(request, member, "labels/import.html", context | {"error": error}, status=400)
    told = ngettext("%(n)s label is in round “%(round)s”.", "%(n)s labels are in round “%(round)s”.", done.labels)
    messages.success(request, told % {"n": done.labels, "round": done.round.name}, extra_tags="good")
    return redirect("rounds", slug)


def _chosen_round(member: Membership, value: str) -> Round | None:
    if not value:
        return None
    require(member, "import labels")
    chosen = number(value)
    if chosen is None:
        raise InvalidError("Choose a round from the list.")
    return access.round_of(member, chosen)
