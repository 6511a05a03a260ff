"""Where a line of running text falls into sentences.

A run of end marks with the closing quotes, brackets, emoji and direction marks that follow it is a candidate. Each
candidate is put to the rules below in their order; the first that has an answer decides, and says why. All patterns
are possessive and all looks to the side have a fixed width, so time is linear in the length of the line whatever
stands in it.
"""

import bisect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from annotator.core.sentences.languages import Language

_WIDE_ENDS = "。！？｡"
_ENDS = ".!?…‼⁇⁈⁉؟۔।॥" + _WIDE_ENDS
_CLOSING_BRACKETS = ")]}）］】"
_CLOSING_DIRECTION = "\u200b\u200d\u200e\u200f\u061c\u202c\u2060\u2069\ufe0e\ufe0f"
_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55"
_EMOJI_TAIL = "\ufe0f\u200d\u20e3\U000e0020-\U000e007f"
_OPENING_QUOTES = "\"'“‘„‚«»‹›「『"
_OPENING = re.compile(
    rf"[{_OPENING_QUOTES}(\[{{¿¡（【\u200e\u200f\u061c\u2066-\u2068\u202a-\u202e–—-]{{0,8}}(?:…|\.{{2,3}})?"
)
_GOES_ON = ",;:.!?…)]}%/،؛，；："
_WORD = re.compile(r"[^\W_][\w'’]*")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ROMAN = re.compile(r"[IVXLC]+")
_JOINTS = re.compile(r"[-–—/('’\"“‘\[]")
_LIST_MARK = re.compile(r"[0-9]{1,3}|[^\W\d_]|[ivxIVX]{1,4}")
_ELLIPSIS = re.compile(r"\.{3,}|…")
_QUOTES = frozenset('"”’»›」』')
_SIDE = 40
"""How far the rules look to either side, in characters; no abbreviation or name is longer."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a candidate ends a sentence. `why` is empty where nothing but the ordinary speaks for it."""

    split: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a line, offsets into the line, and the reasons of the decisions inside it and at its end."""

    start: int
    end: int
    why: tuple[str, ...]


class Line:
    """A line, and where its straight quotes stand."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def quotes(self) -> list[int]:
        return [match.start() for match in re.finditer('"', self.text)]

    def opens_at(self, offset: int) -> bool:
        """Whether a straight quote here would open: an even number stands before it."""
        return bisect.bisect_left(self.quotes, offset) % 2 == 0


@dataclass(frozen=True)
class Candidate:
    """End marks with their closing quotes and the like, from `start` to `end`; what follows begins at `next`."""

    line: Line
    start: int
    end: int
    next: int

    @cached_property
    def marks(self) -> str:
        return self.line.text[self.start : self.end]

    @cached_property
    def before(self) -> str:
        """The word before the marks, at most `_SIDE` characters of it, with what is glued to it on the left."""
        window = self.line.text[max(0, self.start - _SIDE) : self.start]
        return (
            "" if not window or window[-1].isspace() else window.rsplit(None, 1)[-1].lstrip("([{\"'“‘«¿¡\u200e\u200f")
        )

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The spellings under which the word before the marks is looked up: whole, last part, not all capitals."""
        word = self.before.replace("\u00ad", "")
        last = _JOINTS.split(word)[-1]
        shouted = [form.capitalize() for form in (word, last) if len(form) > 1 and form.isupper()]
        return (word, last, *shouted)

    @cached_property
    def opening(self) -> str:
        found = _OPENING.match(self.line.text, self.next)
        return found.group() if found else ""

    @cached_property
    def after(self) -> str:
        """The first character of what follows, opening quotes and brackets passed over; empty at the end."""
        offset = self.next + len(self.opening)
        return self.line.text[offset : offset + 1]

    @cached_property
    def word(self) -> str:
        """The first word of what follows."""
        found = _WORD.match(self.line.text, self.next + len(self.opening), self.next + len(self.opening) + _SIDE)
        return found.group() if found else ""

    @cached_property
    def beyond(self) -> str:
        """The character after that word."""
        offset = self.next + len(self.opening) + len(self.word)
        return self.line.text[offset : offset + 1]

    @cached_property
    def quoted(self) -> bool:
        return not _QUOTES.isdisjoint(self.marks)

    def opens(self, language: Language) -> bool:
        """Whether the next word opens a sentence rather than being a part of a name."""
        return self.beyond != "." and self.word.partition("'")[0].partition("’")[0] in language.openers

    def known(self, words: frozenset[str]) -> str:
        return next((form for form in self.forms if form in words), "")


Rule = Callable[[Candidate, Language], Decision | None]


def _no(why: str) -> Decision:
    return Decision(False, f"not split: {why}")


def _yes(why: str) -> Decision:
    return Decision(True, f"split: {why}")


def _wide_mark(here: Candidate, language: Language) -> Decision | None:
    return Decision(True) if here.marks[0] in _WIDE_ENDS and here.after not in _GOES_ON else None


def _missing_space(here: Candidate, language: Language) -> Decision | None:
    """Databases drop the space after a full stop; host names, versions and decimals never had one."""
    if here.next > here.end:
        return None
    looks_new = here.after.isupper() and here.beyond in ("", " ", ",") and not here.word.isupper()
    known = here.opens(language)
    glued = any(sign in here.before for sign in "./@:_")
    if known and here.quoted:
        return _yes("no space after the closing quote")
    if glued or not (looks_new or known) or not here.before[-2:].isalpha() or not here.before[-2:].islower():
        return _no("no space after the mark")
    if known or here.quoted or (here.before.islower() and len(here.word) > 2):
        return _yes("the space after the mark is missing")
    return _no("no space after the mark")


def _goes_on(here: Candidate, language: Language) -> Decision | None:
    if not here.after:
        return _no("nothing but marks follows")
    if here.after.islower():
        return _no("goes on in lower case")
    if here.after in _GOES_ON:
        return _no(f"goes on with {here.after}")
    return None


def _list_mark(here: Candidate, language: Language) -> Decision | None:
    if here.start > _SIDE:
        return None
    lone = here.line.text[: here.start].strip("( ")
    if _LIST_MARK.fullmatch(lone):
        return _no(f"number {lone}{here.marks} at the start of the line")
    return None


def _bracketed_ellipsis(here: Candidate, language: Language) -> Decision | None:
    bracketed = here.before == "" and here.marks.rstrip()[-1:] in _CLOSING_BRACKETS and _ELLIPSIS.match(here.marks)
    if not bracketed:
        return None
    earlier = here.line.text[max(0, here.start - _SIDE) : here.start].rstrip("([ \u00a0")
    ended = earlier[-1:] in _ENDS or earlier[-1:] in _QUOTES
    return None if ended else _no("ellipsis in brackets inside a sentence")


def _abbreviation(here: Candidate, language: Language) -> Decision | None:
    if not here.marks.startswith(".") or not set(here.marks[1:]).isdisjoint(_ENDS):
        return None
    answers = (rule(here, language) for rule in _ABBREVIATIONS)
    return next((answer for answer in answers if answer), None)


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


def _clock(here: Candidate, language: Language) -> Decision | None:
    time = here.known(language.clock)
    if not time:
        return None
    if here.word in language.after_clock:
        return _no(f"time of day {time}. {here.word}")
    return _yes(f"{here.word} does not belong to {time}.")


def _may_end(here: Candidate, language: Language) -> Decision | None:
    short = here.known(language.may_end) or next((form for form in here.forms if _ACRONYM.fullmatch(form)), "")
    if not short or here.quoted:
        return None
    if here.opens(language):
        return _yes(f"abbreviation {short}. may end a sentence and {here.word} opens one")
    return _no(f"abbreviation {short}.")


def _initial(here: Candidate, language: Language) -> Decision | None:
    letter = here.forms[1]
    if len(letter) != 1 or not letter.isalpha() or here.quoted:
        return None
    goes_on = here.after.isdigit() or (len(here.word) == 1 and here.beyond == ".")
    if goes_on or not (letter.islower() or here.opens(language)):
        return _no(f"initial {letter}.")
    return _yes(f"{here.word} opens a sentence after {letter}.")


def _name_with_mark(here: Candidate, language: Language) -> Decision | None:
    name = f"{here.forms[1]}{here.marks[0]}"
    return _no(f"name {name}") if name in language.marks_in_names and not here.opens(language) else None


def _reporting_clause(here: Candidate, language: Language) -> Decision | None:
    """`"Why?" Rosa Field asked.` is one unit; a capitalised pronoun opens a new one."""
    if not here.quoted or here.marks[0] == "." or here.opens(language) or not here.after.isupper():
        return None
    for word in here.line.text[here.next : here.next + 2 * _SIDE].split()[1:6]:
        if word.strip(",.:") in language.reporting_verbs:
            return _no(f"quotation and its reporting clause ({word.strip(',.:')})")
        if not word[0].isupper():
            return None
    return None


def _dash_after_quote(here: Candidate, language: Language) -> Decision | None:
    dashed = here.quoted and here.opening[:1] in ("–", "—", "-") and here.opening
    return _no("a dash after the quotation") if dashed else None


_RULES: tuple[Rule, ...] = (
    _wide_mark,
    _missing_space,
    _goes_on,
    _list_mark,
    _bracketed_ellipsis,
    _abbreviation,
    _name_with_mark,
    _reporting_clause,
    _dash_after_quote,
)
_ABBREVIATIONS: tuple[Rule, ...] = (_always_on, _clock, _number_sign, _may_end, _initial)


def split_line(text: str, language: Language) -> Iterator[Sentence]:
    """Yield the sentences of one line of running text, trimmed, in order.

    >>> from annotator.core.sentences.languages import language
    >>> line = "Gen. Reed left. He did not return."
    >>> [line[s.start : s.end] for s in split_line(line, language("en"))]
    ['Gen. Reed left.', 'He did not return.']
    """
    start = len(text) - len(text.lstrip())
    reasons: dict[str, None] = {}
    for here in _candidates(Line(text), language):
        decision = _decide(here, language)
        if decision.why:
            reasons[decision.why] = None
        if decision.split:
            yield Sentence(start, here.end, tuple(reasons))
            start, reasons = here.next, {}
    end = len(text.rstrip())
    if start < end:
        yield Sentence(start, end, tuple(reasons))


def _decide(here: Candidate, language: Language) -> Decision:
    answers = (rule(here, language) for rule in _RULES)
    return next((answer for answer in answers if answer), Decision(True))


def _candidates(line: Line, language: Language) -> Iterator[Candidate]:
    """Yield the runs of end marks that something follows."""
    for found in _run_pattern(language.closing_quotes).finditer(line.text):
        end = _closing_end(line, found)
        following = _NOT_SPACE.search(line.text, end)
        if following is None:
            return
        yield Candidate(line, found.start(), end, following.start())


_NOT_SPACE = re.compile(r"\S")


def _closing_end(line: Line, found: re.Match[str]) -> int:
    """Leave out a straight quote that opens the next sentence where the space before it is missing."""
    quote = found.group().find('"')
    glued = quote > 0 and line.text[found.end() : found.end() + 1].isalnum()
    return found.start() + quote if glued and line.opens_at(found.start() + quote) else found.end()


@cache
def _run_pattern(closing_quotes: str) -> re.Pattern[str]:
    closing = re.escape(closing_quotes + _CLOSING_BRACKETS) + _CLOSING_DIRECTION
    return re.compile(
        rf"[{_ENDS}](?:[{_ENDS}{closing}]|[ \u00a0\u202f][»›](?!\w)|\[[0-9]{{1,3}}\])*+"
        rf"(?:\s*+[{_EMOJI}][{_EMOJI}{_EMOJI_TAIL}]*+)*+"
    )
