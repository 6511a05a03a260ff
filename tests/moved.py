"""Rounds moved between versions of a codebook, in tests: later versions of the small codebook, and what labels say."""

import copy
import json
from collections.abc import Mapping

from annotator.core.codebook import Json
from annotator.models import CodebookMove, Event, Label
from annotator.services.codebook_moves import move_round, undo_move
from annotator.services.rebuild import check_labels
from annotator.services.tallies import wrong_tallies
from projects.models import CodebookVersion, Unit
from projects.services.codebooks import import_codebook
from tests import make

Document = dict[str, Json]
Became = Mapping[str, list[str] | None]
"""What values, by "list.key" of a variable ("values.for"), became: others, or None for retired."""


def later(became: Mapping[str, Became], added: Mapping[str, list[str]] | None = None, **more: Json) -> Document:
    """The small codebook, some of whose values became others, with added values ("side.values": ["village"])."""
    document = copy.deepcopy(make.CODEBOOK) | more
    for entry in document["variables"]:
        for name in ("values", "sources", "manners", "stances"):
            new = (added or {}).get(f"{entry['key']}.{name}", [])
            entry.setdefault(name, []).extend({"key": key, "label": key.capitalize()} for key in new)
            for value in entry[name]:
                if f"{name}.{value['key']}" in became.get(entry["key"], {}):
                    to = became[entry["key"]][f"{name}.{value['key']}"]
                    value |= {"retired": True} | ({"became": to} if to else {})
    return document


def publish(study: make.Study, document: Document) -> CodebookVersion:
    return import_codebook(member=study.lead, data=json.dumps(document).encode())


def move(study: make.Study, document: Document) -> CodebookMove:
    study.round.refresh_from_db()
    return move_round(member=study.lead, round=study.round, version=publish(study, document))


def undo(study: make.Study) -> CodebookMove:
    newest = CodebookMove.objects.select_related("round", "from_version", "to_version").first()
    assert newest is not None
    return undo_move(member=study.lead, move=newest)


def said(study: make.Study, unit: Unit, variable: str, member: int = 0) -> tuple[Json, bool] | None:
    """Value and `to_confirm` of one label."""
    found = Label.objects.filter(assignment=study.assignment(member), unit=unit, variable=variable)
    return found.values_list("value", "to_confirm").first()


def events() -> list[tuple[object, ...]]:
    """Every event as it is stored."""
    return list(Event.objects.order_by("pk").values_list())


def is_sound() -> bool:
    return not list(check_labels()) and not list(wrong_tallies())
