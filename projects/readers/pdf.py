"""A PDF: what stands on its pages, put together into paragraphs. A person has to look at it before it is stored.

A PDF has no paragraphs, only places of letters. Lines are joined where they run on; a hyphen at a line's end is taken
out only where the same word is in the document without it. Columns, page heads and captions may come out mixed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pypdfium2 import PdfDocument, PdfiumError  # type: ignore[import-untyped]

from annotator.core.text import sha256_bytes
from projects.readers import limits
from projects.readers.base import Document, ReadError, Source, refuse_mapping
from projects.readers.lines import one_document

_WHAT = "PDF document"
_END = b"%%EOF"
_TAIL = 2048
_SOFT_HYPHEN = "\u00ad"
_HYPHENS_AT_ENDS = re.compile("[\ufffe\x02]")
"""What the library gives for any hyphen at a line's end, and for that end with it."""
_FULL = 0.75
"""A line shorter than this share of its page's long lines ends its paragraph."""
_ENDS = re.compile(r"[.!?…:;»”\"'’)\]]$")
_PART = re.compile(r"[^\W\d_]+$")
_WORD = re.compile(r"[^\W\d_]+")


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    refuse_mapping(mapping, _WHAT)
    if _END not in data[-_TAIL:]:
        raise ReadError(f"the {_WHAT} is damaged or incomplete: its end is missing")
    pages = [_page_lines(text) for text in _page_texts(data)]
    if not any(pages):
        raise ReadError(f"there is no text in the {_WHAT}: its pages are pictures. Run text recognition (OCR) on it")
    words = {word.lower() for page in pages for line in page for word in _WORD.findall(line)}
    lines = [paragraph for page in pages for paragraph in _paragraphs(page, words)]
    documents = one_document(Source(name, sha256_bytes(data), ""), lines)
    return [replace(document, needs_review=True) for document in documents]


def _page_texts(data: bytes) -> Iterator[str]:
    try:
        document = PdfDocument(data)
        if len(document) > limits.PDF_PAGES:
            raise ReadError(f"the {_WHAT} has {len(document)} pages: the limit is {limits.PDF_PAGES}")
        for number in range(len(document)):
            yield document[number].get_textpage().get_text_range(errors="strict")
    except PdfiumError as error:
        locked = "password" in str(error).lower()
        why = "is under a password: save it without" if locked else "is damaged and can't be read"
        raise ReadError(f"the {_WHAT} {why}") from error
    except UnicodeDecodeError as error:
        raise ReadError(f"the {_WHAT} holds characters that can't be read") from error


def _page_lines(text: str) -> list[str]:
    text = _HYPHENS_AT_ENDS.sub("-\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return [line.strip() for line in text.split("\n") if line.strip()]


def _paragraphs(page: Sequence[str], words: set[str]) -> Iterator[str]:
    """Join the lines of a page that run on into the next."""
    if not page:
        return
    long = sorted(map(len, page))[int(len(page) * 0.8)]
    paragraph = page[0]
    for above, line in pairwise(page):
        if _runs_on(above, line, long):
            paragraph = join_lines(paragraph, line, words)
        else:
            yield paragraph.rstrip(_SOFT_HYPHEN)
            paragraph = line
    yield paragraph.rstrip(_SOFT_HYPHEN)


def _runs_on(above: str, line: str, long: int) -> bool:
    if above[-1] in f"{_SOFT_HYPHEN}-,":
        return True
    is_full = len(above) >= _FULL * long
    return is_full and (line[0].islower() or not _ENDS.search(above) or len(above) >= 0.9 * long)


def join_lines(above: str, below: str, words: set[str]) -> str:
    """Join two lines of a paragraph; `words` are the document's, in small letters.

    >>> join_lines("the govern-", "ment said", {"government"}), join_lines("a well-", "known man", {"known"})
    ('the government said', 'a well-known man')
    """
    if above[-1] == _SOFT_HYPHEN:
        return above.rstrip(_SOFT_HYPHEN) + below
    if not (above.endswith("-") and len(above) > 1 and above[-2].isalpha()):
        return f"{above} {below}"
    first, second = _PART.search(above[:-1]), _WORD.match(below)
    whole = (first.group() + second.group()).lower() if first and second else ""
    return above[:-1] + below if whole in words and below[0].islower() else above + below
