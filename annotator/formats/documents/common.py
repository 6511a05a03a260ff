"""What the document formats share: the codebook beside the documents, and text that may stand in XML."""

import json
import re
from collections.abc import Iterator

from annotator.core.documents import RoundOfDocuments, file_stem
from annotator.formats.zipped import File

# What XML 1.0 allows; a text of an article has nothing else, an answer in free text may.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Those that JSON leaves as they are.
_LINE_END = re.compile("[\x7f-\x9f\u2028\u2029]")


def xml_text(text: str) -> str:
    """The text with U+FFFD in place of each character that XML can't hold."""
    return _NOT_IN_XML.sub("\ufffd", text)


class Stems:
    """The file names of articles and annotators, and which of them had to be others than what they name."""

    def __init__(self) -> None:
        self._changed: dict[str, str] = {}

    def of(self, name: str) -> str:
        stem = file_stem(name)
        if stem != name:
            self._changed[stem] = name
        return stem

    def file(self) -> File:
        """To be given out after the files that it names."""
        return "names.json", (as_json(names, indent=1, sort_keys=True) for names in [self._changed])


def codebook_file(documents: RoundOfDocuments) -> File:
    """The codebook as published; its keys in order, for one of the two databases keeps none."""
    return "codebook.json", [as_json(documents.document, indent=1, sort_keys=True)]


def readme_file(documents: RoundOfDocuments, about: str, losses: Iterator[str] | None = None) -> File:
    """What is in the archive, what it can't hold; `losses` are read when everything else has been written."""
    return "README.txt", _readme(documents, about, losses or iter(()))


def _readme(documents: RoundOfDocuments, about: str, losses: Iterator[str]) -> Iterator[bytes]:
    yield f"{documents.project}: {documents.name}\n\n".encode()
    yield f"Layer: {documents.layer}. Codebook: version {documents.number}, see codebook.json.\n\n{about}".encode()
    yield from (f"\n{line}\n".encode() for line in losses)


def on_one_line(value: object) -> str:
    """JSON without any sign at which a reader might end a line."""
    return _LINE_END.sub(lambda end: f"\\u{ord(end.group()):04x}", json.dumps(value, ensure_ascii=False))


def as_json(value: object, *, indent: int | None = None, sort_keys: bool = False) -> bytes:
    separators = None if indent else (",", ":")
    return (json.dumps(value, ensure_ascii=False, indent=indent, sort_keys=sort_keys, separators=separators)).encode()
