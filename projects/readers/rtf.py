"""Rich text: each paragraph is a line. Databases' files hold many articles.

Read by a tokeniser of our own in linear time: striprtf writes the addresses of links into the text, breaks characters
beyond U+FFFF and takes quadratic time on some files. What an RTF file hides (deleted text, headers, notes, field
instructions, pictures) is left out.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from annotator.core.text import sha256_bytes
from projects.readers import limits
from projects.readers.base import Document, ReadError, Source, refuse_mapping
from projects.readers.lines import documents_of_lines

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)", re.DOTALL
)
_SKIPPED_NAMES = (
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf "
    b"footnote annotation fldinst filetbl listtable listoverridetable revtbl rsidtbl generator xmlnstbl themedata "
    b"colorschememapping datastore latentstyles bkmkstart bkmkend nonshppict sp sn sv ud tc xe txe rxe pntext "
    b"listtext"
)
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_SIGNS = {
    b"par": "\n",
    b"line": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"column": "\n",
    b"row": "\n",
    b"nestrow": "\n",
    b"cell": "\n",
    b"nestcell": "\n",
    b"tab": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"emspace": "\u2003",
    b"enspace": "\u2002",
    b"qmspace": "\u2005",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"ltrmark": "\u200e",
    b"rtlmark": "\u200f",
    b"zwj": "\u200d",
    b"zwnj": "\u200c",
}
_SYMBOLS = {b"~": "\u00a0", b"-": "\u00ad", b"_": "\u2011", b"\n": "\n", b"\r": "\n", b"{": "{", b"}": "}", b"\\": "\\"}
_CODE_PAGES = {b"mac": "mac-roman", b"pc": "cp437", b"pca": "cp850"}
# What \fcharset numbers mean (RTF 1.9.1, "Font Table"); 0, 1 and 2 are the file's own code page.
_CHARSETS = {
    77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip
_WHAT = "RTF document"


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    refuse_mapping(mapping, _WHAT)
    lines = rtf_text(data, encoding).split("\n")
    return documents_of_lines(Source(name, sha256_bytes(data), ""), lines)


def rtf_text(data: bytes, encoding: str | None = None) -> str:
    """Return the text of an RTF file; `encoding` is for files that name no code page. Raises `ReadError`.

    >>> rtf_text(rb"{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'e0\\'f0\\'ee\\'ec\\par {\\b left} at 7.}")
    'Паром\\nleft at 7.'
    """
    reader = _Reader(encoding or "cp1252")
    position = 0
    while found := _TOKEN.match(data, position):
        position = found.end() + reader.take(found)
        if reader.is_closed:
            break
    reader.finish()
    if not reader.is_closed:
        raise ReadError(f"the {_WHAT} is damaged or incomplete: it ends in the middle")
    return "".join(reader.text)


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a pair of braces."""

    skipped: bool = False
    hidden: bool = False
    fonts: bool = False
    """Inside the table of fonts."""
    opened: bool = False
    """Nothing but the brace was read: a control word may still name what the group is."""
    characters_after_unicode: int = 1
    font: int | None = None


@dataclass(slots=True)
class _Reader:
    code_page: str
    text: list[str] = field(default_factory=list)
    is_closed: bool = False
    _groups: list[_Group] = field(default_factory=list)
    _group: _Group = _Group()
    _fonts: dict[int, str] = field(default_factory=dict)
    _font: int | None = None
    _default_font: int | None = None
    _bytes: bytearray = field(default_factory=bytearray)
    _units: list[int] = field(default_factory=list)
    _to_skip: int = 0

    def take(self, found: re.Match[bytes]) -> int:
        """Take one token, and return how many bytes behind it are binary data to leap over."""
        word, number, code, symbol, brace, run = found.groups()
        if code:
            self._add_bytes(bytes.fromhex(code.decode()))
        elif run:
            self._add_bytes(run)
        elif brace:
            self._brace(brace)
        elif symbol:
            self._symbol(symbol)
        elif word == b"bin":
            return max(0, int(number or 0))
        elif word:
            self._word(word, int(number) if number else None)
        return 0

    def finish(self) -> None:
        self._flush()

    def _add_bytes(self, run: bytes) -> None:
        skipped = min(self._to_skip, len(run))
        self._to_skip -= skipped
        self._group = replace(self._group, opened=False) if self._group.opened else self._group
        if self._shown and len(run) > skipped:
            self._flush_units()
            self._bytes += run[skipped:]

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._to_skip = 0
        if brace == b"{":
            self._groups.append(self._group)
            if len(self._groups) > limits.RTF_DEPTH:
                raise ReadError(f"the groups of the {_WHAT} are nested more than {limits.RTF_DEPTH} deep")
            self._group = replace(self._group, opened=True)
        elif self._groups:
            self._group = self._groups.pop()
            self.is_closed = not self._groups

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*" and self._group.opened:
            # Marks a group that an old program may leave out: so do we.
            self._group = replace(self._group, skipped=True)
        elif self._to_skip:
            self._to_skip -= 1
        elif symbol in _SYMBOLS:
            self._add(_SYMBOLS[symbol])

    def _word(self, word: bytes, number: int | None) -> None:
        if word == b"u" and number is not None:
            self._add_unit(number % 0x10000)
            return
        self._to_skip = 0
        if word in _SIGNS:
            self._add(_SIGNS[word])
        elif word == b"ansicpg" and number:
            self.code_page = _known(f"cp{number}")
        elif word in _CODE_PAGES:
            self.code_page = _CODE_PAGES[word]
        elif word == b"deff":
            self._default_font = number
        else:
            self._flush()
            self._group = self._changed(word, number)

    def _changed(self, word: bytes, number: int | None) -> _Group:
        group = replace(self._group, opened=False)
        if word in _SKIPPED and self._group.opened:
            return replace(group, skipped=True, fonts=word == b"fonttbl" or group.fonts)
        if word == b"uc" and number is not None:
            return replace(group, characters_after_unicode=max(0, number))
        if word == b"f":
            self._font = number
            return replace(group, font=number)
        if word == b"fcharset" and group.fonts and self._font is not None and number in _CHARSETS:
            self._fonts[self._font] = _known(_CHARSETS[number])
        if word in (b"v", b"deleted"):
            return replace(group, hidden=number != 0)
        if word == b"plain":
            return replace(group, hidden=False, font=self._default_font)
        return group

    @property
    def _shown(self) -> bool:
        return not (self._group.skipped or self._group.hidden)

    def _add(self, sign: str) -> None:
        self._flush()
        if self._shown:
            self.text.append(sign)

    def _add_unit(self, unit: int) -> None:
        """Take a UTF-16 unit; two make a character beyond U+FFFF."""
        self._flush_bytes()
        if self._shown:
            self._units.append(unit)
        self._to_skip = self._group.characters_after_unicode

    def _flush(self) -> None:
        self._flush_bytes()
        self._flush_units()

    def _flush_bytes(self) -> None:
        if not self._bytes:
            return
        code_page = self._fonts.get(-1 if self._group.font is None else self._group.font, self.code_page)
        try:
            self.text.append(self._bytes.decode(code_page))
        except UnicodeDecodeError as error:
            raise ReadError(f"a character of the {_WHAT} is not in its encoding, {code_page}") from error
        self._bytes.clear()

    def _flush_units(self) -> None:
        if self._units:
            units = b"".join(unit.to_bytes(2, "little") for unit in self._units)
            self.text.append(units.decode("utf-16-le", "surrogatepass"))
            self._units.clear()


def _known(code_page: str) -> str:
    try:
        return codecs.lookup(code_page).name
    except LookupError as error:
        raise ReadError(f"the {_WHAT} is in an unknown encoding: {code_page[:20]}") from error
