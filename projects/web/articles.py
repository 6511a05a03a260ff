"""The list of articles, and one article with its units and its proof."""

from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects.models import Round
from projects.permissions import can
from projects.queries import access
from projects.queries.article_list import (
    DATE,
    DRAWN,
    LINKED,
    NEWEST,
    NOT_DRAWN,
    OUTLET,
    SORTS,
    TITLE,
    TRASH,
    Wanted,
    choices,
    lines,
    listed,
)
from projects.queries.duplicates import linked_copies
from projects.queries.proof import check_proof
from projects.queries.texts import newest_text, unit_texts
from projects.services.article_metadata import EDITABLE
from projects.services.duplicates import note_wording
from projects.web.numbers import number
from projects.web.pages import member_of, page
from projects.web.undo import done_notice

PER_PAGE = 50
FILTERS = ("q", "in_text", "outlet", "language", "since", "until", "column", "value", "state", "round", "sort")
RARE = ("since", "until", "column", "value", "round")
"""Filters that stand folded until one of them is used."""


@require_safe
def article_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A page at a time from the article `before`: no page counts the table. The address keeps what is looked for."""
    member = member_of(request, slug, "view articles")
    manages = can(member, "manage articles")
    if manages:
        note_wording(member=member)
    filters = kept_filters(request.GET)
    wanted = wanted_of(filters, request.GET.get("before", ""))
    found = listed(member.project, wanted, PER_PAGE)
    context = {
        "lines": lines(member.project, found[:PER_PAGE]),
        "next": found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None,
        "later_page": wanted.before is not None,
        "wanted": wanted,
        "filters": filters.urlencode(),
        "filtered": any(filters.get(name) for name in FILTERS if name != "sort"),
        "rare": any(filters.get(name) for name in RARE),
        "choices": choices(member.project),
        "fields": [name for name in EDITABLE if name != "title"],
        "rounds": Round.objects.filter(project=member.project) if can(member, "view rounds") else [],
        "states": states(),
        "sorts": _sorts(),
        "may_import": can(member, "import articles"),
        "may_manage": manages,
        "done": done_notice(request, member),
    }
    return page(request, member, "articles/list.html", context)


@require_safe
def article(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    member = member_of(request, slug, "view articles")
    found = access.article(member, article_id)
    version = newest_text(found)
    units = unit_texts(version)
    context = {
        "article": found,
        "version": version,
        "units": units,
        "proof": check_proof(version, units),
        "copies": linked_copies(found),
        "may_manage": can(member, "manage articles"),
        "may_mend": can(member, "mend boundaries") and not found.item_text,
    }
    return page(request, member, "articles/article.html", context)


def kept_filters(given: QueryDict) -> QueryDict:
    """What of a query is a filter or an order of the list, as an address keeps it."""
    kept = QueryDict(mutable=True)
    for name in FILTERS:
        # No column holds a NUL, and PostgreSQL would not even be asked for one.
        if value := given.get(name, "").replace("\0", "").strip()[:500]:
            kept[name] = value
    return kept


def wanted_of(filters: QueryDict, before: str = "") -> Wanted:
    """What is looked for, by the filters of an address."""
    sort, state = filters.get("sort", ""), filters.get("state", "")
    return Wanted(
        words=filters.get("q", ""),
        in_text="in_text" in filters,
        outlet=filters.get("outlet", ""),
        language=filters.get("language", ""),
        since=_date(filters.get("since", "")),
        until=_date(filters.get("until", "")),
        column=filters.get("column", ""),
        value=filters.get("value", ""),
        state=state if state in dict(states()) else "",
        round=number(filters.get("round", "")),
        sort=sort if sort in SORTS else NEWEST,
        before=number(before),
    )


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # The day after the last one does not exist.
    return found if found < date.max else None


def states() -> list[tuple[str, str]]:
    return [
        (NOT_DRAWN, _("not drawn")),
        (DRAWN, _("drawn into a round")),
        (LINKED, _("linked copies")),
        (TRASH, _("in the trash")),
    ]


def _sorts() -> list[tuple[str, str]]:
    return [(NEWEST, _("newest first")), (TITLE, _("by title")), (OUTLET, _("by outlet")), (DATE, _("by date"))]
