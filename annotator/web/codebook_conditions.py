""" "Ask only if" in the codebook editor: a condition drawn as rows, and sent rows read as a condition."""

import json
from collections.abc import Mapping, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _

from annotator.core.codebook import Json
from annotator.core.codebook.conditions import TESTS
from annotator.core.codebook.editing import Document, entries
from annotator.core.codebook.offering import is_closed, offered, question, scope
from annotator.core.codebook.simple_conditions import LISTED, Row, Rows, as_condition, as_rows
from annotator.web.codebook_fields import Options, Text, number, typed
from annotator.web.codebook_parts import Asked, Test

MOST_TESTS = 50
# Answers that can hold several values, so that it says something to count them.
_COUNTED = ("multi", "span", "attribution")


def drawn_condition(document: Document, entry: Document, problems: Sequence[str]) -> Asked:
    condition = entry.get("visible_if")
    rows = as_rows(condition)
    if rows is None:
        return Asked("all", [], json.dumps(condition, ensure_ascii=False, indent=1), problems)
    others = _others(document, entry)
    tests = [_test(document, f"if.{number}", row, others) for number, row in enumerate(rows.tests)]
    return Asked(rows.need, [*tests, Test(f"if.{len(tests)}", Row(""), others)], "", problems)


def sent_condition(document: Document, entry: Document, sent: QueryDict) -> Json:
    """The condition that was sent; one that is too deep for rows stays."""
    before = entry.get("visible_if")
    shown = as_rows(before)
    if shown is None:
        return before
    tests = []
    for place in range(MOST_TESTS):
        variable = sent.get(f"if.{place}.variable", "")
        old = shown.tests[place] if place < len(shown.tests) else None
        if variable:
            tests.append(_sent_test(document, variable, old, sent, f"if.{place}."))
    return as_condition(Rows("any" if sent["if.need"] == "any" else "all", tuple(tests)), before)


def _others(document: Document, entry: Document) -> list[tuple[str, str]]:
    """The questions that a condition may name: others of the same scope, still asked."""
    return [
        (str(other.get("key")), str(other.get("label") or other.get("key")))
        for other in entries(document, ("variables",))
        if other.get("key") != entry.get("key") and scope(other) == scope(entry) and not other.get("retired")
    ]


def _test(document: Document, name: str, row: Row, others: list[tuple[str, str]]) -> Test:
    on = question(document, row.variable)
    known = any(key == row.variable for key, _label in others)
    labels: dict[str, Text] = {
        json.dumps(value.get("key")): typed(value.get("label")) for value in offered(document, on)
    }
    labels["null"] = _("no answer")
    return Test(
        name,
        row,
        others if known else [*others, (row.variable, row.variable)],
        _tests(on, row),
        [
            (text, labels.get(text) or text, operand in row.operands)
            for text, operand in _operands(document, on, row).items()
        ],
        numbers=", ".join(typed(operand) for operand in row.operands if operand is not None) if _is_open(on) else None,
        counts=_counts(on, row),
    )


def _tests(on: Document, row: Row) -> Options:
    words = {
        "any_of": _("is one of"),
        "not_in": _("is none of"),
        "count_at_least": _("has at least") if _counts(on, row) else _("is answered"),
        "at_least": _("is at least"),
        "at_most": _("is at most"),
    }
    fitting = LISTED if is_closed(on) else TESTS if on.get("type") == "number" else ()
    return [(test, label) for test, label in words.items() if test in (*fitting, "count_at_least", row.test)]


def _is_open(on: Document) -> bool:
    return not is_closed(on)


def _counts(on: Document, row: Row) -> bool:
    return on.get("type") in _COUNTED or (row.test == "count_at_least" and row.number != 1)


def _operands(document: Document, on: Document, row: Row) -> Mapping[str, Json]:
    """What a test may name, by the text that a form sends for it; None is "not answered"."""
    if _is_open(on):
        return {"null": None}
    keys = [value.get("key") for value in offered(document, on)]
    return {json.dumps(operand): operand for operand in (*keys, *row.operands, None)}


def _sent_test(document: Document, variable: str, old: Row | None, sent: QueryDict, prefix: str) -> Row:
    on = question(document, variable)
    if old is None or old.variable != variable:
        first = "any_of" if is_closed(on) else "at_least" if on.get("type") == "number" else "count_at_least"
        return Row(variable, first)
    test = sent.get(prefix + "test", old.test)
    if test not in TESTS:
        test = old.test
    if test not in LISTED:
        given = number(sent.get(prefix + "number", ""))
        return Row(variable, test, (), 1 if given is None else given)
    return Row(variable, test, _sent_operands(document, on, old, sent, prefix))


def _sent_operands(document: Document, on: Document, old: Row, sent: QueryDict, prefix: str) -> tuple[Json, ...]:
    if old.test not in LISTED:
        return ()
    ticked, known = set(sent.getlist(prefix + "operand")), _operands(document, on, old)
    chosen = [operand for text, operand in known.items() if text in ticked]
    if _is_open(on):
        parts = sent.get(prefix + "numbers", "").replace(",", " ").split()
        chosen = [*(number(part) for part in parts), *chosen]
    kept = [operand for operand in old.operands if operand in chosen]
    return (*kept, *(operand for operand in chosen if operand not in kept))
