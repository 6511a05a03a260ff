"""A web page as it was saved: the article in it, without menus and advertisements. Databases' pages hold many.

Trafilatura finds the article; the lines are then taken from the page itself, so that headings, list items, byline and
captions stay, each on its own line, and the words stay as they were written.
"""

import re
from collections.abc import Mapping

from annotator.core.text import BYTE_ORDER_MARK, ENCODINGS
from projects.readers.base import Document, Json, ReadError, documents, refuse_mapping
from projects.readers.databases import europresse, factiva_page, proquest_page
from projects.readers.encoding import read_table_text
from projects.readers.html_article import article_fields, article_lines
from projects.readers.html_lines import HtmlElement, parsed
from projects.readers.txt import stem

_BEGINNING = 8192
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}encoding=[\"']([\w.-]{2,40})",
    re.IGNORECASE,
)
# What browsers read under these names (WHATWG, Encoding, "labels"); pages mean it too.
_READ_AS = {
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "iso-8859-9": "windows-1254",
    "gb2312": "gbk",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "tis-620": "cp874",
    "unicode": "utf-16",
}


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    refuse_mapping(mapping, "web page")
    text, source = read_table_text(name, data, encoding or named_charset(data))
    if not text.strip() or "\0" in text:
        raise ReadError("the page is empty, or binary: there is no article in it")
    page = parsed(text.removeprefix(BYTE_ORDER_MARK))
    for database in (factiva_page, europresse, proquest_page):
        if database.recognises(page):
            return documents(source, database.records(page, stem(name)), "it is empty")
    lines, stated = _article(page)
    if not lines:
        raise ReadError("there is no text in the page: it is empty, or makes its text by script")
    fields = {"external_id": stem(name), "text": "\n".join(lines) + "\n", **stated}
    return documents(source, [("the page", fields)], "")


def _article(page: HtmlElement) -> tuple[list[str], dict[str, Json]]:
    try:
        return article_lines(page), article_fields(page)
    except ValueError as error:
        # A control character written as a number (&#1;), which the library can't put back into a page.
        raise ReadError(f"the page is damaged and can't be read: {error}") from error


def named_charset(data: bytes) -> str | None:
    """Return the encoding that a page names itself, where it is one that may be declared."""
    found = _CHARSET.search(data[:_BEGINNING])
    if not found:
        return None
    name = (found.group(1) or found.group(2)).decode().lower()
    name = _READ_AS.get(name, name)
    return name if name in ENCODINGS else None
