"""Lexicons: lists of terms whose hits are shown as hints. From a document to terms, and from those to a codebook.

Three formats are read: `lexicon` (ours, the plainest), `contrast-sets` and `reporting-cues` (the lists that we ship).
A term belongs to a group: a contrast set, or the stance that a cue implies. `maps` says which value of the codebook a
group proposes, `variable` of which question; where it says nothing, the group's own value, and the question that fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from annotator.core.codebook import Codebook
from annotator.core.codebook.fields import MAX_LABEL, Fields, Findings, report_bad_characters
from annotator.core.codebook.model import CodebookError, Json, Variable
from annotator.core.terms import Form, Terms
from annotator.core.wordings import PatternError, wordings

Kind = Literal["framing", "cue"]
KINDS: tuple[Kind, ...] = ("framing", "cue")
FORMATS = ("lexicon", "contrast-sets", "reporting-cues")
# Keys stand in addresses, and beside that of the registry of sources in the log.
_KEY = re.compile(r"(?!sources$)[A-Za-z0-9_-]{1,60}")
MAX_TERMS = 5_000
MAX_GROUPS = 500
MAX_FORMS = 20_000
# What Arabic writes in one with the word after it, and the endings of a verb that tell who did it.
ARABIC_PREFIXES = ("و", "ف", "ب", "ل", "ك", "ال")
_ARABIC_ENDINGS = ("ت", "وا", "ا", "تا", "ون", "ن")


class Group(NamedTuple):
    """What terms have in common: a key, its name, and the value of the codebook that they propose."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Term:
    """One entry. `forms` are its wordings, `manner` what a cue implies of how the words come in."""

    name: str
    group: str
    forms: tuple[str, ...]
    cased: bool = False
    manner: str = ""


@dataclass(frozen=True)
class Lexicon:
    """A checked document. `variable` is empty where the question that fits is to be found."""

    key: str
    title: str
    kind: Kind
    groups: tuple[Group, ...]
    terms: tuple[Term, ...]
    variable: str = ""
    in_use: bool = True
    arabic_verbs: bool = False

    def compiled(self) -> Terms[Term]:
        forms = (Form(form, term, term.cased) for term in self.terms for form in term.forms)
        return Terms(forms, prefixes=ARABIC_PREFIXES, endings=_ARABIC_ENDINGS if self.arabic_verbs else ())


def parse(document: Mapping[str, Json]) -> Lexicon:
    """The lexicon of a document, or CodebookError with all there is to mend."""
    findings = Findings()
    report_bad_characters(document, findings)
    fields = Fields(document, "", findings)
    found = fields.choice("format", FORMATS, "lexicon")
    read = {"lexicon": _plain, "contrast-sets": _contrast_sets, "reporting-cues": _cues}[found]
    lexicon = read(fields)
    if not lexicon.terms and not findings.problems:
        fields.problem("terms", "a lexicon needs at least one term")
    if sum(len(term.forms) for term in lexicon.terms) > MAX_FORMS:
        fields.problem("terms", f"the terms have too many wordings; {MAX_FORMS:,} in all are the most")
    if not _KEY.fullmatch(lexicon.key):
        fields.problem("key", "has to be 1 to 60 letters (a to z), digits, _ or -, and not “sources”")
    if findings.problems:
        raise CodebookError(tuple(findings.problems))
    return lexicon


def _plain(fields: Fields) -> Lexicon:
    kind = fields.choice("kind", KINDS, "framing")
    terms = [_plain_term(item, kind) for item in fields.objects("terms", MAX_TERMS)]
    groups = [(term.group, term.group, term.group) for term in terms]
    return _made(fields, kind, fields.text("key", needed=True), fields.label("title"), groups, terms)


def _plain_term(fields: Fields, kind: Kind) -> Term:
    forms = fields.texts("forms") or (fields.text("term", needed=True, most=MAX_LABEL),)
    group = fields.key("value" if kind == "framing" else "stance")
    return Term(forms[0], group, forms, fields.flag("case_sensitive"), fields.text("manner"))


def _contrast_sets(fields: Fields) -> Lexicon:
    groups, terms = [], []
    for item in fields.objects("sets", MAX_GROUPS):
        key = item.key()
        groups.append((key, item.label(), item.text("maps_to") or key))
        terms += [_pattern_term(entry, "term", key) for entry in item.objects("terms", MAX_TERMS)]
    for item in fields.objects("arabic", MAX_GROUPS):
        key = item.text("set", needed=True)
        terms += [_word_term(entry, "term", key) for entry in item.objects("terms", MAX_TERMS)]
    title = fields.text("title") or "Contrast sets"
    return _made(fields, "framing", fields.text("key") or "contrast_sets", title, groups, terms)


def _cues(fields: Fields) -> Lexicon:
    terms = [
        Term(verb.text("lemma", needed=True), _stance(verb), verb.texts("forms"))
        for verb in fields.objects("english_verbs", MAX_TERMS)
    ]
    terms += [
        _pattern_term(phrase, "cue", _stance(phrase), phrase.text("manner"))
        for phrase in fields.objects("english_phrases", MAX_TERMS)
    ]
    terms += [_word_term(cue, "cue", _stance(cue)) for cue in fields.objects("arabic", MAX_TERMS)]
    groups = [(term.group, term.group, term.group) for term in terms]
    title = fields.text("title") or "Reporting cues"
    return _made(fields, "cue", fields.text("key") or "reporting_cues", title, groups, terms)


def _stance(fields: Fields) -> str:
    return fields.text("stance") or fields.text("cue_stance")


def _pattern_term(fields: Fields, name: str, group: str, manner: str = "") -> Term:
    forms: list[str] = []
    try:
        forms = wordings(fields.text("pattern", needed=True, most=1_000))
    except PatternError as error:
        fields.problem("pattern", str(error))
    except RecursionError:
        fields.problem("pattern", "its brackets are nested too deep")
    return Term(fields.text(name, needed=True), group, tuple(forms), fields.flag("case_sensitive"), manner)


def _word_term(fields: Fields, name: str, group: str) -> Term:
    """A term of Arabic: a preposition at its end, written with a tatweel, is joined to the word after it in a text."""
    word = fields.text(name, needed=True, most=MAX_LABEL)
    bare, _, last = word.rpartition(" ")
    return Term(word, group, (bare if bare and last.endswith("\u0640") else word,))


def _made(
    fields: Fields, kind: Kind, key: str, title: str, groups: Iterable[tuple[str, str, str]], terms: Iterable[Term]
) -> Lexicon:
    maps = fields.get("maps") or {}
    if not isinstance(maps, Mapping) or not all(isinstance(value, str) for value in maps.values()):
        fields.problem("maps", "has to be an object of groups and their values")
        maps = {}
    mapped = {key: Group(key, label, str(maps.get(key, value))) for key, label, value in groups}
    if len(mapped) > MAX_GROUPS:
        fields.problem("terms", f"the terms propose too many values; {MAX_GROUPS} are the most")
    return Lexicon(
        key=key,
        title=title,
        kind=kind,
        groups=tuple(mapped.values()),
        terms=tuple(terms),
        variable=fields.text("variable"),
        in_use=fields.get("in_use") is not False,
        arabic_verbs=kind == "cue",
    )


class Aim(NamedTuple):
    """Where the hints of a lexicon go in a codebook: the question, and the value of each group that has one there."""

    variable: Variable
    values: Mapping[str, str]


def aim(lexicon: Lexicon, book: Codebook) -> Aim | None:
    """The question of the codebook that the lexicon speaks to, or None where no question takes such spans.

    A cue is one with or without a stance that the codebook knows; framing words need a value.
    """
    aims = [Aim(variable, _values(lexicon, variable)) for variable in takers(lexicon.kind, book)]
    named = [found for found in aims if found.variable.key == lexicon.variable]
    return max(named or aims, key=lambda found: len(found.values), default=None)


def takers(kind: Kind, book: Codebook) -> Iterator[Variable]:
    """The questions that can take hints of this kind."""
    for variable in book.variables:
        if variable.retired or variable.scope != "sentence":
            continue
        joins = variable.kind == "attribution" or bool(variable.relations)
        if joins if kind == "cue" else variable.kind == "span" and not variable.relations:
            yield variable


def offered(kind: Kind, variable: Variable) -> list[tuple[str, str]]:
    """Keys and labels of the values that a group may propose."""
    values = variable.stances if kind == "cue" else variable.values
    return [(value.key, value.label) for value in values if not value.retired]


def _values(lexicon: Lexicon, variable: Variable) -> dict[str, str]:
    known = {key for key, _ in offered(lexicon.kind, variable)}
    return {group.key: group.value for group in lexicon.groups if group.value in known}
