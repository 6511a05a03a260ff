"""datapackage.json: the CSV tables as a tabular data package (Frictionless Data, specification 1)."""

from collections.abc import Mapping, Sequence

from annotator.core.dataset_bundle import BundleFacts, BundleTable
from annotator.core.publishing import Publishing
from annotator.core.tables import Column

Json = dict[str, object]
TYPES: Mapping[str, str] = {"text": "string", "json": "string", "time": "datetime"}


def datapackage(facts: BundleFacts, tables: Sequence[BundleTable]) -> Json:
    found: Json = {
        "profile": "tabular-data-package",
        "name": facts.slug,
        "title": facts.title,
        "version": facts.publishing.version,
        "description": facts.description,
        "licenses": licences(facts.publishing),
        "contributors": [{"title": name, "role": "author"} for name in facts.publishing.creators],
        "resources": [_resource(table) for table in tables],
    }
    return {name: value for name, value in found.items() if value}


def licences(publishing: Publishing) -> list[Json]:
    known = publishing.known_licence
    if known is not None:
        return [{"name": known.key, "title": known.name, "path": known.url}]
    return [{"name": "other", "title": publishing.licence}] if publishing.licence else []


def _resource(table: BundleTable) -> Json:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": table.csv.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.csv.bytes,
        "hash": f"sha256:{table.csv.sha256}",
        "dialect": {"lineTerminator": "\n", "doubleQuote": True},
        "schema": {"fields": [_field(column) for column in table.columns], "missingValues": [""]},
    }


def _field(column: Column) -> Json:
    found: Json = {
        "name": column.name,
        "type": TYPES.get(column.type, column.type),
        "description": column.meaning,
    }
    if column.type == "boolean":
        found |= {"trueValues": ["yes"], "falseValues": ["no"]}
    if column.type == "time":
        found["format"] = "any"
    return found
