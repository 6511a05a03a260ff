"""One JSON object a line, each an article."""

from collections.abc import Mapping

from projects.readers.base import Document, documents
from projects.readers.encoding import read_table_text
from projects.readers.json import parse, record


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    text, source = read_table_text(name, data, encoding)
    # Only at line feeds: U+2028 and the like may stand unescaped inside a JSON string.
    lines = ((f"line {number}", line) for number, line in enumerate(text.split("\n"), 1) if line.strip())
    records = [(place, record(parse(line, place), mapping, place)) for place, line in lines]
    return documents(source, records, "every line is blank")
