"""The boundaries page: a lead looks at the units of an article and mends them. Nothing is stored before Apply."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import ConflictError, InvalidError
from annotator.core.mending import MOST_EDITS, Draft, Edit, MendingError, mend, written
from annotator.core.proofreading import open_doubts
from annotator.models import Mending
from annotator.queries import mending_pages
from annotator.queries.boundaries import draft_of, mending_to_undo, units_of
from annotator.services.boundaries import Mended, mend_boundaries, undo_mending
from annotator.web import drafts
from projects.models import Article, Membership, TextVersion, Unit
from projects.queries import access
from projects.queries.texts import newest_text
from projects.services.articles import is_codable
from projects.web.pages import member_of, page

MOST_REMEMBERED = 100


@dataclass
class Desk:
    """One article on the lead's desk: its newest text version, and the edits made so far."""

    request: HttpRequest
    member: Membership
    article: Article
    version: TextVersion
    units: list[Unit]
    draft: Draft
    edits: list[Edit] = field(default_factory=list)
    at: int | None = None
    said: str = ""
    status: int = 200

    def add(self, edits: Sequence[Edit]) -> None:
        """Make edits one after the other, up to the first that can't be made; raises its MendingError."""
        offered = self.member.project.codable_kinds or None
        for edit in edits:
            if len(self.edits) == MOST_EDITS:
                raise MendingError(_("A draft holds %(n)s changes at most. Apply these first.") % {"n": MOST_EDITS})
            self.draft = mend(self.draft, [edit], lambda kind: is_codable(kind, offered))
            self.edits.append(edit)

    def refuse(self, said: str, status: int = 400) -> None:
        self.said, self.status = said, status


@require_http_methods(["GET", "HEAD", "POST"])
def boundaries(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """The page; each post answers with the draft after one more edit, which the form carries along."""
    desk = _desk(request, slug, article_id)
    if request.method == "POST":
        try:
            _work(desk, drafts.read_form(request.POST))
        except (MendingError, InvalidError) as error:
            desk.refuse(str(error))
    part = request.headers.get("HX-Request") == "true"
    return _answer(desk, "boundaries/_draft.html" if part else "boundaries/page.html")


@require_http_methods(["GET", "HEAD", "POST"])
def apply_boundaries(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """Store the draft and go back to the page; what can't be stored stays a draft.

    Whose session ended meanwhile comes back here from signing in, by GET; the page then resumes the draft.
    """
    desk = _desk(request, slug, article_id)
    if request.method != "POST":
        return redirect("boundaries", slug, article_id)
    try:
        asked = drafts.read_form(request.POST)
        _take_up(desk, asked)
        if not desk.said:
            mended = mend_boundaries(member=desk.member, article=desk.article, base=asked.base, edits=asked.edits)
            return _done(desk, mended, _("The boundaries are mended."))
    except ConflictError as error:
        desk = _desk(request, slug, article_id)
        desk.refuse(str(error), 409)
        with suppress(MendingError):
            _take_up(desk, asked)
    except (MendingError, InvalidError) as error:
        desk.refuse(str(error))
    return _answer(desk, "boundaries/page.html")


@require_POST
def undo_boundaries(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """Take the last mending back, as a new text version."""
    desk = _desk(request, slug, article_id)
    base = drafts.place(request.POST.get("base", ""))
    try:
        mended = undo_mending(member=desk.member, article=desk.article, base=base)
    except ConflictError as error:
        desk.refuse(str(error), 409)
        return _answer(desk, "boundaries/page.html")
    return _done(desk, mended, _("The mending is undone."))


def _desk(request: HttpRequest, slug: str, article_id: int) -> Desk:
    member = member_of(request, slug, "mend boundaries")
    article = access.article(member, article_id)
    if article.item_text:
        raise InvalidError(_("This is one item of a coded table; its one unit is what was coded, and can't be mended."))
    version = newest_text(article)
    units = units_of(version)
    return Desk(request, member, article, version, units, draft_of(version, units))


def _work(desk: Desk, asked: drafts.Asked) -> None:
    desk.at = asked.at
    _take_up(desk, asked)
    if desk.said:
        return
    if asked.left is not None or desk.request.POST.get("again"):
        _remember(desk, asked.left)
    desk.add(asked.next)


def _take_up(desk: Desk, asked: drafts.Asked) -> None:
    """Make the edits of the form again. Where somebody was quicker, keep those that still apply, and say so."""
    if asked.base == desk.version.number:
        desk.add(asked.edits)
        return
    begun = desk.article.text_versions.filter(number=asked.base).first()
    if begun is not None and begun.sha256 == desk.version.sha256:
        with suppress(MendingError):
            desk.add(asked.edits)
    desk.refuse(_meanwhile(len(asked.edits), len(desk.edits)), 409)


def _meanwhile(made: int, kept: int) -> str:
    told = _("The boundaries of this article were mended meanwhile; you see them as they are now.")
    if not made:
        return told
    if kept == made:
        return f"{told} " + _("Your changes still apply. Look at them once more.")
    kept_of = ngettext("%(kept)s of your %(n)s change was kept.", "%(kept)s of your %(n)s changes were kept.", made)
    return f"{told} " + kept_of % {"kept": kept, "n": made} + " " + _("Look at the text once more.")


def _left(desk: Desk) -> list[int]:
    """The doubts of this text that the lead left as they are, by their offsets; kept for as long as he is signed in."""
    remembered: dict[str, list[int]] = desk.request.session.get("left", {})
    return remembered.get(desk.version.sha256, [])


def _remember(desk: Desk, offset: int | None) -> None:
    """Leave one more place as it is; None forgets them, so that they are asked again."""
    known = {doubt.offset for doubt in mending_pages.doubts_in(desk.version, desk.article)}
    left = sorted({*_left(desk), offset} & known) if offset is not None else []
    remembered = desk.request.session.get("left", {})
    remembered.pop(desk.version.sha256, None)
    remembered[desk.version.sha256] = left
    desk.request.session["left"] = dict(list(remembered.items())[-MOST_REMEMBERED:])


def _answer(desk: Desk, template: str) -> HttpResponse:
    left, hidden = _left(desk), mending_pages.hidden_shares(desk.article, desk.member)
    doubts = list(open_doubts(desk.draft, mending_pages.doubts_in(desk.version, desk.article), left))
    first = doubts[0].place if doubts else 0
    shown = drafts.window(desk.draft, doubts, first if desk.at is None else desk.at)
    context = {
        "article": desk.article,
        "version": desk.version,
        "window": shown,
        "units": len(desk.draft.pieces),
        "doubts": doubts,
        "left": left,
        "kinds": drafts.KIND_KEYS,
        "edits": json.dumps(written(desk.edits), ensure_ascii=False),
        "number": len(desk.edits),
        "summary": drafts.summary(Counter(str(edit[0]) for edit in written(desk.edits))),
        "labelled_by": mending_pages.labelled_by(desk.version),
        "was_labelled": mending_pages.was_labelled(desk.article),
        "touched": mending_pages.touched(desk.version, desk.units, desk.draft, hidden) if desk.edits else [],
        "hidden": bool(hidden),
        "said": desk.said,
    }
    if template == "boundaries/page.html":
        context |= _past(desk, hidden)
    return page(desk.request, desk.member, template, context, desk.status)


@dataclass(frozen=True)
class Past:
    """A mending, what it was made of, in words, and how many marks found no place."""

    mending: Mending
    name: str
    summary: str
    lost: int


def _past(desk: Desk, hidden: Collection[int]) -> dict[str, object]:
    """The history at the foot of the page, the mending that can be undone, and what the last one could not place."""
    found = mending_pages.history(desk.article)
    lines = [_past_line(one, hidden) for one in found]
    undoable = mending_to_undo(desk.version)
    return {
        "history": lines,
        "undoable": next((line for line in lines if undoable and line.mending.pk == undoable.pk), None),
        "unplaced": mending_pages.unplaced(found[0], hidden) if found else [],
    }


def _past_line(mending: Mending, hidden: Collection[int]) -> Past:
    made_of = drafts.summary(mending_pages.kinds_of_edit(mending))
    lost = sum(item["assignment"] not in hidden for item in mending.unplaced)
    return Past(mending, mending_pages.name_of(mending.member), made_of, lost)


def _done(desk: Desk, mended: Mended, told: str) -> HttpResponse:
    """Back to the page, which says what became of the labels."""
    kept, confirm, settle, lost = mended.labels, mended.to_confirm, mended.to_settle, mended.unplaced
    said = [
        (kept, ngettext("%(n)s label was carried over.", "%(n)s labels were carried over.", kept)),
        (confirm, ngettext("%(n)s of them waits to be confirmed.", "%(n)s of them wait to be confirmed.", confirm)),
        (
            settle,
            ngettext(
                "%(n)s question went back to its annotator, because merged units had unequal answers.",
                "%(n)s questions went back to their annotators, because merged units had unequal answers.",
                settle,
            ),
        ),
        (
            lost,
            ngettext("%(n)s mark found no place; see below.", "%(n)s marks found no place; see below.", lost),
        ),
    ]
    sentences = [told, *(sentence % {"n": number} for number, sentence in said if number)]
    messages.success(desk.request, " ".join(sentences), extra_tags="doubt" if lost else "good")
    return redirect("boundaries", desk.member.project.slug, desk.article.pk)
