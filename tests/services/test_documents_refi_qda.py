"""REFI-QDA projects open in a strict reader of the published structure, with every answer in them."""

import pytest

from tests import documents, qdpx
from tests.documents import Fact, unmarked

pytestmark = pytest.mark.django_db
OPEN = {"weight", "remark"}


def fact(selection: qdpx.Selection) -> Fact:
    unit, variable, *item = selection.name.split(" ")
    more = dict(line.split(": ") for line in selection.about.split("; ") if line)
    more |= {"item": item[0]} if item else {}
    value = ""
    for path, note in selection.codes.items():
        assert path[0] == variable
        if note or len(path) == 2:
            value = note or unmarked(path[1])
        elif path[1] == "source":
            value = unmarked(path[2])
        else:
            more[path[1]] = unmarked(path[2])
    place = int(unit), selection.start, selection.end, selection.quote, variable
    return Fact(selection.source, selection.user, *place, value, frozenset(more.items()))


def test_a_strict_reader_finds_every_answer_again() -> None:
    study = documents.study()
    selections = qdpx.read(documents.exported(study.lead, "refi_qda"))
    # XML has no room for the bell in the remark.
    expected = {one._replace(value=one.value.replace("\x07", "\ufffd")) for one in documents.facts(study)}
    assert {fact(selection) for selection in selections} == expected
