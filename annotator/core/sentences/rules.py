"""The rules that a candidate is put to, in their order; the first that has an answer decides, and says why."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from annotator.core.sentences.candidates import CLOSING_BRACKETS, DASHES, ENDS, SIDE, WIDE_ENDS, Candidate
from annotator.core.sentences.languages import Language

_GOES_ON = frozenset(",;:.!?…)]}%/،؛，；：")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ENDS = frozenset(ENDS)
_ROMAN = re.compile(r"[IVXLC]+")
_FIGURES = re.compile(r"[0-9]{1,3}")
_LIST_MARK = re.compile(r"[0-9]{1,3}|[^\W\d_]|[ivxIVX]{1,4}")
_ELLIPSIS = re.compile(r"\.{3,}|…")


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a candidate ends a sentence. `why` is empty where nothing but the ordinary speaks for it.

    `doubt` says what a person should look at, and is empty where the rules are hardly ever wrong.
    """

    split: bool
    why: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place where a sentence may end: its first mark, its end, where the next would begin, and the decision."""

    mark: int
    offset: int
    next: int
    decision: Decision


Rule = Callable[[Candidate, Language], Decision | None]
ORDINARY = Decision(True)


def _no(why: str, doubt: str = "") -> Decision:
    return Decision(False, f"not split: {why}", doubt)


def _yes(why: str, doubt: str = "") -> Decision:
    return Decision(True, f"split: {why}", doubt)


def decide(here: Candidate, language: Language) -> Decision:
    """Return the answer of the first rule that has one, else that the sentence ends."""
    for rule in _RULES:
        if (answer := rule(here, language)) is not None:
            return answer
    return ORDINARY


def _wide_mark(here: Candidate, language: Language) -> Decision | None:
    return ORDINARY if here.marks[0] in WIDE_ENDS and here.after not in _GOES_ON else None


def _missing_space(here: Candidate, language: Language) -> Decision | None:
    """Databases drop the space after a full stop; host names, versions and decimals never had one."""
    if here.next > here.end:
        return None
    if _looks_glued(here, language):
        return _yes("the space after the mark is missing", "no space after the mark")
    if here.opens(language) and here.quoted:
        return _yes("no space after the closing quote", "no space after the closing quote")
    return _no("no space after the mark")


def _looks_glued(here: Candidate, language: Language) -> bool:
    before = here.before
    if any(sign in before for sign in "./@:_") or not before[-2:].isalpha():
        return False
    if here.caseless:
        return len(before) > 2 and len(here.word) > 2 and not before[-1].islower()
    known = here.opens(language)
    looks_new = here.after.isupper() and here.beyond in ("", " ", ",") and not here.word.isupper()
    if not before[-2:].islower() or not (looks_new or known):
        return False
    return not (known and here.quoted) and (known or here.quoted or (before.islower() and len(here.word) > 2))


def _goes_on(here: Candidate, language: Language) -> Decision | None:
    if not here.after:
        return _no("nothing but marks follows")
    if here.after.islower():
        return _low(here, language)
    if here.after in _GOES_ON:
        return _no(f"goes on with {here.after}")
    return None


def _low(here: Candidate, language: Language) -> Decision:
    """After a long word that is no abbreviation somebody may have forgotten the capital."""
    ordinary = here.marks == "." and here.before.isalpha() and here.before.islower() and len(here.before) > 4
    doubtful = ordinary and here.word not in language.reporting_verbs and not here.known(language.short)
    return _no("goes on in lower case", "a full stop before lower case" if doubtful else "")


def _list_mark(here: Candidate, language: Language) -> Decision | None:
    if here.start - here.begin > SIDE:
        return None
    lone = here.line.text[here.begin : here.start].strip("( ")
    if here.begin == 0 and _LIST_MARK.fullmatch(lone):
        return _no(f"number {lone}{here.marks} at the start of the line")
    if here.marks == "." and _FIGURES.fullmatch(lone):
        return _no(f"number {lone}. at the start of a sentence", "a number that stands alone")
    return None


def _bracketed_ellipsis(here: Candidate, language: Language) -> Decision | None:
    bracketed = here.before == "" and here.marks.rstrip()[-1:] in CLOSING_BRACKETS and _ELLIPSIS.match(here.marks)
    if not bracketed:
        return None
    earlier = here.line.text[max(0, here.start - SIDE) : here.start].rstrip("([ \u00a0")
    ended = earlier[-1:] in ENDS or earlier[-1:] in '"”’»›」』'
    if ended or here.after.isupper():
        return Decision(True, "", "an ellipsis in brackets before a capital")
    return _no("ellipsis in brackets inside a sentence")


def _abbreviation(here: Candidate, language: Language) -> Decision | None:
    if here.marks[0] != "." or not _ENDS.isdisjoint(here.marks[1:]):
        return None
    for rule in (*_LISTED, *_UNLISTED) if here.known(language.short) else _UNLISTED:
        if (answer := rule(here, language)) is not None:
            return answer
    return None


def _always_on(here: Candidate, language: Language) -> Decision | None:
    if title := here.known(language.titles):
        return _no(f"title {title}.")
    if short := here.known(language.never_end):
        return _no(f"abbreviation {short}.")
    return None


def _number_sign(here: Candidate, language: Language) -> Decision | None:
    figure = here.after.isdigit()
    if (sign := here.known(language.number_signs)) and (figure or _ROMAN.fullmatch(here.word)):
        return _no(f"number sign {sign}.")
    if (date := here.known(language.before_numbers)) and figure:
        return _no(f"date {date}. {here.word}")
    return None


def _number_ending(here: Candidate, language: Language) -> Decision | None:
    if language.number_endings and here.after.isdigit():
        for ending in language.number_endings:
            if here.last.endswith(ending):
                return _no(f"number sign {ending}.")
    return None


def _measure(here: Candidate, language: Language) -> Decision | None:
    """Russian abbreviates years and units of measure; after a figure they end before a capital."""
    unit = here.known(language.measures) if here.after_figure else ""
    return _yes(f"measure {unit}. before a capital", "an abbreviation before a capital") if unit else None


def _clock(here: Candidate, language: Language) -> Decision | None:
    time = here.known(language.clock)
    if not time:
        return None
    if here.word in language.after_clock:
        return _no(f"time of day {time}. {here.word}")
    return _yes(f"{here.word} does not belong to {time}.")


def _ordinal(here: Candidate, language: Language) -> Decision | None:
    """German and Turkish write "the 3rd" as "3." and "the Second" as "II."."""
    if not language.ordinals or here.quoted:
        return None
    kind = "roman" if _ROMAN.fullmatch(here.before) else "figures" if _FIGURES.fullmatch(here.last) else ""
    if kind not in language.ordinals or here.opens(language):
        return None
    return _no(f"ordinal {here.last}.", "a number before a capital")


def _may_end(here: Candidate, language: Language) -> Decision | None:
    short = here.known(language.may_end) or next((form for form in here.forms if _ACRONYM.fullmatch(form)), "")
    if not short or here.quoted:
        return None
    if here.opens(language):
        return _yes(
            f"abbreviation {short}. may end a sentence and {here.word} opens one", "an abbreviation before a capital"
        )
    return _no(f"abbreviation {short}.", "an abbreviation before a capital")


def _initial(here: Candidate, language: Language) -> Decision | None:
    letter = here.last
    if len(letter) != 1 or not letter.isalpha() or here.quoted:
        return None
    goes_on = here.after.isdigit() or (len(here.word) == 1 and here.beyond == ".")
    if goes_on or not (letter.islower() or here.opens(language)):
        return _no(f"initial {letter}.")
    return _yes(f"{here.word} opens a sentence after {letter}.", "a single letter before a capital")


def _name_with_mark(here: Candidate, language: Language) -> Decision | None:
    name = f"{here.last}{here.marks[0]}"
    if name not in language.marks_in_names or here.opens(language):
        return None
    return _no(f"name {name}", "a name that has an end mark")


def _reporting_clause(here: Candidate, language: Language) -> Decision | None:
    """`"Why?" Rosa Field asked.` is one unit; a capitalised pronoun opens a new one."""
    if not here.quoted or here.marks[0] == "." or here.opens(language):
        return None
    words = here.line.text[here.next : here.next + 2 * SIDE].split()
    verb = _first_verb(words, language) if here.caseless else _verb_after_name(words, here, language)
    if verb:
        return _no(f"quotation and its reporting clause ({verb})", "a quotation before its speaker")
    return Decision(True, "", "a quotation before a capital")


def _first_verb(words: list[str], language: Language) -> str:
    """Arabic puts the verb first."""
    bare = words[0].strip("،,.:\u200f\u200e")
    return bare if bare in language.reporting_verbs else ""


def _verb_after_name(words: list[str], here: Candidate, language: Language) -> str:
    if not here.after.isupper():
        return ""
    for word in words[1:6]:
        if (bare := word.strip(",.:")) in language.reporting_verbs:
            return bare
        if not word[0].isupper():
            return ""
    return ""


def _dash_after_quote(here: Candidate, language: Language) -> Decision | None:
    dashed = here.quoted and here.opening[:1] in DASHES and here.opening
    return _no("a dash after the quotation", "a dash after the quotation") if dashed else None


def _ellipsis(here: Candidate, language: Language) -> Decision | None:
    return Decision(True, "", "an ellipsis before a capital") if _ELLIPSIS.match(here.marks) else None


_RULES: tuple[Rule, ...] = (
    _wide_mark,
    _missing_space,
    _goes_on,
    _list_mark,
    _bracketed_ellipsis,
    _abbreviation,
    _name_with_mark,
    _dash_after_quote,
    _reporting_clause,
    _ellipsis,
)
_LISTED: tuple[Rule, ...] = (_always_on, _clock, _number_sign, _measure)
_UNLISTED: tuple[Rule, ...] = (_number_ending, _may_end, _ordinal, _initial)
