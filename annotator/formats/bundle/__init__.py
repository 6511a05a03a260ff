"""A report as a ZIP file with which a reviewer computes its figures again: ratings, and scripts in R and Python."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.core import agreement
from annotator.core.ratings_table import Question
from annotator.formats.methods import methods
from annotator.formats.reports import Report, as_csv, as_json

FILES = Path(__file__).parent / "files"
PROGRAM = Path(agreement.__file__).parent
# ZIP knows no earlier day; the same report gives the same bytes.
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Basis:
    """What the figures of a report rest on: the ratings as pieces of CSV, and what one must know to read them."""

    annotators: Sequence[str]
    questions: Sequence[Question]
    ratings: Iterable[str]


def bundle(report: Report, basis: Basis) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _texts(report, basis):
            archive.writestr(_entry(name), text)
        with archive.open(_entry("ratings.csv"), "w", force_zip64=True) as file:
            file.writelines(piece.encode() for piece in basis.ratings)
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(f"agreement/{name}", FIRST_DAY)
    found.compress_type = zipfile.ZIP_DEFLATED
    found.external_attr = 0o644 << 16
    return found


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
