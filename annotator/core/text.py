"""What a stored text is: how bytes become text, which changes are made to it, how offsets are counted.

The rules are those of "How text is kept" in the product's description. They are few on purpose: a text that
researchers quote from must be the text that they gave us. Every function here takes linear time on any input.
"""

import bisect
import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

BYTE_ORDER_MARK = "\ufeff"
MAX_COMBINING_MARKS = 16

# Longest first: the mark of UTF-32-LE begins with the mark of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *(f"windows-{page}" for page in range(1250, 1259)),
    *(f"iso-8859-{part}" for part in (*range(1, 12), *range(13, 17))),
    *("koi8-r", "koi8-u", "koi8-t", "cp437", "cp720", "cp850", "cp852", "cp857", "cp862", "cp864", "cp866"),
    *("mac-roman", "mac-cyrillic", "mac-arabic", "mac-turkish", "us-ascii", "cp874", "tis-620"),
    *(
        "gb2312",
        "gbk",
        "gb18030",
        "big5",
        "big5-hkscs",
        "shift_jis",
        "cp932",
        "euc-jp",
        "iso-2022-jp",
        "euc-kr",
        "cp949",
    ),
)
"""Encodings that may be declared. Python knows more, but some of those are no character sets (idna, unicode-escape)."""

_CODECS = {codecs.lookup(name).name for name in ENCODINGS}

_LINE_END = re.compile("\r\n|[\r\x85\x0b\x0c\u2028\u2029]")
_CONTROL = re.compile("[\x01-\x08\x0b-\x1f\x80-\x9f]")
_NONCHARACTER = re.compile(
    "[\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
# All of them are among the high ones, which few texts have: this search takes a tenth of the time.
_HIGH = re.compile("[\ufdd0-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Python's re has no category M. No mark is a word character, a space or ASCII, so this finds every run of them
# (and runs of symbols, which the categories then tell apart).
_MAYBE_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{MAX_COMBINING_MARKS + 1},}}")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class TextError(ValueError):
    """A text that can't be kept; the message says what is wrong, and where."""


class UndecodableError(TextError):
    """Bytes that are not in the encoding they were read in.

    >>> decode(b"caf\\xe9", None)
    Traceback (most recent call last):
    annotator.core.text.UndecodableError: not valid utf-8: byte 0xE9 on line 1 (byte 4 of the file)
    """

    def __init__(self, encoding: str, data: bytes, position: int) -> None:
        self.encoding = encoding
        self.position = position
        byte = f"byte 0x{data[position]:02X}" if position < len(data) else "the end"
        line = data.count(b"\n", 0, position) + 1
        super().__init__(f"not valid {encoding}: {byte} on line {line} (byte {position + 1} of the file)")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file as text. `text` still begins with the byte order mark where there was one: `clean` drops it."""

    text: str
    encoding: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change made to a text before it was stored, and how often."""

    kind: str
    count: int

    def __str__(self) -> str:
        one, many = _DESCRIPTIONS[self.kind]
        return one if self.count == 1 else many.format(self.count)


_DESCRIPTIONS = {
    "byte_order_mark": ("byte order mark at the start dropped", "{} byte order marks at the start dropped"),
    "line_ends": ("1 line end written as line feed", "{} line ends written as line feeds"),
    "controls": ("1 control character removed", "{} control characters removed"),
    "noncharacters": ("1 noncharacter removed", "{} noncharacters removed"),
    "title_shortened": ("title shortened", "{} titles shortened"),
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text as it is stored, and what was changed to get there."""

    text: str
    changes: tuple[Change, ...]


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Turn the bytes of a file into text: a byte order mark decides, else `declared`, else strict UTF-8.

    Never guesses and never replaces. Raises `UndecodableError` where the bytes are not in that encoding and
    `TextError` for a declared encoding that nobody knows.

    >>> decode("façade".encode("windows-1252"), "windows-1252").text
    'façade'
    """
    encoding = _marked_encoding(data) or _declared_encoding(declared) or "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableError(encoding, data, error.start) from error
    return Decoded(text, encoding, sha256_bytes(data))


def _marked_encoding(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def _declared_encoding(declared: str | None) -> str | None:
    name = (declared or "").strip()
    if not name:
        return None
    try:
        known = codecs.lookup(name).name in _CODECS
    except (LookupError, ValueError):
        known = False
    if not known:
        raise TextError(f"unknown encoding: {name[:40]!r}")
    return name.lower()


def clean(text: str) -> Cleaned:
    """Make a decoded text fit to be stored, naming and counting each change.

    One leading byte order mark is dropped; CRLF, CR, NEL, form feed, vertical tab, U+2028 and U+2029 become LF;
    controls but TAB and LF, and noncharacters, are removed. Everything else stays to the letter. Raises
    `TextError` for NUL, lone surrogates, more than 16 combining marks in a row, and when only white space is left.

    >>> cleaned = clean("One.\\r\\nTwo.\\x07")
    >>> cleaned.text, [str(change) for change in cleaned.changes]
    ('One.\\nTwo.', ['1 line end written as line feed', '1 control character removed'])
    """
    cleaned = clean_field(text)
    if not cleaned.text or cleaned.text.isspace():
        raise TextError("the text is empty: nothing but white space or control characters")
    return cleaned


def clean_field(text: str) -> Cleaned:
    """Like `clean`, for titles and metadata, which may be empty."""
    _refuse_unstorable(text)
    marks = int(text.startswith(BYTE_ORDER_MARK))
    text, line_ends = _LINE_END.subn("\n", text[marks:])
    text, controls = _CONTROL.subn("", text)
    text, noncharacters = _NONCHARACTER.subn("", text) if _HIGH.search(text) else (text, 0)
    _refuse_stacked_marks(text)
    counts = {
        "byte_order_mark": marks,
        "line_ends": line_ends,
        "controls": controls,
        "noncharacters": noncharacters,
    }
    return Cleaned(text, tuple(Change(kind, count) for kind, count in counts.items() if count))


def is_storable(text: str) -> bool:
    """Whether the databases can keep it: no NUL, no half of a character (a lone surrogate).

    >>> is_storable("é🙂"), is_storable("a\\0"), is_storable("\\ud800")
    (True, False, False)
    """
    return "\0" not in text and _SURROGATE.search(text) is None


def _refuse_unstorable(text: str) -> None:
    if (nul := text.find("\0")) >= 0:
        raise TextError(
            f"a NUL character {_place(text, nul)}: the file is binary, or in an encoding such as UTF-16 "
            "that has to be declared"
        )
    if lone := _SURROGATE.search(text):
        raise TextError(f"a lone surrogate (half a Unicode character) {_place(text, lone.start())}")


def _refuse_stacked_marks(text: str) -> None:
    for run in _MAYBE_MARKS.finditer(text):
        stacked = 0
        for offset, character in enumerate(run.group(), run.start()):
            stacked = stacked + 1 if unicodedata.category(character).startswith("M") else 0
            if stacked > MAX_COMBINING_MARKS:
                raise TextError(f"more than {MAX_COMBINING_MARKS} combining marks in a row {_place(text, offset)}")


def _place(text: str, offset: int) -> str:
    return f"on line {text.count(chr(10), 0, offset) + 1} (character {offset + 1})"


def sha256_bytes(data: bytes) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """Return the SHA-256 of a stored text, in UTF-8, as 64 hexadecimal digits."""
    return sha256_bytes(text.encode())


def to_utf16(text: str, offsets: Iterable[int]) -> list[int]:
    """Convert code-point offsets into `text` to the UTF-16 offsets that a browser counts.

    >>> to_utf16("a🙂b", [0, 1, 2, 3])
    [0, 1, 3, 4]
    """
    astral = _astral_offsets(text)
    return [_within(offset, len(text)) + bisect.bisect_left(astral, offset) for offset in offsets]


def from_utf16(text: str, offsets: Iterable[int]) -> list[int]:
    """Convert UTF-16 offsets to code points; raises `TextError` inside a surrogate pair or outside the text.

    >>> from_utf16("a🙂b", [0, 1, 3, 4])
    [0, 1, 2, 3]
    """
    astral = _astral_offsets(text)
    second_halves = [offset + before + 1 for before, offset in enumerate(astral)]
    length = len(text) + len(astral)
    return [_code_points(_within(offset, length), second_halves) for offset in offsets]


def _astral_offsets(text: str) -> list[int]:
    return [match.start() for match in _ASTRAL.finditer(text)]


def _within(offset: int, length: int) -> int:
    if not 0 <= offset <= length:
        raise TextError(f"offset {offset} is outside the text, which has {length} places")
    return offset


def _code_points(offset: int, second_halves: list[int]) -> int:
    before = bisect.bisect_left(second_halves, offset)
    if before < len(second_halves) and second_halves[before] == offset:
        raise TextError(f"UTF-16 offset {offset} is inside a character")
    return offset - before
