"""W3C Web Annotation as JSON-LD: a collection, a page of it for each article, and the texts.

https://www.w3.org/TR/annotation-model/. A text position counts code points, end exclusive, as section 4.2.5 has it; the
quote beside it has some words before and after. What the model has no word for stands under the prefix `annotator`.
"""

import json
from collections.abc import Iterator, Mapping
from uuid import UUID, uuid5

from annotator.core.codebook import Json
from annotator.core.documents import AnnotatedArticle, Mark, Reading, RoundOfDocuments, file_stem, marks, words_of
from annotator.formats.documents.common import as_json, codebook_file, readme_file
from annotator.formats.zipped import File

SPACE = UUID("5b0f6d0e-9f3c-5d7a-8b7e-2d1c4a6f9e10")
CONTEXT: list[Json] = ["http://www.w3.org/ns/anno.jsonld", {"annotator": "urn:annotator:terms:"}]
AROUND = 30
ABOUT = """W3C Web Annotation (JSON-LD)

collection.jsonld       the collection: how many annotations, the first and the last page
pages/ARTICLE.jsonld    the annotations of one article, all annotators; annotator:text names the file of its text
texts/ARTICLE.txt       the text, UTF-8

The creator is an annotator by pseudonym. The body says the value, with annotator:variable and what else was said; the
target is a stretch of the text by position and quote, of an answer that marks no words its unit, or the whole text. A
set gives one annotation for each value; pieces of one attribution share annotator:unit and annotator:item.
__none: answered that none applies. __cannot_tell: answered that it can't be told. Positions count code points.
Kept: every answer. Not here: annotators who answered nothing; times and history.
"""


class _Named:
    """Names of what is in the collection, the same each time."""

    def __init__(self, documents: RoundOfDocuments) -> None:
        self.documents = documents

    def urn(self, *parts: object) -> str:
        about = (self.documents.project, self.documents.name, self.documents.layer, *map(str, parts))
        return f"urn:uuid:{uuid5(SPACE, json.dumps(about, ensure_ascii=False))}"


def files(documents: RoundOfDocuments) -> Iterator[File]:
    named = _Named(documents)
    total, previous = 0, ""
    pages: list[str] = []
    for article in documents.articles():
        yield f"texts/{file_stem(article.name)}.txt", [article.text.encode()]
        items = [*_annotations(named, article)]
        if items:
            page = named.urn("page", article.name)
            pages = [*pages[:1], page]
            yield f"pages/{file_stem(article.name)}.jsonld", [as_json(_page(named, article, items, total, previous))]
            total, previous = total + len(items), page
    yield "collection.jsonld", [as_json(_collection(named, total, pages), indent=1)]
    yield codebook_file(documents)
    yield readme_file(documents, ABOUT)


def _collection(named: _Named, total: int, pages: list[str]) -> Mapping[str, object]:
    documents = named.documents
    ends = {"first": pages[0], "last": pages[-1]} if pages else {}
    label = f"{documents.project}: {documents.name}"
    about = {"@context": CONTEXT, "id": named.urn("collection"), "type": "AnnotationCollection", "label": label}
    return {**about, "total": total, **ends}


def _page(
    named: _Named, article: AnnotatedArticle, items: list[Mapping[str, object]], start: int, previous: str
) -> Mapping[str, object]:
    about = {"@context": CONTEXT, "id": named.urn("page", article.name), "type": "AnnotationPage"}
    place = {"partOf": named.urn("collection"), "startIndex": start} | ({"prev": previous} if previous else {})
    text = {"annotator:article": article.name, "annotator:text": f"texts/{file_stem(article.name)}.txt"}
    return {**about, **place, **text, "items": items}


def _annotations(named: _Named, article: AnnotatedArticle) -> Iterator[Mapping[str, object]]:
    for reading in article.readings:
        for number, mark in enumerate(marks(reading.answers)):
            yield _annotation(named, article, reading, mark, number)


def _annotation(
    named: _Named, article: AnnotatedArticle, reading: Reading, mark: Mark, number: int
) -> Mapping[str, object]:
    purpose = "tagging" if mark.in_text else "commenting" if mark.variable.kind == "text" else "classifying"
    more = {f"annotator:{name}": _said(mark, name) for name in mark.features if name not in {"value", "source"}}
    body = {"type": "TextualBody", "value": mark.value, "purpose": purpose, "annotator:variable": mark.variable.key}
    return {
        "id": named.urn("annotation", article.name, reading.name, number),
        "type": "Annotation",
        "motivation": purpose,
        "creator": {"id": named.urn("annotator", reading.name), "type": "Person", "nickname": reading.name},
        "body": body | more,
        "target": _target(named.urn("text", article.name), article.text, mark),
    }


def _said(mark: Mark, feature: str) -> str | list[str]:
    words = words_of(mark, feature)
    return words[0] if words == [mark.features[feature]] else words


def _target(source: str, text: str, mark: Mark) -> object:
    if mark.unit.index == 0 and not mark.in_text:
        return source
    start, end = mark.start, mark.end
    quote = {"type": "TextQuoteSelector", "exact": text[start:end]}
    quote |= {"prefix": text[max(0, start - AROUND) : start], "suffix": text[end : end + AROUND]}
    return {"source": source, "selector": [{"type": "TextPositionSelector", "start": start, "end": end}, quote]}
