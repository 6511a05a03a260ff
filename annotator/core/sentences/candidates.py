"""Where a sentence may end: runs of end marks with all that clings to them, and what stands around.

All patterns are possessive or bounded and all looks to the side have a fixed width, so time is linear in the length
of the line whatever stands in it.
"""

import bisect
import re
from collections.abc import Iterator
from functools import cache, cached_property

from annotator.core.sentences.languages import Language

WIDE_ENDS = "。！？｡"
ENDS = ".!?…‼⁇⁈⁉؟۔।॥" + WIDE_ENDS
CLOSING_BRACKETS = ")]}）］】"
DASHES = "–—-"
SIDE = 40
"""How far the rules look to either side, in characters; no abbreviation or name is longer."""

_CLOSING_DIRECTION = "\u200b\u200d\u200e\u200f\u061c\u202c\u2060\u2069\ufe0e\ufe0f"
_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55"
_EMOJI_TAIL = "\ufe0f\u200d\u20e3\U000e0020-\U000e007f"
_QUOTES = frozenset('"”’»›」』')
_OPENING_QUOTES = "\"'“‘„‚«»‹›「『"
_OPENING = re.compile(
    rf"(?:[«–—-][ \u00a0\u202f]|[{_OPENING_QUOTES}(\[{{¿¡（【\u200e\u200f\u061c\u2066-\u2068\u202a-\u202e–—-]){{0,8}}"
    r"(?:…|\.{2,3})?"
)
_WORD = re.compile(r"[^\W_][\w'’]*")
_ROMAN = re.compile(r"[IVXLC]+")
_JOINTS = re.compile(r"[-–—/('’\"“‘«\[]")
_LEADS = "([{\"'“‘«„»¿¡\u200e\u200f"
_NOTE = r"[ \u00a0]?\[[0-9]{1,3}(?:[ ,–-]{1,3}[0-9]{1,3}){0,5}\]"
"""The number of a note belongs to the sentence before it: "It ended in 2018. [3] Rents fell."."""
_SPACED_QUOTE = re.compile(r'[ \u00a0\u202f]"(?=\s|$)')
_NOT_SPACE = re.compile(r"\S")


_MARK = re.compile(f"[{ENDS}]")


def has_mark(text: str) -> bool:
    """Whether any sentence could end in this line."""
    return _MARK.search(text) is not None


class Line:
    """A line of running text, and where its straight quotes stand."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def quotes(self) -> list[int]:
        return [match.start() for match in re.finditer('"', self.text)]

    def opens_at(self, offset: int) -> bool:
        """Whether a straight quote here would open: an even number stands before it."""
        return bisect.bisect_left(self.quotes, offset) % 2 == 0


class Candidate:
    """End marks with their closing quotes and the like, from `start` to `end`; what follows begins at `next`.

    `begin` is where the sentence began that they may end.
    """

    def __init__(self, line: Line, begin: int, start: int, end: int, next_start: int) -> None:
        text = line.text
        self.line = line
        self.begin = begin
        self.start = start
        self.end = end
        self.next = next_start
        self.marks = text[start:end]
        self.opening = _OPENING.match(text, next_start).group()  # type: ignore[union-attr]  # matches the empty string
        offset = next_start + len(self.opening)
        self.after = text[offset : offset + 1]
        """The first character of what follows, opening quotes and brackets passed over; empty at the end."""
        found = _WORD.match(text, offset, offset + SIDE)
        self.word = found.group() if found else ""
        """The first word of what follows."""
        offset += len(self.word)
        self.beyond = text[offset : offset + 1]
        """The character after that word."""
        window = text[max(0, start - SIDE) : start]
        self._window = [] if not window or window[-1].isspace() else window.split()[:-4:-1]
        self.before = self._window[0].lstrip(_LEADS).replace("\u00ad", "") if self._window else ""
        """The word before the marks, at most `SIDE` characters of it, with what is glued to it on the left."""
        self.last = _JOINTS.split(self.before)[-1]
        """The last part of that word: "Calif" of "(D-Calif"."""

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The spellings under which the word before the marks is looked up, the longest first.

        With the one or two words before it ("i. d. R", "т. д"), whole, its last part, and not all capitals.
        """
        word, last = self.before, self.last
        shouted = [form.capitalize() for form in (word, last) if len(form) > 1 and form.isupper()]
        return (*self._phrases(word), word, last, *shouted)

    def _phrases(self, word: str) -> list[str]:
        earlier = [part.lstrip(_LEADS) for part in self._window[1:]]
        if not earlier or earlier[0][-1:] != ".":
            return []
        pair = f"{earlier[0]} {word}"
        return [f"{earlier[1]} {pair}", pair] if len(earlier) > 1 else [pair]

    @property
    def quoted(self) -> bool:
        return len(self.marks) > 1 and not _QUOTES.isdisjoint(self.marks)

    @property
    def after_figure(self) -> bool:
        """Whether the word before the one before the marks ends with a figure: "1998" of "1998 г."."""
        return len(self._window) > 1 and (self._window[1][-1:].isdigit() or bool(_ROMAN.fullmatch(self._window[1])))

    @property
    def caseless(self) -> bool:
        """Whether what follows begins with a letter of a script that has no capitals."""
        return self.after.isalpha() and self.after.lower() == self.after.upper()

    def opens(self, language: Language) -> bool:
        """Whether the next word opens a sentence rather than being a part of a name."""
        return self.beyond != "." and self.word.partition("'")[0].partition("’")[0] in language.openers

    def known(self, words: frozenset[str]) -> str:
        for form in self.forms:
            if form in words:
                return form
        return ""


def candidates(line: Line, language: Language) -> Iterator[tuple[int, int, int]]:
    """Yield the runs of end marks that something follows: start, end, and where what follows begins."""
    for found in _run_pattern(language.closing_quotes).finditer(line.text):
        end = _closing_end(line, found)
        following = _NOT_SPACE.search(line.text, end)
        if following is None:
            return
        yield found.start(), end, following.start()


def _closing_end(line: Line, found: re.Match[str]) -> int:
    """Leave out a straight quote that opens the next sentence, take in one that closes after a space."""
    spaced = _SPACED_QUOTE.match(line.text, found.end())
    if spaced and not line.opens_at(spaced.end() - 1):
        return spaced.end()
    quote = found.group().find('"')
    glued = quote > 0 and line.text[found.end() : found.end() + 1].isalnum()
    return found.start() + quote if glued and line.opens_at(found.start() + quote) else found.end()


@cache
def _run_pattern(closing_quotes: str) -> re.Pattern[str]:
    closing = re.escape(closing_quotes + CLOSING_BRACKETS) + _CLOSING_DIRECTION
    return re.compile(
        rf"[{ENDS}](?:[{ENDS}{closing}]|[“‘„](?=\s)|[ \u00a0\u202f][»›](?!\w)|{_NOTE})*+"
        rf"(?:\s*+[{_EMOJI}][{_EMOJI}{_EMOJI_TAIL}]*+)*+"
    )
