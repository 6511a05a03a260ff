"""Articles split again as the project asks now, and kinds that units get by a pattern of words."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from annotator.core.errors import InvalidError
from annotator.core.sentences import KINDS, KindRule, options_from
from annotator.models import Job
from annotator.services import resplitting
from annotator.web.jobs import begun_job
from projects.models import Membership
from projects.queries.patterns import Matches, matches
from projects.services.settings import RULES, add_kind_rule, remove_kind_rule, rules_of
from projects.web.pages import member_of, page

PLACES = {
    "begins": gettext_lazy("begins with"),
    "is": gettext_lazy("is"),
    "contains": gettext_lazy("contains"),
    "ends": gettext_lazy("ends with"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, slug: str) -> HttpResponse:
    """How many articles would come out otherwise; splitting them again."""
    member = member_of(request, slug, "change settings")
    if request.method == "POST":
        return _split(request, member, "settings")
    return page(request, member, "settings/again.html", {"outlook": resplitting.look(member=member)})


@require_http_methods(["GET", "HEAD", "POST"])
def kinds(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules of the project; a new one is looked at before it is kept."""
    member = member_of(request, slug, "change settings")
    if request.method != "POST":
        return _kinds_page(request, member, {})
    rule = {name: request.POST.get(name, "") for name in ("match", "words", "kind")}
    try:
        if request.POST.get("remove"):
            remove_kind_rule(member=member, rule=rule)
        elif request.POST.get("keep"):
            add_kind_rule(member=member, rule=rule)
        else:
            found = matches(member.project_id, _read(rule))
            return _kinds_page(request, member, rule, found)
    except InvalidError as error:
        return _kinds_page(request, member, rule, error=error)
    return _split(request, member, "kinds")


def _read(rule: dict[str, str]) -> KindRule:
    return options_from({RULES: [rule]}).kind_rules[0]


def _kinds_page(
    request: HttpRequest,
    member: Membership,
    rule: dict[str, str],
    found: Matches | None = None,
    error: InvalidError | None = None,
) -> HttpResponse:
    context = {
        "rules": [(known, PLACES[known["match"]]) for known in rules_of(member.project)],
        "places": PLACES.items(),
        "kinds": KINDS,
        "rule": rule,
        "found": found,
        "error": error,
    }
    return page(request, member, "settings/kinds.html", context, 400 if error else 200)


def _split(request: HttpRequest, member: Membership, back: str) -> HttpResponse:
    """Split again, and say what came of it; where it has only begun, show the job."""
    job = resplitting.split_again(member=member)
    slug = member.project.slug
    if job.state == Job.State.WAITING:
        return begun_job(request, member, job)
    if job.state != Job.State.DONE:
        messages.warning(request, job.message, "doubt")
        return redirect("split_again", slug)
    changed = int(job.result["changed"])
    told = ngettext("%(n)s article was split again.", "%(n)s articles were split again.", changed) % {"n": changed}
    messages.success(request, told if changed else _("No article comes out otherwise."), "good")
    if changed and (left := int(job.result["assigned"]) + int(job.result["mended"])):
        kept = ngettext(
            "%(n)s article stays as it is: somebody was assigned it, or its boundaries were mended by hand.",
            "%(n)s articles stay as they are: somebody was assigned them, or their boundaries were mended by hand.",
            left,
        )
        messages.warning(request, kept % {"n": left}, "doubt")
    return redirect(back, slug)
