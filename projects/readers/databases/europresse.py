"""Europresse (Eureka) as HTML: an `article` element each, with outlet, date line, title, authors, text and captions."""

import re

from projects.readers.base import Json, ReadError
from projects.readers.databases import records as common
from projects.readers.dates import iso_date
from projects.readers.html_lines import HtmlElement, line_texts

_OUTLET = "DocPublicationName"
_NUMBER = re.compile(r"[a-z]+·(\d{4})(\d{2})(\d{2})·[\w-]+·[\w.-]+")
_DATED = re.compile(
    r"(?:^|[,;]\s*|\s)((?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday)\b.*|\d{1,2}(?:er)? [^\W\d_]+ \d{4}.*)",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(?<!\d)(\d{1,3}(?:[\s.,]\d{3})+|\d{1,6})\s(?:mots|words)\b", re.IGNORECASE)
_PAGE = re.compile(r"\bp\. ?([\w-]+)")
_CAPTIONS = re.compile(r"(?:illustration|photo|légende|caption)", re.IGNORECASE)


def recognises(page: HtmlElement) -> bool:
    return bool(_with_class(page, _OUTLET))


def records(page: HtmlElement, name: str) -> list[common.Placed]:
    """Make a record of each article; raises `ReadError` where their number and that of the document numbers differ."""
    articles = [element for element in page.iter("article") if _with_class(element, _OUTLET)]
    if not articles:
        raise ReadError("this layout of Europresse (before 2014) is not known: save the search anew as HTML")
    numbers = {number.group() for line in line_texts(page) for number in _NUMBER.finditer(line)}
    common.check_count("Europresse", len(articles), len(numbers), "by their document numbers")
    return [_record(number, article) for number, article in enumerate(articles, 1)]


def _record(number: int, article: HtmlElement) -> common.Placed:
    title_lines = _lines_of(article, "titreArticle") or _lines_of(article, "titreArticleVisu")
    title = " ".join(_lines_of(article, "titreArticleVisu")) or " ".join(title_lines)
    place = common.placed(number, title)
    document_number = next((found for line in line_texts(article) if (found := _NUMBER.search(line))), None)
    if document_number is None:
        raise ReadError("the document number is missing in the Europresse file", place)
    body = _lines_of(article, "docOcurrContainer") or _lines_of(article, "DocText") or _section(article)
    if not body:
        raise ReadError("there is no text in this article of the Europresse file", place)
    author = _author(article, title_lines)
    above = [line for line in title_lines if line not in (title, author)]
    dated = " ".join(_lines_of(article, "DocHeader"))
    length, page = _LENGTH.search(dated), _PAGE.search(dated)
    fields: dict[str, Json] = {
        "external_id": document_number.group(),
        "title": title,
        "text": common.joined([title], above, [author], body, _captions(article)),
        "outlet": re.split(r",? no\.|,", " ".join(_lines_of(article, _OUTLET)))[0].strip(),
        "author": author,
        "published_at": iso_date(dated) or "-".join(document_number.groups()),
        "section": _DATED.sub("", dated, count=1).strip(" ,;"),
        "words": common.whole_number(length.group(1)) if length else None,
        "page": page.group(1) if page else "",
        "database": "Europresse",
    }
    return place, common.present(fields)


def _author(article: HtmlElement, title_lines: list[str]) -> str:
    """Return the line of the authors: its place has changed three times."""
    named = _lines_of(article, "docAuthors") or _lines_of(article, "sm-margin-bottomNews")
    if named:
        return named[0]
    titles = [element for element in article.iter("div") if "titreArticle" in (element.get("class") or "").split()]
    below = titles[0].getnext() if titles else None
    return " ".join(line_texts(below)) if below is not None and below.tag == "div" else ""


def _section(article: HtmlElement) -> list[str]:
    return [line for section in article.iter("section") for line in line_texts(section)]


def _captions(article: HtmlElement) -> list[str]:
    """Return the captions, which stand beside the text under "Illustration(s)"."""
    found = []
    for aside in article.iter("aside"):
        for part in aside.iterchildren("div"):
            label, *captions = line_texts(part) or [""]
            if _CAPTIONS.match(label):
                found += captions
    return found


def _with_class(root: HtmlElement, name: str) -> list[HtmlElement]:
    return [element for element in root.iter() if name in (element.get("class") or "").split()]


def _lines_of(root: HtmlElement, name: str) -> list[str]:
    found = _with_class(root, name)
    return line_texts(found[0]) if found else []
