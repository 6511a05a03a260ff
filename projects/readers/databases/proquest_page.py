"""ProQuest as HTML: a part of the page for each article, its labels in bold, else as in text."""

from projects.readers.databases import proquest
from projects.readers.databases import records as common
from projects.readers.html_lines import HtmlElement, line_texts


def recognises(page: HtmlElement) -> bool:
    return bool(_marks(page)) and proquest.recognises(line_texts(page))


def records(page: HtmlElement, name: str) -> list[common.Placed]:
    """Make a record of each article; raises `ReadError` where their number is not that of their marks."""
    marks = _marks(page)
    articles = list(dict.fromkeys(_article(mark) for mark in marks))
    common.check_count("ProQuest", len(articles), len(marks), "by their document numbers")
    anchors = sum(1 for anchor in page.iter("a") if (anchor.get("name") or "").startswith("DocID_"))
    if anchors:
        common.check_count("ProQuest", len(articles), anchors, "by the marks above its articles")
    return [proquest.record(number, line_texts(article)) for number, article in enumerate(articles, 1)]


def _marks(root: HtmlElement) -> list[HtmlElement]:
    return [label for label in root.iter("strong", "b") if proquest.MARK in (label.text or "")]


def _article(mark: HtmlElement) -> HtmlElement:
    """Return the part of the page that is one article: the outermost that holds this document's number only."""
    article = mark
    for ancestor in mark.iterancestors():
        if ancestor.tag in ("body", "html") or len(_marks(ancestor)) > 1:
            break
        article = ancestor
    return article
