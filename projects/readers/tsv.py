"""Like CSV, with tabs between the cells."""

from collections.abc import Mapping

from projects.readers import csv
from projects.readers.base import Document


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    return csv.read(name, data, encoding=encoding, mapping=mapping, separators=("\t",))
