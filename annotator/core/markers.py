"""A line of a page, and the markers that lines begin with, compared by a key without case and accents."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property

END_MARKS = ".!?…:;,。！？：؟؛،۔।"
SIGNS = ":|–—-"
"""What parts a marker from the rest of its line."""
TRAILING = "\"'”’»›」』)]}\u200d\u200e\u200f\u061c\u2069\ufe0e\ufe0f \u00a0\u202f"
"""What may follow the end mark of a line."""
_ACRONYM_END = re.compile(r"(?:^|\s)(?:[^\W\d_]\.){2,}$")
_LIST_STYLES = (
    ("bullet", re.compile(r"[•‣◦▪▫●○∙]\s*\S")),
    ("dash", re.compile(r"[-–*·]\s+\S")),
    ("number", re.compile(r"\(?[0-9]{1,3}[.)]\s+\S")),
    ("letter", re.compile(r"\(?[A-Za-z][)]\s+\S")),
)
_LONG_MARKER = 8
"""Words; no marker of a language is longer."""
_SKELETON = str.maketrans({"’": "'", "ı": "i", **dict.fromkeys("\u0640\u200e\u200f\u061c\u00ad\u200c")})


def fold(text: str) -> str:
    """Return the key under which wording is compared: no case, no accents, no vowel signs, no direction marks.

    >>> fold("À LIRE"), fold("DEVAMINI OKU") == fold("Devamını oku"), fold("اقرأ أيضًا") == fold("اقرا أيضا")
    ('a lire', True, True)
    """
    folded = text.casefold()
    if folded.isascii():
        return folded
    parted = unicodedata.normalize("NFD", folded)
    return "".join(sign for sign in parted if unicodedata.category(sign) != "Mn").translate(_SKELETON)


@dataclass(frozen=True)
class LayoutWords:
    """What the lines of a newspaper page begin with, folded."""

    bylines: frozenset[str] = frozenset()
    promos: frozenset[str] = frozenset()
    credits: frozenset[str] = frozenset()
    corrections: frozenset[str] = frozenset()
    boilerplate: frozenset[str] = frozenset()
    captions: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    date_words: frozenset[str] = frozenset()
    name_particles: frozenset[str] = frozenset()
    """Words in lower case that may stand inside a byline."""
    roles: frozenset[str] = frozenset()
    """What a journalist is called: "harbour correspondent"."""

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first words of all that a line may say of itself."""
        markers = self.promos | self.corrections | self.captions | self.credits | self.boilerplate
        return _first_words(markers)

    @cached_property
    def last_words(self) -> frozenset[str]:
        """The last words of the phrases that end boilerplate."""
        return frozenset(phrase.split()[-1] for phrase in self.boilerplate)


class Line:
    """The wording of a trimmed line that is not blank. Lines that say the same share one."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def stem(self) -> str:
        """The line without closing quotes, brackets and the like at its end."""
        return self.text.rstrip(TRAILING)

    @cached_property
    def ended(self) -> str:
        """The end mark that the line closes with; empty where there is none, or where it belongs to an acronym."""
        last = self.stem[-1:]
        acronym = last == "." and _ACRONYM_END.search(self.stem[-20:])
        return last if last and last in END_MARKS and not acronym else ""

    @cached_property
    def words(self) -> list[str]:
        """The first words of the line, enough to tell a short line from a long one."""
        return self.text[:400].split()

    @cached_property
    def folded(self) -> list[str]:
        """The first words, as the markers in the word lists are written, signs kept."""
        return fold(self.text[:120]).split()[: _LONG_MARKER + 2] or [""]

    @property
    def last_word(self) -> str:
        """The last word, folded, without the marks at its end."""
        tail = fold(self.stem[-40:]).rstrip(".").split()
        return tail[-1] if tail else ""

    @cached_property
    def list_style(self) -> str:
        return next((style for style, pattern in _LIST_STYLES if pattern.match(self.text)), "")

    @property
    def opens_low(self) -> bool:
        return self.text[0].islower()

    @cached_property
    def runs(self) -> bool:
        """Whether the line is running text by its shape: it ends like a sentence, or is long."""
        return bool(self.ended) or not self.shorter_than(100, 14)

    @cached_property
    def worded(self) -> bool:
        return any(character.isalpha() for character in self.text)

    def shorter_than(self, characters: int, words: int) -> bool:
        return len(self.text) <= characters and len(self.words) <= words


@dataclass(frozen=True, slots=True)
class Marker:
    """The marker that a line begins with, and whether a colon or the like, or nothing at all, comes after it."""

    text: str
    said: str
    """How the line spells it."""
    signed: bool
    alone: bool

    @property
    def length(self) -> int:
        return len(self.text.split())


def marker(line: Line, markers: frozenset[str]) -> Marker | None:
    """Find the longest of `markers` that the line begins with.

    >>> marker(Line("READ MORE: Ferry"), frozenset({"read", "read more"}))
    Marker(text='read more', said='READ MORE', signed=True, alone=False)
    """
    first = line.folded[0].lstrip("([—–-")
    if first.rstrip(SIGNS + ".)]") not in _first_words(markers):
        return None
    words = [first, *line.folded[1:]]
    for length in range(min(len(words), _LONG_MARKER), 0, -1):
        phrase = " ".join(words[:length])
        bare = phrase.rstrip(SIGNS + ".)]")
        if bare in markers:
            following = words[length : length + 1]
            signed = phrase[-1] in SIGNS or bool(following and following[0] in SIGNS)
            said = " ".join(line.words[:length]).strip(SIGNS + "([.)]")
            return Marker(bare, said, signed, not following)
    return None


@cache
def _first_words(markers: frozenset[str]) -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in markers)
