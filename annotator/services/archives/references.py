"""The ids inside JSON and plain numbers, which no foreign key tells of: each is another on another site."""

from collections.abc import Callable, Mapping
from typing import Any

from annotator.models import Event, GoldAnswer
from annotator.queries.belonging import Table
from projects.models import Article, Assignment, AuditEntry, Membership, Round, Unit

Translate = Callable[[Table, int], int]
"""From an id to its number in the archive, or back; 0 stays 0."""

_ONE: Mapping[str, Table] = {
    "article": Article,
    "entry": AuditEntry,
    "newest": Article,
    "round": Round,
    "unit": Unit,
}
_MANY: Mapping[str, Table] = {
    "answers": GoldAnswer,
    "articles": Article,
    "given": Assignment,
    "released": Assignment,
    "taken": Assignment,
    "withdrawn": Assignment,
}

_UNDONE_BY = frozenset({"entry", "given", "released", "taken", "withdrawn"})
"""By these something is undone: an id in any other shape would be one of the site, and so of another project."""


def _detail(detail: dict[str, Any], to: Translate) -> dict[str, Any]:
    """Of an audit entry. Where the same key holds a name or a count in another act, its type tells.

    Left out are whom an invitation is meant for, for leads note names there, and the address of a webhook, which may be
    a key.
    """
    found = {key: _said(key, value, to) for key, value in detail.items() if key not in ("for", "url")}
    if "id" in detail:
        found["id"] = to(Round if "round" in detail else Membership, detail["id"])
    if "withdrawn" in detail:
        found |= {name: _standings(detail[name], to) for name in ("before", "after")}
    if "apart" in detail:
        found["apart"] = [[to(Article, one) for one in pair] for pair in detail["apart"]]
    return found


def _said(key: str, value: Any, to: Translate) -> Any:
    if key in _ONE and type(value) is int:
        return to(_ONE[key], value)
    if key in _MANY and isinstance(value, list) and all(type(one) is int for one in value):
        return [to(_MANY[key], one) for one in value]
    if key in _UNDONE_BY and type(value) is not int:
        raise ValueError(f"“{key}” is not what it has to be")
    return value


def _standings(standings: Mapping[str, Any], to: Translate) -> dict[str, Any]:
    return {
        str(to(Article, int(article))): standing | {"linked_to": _or_none(Article, standing["linked_to"], to)}
        for article, standing in standings.items()
    }


def _draw(draw: dict[str, Any], to: Translate) -> dict[str, Any]:
    ask = draw["ask"]
    wanted, retest = ask["wanted"], ask["retest"]
    ids = {"round": _or_none(Round, wanted["round"], to), "before": _or_none(Article, wanted["before"], to)}
    asked = {
        "members": [[to(Membership, member), capacity] for member, capacity in ask["members"]],
        "by_hand": ask["by_hand"] and [to(Article, one) for one in ask["by_hand"]],
        "gold": [to(Article, one) for one in ask["gold"]],
        "retest": retest and retest | {"round": to(Round, retest["round"])},
        "wanted": wanted | ids,
    }
    finished = [[to(Membership, member), [to(Article, one) for one in own]] for member, own in draw.get("finished", ())]
    kept = {name: value for name, value in draw.items() if name != "elsewhere"}
    return kept | {"ask": ask | asked} | ({"finished": finished} if "finished" in draw else {})


def _drawn_elsewhere(draw: dict[str, Any]) -> dict[str, Any]:
    """Which shares a draw gives rests on ids, and those are others here: it can't be drawn again."""
    return draw | {"elsewhere": True}


def _or_none(table: Table, value: int | None, to: Translate) -> int | None:
    return None if value is None else to(table, value)


def _basis(basis: dict[str, Any], to: Translate) -> dict[str, Any]:
    return basis | {"answers": [[to(Assignment, share), answer] for share, answer in basis["answers"]]}


def _unplaced(lost: list[Any], to: Translate) -> list[Any]:
    return [one | {"assignment": to(Assignment, one["assignment"]), "unit": to(Unit, one["unit"])} for one in lost]


INSIDE: Mapping[str, Callable[[Any, Translate], Any]] = {
    "AuditEntry.detail": _detail,
    "CodebookMove.last_event": lambda last, to: to(Event, last),
    "DecisionEvent.basis": _basis,
    "Mending.unplaced": _unplaced,
    "Round.draw": _draw,
    "Snapshot.spec": lambda spec, to: spec | {"round": to(Round, spec["round"])},
}
"""How the ids in a field are replaced; a null is left as it is."""

ARRIVED: Mapping[str, Callable[[Any], Any]] = {"Round.draw": _drawn_elsewhere}
"""What else becomes of such a field where it is read in."""
