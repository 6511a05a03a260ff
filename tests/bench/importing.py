"""A long import, from the file to articles that everybody sees, against splitting and the bare bulk inserts alone."""

import hashlib
import json
import sqlite3
from itertools import count
from pathlib import Path

from annotator.core.sentences import split
from annotator.services.article_imports import Request, import_files
from tests import make
from tests.bench.texts import long_texts
from tests.bench.timing import Race
from tests.settings import DATA_DIR_OF_TESTS

ARTICLES = 1000


def races() -> list[Race]:
    texts = long_texts(ARTICLES)
    sentences = sum(len(split(text)) for text in texts)
    rows = ({"external_id": f"a{n}", "text": text, "language": "en"} for n, text in enumerate(texts))
    data = "\n".join(map(json.dumps, rows)).encode()

    def ours() -> None:
        import_files(member=make.project(), requests=[Request("many.jsonl", data)])

    numbers = count()

    def bare() -> None:
        _split_and_insert(texts, DATA_DIR_OF_TESTS / f"bare{next(numbers)}.sqlite3")

    return [Race("Importing articles", "sentences", sentences, ours, bare, "splitting and bare bulk inserts")]


def _split_and_insert(texts: list[str], path: Path) -> None:
    """The same rows in tables without Django, in one transaction with the same durability."""
    bare = sqlite3.connect(path, isolation_level=None)
    bare.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE article (id INTEGER PRIMARY KEY, external_id UNIQUE, text, sha256);"
        "CREATE TABLE unit (id INTEGER PRIMARY KEY, article, number, kind, first, last, codable, why,"
        " UNIQUE (article, number))"
    )
    bare.execute("BEGIN")
    for number, text in enumerate(texts):
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        bare.execute("INSERT INTO article VALUES (?, ?, ?, ?)", (number, f"a{number}", text, sha256))
        bare.executemany(
            "INSERT INTO unit (article, number, kind, first, last, codable, why) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(number, at, unit.kind, unit.start, unit.end, True, "[]") for at, unit in enumerate(split(text))],
        )
    bare.execute("COMMIT")
    bare.close()
    path.unlink()
