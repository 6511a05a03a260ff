"""The dataset bundle: what a lead says of it, its download, and the table of who is behind each pseudonym."""

from dataclasses import dataclass, fields

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import InvalidError
from annotator.core.publishing import LICENCES, Publishing
from annotator.core.splits import Shares
from annotator.core.tables import Column, Selection
from annotator.formats import spreadsheet
from annotator.queries.bundle_counts import is_large
from annotator.services.dataset_bundles import FORMAT
from annotator.services.dataset_jobs import start_export
from annotator.services.exports import exported_rounds
from projects.models import Membership
from projects.permissions import can
from projects.queries import overview
from projects.queries.publishing import publishing_of
from projects.services.key_table import Keyed, take_key_table
from projects.services.publishing import change_publishing
from projects.web.numbers import number, numbers
from projects.web.pages import member_of, page

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Typed:
    """What the form says, right or wrong; before it was sent, what holds."""

    version: str
    licence: str
    creators: str
    citation: str
    limits: str
    texts: bool
    events: bool
    split: bool
    train: str
    validation: str
    test: str
    seed: str
    by_outlet: bool

    @classmethod
    def of(cls, said: Publishing) -> "Typed":
        shares = said.split or Shares()
        return cls(
            version=said.version,
            licence=said.licence,
            creators="\n".join(said.creators),
            citation=said.citation,
            limits=said.limits,
            texts=said.texts,
            events=said.events,
            split=said.split is not None,
            by_outlet=shares.by_outlet,
            seed=str(shares.seed),
            **{part: str(share) for part, share in shares.parts.items()},
        )

    @classmethod
    def sent(cls, form: QueryDict) -> "Typed":
        return cls(**{each.name: _sent(form, each.name, each.type) for each in fields(cls)})  # type: ignore[arg-type]

    def shares(self) -> Shares | None:
        if not self.split:
            return None
        train, validation, test, seed = (number(each) for each in (self.train, self.validation, self.test, self.seed))
        if train is None or validation is None or test is None or seed is None:
            raise InvalidError(_("Shares and seed: write whole numbers."))
        return Shares(train, validation, test, seed, self.by_outlet)


@require_http_methods(["GET", "HEAD", "POST"])
def bundle(request: HttpRequest, slug: str) -> HttpResponse:
    """The page. Leads say what the dataset is published as; whoever may export has it made."""
    member = member_of(request, slug, "export")
    if request.method != "POST":
        return _page(request, member, Typed.of(publishing_of(member.project)))
    is_made = bool(request.POST.get("download"))
    if can(member, "change settings") or not is_made:
        typed = Typed.sent(request.POST)
        try:
            _describe(member, typed)
        except InvalidError as error:
            return _page(request, member, typed, error)
    if is_made:
        return _make(request, member)
    messages.success(request, _("Saved."), "good")
    return redirect("bundle", slug)


@require_POST
def key_table(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """A CSV for Excel: names that people gave themselves may begin like a formula."""
    member = member_of(request, slug, "take key table")
    names = [each.name for each in fields(Keyed)]
    columns = [Column(name, "text", "") for name in names]
    rows = [tuple(getattr(keyed, name) for name in names) for keyed in take_key_table(member=member)]
    return StreamingHttpResponse(
        spreadsheet.write(columns, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-people.csv"'},
    )


def _describe(member: Membership, typed: Typed) -> None:
    change_publishing(
        member=member,
        version=typed.version,
        licence=typed.licence,
        creators=typed.creators.splitlines(),
        citation=typed.citation,
        limits=typed.limits,
        texts=typed.texts,
        events=typed.events,
        split=typed.shares(),
    )


def _make(request: HttpRequest, member: Membership) -> HttpResponse:
    """A small bundle is downloaded at once, a large one made beside the site."""
    chosen = numbers(request.POST.getlist("round"))
    selection = Selection(rounds=tuple(chosen))
    if is_large(exported_rounds(member=member, selection=selection)):
        return redirect("job", member.project.slug, start_export(member=member, format=FORMAT, selection=selection).pk)
    query = QueryDict(mutable=True)
    query["format"] = FORMAT
    query.setlist("round", list(map(str, chosen)))
    return redirect(f"{reverse('export_download', args=[member.project.slug])}?{query.urlencode()}")


def _page(request: HttpRequest, member: Membership, typed: Typed, error: InvalidError | None = None) -> HttpResponse:
    shown = {round.pk for round in exported_rounds(member=member)}
    lines = [line for line in overview.round_lines(member.project) if line.round.pk in shown]
    context = {
        "lines": lines,
        "typed": typed,
        "parts": [(part, getattr(typed, part)) for part in PARTS],
        "licences": LICENCES.values(),
        "may_describe": can(member, "change settings"),
        "may_take_key_table": can(member, "take key table"),
        "error": error,
    }
    return page(request, member, "export/bundle_page.html", context, 400 if error else 200)


def _sent(form: QueryDict, name: str, kind: object) -> str | bool:
    return bool(form.get(name)) if kind is bool else form.get(name, "")
