"""croissant.json: the CSV tables as a Croissant 1.0 dataset (MLCommons), which machine learning tools load by name."""

from collections.abc import Mapping, Sequence

from annotator.core.dataset_bundle import BundleFacts, BundleTable
from annotator.core.tables import Column

Json = dict[str, object]
TYPES: Mapping[str, str] = {
    "text": "sc:Text",
    "json": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    # A truth value is yes or no in the CSV, which a reader of Croissant takes for text.
    "boolean": "sc:Text",
    "time": "sc:DateTime",
}
# As the specification gives it, section "Namespaces".
CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(facts: BundleFacts, tables: Sequence[BundleTable]) -> Json:
    known = facts.publishing.known_licence
    found: Json = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": facts.slug,
        "version": facts.publishing.version,
        "alternateName": facts.title,
        "description": facts.description or facts.title,
        "license": known.url if known else facts.publishing.licence,
        "creator": [_creator(name) for name in facts.publishing.creators],
        "citeAs": facts.citation,
        "inLanguage": [*facts.languages],
        "dateModified": facts.last.at if facts.last else "",
        "distribution": [_file(table) for table in tables],
        "recordSet": [_records(table) for table in tables],
    }
    return {name: value for name, value in found.items() if value}


def _creator(name: str) -> Json:
    return {"@type": "sc:Person" if "," in name else "sc:Organization", "name": name}


def _file(table: BundleTable) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": table.csv.path,
        "name": table.csv.path,
        "contentUrl": table.csv.path,
        "contentSize": f"{table.csv.bytes} B",
        "encodingFormat": "text/csv",
        "sha256": table.csv.sha256,
    }


def _records(table: BundleTable) -> Json:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.title,
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: BundleTable, column: Column) -> Json:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": f"{table.name}/{column.name}",
        "description": column.meaning,
        "dataType": TYPES[column.type],
        "source": {"fileObject": {"@id": table.csv.path}, "extract": {"column": column.name}},
    }
