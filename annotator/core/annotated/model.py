"""What a file of another tool says, in one form for all tools. Offsets are code points, end exclusive."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mark:
    """One value that somebody gave, to a stretch of the text or to the whole of it.

    A mark with several features comes as one `Mark` a feature, all with the same `id`.
    """

    annotator: str
    layer: str
    value: str
    where: str
    """Its place in the file, for messages."""
    start: int | None = None
    end: int | None = None
    id: str = ""
    occasion: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    """A relation between two marks, by their ids."""

    annotator: str
    layer: str
    source: str
    target: str
    where: str


@dataclass(frozen=True, slots=True)
class Annotating:
    """Somebody who worked on a document, also where nothing was marked."""

    annotator: str
    occasion: int = 1
    group: str = ""


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A text with what was said of it. `text` is None where the file names a document without its text."""

    external_id: str
    text: str | None
    where: str
    by: tuple[Annotating, ...]
    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()
    title: str = ""
    spaces_known: bool = True
    """False where the format doesn't say which white space stands between sentences."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """A file as it was read. `problems` say what can't be taken and where, `lost` what no reader takes, how often."""

    tool: str
    documents: tuple[AnnotatedDocument, ...]
    problems: tuple[str, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)
    free: tuple[str, ...] = ()
    """Layers in which people wrote what they liked."""
