"""Files in: articles and labels. A preview stores nothing; an import is stored whole or refused whole."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from annotator.core.errors import InvalidError
from annotator.core.text import ENCODINGS
from annotator.services.label_imports import import_labels
from projects.models import Membership, Round
from projects.permissions import require
from projects.queries import access
from projects.readers import Document, EncodingError, ReadError, preview, read
from projects.services.articles import SplitDocument, import_articles, is_codable, split_documents
from projects.web.pages import member_of, page
from projects.web.uploads import Upload, uploaded_file

PREVIEWED = 5
GUESSES = 4


@dataclass(frozen=True)
class PreviewedUnit:
    kind: str
    text: str
    codable: bool


@dataclass(frozen=True)
class Guess:
    """An encoding that the file may be in, and how its beginning would then read."""

    name: str
    beginning: str


class UnreadableError(InvalidError):
    """The file is in an encoding that nobody declared: the person who uploads chooses, we never do."""

    def __init__(self, message: str, guesses: tuple[Guess, ...]) -> None:
        super().__init__(message)
        self.guesses = guesses


@dataclass(frozen=True)
class Preview:
    document: Document
    units: list[PreviewedUnit]


@require_http_methods(["GET", "HEAD", "POST"])
def article_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a file of articles, or paste a text."""
    member = member_of(request, slug, "import articles")
    context: dict[str, object] = {"encodings": ENCODINGS, "encoding": request.POST.get("encoding", "")}
    if request.method != "POST":
        return page(request, member, "articles/import.html", context)
    context |= {"pasted": request.POST.get("text", ""), "title": request.POST.get("title", "")}
    try:
        documents = _documents(request)
        if request.POST.get("preview"):
            shown = [_preview(member, item) for item in split_documents(documents[:PREVIEWED])]
            return page(request, member, "articles/import.html", context | {"previews": shown, "found": len(documents)})
        articles = import_articles(member=member, documents=documents, codable=request.POST.getlist("codable") or None)
    except UnreadableError as error:
        context |= {
            "error": error,
            "encoding": error.guesses[0].name if error.guesses else "",
            "guesses": error.guesses,
        }
        return page(request, member, "articles/import.html", context, status=400)
    except InvalidError as error:
        return page(request, member, "articles/import.html", context | {"error": error}, status=400)
    _tell(request, documents)
    if len(articles) == 1:
        return redirect("article", slug, articles[0].pk)
    return redirect("articles", slug)


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


def _documents(request: HttpRequest) -> list[Document]:
    if "file" in request.FILES or not request.POST.get("text", "").strip():
        upload = uploaded_file(request)
    else:
        upload = _pasted(request.POST["text"], request.POST.get("title", "").strip())
    try:
        return read(upload.name, upload.data, encoding=upload.encoding)
    except EncodingError as error:
        guesses = tuple(Guess(name, preview(upload.data, name)) for name in error.likely[:GUESSES])
        raise UnreadableError(f"Nothing was stored. {error}", guesses) from error
    except ReadError as error:
        raise InvalidError(f"Nothing was stored. {error}") from error


def _pasted(text: str, name: str) -> Upload:
    name = name or text.strip().splitlines()[0]
    return Upload(f"{name[:150]}.txt", text.encode("utf-8", "surrogatepass"), None)


def _preview(member: Membership, item: SplitDocument) -> Preview:
    offered = member.project.codable_kinds or None
    units = [PreviewedUnit(u.kind, u.text, is_codable(u.kind, offered)) for u in item.units]
    return Preview(item.document, units)


def _tell(request: HttpRequest, documents: list[Document]) -> None:
    """Say what came in and what was changed on the way: nothing is altered in silence."""
    told = ngettext("%(n)s article came in.", "%(n)s articles came in.", len(documents)) % {"n": len(documents)}
    messages.success(request, told, extra_tags="good")
    for document in documents:
        for change in document.changes:
            messages.warning(request, f"{document.external_id}: {change}.", extra_tags="doubt")


def _chosen_round(member: Membership, value: str) -> Round | None:
    if not value:
        return None
    require(member, "import labels")
    if not (value.isascii() and value.isdigit() and len(value) < 18):
        raise InvalidError("Choose a round from the list.")
    return access.round_of(member, int(value))
