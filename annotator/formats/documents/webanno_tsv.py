"""WebAnno TSV 3.3, a file for each article and annotator, with the layers of the UIMA format.

https://inception-project.github.io/releases/39.4/docs/user-guide.html#sect_webannotsv. Offsets are UTF-16 code units.
A mark over several words, or one of several of its layer on a word, has a number by which its cells are told together.
"""

import re
from collections.abc import Iterator, Sequence

from annotator.core.codebook import Codebook
from annotator.core.documents import (
    AnnotatedArticle,
    Mark,
    Reading,
    RoundOfDocuments,
    Token,
    feature_names,
    marks,
)
from annotator.core.text import to_utf16
from annotator.formats.documents.common import Stems, codebook_file, readme_file
from annotator.formats.documents.uima import layer_name, type_system
from annotator.formats.documents.words import cuts_of, words_in, words_of
from annotator.formats.zipped import File

_RESERVED = re.compile(r"->|[\\\[\]|_;\t\n\r*]")
# The format has no sign for a carriage return.
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\n"}
Numbered = tuple[int | None, Mark]
ABOUT = """WebAnno TSV 3.3

annotation/ARTICLE/ANNOTATOR.tsv   one annotator's answers to one article
TypeSystem.xml                     the layers; in INCEpTION import it first, under Settings, Layers
names.json                         ids and pseudonyms that can't be file names, by the names of their files

Each unit of the text is a sentence. An answer lies on the words it marks, else on those of its unit (feature "unit", 0
is the whole article); a set gives one annotation for each value. Words are cut where a mark begins or ends.
__none: answered that none applies. __cannot_tell: answered that it can't be told. Offsets count UTF-16 code units.
Kept: every answer. Lost: white space between units, which the format fills from the offsets; white space at the ends
of a mark; a mark of white space alone. Not here: annotators who answered nothing; times and history.
"""


def files(documents: RoundOfDocuments) -> Iterator[File]:
    stems = Stems()
    for article in documents.articles():
        cuts = cuts_of(article)
        for reading in article.readings:
            path = f"annotation/{stems.of(article.name)}/{stems.of(reading.name)}.tsv"
            yield path, ["".join(_lines(documents.codebook, article, reading, cuts)).encode()]
    yield "TypeSystem.xml", [type_system(documents.codebook).to_xml().encode()]
    yield stems.file()
    yield codebook_file(documents)
    yield readme_file(documents, ABOUT)


def _lines(book: Codebook, article: AnnotatedArticle, reading: Reading, cuts: set[int]) -> Iterator[str]:
    layers = [(variable.key, layer_name(variable), feature_names(variable)) for variable in book.variables]
    yield "#FORMAT=WebAnno TSV 3.3\n"
    yield from (f"#T_SP={name}|{'|'.join(features)}\n" for _, name, features in layers)
    yield "\n"
    found = list(marks(reading.answers))
    sentences = [words_of(article, unit, cuts) for unit in article.sentences]
    on_words = _on_words(found, [word for sentence in sentences for word in sentence])
    for number, (unit, words) in enumerate(zip(article.sentences, sentences, strict=True), 1):
        yield "\n"
        yield from (f"#Text={_text(line)}\n" for line in article.text[unit.start : unit.end].split("\n"))
        places = iter(to_utf16(article.text, [place for word in words for place in word]))
        for place, word in enumerate(words, 1):
            here = next(on_words)
            cells = [_cell(here.get(key, ()), feature) for key, _, features in layers for feature in features]
            said = article.text[word.start : word.end]
            yield "\t".join([f"{number}-{place}", f"{next(places)}-{next(places)}", said, *cells, "\n"])


def _on_words(found: Sequence[Mark], words: Sequence[Token]) -> Iterator[dict[str, list[Numbered]]]:
    """The marks on each word by question, each with its number if it needs one."""
    by_word: list[dict[str, list[int]]] = [{} for _ in words]
    places = words_in(words, found)
    for mark, held in enumerate(places):
        for word in held:
            by_word[word].setdefault(found[mark].variable.key, []).append(mark)
    stacked = {mark for here in by_word for together in here.values() if len(together) > 1 for mark in together}
    needing = [mark for mark, held in enumerate(places) if len(held) > 1 or mark in stacked]
    numbers = {mark: number for number, mark in enumerate(needing, 1)}
    for here in by_word:
        yield {key: [(numbers.get(mark), found[mark]) for mark in together] for key, together in here.items()}


def _cell(here: Sequence[Numbered], feature: str) -> str:
    cells = [
        (_value(mark.features[feature]) if feature in mark.features else "*") + (f"[{number}]" if number else "")
        for number, mark in here
    ]
    return "|".join(cells) or "_"


def _value(word: str) -> str:
    return _RESERVED.sub(lambda match: _NAMED.get(match.group(), f"\\{match.group()}"), word)


def _text(line: str) -> str:
    return line.replace("\\", "\\\\").replace("\t", "\\t")
