"""Nexis Uni (and Lexis Advance) as DOCX, RTF, or a ZIP of these.

An optional cover names the number of documents and lists their titles. An article is: title, outlet, date, copyright,
labelled lines (Section, Length, Byline, ...), "Body", the text, perhaps "Graphic" with captions and "Classification"
with labelled lines, and "End of Document".
"""

import re
from collections.abc import Iterator, Sequence

from projects.readers.base import Json, ReadError
from projects.readers.databases import records as common
from projects.readers.dates import iso_date

_END = "end of document"
_BODY = "body"
_COUNT = re.compile(r"Documents? ?\((\d+)\)", re.IGNORECASE)
_LABEL = re.compile(
    r"(Section|Length|Byline|Dateline|Highlight|Series|Anchors|Guests|Distribution|Language|Publication-Type|"
    r"Journal Code|Subject|Company|Organization|Industry|Person|Geographic|Correction-Date|Load-Date|Acc-No|ISSN):"
)
_COPYRIGHT = re.compile(r"copyright|©", re.IGNORECASE)
_CAPTIONS = frozenset({"graphic", "graphics"})
_NOTES = frozenset({"classification", "notes", "correction", "correction-date"})
_KEPT = {
    "Section": "section",
    "Dateline": "dateline",
    "Series": "series",
    "Publication-Type": "publication_type",
    "Subject": "subject",
    "Geographic": "geographic",
    "Organization": "organization",
    "Person": "person",
    "Load-Date": "load_date",
}


def recognises(lines: Sequence[str]) -> bool:
    """Whether these lines are a file of Nexis: an end mark, and a body's or the usual labels."""
    marks = [common.same_words(line) for line in lines]
    return any(mark.lower() == _END for mark in marks) and any(
        mark.lower() == _BODY or mark.startswith(("Length:", "Load-Date:")) for mark in marks
    )


def records(lines: Sequence[str], name: str) -> list[common.Placed]:
    """Make a record of each article; their ids are the file's name and their number. Raises `ReadError`."""
    articles = list(_articles(lines))
    if stated := _stated(articles[0]):
        common.check_count("Nexis", len(articles), stated, "on its cover")
    listed = _listed(articles[0]) if stated else []
    width = max(2, len(str(len(articles))))
    return [
        _record(
            article,
            f"{name}-{number:0{width}}" if len(articles) > 1 else name,
            number,
            listed[number - 1] if len(listed) == stated else "",
        )
        for number, article in enumerate(articles, 1)
    ]


def _articles(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of each article that are not blank, end mark excluded; refuse text behind the last one."""
    article: list[str] = []
    for line in lines:
        if common.same_words(line).lower() == _END:
            yield article
            article = []
        elif line.strip():
            article.append(line.strip())
    if article:
        raise ReadError("the Nexis file is cut off: there is text behind the last “End of Document”", article[0][:60])


def _stated(first: Sequence[str]) -> int | None:
    """Return the number of documents on the cover, which stands before the first article."""
    found = (_COUNT.fullmatch(common.same_words(line)) for line in first[:20])
    return next((int(count.group(1)) for count in found if count), None)


def _listed(first: Sequence[str]) -> list[str]:
    """Return the titles on the cover, which are numbered from 1."""
    titles: list[str] = []
    for line in first:
        number, _, title = common.same_words(line).partition(". ")
        if title and number == str(len(titles) + 1):
            titles.append(title)
    return titles


def _record(article: Sequence[str], external_id: str, number: int, listed: str) -> common.Placed:
    body = next((index for index, line in enumerate(article) if line.lower() == _BODY), None)
    if body is None:
        raise ReadError("there is no “Body” in this article of the Nexis file", common.placed(number, listed))
    title, outlet, date = _heading(article[:body], number, listed)
    labels = _labels(article[:body]) | _labels(_tail(article[body:]))
    head = [title, labels.get("Highlight", ""), labels.get("Byline", "")]
    fields: dict[str, Json] = {
        "external_id": external_id,
        "title": title,
        "text": common.joined(head, _running(article[body + 1 :])),
        "outlet": outlet,
        "author": common.unsigned(labels.get("Byline", "")),
        "published_at": date,
        "language": common.language_code(labels.get("Language", "")),
        "words": common.whole_number(labels.get("Length", "")),
        "database": "Nexis",
    }
    return common.placed(number, title), common.present(fields | {new: labels.get(old) for old, new in _KEPT.items()})


def _heading(head: Sequence[str], number: int, listed: str) -> tuple[str, str, str]:
    """Return title, outlet and date: the lines above the copyright or, without one, above the first label."""
    ends = [index for index, line in enumerate(head) if _COPYRIGHT.match(line)][-1:]
    end = (ends or [index for index, line in enumerate(head) if _LABEL.match(line)] or [len(head)])[0]
    if place := _place_of_title(head[:end], listed):
        return listed, head[place] if place < end else "", _date(head[place + 1 : end])
    dated = _date_line(head[:end])
    if dated is None:
        raise ReadError("title, outlet and date were not found in the Nexis file", common.placed(number, head[0][:60]))
    start = dated - 2 if _stated(head) is not None else 0
    return common.same_words(" ".join(head[start : dated - 1])), head[dated - 1], iso_date(head[dated])


def _place_of_title(head: Sequence[str], listed: str) -> int | None:
    """Return the index of the line behind the title, as the cover lists it; long ones are broken into lines."""
    for start in range(len(head) - 1, -1, -1) if listed else ():
        for end in range(start + 1, min(start + 5, len(head) + 1)):
            if common.same_words(" ".join(head[start:end])) == listed:
                return end
    return None


def _date_line(head: Sequence[str]) -> int | None:
    """Return the index of the date, which stands below title and outlet; in some corrected articles words took it."""
    lines = range(len(head) - 1, 1, -1)
    dated = next((index for index in lines if iso_date(head[index])), None)
    corrected = next((index for index in lines if head[index].lower() == "correction appended"), None)
    return corrected if dated is None else dated


def _date(lines: Sequence[str]) -> str:
    return next(filter(None, map(iso_date, lines)), "")


def _labels(lines: Sequence[str]) -> dict[str, str]:
    found = ((line, _LABEL.match(line)) for line in lines)
    return {label.group(1): common.same_words(line[label.end() :]) for line, label in found if label}


def _tail(lines: Sequence[str]) -> Sequence[str]:
    """Return the labelled lines behind the text: those from "Classification", or from the first label of the end."""
    marks = [index for index, line in enumerate(lines) if line.lower() in _NOTES or line.startswith("Load-Date:")]
    return lines[marks[0] :] if marks else ()


def _running(lines: Sequence[str]) -> list[str]:
    """Return the text with the captions behind it."""
    end = len(lines) - len(_tail(lines))
    return [line for line in lines[:end] if line.lower() not in _CAPTIONS]
