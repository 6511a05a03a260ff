"""CoNLL: a word a line with BIO tags, a column for each span question and for each role of an attribution.

Columns are parted by tabs and named in the first line, as CoNLL-U Plus does (https://universaldependencies.org/ext-format.html).
A tag has room for one mark a word, so that of two that overlap the longer one stands; the comments above a unit hold
every answer whole.
"""

from collections.abc import Iterator, Mapping, Sequence

from annotator.core.codebook import Codebook
from annotator.core.codebook.model import ROLES
from annotator.core.documents import (
    AnnotatedArticle,
    Answer,
    Mark,
    Reading,
    RoundOfDocuments,
    Token,
    marks,
)
from annotator.formats.documents.common import Stems, codebook_file, on_one_line, readme_file
from annotator.formats.documents.words import cuts_of, words_in, words_of
from annotator.formats.zipped import File

ABOUT = """CoNLL (BIO), tab-separated

ARTICLE/ANNOTATOR.conll   one annotator's answers to one article; a unit is a sentence, a blank line stands after it
names.json                ids and pseudonyms that can't be file names, by the names of their files

Columns: the word; its start and end in the article in code points, end exclusive; then a column of tags for each span
question (B-VALUE, I-VALUE, O) and for each role of an attribution (B-SOURCE, I-SOURCE, O). Words are what stands
between white space, without the punctuation round it, and cut where a mark begins or ends.
Comments above the words hold every answer to the unit as "# QUESTION = JSON", those to the whole article on top.
As tags there are not: all that is not marked in words; marks of white space alone; of marks that overlap in one column
all but the longest, of equally long ones all but the first. They are in the comments. Not here: annotators who answered
nothing; times and history.
"""


def files(documents: RoundOfDocuments) -> Iterator[File]:
    counted, stems = {"marks": 0, "lost": 0}, Stems()
    for article in documents.articles():
        cuts = cuts_of(article)
        for reading in article.readings:
            path = f"{stems.of(article.name)}/{stems.of(reading.name)}.conll"
            lines = _lines(documents.codebook, article, reading, cuts, counted)
            yield path, ["".join(f"{line}\n" for line in lines).encode()]
    yield stems.file()
    yield codebook_file(documents)
    yield readme_file(documents, ABOUT, _losses(counted))


def _losses(counted: Mapping[str, int]) -> Iterator[str]:
    yield f"Of {counted['marks']} marks in these files {counted['lost']} have no tag of their own."


def columns_of(book: Codebook) -> list[str]:
    spans = [[variable.key] for variable in book.variables if variable.kind == "span"]
    parts = [[f"{one.key}.{role}" for role in ROLES] for one in book.variables if one.kind == "attribution"]
    return [column for some in (*spans, *parts) for column in some]


def _lines(
    book: Codebook, article: AnnotatedArticle, reading: Reading, cuts: set[int], counted: dict[str, int]
) -> Iterator[str]:
    columns = columns_of(book)
    yield f"# global.columns = FORM START END {' '.join(columns)}"
    yield f"# article = {on_one_line(article.name)}"
    yield f"# annotator = {on_one_line(reading.name)}"
    yield from (_comment(answer) for answer in reading.answers if answer.unit not in article.sentences)
    for unit in article.sentences:
        answers = [answer for answer in reading.answers if answer.unit == unit]
        yield f"# unit = {unit.index}"
        yield f"# kind = {unit.kind}"
        yield from map(_comment, answers)
        words = words_of(article, unit, cuts)
        tags = _tags(columns, words, [mark for mark in marks(answers) if mark.in_text], counted)
        for place, word in enumerate(words):
            cells = [article.text[word.start : word.end], str(word.start), str(word.end)]
            yield "\t".join([*cells, *(tags[column][place] for column in columns)])
        yield ""


def _comment(answer: Answer) -> str:
    return f"# {answer.variable.key} = {on_one_line(answer.value)}"


def _tags(
    columns: Sequence[str], words: Sequence[Token], found: Sequence[Mark], counted: dict[str, int]
) -> dict[str, list[str]]:
    tags = {column: ["O"] * len(words) for column in columns}
    longest_first = sorted(found, key=lambda mark: mark.start - mark.end)
    for mark, held in zip(longest_first, words_in(words, longest_first), strict=True):
        role = mark.features.get("role")
        column = tags[f"{mark.variable.key}.{role}" if role else mark.variable.key]
        is_free = held and all(column[place] == "O" for place in held)
        counted["marks"] += 1
        counted["lost"] += not is_free
        for place in held if is_free else ():
            column[place] = f"{'B' if place == held[0] else 'I'}-{mark.value}"
    return tags
