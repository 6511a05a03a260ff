"""UIMA CAS XMI, one file for each article and annotator, with the type system that says what stands in them.

https://uima.apache.org/d/uimaj-current/references.html#ugr.ref.xmi; folders and segmentation are those of INCEpTION.
Each question is a span layer of flat features, which INCEpTION can show and edit. Offsets are UTF-16 code units, which
cassis works out.
"""

from collections.abc import Iterator

from cassis import Cas, TypeSystem  # type: ignore[import-untyped]
from cassis.typesystem import Type  # type: ignore[import-untyped]

from annotator.core.codebook import Codebook, Variable
from annotator.core.documents import (
    AnnotatedArticle,
    Reading,
    RoundOfDocuments,
    feature_names,
    identifier,
    marks,
    tokens,
)
from annotator.formats.documents.common import Stems, codebook_file, readme_file, xml_text
from annotator.formats.zipped import File

SEGMENTATION = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type"
UNIT = "annotator.Unit"
ABOUT = """UIMA CAS XMI (XML 1.0)

annotation/ARTICLE/ANNOTATOR.xmi   one annotator's answers to one article
source/ARTICLE.txt                 the text alone, UTF-8
TypeSystem.xml                     the layers: one for each question, and annotator.Unit for the kinds of units
names.json                         ids and pseudonyms that can't be file names, by the names of their files

In INCEpTION: import TypeSystem.xml under Settings, Layers; then import files under Settings, Documents, as "UIMA CAS
XMI (XML 1.0)". In Python: cassis.load_cas_from_xmi(file, typesystem=cassis.load_typesystem(types)).

An answer is an annotation over the words it marks, else over its unit (feature "unit", 0 is the whole article). A set
gives one annotation for each value. __none: answered that none applies. __cannot_tell: answered that it can't be told.
Pieces of one attribution or span share the number "item". Numbers and texts are written as strings.
Kept: every answer. Changed: a control character in a free text is written as U+FFFD, for XML can't hold it.
Not here: annotators who answered nothing; times and history.
"""


def files(documents: RoundOfDocuments) -> Iterator[File]:
    types = type_system(documents.codebook)
    stems = Stems()
    for article in documents.articles():
        stem = stems.of(article.name)
        yield f"source/{stem}.txt", [article.text.encode()]
        for reading in article.readings:
            cas = _cas(types, article, reading)
            yield f"annotation/{stem}/{stems.of(reading.name)}.xmi", [cas.to_xmi().encode()]
    yield "TypeSystem.xml", [types.to_xml().encode()]
    yield stems.file()
    yield codebook_file(documents)
    yield readme_file(documents, ABOUT)


def layer_name(variable: Variable) -> str:
    """The type of a question's annotations: no two keys differ in case only, so that the first letter may be large."""
    name = identifier(variable.key)
    return f"annotator.{name[:1].upper()}{name[1:]}"


def type_system(book: Codebook) -> TypeSystem:
    types = TypeSystem()
    for segment in ("Sentence", "Token"):
        types.create_type(f"{SEGMENTATION}.{segment}")
    _add_layer(types, UNIT, "Kind and number of each unit", ["kind", "unit"])
    for variable in book.variables:
        _add_layer(types, layer_name(variable), xml_text(variable.label), feature_names(variable))
    return types


def _add_layer(types: TypeSystem, name: str, description: str, features: list[str]) -> None:
    layer = types.create_type(name, description=description)
    for feature in features:
        types.create_feature(layer, feature, "uima.cas.String")


def _cas(types: TypeSystem, article: AnnotatedArticle, reading: Reading) -> Cas:
    language = article.language or "x-unspecified"
    cas = Cas(types, sofa_string=article.text, sofa_mime="text/plain", document_language=xml_text(language))
    cas.get_document_annotation().end = len(article.text)
    names = f"{SEGMENTATION}.Sentence", f"{SEGMENTATION}.Token", UNIT
    sentence, token, kind = (types.get_type(name) for name in names)
    for unit in article.sentences:
        cas.add(sentence(begin=unit.start, end=unit.end))
        cas.add(kind(begin=unit.start, end=unit.end, kind=unit.kind, unit=str(unit.index)))
        for start, end in tokens(article.text, unit.start, unit.end):
            cas.add(token(begin=start, end=end))
    layers: dict[str, Type] = {}
    for mark in marks(reading.answers):
        layer = layers.setdefault(mark.variable.key, types.get_type(layer_name(mark.variable)))
        features = {name: xml_text(word) for name, word in mark.features.items()}
        cas.add(layer(begin=mark.start, end=mark.end, **features))
    return cas
