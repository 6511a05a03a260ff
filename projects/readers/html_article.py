"""Which lines of a web page are its article, and what the page says of it: title, author, date, outlet."""

import copy
import re

import trafilatura

from projects.readers.base import Json
from projects.readers.html_lines import HtmlElement, PageLine, lines

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARTS = _HEADINGS | {"li", "figcaption", "blockquote", "time", "address", "caption", "dt", "dd"}
_AROUND = frozenset({"nav", "footer", "aside", "form", "menu", "header"})
_ROLE = re.compile(
    r"byline|author|dateline|caption|standfirst|dek|subtitle|subhead|headline|lede|credit", re.IGNORECASE
)
_NOISE = re.compile(
    r"\b(?:share|sharing|social|related|newsletter|subscri\w*|promo\w*|advert\w*|comments?|cookie\w*|breadcrumbs?|menu|"
    r"recommend\w*|paywall|banner|most-read|trending)\b",
    re.IGNORECASE,
)
_ABOVE = 12
"""Lines above the first paragraph in which headline, dek, byline and date are looked for."""
_WHITE_SPACE = re.compile(r"\s+")
_LONG_ENOUGH = 25


def article_lines(page: HtmlElement) -> list[str]:
    """Return the lines of the article on a page, in the page's order; none where the page has no text."""
    shown = lines(page)
    main = _main_text(page)
    sure = [index for index, line in enumerate(shown) if _is_in(line.text, main)]
    if not sure:
        return [line.text for line in shown if not _is_around(line)]
    first = _start(shown, sure[0])
    known = set(sure)
    return [
        line.text
        for index, line in enumerate(shown[: sure[-1] + 3])
        if index in known or (index >= first and _belongs(line) and (index < sure[-1] or _is_caption(line)))
    ]


def article_fields(page: HtmlElement) -> dict[str, Json]:
    """Return what the page states of its article; fields that it doesn't state are absent."""
    found = trafilatura.extract_metadata(copy.deepcopy(page))
    if found is None:
        return {}
    fields = {
        "title": found.title,
        "author": found.author,
        "published_at": found.date,
        "outlet": found.sitename,
        "url": found.url,
    }
    return {name: value for name, value in fields.items() if value}


def _main_text(page: HtmlElement) -> tuple[str, frozenset[str]]:
    """Return what trafilatura takes for the article: all of it, and its lines, without white space."""
    text = trafilatura.extract(
        copy.deepcopy(page), include_comments=False, include_tables=True, favor_recall=True, deduplicate=False
    )
    found = text or ""
    return _squeezed(found), frozenset(_squeezed(line.lstrip("-#• ")) for line in found.splitlines())


def _is_in(text: str, main: tuple[str, frozenset[str]]) -> bool:
    whole, single = main
    squeezed = _squeezed(text)
    return squeezed in single or (len(squeezed) >= _LONG_ENOUGH and squeezed in whole)


def _squeezed(text: str) -> str:
    return _WHITE_SPACE.sub("", text)


def _start(shown: list[PageLine], first: int) -> int:
    """Return the index of the headline above the first sure line, else that of the line itself."""
    above = range(max(0, first - _ABOVE), first + 1)
    return next((index for index in above if _has_ancestor(shown[index], frozenset({"h1"}))), first)


def _belongs(line: PageLine) -> bool:
    """Whether a line between two of the article is part of it: a heading, item, caption or byline, and no noise."""
    own = f"{line.block.get('class') or ''} {line.block.get('itemprop') or ''} {line.block.get('rel') or ''}"
    if _is_noise(line):
        return False
    return _has_ancestor(line, _PARTS) or bool(_ROLE.search(own)) or line.block.tag == "p"


def _is_caption(line: PageLine) -> bool:
    return _has_ancestor(line, frozenset({"figcaption"}))


def _is_noise(line: PageLine) -> bool:
    around = [line.block, *line.block.iterancestors()]
    return any(
        element.tag in ("nav", "footer", "aside", "form", "menu")
        or _NOISE.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        for element in around
        if element.tag not in ("html", "body")
    )


def _is_around(line: PageLine) -> bool:
    return _has_ancestor(line, _AROUND)


def _has_ancestor(line: PageLine, tags: frozenset[str]) -> bool:
    return line.block.tag in tags or any(ancestor.tag in tags for ancestor in line.block.iterancestors())
