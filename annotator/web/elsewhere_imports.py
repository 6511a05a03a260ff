"""Files of other annotation tools in: looked at with a mapping screen, then stored whole or refused whole."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from annotator.core.annotated import Plan, plan_from_json, plan_to_json
from annotator.core.codebook import parse
from annotator.core.errors import InvalidError
from annotator.core.text import ENCODINGS
from annotator.models import Job
from annotator.services import uploads
from annotator.services.elsewhere_imports import import_or_start
from annotator.services.elsewhere_reviews import Export, proposed_plan, read_export, review
from annotator.services.elsewhere_storing import Brought
from annotator.web.elsewhere_form import MOST_ANNOTATORS, layer_lines, mapping_of, plan_of
from annotator.web.jobs import begun_job
from projects.models import Membership
from projects.queries.codebooks import newest_published_or_none
from projects.queries.members import members
from projects.readers.annotated import ENDINGS, TOOLS
from projects.web.pages import member_of, page
from projects.web.uploads import uploaded_file

PAGE = "labels/elsewhere.html"


@dataclass(frozen=True)
class Sent:
    """What came by the form; `token` is that under which the file is kept, if it is."""

    export: Export
    data: bytes
    plan: Plan
    token: str


@require_http_methods(["GET", "HEAD", "POST"])
def elsewhere_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload the export of another tool; say what its parts become; bring it in."""
    member = member_of(request, slug, "import labels")
    if request.method != "POST":
        return _start(request, member, {})
    try:
        sent = _sent(request, member)
    except InvalidError as error:
        return _start(request, member, {"error": error}, status=400)
    if request.POST.get("mapping") == "download":
        return _mapping_file(sent)
    if request.POST.get("preview"):
        return _check(request, member, sent)
    try:
        done = import_or_start(member=member, data=sent.data, export=sent.export, plan=sent.plan)
    except InvalidError as error:
        return _check(request, member, sent, error)
    uploads.forget(member=member, token=sent.token)
    if isinstance(done, Job):
        return begun_job(request, member, done)
    return _came_in(request, slug, done)


def _sent(request: HttpRequest, member: Membership) -> Sent:
    """The file chosen now, else the one kept from the page before; a mapping file goes before the form's choices."""
    token, encoding = "", request.POST.get("encoding") or None
    if request.POST.get("upload"):
        kept = uploads.kept(member=member, token=request.POST["upload"])
        name, data, token = kept.name, kept.data, kept.token
    else:
        file = uploaded_file(request)
        name, data = file.name, file.data
    export = read_export(member=member, name=name, data=data, encoding=encoding)
    plan = proposed_plan(member=member, export=export)
    if "mapping" in request.FILES:
        plan = plan_from_json(mapping_of(uploaded_file(request, "mapping").data), plan)
    else:
        version = newest_published_or_none(member.project_id)
        plan = plan_of(request.POST, export, plan, parse(version.document) if version else None)
    return Sent(export, data, plan, token)


def _start(request: HttpRequest, member: Membership, more: dict[str, object], status: int = 200) -> HttpResponse:
    context = {"tools": TOOLS, "endings": ",".join(f".{ending}" for ending in ENDINGS), "encodings": ENCODINGS}
    return page(request, member, "labels/elsewhere_start.html", context | more, status)


def _check(request: HttpRequest, member: Membership, sent: Sent, error: InvalidError | None = None) -> HttpResponse:
    found = review(member=member, export=sent.export, plan=sent.plan)
    if error is None and found.problems:
        error = InvalidError(_("This can’t come in yet."), tuple(found.problems))
    known = {one.pseudonym for one in members(member.project)}
    context = {
        "found": found,
        "export": sent.export,
        "plan": sent.plan,
        "layers": layer_lines(found),
        "questions": [str(question["label"]) for question in found.questions.values()],
        "lost": list(found.lost.items()),
        "annotators": [
            (name, sent.plan.annotators.get(name, ""), sent.plan.annotators.get(name) in known)
            for name in sent.export.annotators[:MOST_ANNOTATORS]
        ],
        "known": sorted(known),
        "error": error,
        "token": sent.token or uploads.keep(member=member, name=sent.export.name, data=sent.data),
        "encoding": sent.export.encoding or "",
    }
    return page(request, member, PAGE, context, 400 if error else 200)


def _mapping_file(sent: Sent) -> HttpResponse:
    answer = HttpResponse(plan_to_json(sent.plan), content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="mapping.json"'
    return answer


def _came_in(request: HttpRequest, slug: str, done: Brought) -> HttpResponse:
    told = ngettext("%(n)s label is in round “%(round)s”.", "%(n)s labels are in round “%(round)s”.", done.labels)
    messages.success(request, told % {"n": done.labels, "round": done.round.name}, extra_tags="good")
    if done.articles:
        new = ngettext("%(n)s article is new.", "%(n)s articles are new.", done.articles)
        messages.success(request, new % {"n": done.articles}, extra_tags="good")
    if lost := "; ".join(f"{number} {what}" for what, number in done.lost.items()):
        messages.warning(request, _("Left out or changed: %(what)s.") % {"what": lost}, extra_tags="doubt")
    return redirect("rounds", slug)
