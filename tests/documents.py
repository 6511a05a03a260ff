"""A study with every kind of answer in hard texts, and what has to be found again in each format of documents."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from annotator.models import Label
from annotator.services.export_formats import make as make_export
from projects.models import Membership
from tests import make

ENGLISH = """Bridge 🌉 reopens after the flood

The mayor 👩🏽‍🚒 blamed the “regime” for the delay; the army said residents had cheered. Engineers checked it.

Nobody [sic] counted_the 100% | 2*2 -> 4; C:\\temp was empty.
"""
ARABIC = "افتتاح الجسر بعد الفيضان\n\nقال رئيس البلدية إن الجيش أغلق الجسر. ولم يعلق أحد 🙂 على ذلك.\n"
REMARK = 'Says "who"?\tA <b> & a\nsecond line; bell \x07, [1]|_ -> * \\ 🙂'


class Fact(NamedTuple):
    """One thing said: `value` is none or cannot_tell where that was the answer, `more` what else was said of it."""

    article: str
    annotator: str
    unit: int
    start: int
    end: int
    quote: str
    variable: str
    value: str
    more: frozenset[tuple[str, str]] = frozenset()


def book() -> dict[str, Any]:
    """The small codebook, with attributes of spans, and a value that no XML name, file name or tab could be."""
    document: dict[str, Any] = deepcopy(make.CODEBOOK)
    framing = next(one for one in document["variables"] if one["key"] == "framing")
    framing["values"].append({"key": "who's:there?", "label": "Who's there & why <now>"})
    framing["span_attributes"] = [
        {"key": "valence", "label": "Valence", "type": "single", "values": [{"key": "-1", "label": "against"}]},
        {"key": "sure", "label": "Sure", "type": "bool"},
    ]
    return document


def spot(text: str, words: str) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "quote": words}


def study() -> make.Study:
    """Two articles; the first annotator says everything there is to say, the second little, the third nothing."""
    made = make.study(3, (ENGLISH, ARABIC), document=book())
    _first(made, ENGLISH, made.units(0))
    second, unit = made.assignment(1, 1), made.units(1)[1]
    cue, source = spot(ARABIC, "قال"), spot(ARABIC, "رئيس البلدية")
    mayor: dict[str, Any] = {"source": "mayor", "manner": "indirect", "stance": None}
    mayor["spans"] = [{"role": "cue", **cue}, {"role": "source", **source}]
    make.label(second, unit, "attribution", [mayor])
    make.label(second, made.units(1)[2], "framing", [{**spot(ARABIC, "أحد 🙂 على"), "value": "praise"}])
    make.label(second, made.units(1)[2], "attribution", {"cannot_tell": True})
    make.label(second, made.whole(1), "frame", "recovery")
    return made


def _first(made: make.Study, text: str, units: list[Any]) -> None:
    share, (title, quoted, last, signs) = made.assignment(), units
    outer: dict[str, Any] = {"source": "mayor", "manner": "indirect", "stance": "accusing"}
    outer["spans"] = [{"role": "cue", **spot(text, "blamed")}, {"role": "source", **spot(text, "The mayor 👩🏽‍🚒")}]
    inner: dict[str, Any] = {"source": "army", "manner": {"cannot_tell": True}, "stance": "neutral"}
    inner["spans"] = [{"role": role, **spot(text, words)} for role, words in (("cue", "said"), ("source", "the army"))]
    inner["spans"].append({"role": "content", **spot(text, "residents had cheered")})
    bare = {"source": "residents", "manner": None, "stance": None, "spans": []}
    again = {"source": "mayor", "manner": "direct", "stance": None, "spans": [], "same_as": quoted.start}
    overlapping = [
        {**spot(text, "“regime”"), "value": "naming_state", "relation": "r 1"}
        | {"attributes": {"valence": "-1", "sure": True}},
        {**spot(text, "“regime” for"), "value": "praise"},
        {**spot(text, "“regime” for"), "value": "who's:there?", "attributes": {"sure": False}},
    ]
    said = [
        (title, "attribution", []),
        (title, "framing", [{**spot(text, "🌉"), "value": "praise"}]),
        (quoted, "attribution", [outer, inner, bare]),
        (quoted, "side", ["town", "army"]),
        (quoted, "stance", "against"),
        (quoted, "tone", "-1"),
        (quoted, "weight", 12.5),
        (quoted, "remark", REMARK),
        (quoted, "framing", overlapping),
        (last, "attribution", [again]),
        (last, "side", []),
        (last, "framing", []),
        (last, "stance", {"cannot_tell": True}),
        (signs, "framing", [{**spot(text, "[sic] counted_the 100% | 2*2 ->"), "value": "praise"}]),
    ]
    for unit, variable, value in said:
        make.label(share, unit, variable, value)
    make.label(share, made.whole(), "frame", "conflict")


def facts(study: make.Study) -> set[Fact]:
    """What the labels say, read from the database in a way of its own."""
    found = Label.objects.filter(round=study.round, value__isnull=False)
    found = found.select_related("unit__text_version__article", "assignment__member")
    return {fact for label in found for fact in _facts(label)}


def answers(study: make.Study) -> list[tuple[str, str, int, str, str]]:
    """The labels whole: article, annotator, unit, variable and value."""
    found = Label.objects.filter(round=study.round, value__isnull=False)
    columns = ("unit__text_version__article__external_id", "assignment__member__pseudonym", "unit__index", "variable")
    return [(*row[:4], json.dumps(row[4], sort_keys=True)) for row in found.values_list(*columns, "value")]


def _facts(label: Label) -> Iterator[Fact]:
    unit, text = label.unit, label.unit.text_version.text

    def fact(value: Any, span: Mapping[str, Any] | None = None, **more: Any) -> Fact:
        start, end = (span["start"], span["end"]) if span else (unit.start, unit.end)
        said = frozenset((name, _word(one)) for name, one in more.items() if one is not None)
        who = unit.text_version.article.external_id, label.assignment.member.pseudonym
        return Fact(*who, unit.index, start, end, text[start:end], label.variable, _word(value), said)

    value: Any = label.value
    if not isinstance(value, list):
        yield fact(value)
    elif not value:
        yield fact("none")
    elif isinstance(value[0], str):
        yield from (fact(one) for one in value)
    elif label.variable == "framing":
        for number, span in enumerate(value, 1):
            attributes = {f"attribute_{name}": one for name, one in span.get("attributes", {}).items()}
            yield fact(span["value"], span, item=number, relation=span.get("relation"), **attributes)
    else:
        for number, one in enumerate(value, 1):
            ends = {name: one[name] for name in ("manner", "stance") if one[name]} | {"same_as": one.get("same_as")}
            for piece in one["spans"] or [None]:
                yield fact(one["source"], piece, item=number, role=piece and piece["role"], **ends)


def _word(value: Any) -> str:
    if value == {"cannot_tell": True}:
        return "cannot_tell"
    return value if isinstance(value, str) else json.dumps(value)


def unmarked(word: str) -> str:
    """The word without the sign by which formats tell *none* from a value of that key."""
    return word.removeprefix("__")


def exported(member: Membership, format: str, **options: Any) -> bytes:
    return b"".join(make_export(member=member, format=format, **options).chunks)


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
