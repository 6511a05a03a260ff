"""The XML of office files, read piece by piece without a tree. A document type declaration is refused.

All attacks by entities (billion laughs, quadratic blow-up, files of the server) need that declaration, and no office
program writes one.
"""

from collections.abc import Callable, Mapping
from xml.parsers import expat

from projects.readers.base import ReadError

_PIECE = 65536


class _RootError(Exception):
    """Stops the parser at the first element: no declaration can come after it."""


def parse(
    data: bytes,
    what: str,
    *,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Call back for each element and text of an XML part. Names come as "namespace name".

    Raises `ReadError` for XML that is not well-formed, and for a document type declaration.
    """
    parser = _parser(what)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    _feed(parser, data, what)


def check(data: bytes, what: str) -> None:
    """Raise `ReadError` for an XML part that is not well-formed or declares a document type."""
    _feed(_parser(what), data, what)


def refuse_document_type(data: bytes, what: str) -> None:
    """Read an XML part up to its first element; raises `ReadError` where a document type is declared."""

    def stop(name: str, attributes: Mapping[str, str]) -> None:
        raise _RootError

    parser = _parser(what)
    parser.StartElementHandler = stop
    try:
        _feed(parser, data, what)
    except _RootError:
        return


def _parser(what: str) -> expat.XMLParserType:
    def refuse(*declaration: object) -> None:
        raise ReadError(f"the {what} holds a document type declaration (DTD), which is unsafe: save it anew")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _feed(parser: expat.XMLParserType, data: bytes, what: str) -> None:
    try:
        for offset in range(0, len(data), _PIECE):
            parser.Parse(data[offset : offset + _PIECE], False)
        parser.Parse(b"", True)
    except ReadError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ReadError(f"the {what} is damaged and can't be read: {error}") from error
