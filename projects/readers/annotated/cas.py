"""UIMA CAS XMI of INCEpTION and DKPro: a ZIP with the .xmi files and their TypeSystem.xml, packed once more or not.

Both are looked through for a document type declaration before the library reads them, as all attacks by entities need
one. The library turns the UTF-16 offsets of UIMA into code points.
"""

import io
from collections.abc import Iterator, Sequence
from functools import lru_cache

import cassis  # type: ignore[import-untyped]
from cassis.typesystem import FeatureStructure, Type  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from annotator.core.annotated import Annotated
from projects.readers import xml
from projects.readers.annotated.base import Building, Gathering, Piece
from projects.readers.annotated.places import owner, without_ending
from projects.readers.annotated.webanno_tsv import is_linguistic, joints_of
from projects.readers.base import ReadError

TOOL = "UIMA CAS"
_META = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_LEFT = (
    "annotator.Unit",
    "uima.",
    "de.tudarmstadt.ukp.dkpro.core.api.segmentation.",
    "de.tudarmstadt.ukp.dkpro.core.api.metadata.",
)
_RELATION = ("Governor", "Dependent")
_BROKEN = (etree.LxmlError, cassis.typesystem.TypeNotFoundError, ValueError, KeyError, TypeError, AttributeError)
_PLAIN = (str, bool, int, float)


def read(pieces: Sequence[Piece]) -> Annotated:
    gathering = Gathering(TOOL)
    systems = {piece.folder: piece for piece in pieces if piece.stem.lower() == "typesystem"}
    if not systems:
        raise ReadError("the archive has no TypeSystem.xml: export as UIMA CAS XMI with the type system")
    files = [piece for piece in pieces if piece.ending == "xmi"]
    for piece in files:
        system = systems.get(piece.folder) or next(iter(systems.values()))
        document, annotator = owner(piece, files)
        _read_one(gathering, _loaded(piece, system.data, system.path), piece, document, annotator)
    return gathering.finish()


def _read_one(gathering: Gathering, cas: cassis.Cas, piece: Piece, document: str, annotator: str) -> None:
    text = cas.sofa_string
    if not isinstance(text, str):
        gathering.problem(piece.path, "it has no text")
        return
    building = gathering.document(_title(cas) or document, text, piece.path)
    by = building.annotated_by(annotator)
    for number, found in enumerate(cas.select_all_fs(), start=1):
        where = f"{piece.path}, annotation {getattr(found, 'xmiID', None) or number}"
        _put(building, by, found, where)


def _put(building: Building, by: str, found: FeatureStructure, where: str) -> None:
    type: Type = found.type
    if type.name.startswith(_LEFT):
        return
    name = type.name.rpartition(".")[2]
    if is_linguistic(type.name):
        building.gathering.lost[f"marks of {name}"] += 1
        return
    features = list(_features(found))
    id = str(getattr(found, "xmiID", ""))
    ends = [getattr(found, feature, None) for feature in _RELATION]
    if all(end is not None for end in ends):
        source, target = (str(getattr(end, "xmiID", "")) for end in ends)
        building.link(by, name, source, target, where)
        return
    start, end = getattr(found, "begin", None), getattr(found, "end", None)
    for layer, value in features or [(name, name)]:
        if start is None:
            building.answer(by, layer, value, where)
        else:
            building.mark(by, layer, value, where, start=start, end=end, id=id)


def _features(found: FeatureStructure) -> Iterator[tuple[str, object]]:
    """The features that hold a plain value, or a list of such, with a name each."""
    name = found.type.name.rpartition(".")[2]
    joints = joints_of(found.type.name, {feature.name for feature in found.type.all_features})
    for feature in found.type.all_features:
        if feature.name in ("begin", "end", "sofa", "order") or feature.name in joints:
            continue
        value = getattr(found, feature.name, None)
        items = getattr(value, "elements", None)
        values = items if isinstance(items, list) else [value]
        yield from ((f"{name}.{feature.name}", item) for item in values if isinstance(item, _PLAIN))


def _title(cas: cassis.Cas) -> str:
    found = cas.select(_META) if cas.typesystem.contains_type(_META) else []
    title = next((getattr(one, "documentTitle", None) for one in found), None)
    return without_ending(title) if isinstance(title, str) else ""


def _loaded(piece: Piece, system: bytes, system_path: str) -> cassis.Cas:
    xml.check(piece.data, f"file {piece.path}")
    try:
        return cassis.load_cas_from_xmi(io.BytesIO(piece.data), typesystem=_system(system, system_path))
    except _BROKEN as error:
        raise ReadError(f"it can't be read as UIMA CAS with this type system: {error}"[:300], piece.path) from error


@lru_cache(maxsize=2)
def _system(data: bytes, path: str) -> cassis.TypeSystem:
    xml.check(data, f"file {path}")
    try:
        return cassis.load_typesystem(io.BytesIO(data))
    except _BROKEN as error:
        raise ReadError(f"it is no type system: {error}"[:300], path) from error
