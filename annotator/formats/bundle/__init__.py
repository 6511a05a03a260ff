"""A report as a ZIP file with which a reviewer computes its figures again: ratings, and scripts in R and Python."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.core import agreement
from annotator.core.ratings_table import Question
from annotator.formats.methods import methods
from annotator.formats.reports import Report, as_csv, as_json
from annotator.formats.zipped import File, zip_pieces

FILES = Path(__file__).parent / "files"
PROGRAM = Path(agreement.__file__).parent


@dataclass(frozen=True)
class Basis:
    """What the figures of a report rest on: the ratings as pieces of CSV, and what one must know to read them."""

    annotators: Sequence[str]
    questions: Sequence[Question]
    ratings: Iterable[str]


def bundle(report: Report, basis: Basis) -> bytes:
    files = ((f"agreement/{name}", pieces) for name, pieces in bundle_files(report, basis))
    return b"".join(zip_pieces(files, large=True))


def bundle_files(report: Report, basis: Basis) -> Iterator[File]:
    for name, text in _texts(report, basis):
        yield name, [text.encode()]
    yield "ratings.csv", (piece.encode() for piece in basis.ratings)


def _texts(report: Report, basis: Basis) -> Iterator[tuple[str, str]]:
    yield "report.json", as_json(report)
    yield "report.csv", as_csv(report)
    yield "methods.txt", methods(report)
    yield "annotators.csv", _table(("annotator",), ((name,) for name in basis.annotators))
    rows = ((q.key, q.label, q.kind, q.level) for q in basis.questions)
    yield "questions.csv", _table(("variable", "label", "kind", "level"), rows)
    yield "values.csv", _table(("variable", "value", "code", "number", "in_codebook"), _values(basis.questions))
    for path in sorted(FILES.iterdir()):
        if path.is_file():
            yield path.name, path.read_text()
    for path in sorted(PROGRAM.glob("*.py")):
        yield f"program/{path.name}", path.read_text()


def _values(questions: Sequence[Question]) -> Iterator[tuple[object, ...]]:
    for question in questions:
        for known in question.values:
            yield question.key, known.value, known.code, known.number, "yes" if known.in_codebook else "no"


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()
