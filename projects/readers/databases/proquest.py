"""ProQuest as text: articles of labelled lines ("Full text:", "Publication title:", ...), parted by rules."""

import re
from collections.abc import Iterator, Mapping, Sequence

from projects.readers.base import Json, ReadError
from projects.readers.databases import records as common
from projects.readers.dates import iso_date

MARK = "ProQuest document ID"
_RULE = re.compile(r"[_=]{20,}")
_COUNT = re.compile(r"Document \d+ of (\d+)")
_LABELS = (
    "Abstract",
    "Author",
    "Classification",
    "Column",
    "Company / organization",
    "Copyright",
    "Country of publication",
    "Credit",
    "Database",
    "Dateline",
    "Document feature",
    "Document type",
    "Document URL",
    "DOI",
    "First page",
    "Full text",
    "Full Text",
    "Identifier / keyword",
    "Illustration",
    "ISBN",
    "ISSN",
    "Issue",
    "Language of publication",
    "Last updated",
    "Links",
    "Location",
    "Number of pages",
    "Pages",
    "People",
    "Place of publication",
    "ProQuest document ID",
    "Publication date",
    "Publication info",
    "Publication subject",
    "Publication title",
    "Publication year",
    "Publisher",
    "Section",
    "Source type",
    "Subject",
    "Title",
    "URL",
    "Volume",
)
_LABEL = re.compile(rf"({'|'.join(map(re.escape, _LABELS))}):\s*")
_CAPTIONS = frozenset({"Illustration", "Credit"})


def recognises(lines: Sequence[str]) -> bool:
    """Whether these lines are a file of ProQuest: several of its labels, the document's number among them."""
    labels = {label.group(1) for line in lines if (label := _LABEL.match(line.strip()))}
    return {MARK, "Publication title"} <= labels


def records(lines: Sequence[str]) -> list[common.Placed]:
    """Make a record of each article of a text file; raises `ReadError` where their number is not the stated one."""
    blocks = list(_blocks(lines))
    stated = next((int(count.group(1)) for line in lines if (count := _COUNT.fullmatch(line.strip()))), None)
    if stated:
        common.check_count("ProQuest", len(blocks), stated, "above its articles")
    numbers = sum(1 for line in lines if line.strip().startswith(f"{MARK}:"))
    common.check_count("ProQuest", len(blocks), numbers, "by their document numbers")
    return [record(number, block) for number, block in enumerate(blocks, 1)]


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines between two rules that hold labels; the terms and the list of titles are none."""
    block: list[str] = []
    for line in [*lines, "_" * 60]:
        if not _RULE.fullmatch(line.strip()):
            block.append(line.strip())
            continue
        if sum(1 for kept in block if _LABEL.match(kept)) > 1:
            yield block
        block = []


def record(number: int, block: Sequence[str]) -> common.Placed:
    """Make a record of the labelled lines of one article; raises `ReadError` where it has no number or no text."""
    above, parts = _parts(block)
    one = {label: " ".join(filter(None, lines)) for label, lines in parts.items()}
    title = one.get("Title") or " ".join(above)
    place = common.placed(number, title)
    if MARK not in one:
        raise ReadError("the document number is missing in the ProQuest file", place)
    body = parts.get("Full text") or parts.get("Full Text") or []
    if not any(body) or body[0].lower().startswith("not available"):
        raise ReadError("this article of the ProQuest file has no full text: leave it out of the export", place)
    captions = [line for label in sorted(_CAPTIONS) for line in parts.get(label, ())]
    return place, common.present(_fields(one, title, common.joined([title], _shown(body), captions)))


def _shown(body: Sequence[str]) -> list[str]:
    """Return the lines of the text without the database's own words above its captions."""
    return [line.removeprefix("Caption: ") for line in body if line not in _CAPTIONS]


def _fields(one: Mapping[str, str], title: str, text: str) -> dict[str, Json]:
    date = one.get("Publication date", "")
    return {
        "external_id": one[MARK],
        "title": title,
        "text": text,
        "outlet": one.get("Publication title", "").partition(";")[0].strip(),
        "author": one.get("Author", ""),
        "published_at": iso_date(date) or date,
        "url": one.get("Document URL", ""),
        "language": common.language_code(one.get("Language of publication", "")),
        "section": one.get("Section", ""),
        "page": one.get("Pages", ""),
        "subject": one.get("Subject", ""),
        "database": "ProQuest",
    }


def _parts(block: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the lines above the first label, and for each label the lines up to the next."""
    above: list[str] = []
    parts: dict[str, list[str]] = {}
    for line in block:
        label = _LABEL.match(line)
        if label and label.group(1) not in parts:
            parts[label.group(1)] = [line[label.end() :]]
        elif parts:
            list(parts.values())[-1].append(line)
        elif line and not _COUNT.fullmatch(line):
            above.append(line)
    return above, parts
