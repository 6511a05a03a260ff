"""What the databases have in common: how an article becomes a record, and the count of articles."""

import re
from collections.abc import Iterable, Mapping, Sequence

from projects.readers.base import Json, ReadError

Placed = tuple[str, Mapping[str, Json]]
"""A record with its place in the file, for messages."""

_DIGITS = re.compile(r"\d[\d.,’'\u00a0\u202f ]*")
BYLINE = re.compile(r"(?:By|Von|Par|Por|Da|Di|От|Van)\s", re.IGNORECASE)
_LANGUAGES = {
    "ar": "arabic arabe arabisch árabe 阿拉伯文",
    "de": "german deutsch allemand alemán tedesco 德文",
    "en": "english anglais englisch inglés inglese 英文",
    "es": "spanish espagnol spanisch español spagnolo 西班牙文",
    "fr": "french français französisch francés francese 法文",
    "it": "italian italien italienisch italiano 意大利文",
    "nl": "dutch néerlandais niederländisch neerlandés 荷兰文",
    "pt": "portuguese portugais portugiesisch portugués português 葡萄牙文",
    "ru": "russian russe russisch ruso русский 俄文",
    "tr": "turkish turc türkisch turco türkçe 土耳其文",
    "zh": "chinese chinois chinesisch chino 中文",
}
_CODES = {name: code for code, names in _LANGUAGES.items() for name in names.split()}


def check_count(database: str, found: int, stated: int, by: str) -> None:
    """Raise `ReadError` where the number of articles found is not the one that the file states; `by` says where."""
    if found != stated:
        raise ReadError(
            f"this {database} file states {stated} articles ({by}), but {found} were found in it: "
            "it may be cut off, or in a layout that we don't know. Nothing was taken in"
        )


def placed(number: int, title: str) -> str:
    """Return the place of an article for messages."""
    return f"article {number} “{title[:60]}”" if title else f"article {number}"


def joined(*groups: Iterable[str]) -> str:
    """Return the text of an article: its lines that are not blank, trimmed, each on its own line."""
    lines = (line.strip() for group in groups for line in group)
    return "\n".join(line for line in lines if line) + "\n"


def present(fields: Mapping[str, Json]) -> dict[str, Json]:
    """Return the fields that hold anything."""
    return {name: value for name, value in fields.items() if value not in ("", None)}


def whole_number(text: str) -> int | None:
    """Return the first number in a text such as "1,204 words", thousands signs dropped."""
    found = _DIGITS.search(text)
    digits = re.sub(r"\D", "", found.group()) if found else ""
    return int(digits) if 0 < len(digits) < 10 else None


def language_code(name: str) -> str:
    """Return the code of a language that a database names ("ENGLISH", "Englisch"); others stay as they are."""
    words = name.strip().lower()
    return _CODES.get(re.split(r"[;,(\s]", words)[0], name.strip()) if words else ""


def is_language(name: str) -> bool:
    return name.strip().lower() in _CODES


def unsigned(byline: str) -> str:
    """Return a byline without its "By".

    >>> unsigned("By Rosa Field")
    'Rosa Field'
    """
    return BYLINE.sub("", byline, count=1)


def same_words(line: str) -> str:
    """Return a line with plain spaces, for comparing it with a mark."""
    return " ".join(line.split())


def without_blanks(lines: Sequence[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]
