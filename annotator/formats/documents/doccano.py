"""doccano: JSON Lines for a project of sequence labelling, and for one of text classification.

https://doccano.github.io/doccano/tutorial/ and the examples in doccano 1.8.4. Offsets count code points, end exclusive.
doccano knows labels and nothing of questions, so that a label is named QUESTION:VALUE; fields that it does not know it
keeps as metadata of the example, and there every answer stands whole.
"""

import json
from collections.abc import Iterator

from annotator.core.codebook import Json
from annotator.core.documents import AnnotatedArticle, Answer, Mark, Reading, RoundOfDocuments, Unit, marks
from annotator.formats.documents.common import codebook_file, readme_file
from annotator.formats.zipped import File

CLOSED = frozenset({"single", "multi", "ordinal"})
ABOUT = """doccano (JSONL)

sequence_labelling.jsonl    one line for each article and annotator: marked words, labelled QUESTION:VALUE, the pieces
                            of an attribution QUESTION.ROLE:SOURCE. Import into a project of type Sequence Labeling;
                            allow overlapping spans there, or doccano drops those that overlap.
text_classification.jsonl   one line for each answered unit and annotator: QUESTION:VALUE for each closed question.
                            Import into a project of type Text Classification.

__none: answered that none applies. __cannot_tell: answered that it can't be told. Offsets count code points.
The field "answers" holds every answer whole, as the codebook has it; doccano keeps it as metadata and shows it.
As labels there are not: numbers and texts, manner and stance of an attribution, which of its pieces belong together,
attributes and relations of spans. They are in "answers". Not here: annotators who answered nothing; times and history.
"""


def files(documents: RoundOfDocuments) -> Iterator[File]:
    yield "sequence_labelling.jsonl", _sequences(documents)
    yield "text_classification.jsonl", _classes(documents)
    yield codebook_file(documents)
    yield readme_file(documents, ABOUT)


def _sequences(documents: RoundOfDocuments) -> Iterator[bytes]:
    for article in documents.articles():
        for reading in article.readings:
            found = [mark for mark in marks(reading.answers) if mark.in_text]
            labels: list[Json] = [[mark.start, mark.end, _label(mark)] for mark in found]
            answers: list[Json] = [*map(_answer, reading.answers)]
            more: dict[str, Json] = {"external_id": article.name, "answers": answers}
            yield _line(article.text, labels, {**_about(documents, article, reading), **more})


def _classes(documents: RoundOfDocuments) -> Iterator[bytes]:
    for article in documents.articles():
        for reading in article.readings:
            units: dict[Unit, list[Answer]] = {}
            for answer in reading.answers:
                units.setdefault(answer.unit, []).append(answer)
            for unit, said in units.items():
                closed = [mark for mark in marks(said) if mark.variable.kind in CLOSED]
                more: dict[str, Json] = {"external_id": f"{article.name}:{unit.index}", "unit": unit.index}
                more |= {"kind": unit.kind, "answers": [*map(_answer, said)]}
                text = article.text[unit.start : unit.end]
                yield _line(text, [*map(_label, closed)], {**_about(documents, article, reading), **more})


def _about(documents: RoundOfDocuments, article: AnnotatedArticle, reading: Reading) -> dict[str, Json]:
    about: dict[str, Json] = {"project": documents.project, "round": documents.name, "article": article.name}
    return {**about, "title": article.title, "annotator": reading.name}


def _answer(answer: Answer) -> Json:
    return {"unit": answer.unit.index, "variable": answer.variable.key, "value": answer.value}


def _label(mark: Mark) -> str:
    role = mark.features.get("role")
    return f"{mark.variable.key}{f'.{role}' if role else ''}:{mark.value}"


def _line(text: str, labels: list[Json], about: dict[str, Json]) -> bytes:
    # In ASCII, for doccano guesses the encoding of a file, and takes UTF-8 with emoji for something else.
    return json.dumps({"text": text, "label": labels, **about}).encode() + b"\n"
