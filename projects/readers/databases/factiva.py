"""Factiva as HTML or RTF, in the layout for reading ("Article Format").

An article is: section, headline, byline, length, date, perhaps the time, outlet and its code, edition, page, language,
copyright, the text, and the accession number ("Document LBA0000020190503ef5300abc").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from projects.readers.base import Json, ReadError
from projects.readers.databases import records as common
from projects.readers.dates import iso_date

# The outlet's code filled up to eight places, the date, and nine more; the word before it is in the screen's language.
_ACCESSION = re.compile(r"[^\W\d_]+[ :]+([A-Z0-9]{8,12}\d{8}[0-9a-z]{9})")
_LENGTH = re.compile(
    r"[\d.,’'\u00a0 ]+(?:words?|mots?|W.{1,2}rter|palabras|parole|palavras|слов\w*|woorden|kelime|語|字|个字|個字)",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}:\d{2}(?:\s?[AP]M)?(?: \w+)?", re.IGNORECASE)
_COPYRIGHT = re.compile(r"\(c\)|©|\bcopyright\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the length of an article."""

    section: str
    title: str
    byline: str
    others: tuple[str, ...]


def recognises(lines: Sequence[str]) -> bool:
    """Whether these lines are a file of Factiva: an accession number, and a length with a date below it."""
    return any(accession(line) for line in lines) and _headings(common.without_blanks(lines)) > 0


def records(lines: Sequence[str], name: str) -> list[common.Placed]:
    """Make a record of each article; raises `ReadError` where headings and accession numbers don't pair up."""
    shown = common.without_blanks(lines)
    ends = [index for index, line in enumerate(shown) if accession(line)]
    common.check_count("Factiva", len(ends), _headings(shown), "by the lengths and dates above the texts")
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [_record(number, shown[a : b + 1]) for number, (a, b) in enumerate(zip(starts, ends, strict=True), 1)]


def _headings(shown: Sequence[str]) -> int:
    return sum(1 for above, below in pairwise(shown) if _LENGTH.fullmatch(above) and iso_date(below))


def accession(line: str) -> str:
    """Return the accession number on a line that holds nothing else, else an empty text."""
    found = _ACCESSION.fullmatch(line.strip())
    return found.group(1) if found else ""


def length_line(article: Sequence[str]) -> int | None:
    """Return the index of the line "605 words", known by the date below it."""
    pairs = enumerate(pairwise(article))
    return next((i for i, (above, below) in pairs if _LENGTH.fullmatch(above) and iso_date(below)), None)


def record(number: int, article: Sequence[str], length: int, heading: Heading) -> common.Placed:
    """Make a record of an article's lines; `length` is the index of its length, the last line its accession."""
    place = common.placed(number, heading.title)
    if not (external_id := accession(article[-1])):
        raise ReadError("the accession number is missing below the text", place)
    end = _end_of_heading(article, length + 1, place)
    below = article[length + 1 : end]
    fields: dict[str, Json] = {
        "external_id": external_id,
        "title": heading.title,
        "text": common.joined([heading.title, heading.byline, *heading.others], article[end:-1]),
        "outlet": next((line for line in below[1:] if not _TIME.fullmatch(line)), ""),
        "author": common.unsigned(heading.byline),
        "published_at": iso_date(below[0]),
        "language": next((common.language_code(line) for line in below if common.is_language(line)), ""),
        "section": heading.section,
        "words": common.whole_number(article[length]),
        "page": next((line for line in below[2:] if line.isdigit()), ""),
        "database": "Factiva",
    }
    return place, common.present(fields)


def _record(number: int, article: Sequence[str]) -> common.Placed:
    length = length_line(article)
    if not length:
        raise ReadError(
            "headline and length were not found in the Factiva file", common.placed(number, article[0][:60])
        )
    return record(number, article, length, _heading(article[:length]))


def _heading(lines: Sequence[str]) -> Heading:
    """Tell section, headline, byline and the rest apart; bold type is gone, so the longest line is the headline."""
    byline = next((line for line in lines[1:] if common.BYLINE.match(line)), "")
    plain = [line for line in lines if line != byline]
    title = max(plain, key=len)
    at = plain.index(title)
    return Heading("; ".join(plain[:at]), title, byline, tuple(plain[at + 1 :]))


def _end_of_heading(article: Sequence[str], start: int, place: str) -> int:
    """Return the index of the first line of the text: below the copyright or, without one, below the language."""
    heading = range(start, min(start + 10, len(article) - 1))
    signed = next((index for index in heading if _COPYRIGHT.search(article[index])), None)
    spoken = next((index for index in heading if common.is_language(article[index])), None)
    last = signed if signed is not None else spoken
    if last is None:
        raise ReadError("the heading in the Factiva file has no language and no copyright", place)
    return last + 1
