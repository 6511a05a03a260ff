"""Factiva as HTML: the layout for reading, and the one with a code before each field ("FD": HD, WC, PD, LP, TD ...)."""

import re
from collections.abc import Mapping, Sequence

from projects.readers.base import Json, ReadError
from projects.readers.databases import factiva
from projects.readers.databases import records as common
from projects.readers.dates import iso_date
from projects.readers.html_lines import HtmlElement, PageLine, line_texts, lines

_ARTICLE = re.compile(r"(?:^|\s)[a-z]{2,4}Article(?:\s|$)")
_HEADLINE = re.compile(r"Headline(?:\s|$)")
_CODE = re.compile(r"[A-Z]{2,4}")


def recognises(page: HtmlElement) -> bool:
    return bool(_articles(page))


def records(page: HtmlElement, name: str) -> list[common.Placed]:
    """Make a record of each article; raises `ReadError` where their number and that of the accessions differ."""
    articles = _articles(page)
    stated = sum(1 for line in line_texts(page) if factiva.accession(line))
    common.check_count("Factiva", len(articles), stated, "by their accession numbers")
    return [_record(number, article) for number, article in enumerate(articles, 1)]


def _articles(page: HtmlElement) -> list[HtmlElement]:
    return [element for element in page.iter("div") if _ARTICLE.search(element.get("class") or "")]


def _record(number: int, article: HtmlElement) -> common.Placed:
    fields = _coded_fields(article)
    return _coded(number, fields) if "HD" in fields else _for_reading(number, lines(article))


def _for_reading(number: int, shown: Sequence[PageLine]) -> common.Placed:
    texts = [line.text for line in shown]
    title = next((i for i, line in enumerate(shown) if _is_headline(line.block)), None)
    if title is None:
        raise ReadError("the headline was not found in the Factiva file", common.placed(number, " ".join(texts)[:60]))
    byline = next((line.text for line in shown if line.block.get("class") == "author"), "")
    length = factiva.length_line(texts[title:])
    if length is None:
        raise ReadError("length and date were not found in the Factiva file", common.placed(number, texts[title]))
    between = [text for text in texts[title + 1 : title + length] if text != byline]
    heading = factiva.Heading("; ".join(texts[:title]), texts[title], byline, tuple(between))
    # The publisher's line stands like a paragraph below the text, but it is none.
    signed = len(shown) > 1 and "articleParagraph" not in (shown[-2].block.get("class") or "")
    body = [*texts[:-2], texts[-1]] if signed else texts
    place, record = factiva.record(number, body, title + length, heading)
    return place, {**record, "publisher": texts[-2]} if signed else record


def _is_headline(block: HtmlElement) -> bool:
    return block.get("id") == "hd" or any(_HEADLINE.search(inner.get("class") or "") for inner in block.iter("span"))


def _coded_fields(article: HtmlElement) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for row in article.iter("tr"):
        cells = list(row.iterchildren("td"))
        code = "".join(line_texts(cells[0])).strip() if len(cells) > 1 else ""
        if _CODE.fullmatch(code):
            fields[code] = line_texts(cells[1])
    return fields


def _coded(number: int, fields: Mapping[str, list[str]]) -> common.Placed:
    one = {code: " ".join(values) for code, values in fields.items()}
    title = one["HD"]
    accession = factiva.accession(one.get("AN", ""))
    if not accession:
        raise ReadError("the accession number (AN) is missing in the Factiva file", common.placed(number, title))
    made: dict[str, Json] = {
        "external_id": accession,
        "title": title,
        "text": common.joined([title, one.get("BY", "")], fields.get("LP", ()), fields.get("TD", ())),
        "outlet": one.get("SN", ""),
        "author": common.unsigned(one.get("BY", "")),
        "published_at": iso_date(one.get("PD", "")) or one.get("PD", ""),
        "language": common.language_code(one.get("LA", "")),
        "section": one.get("SE", ""),
        "words": common.whole_number(one.get("WC", "")),
        "page": one.get("PG", ""),
        "subject": one.get("NS", ""),
        "database": "Factiva",
    }
    return common.placed(number, title), common.present(made)
