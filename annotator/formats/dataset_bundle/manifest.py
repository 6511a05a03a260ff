"""manifest.json: what the bundle was made from, and size, sha256 and rows of each of its files."""

from collections.abc import Sequence

from annotator.core.dataset_bundle import BundleFacts, BundleFile, BundleTable
from annotator.core.plain import plain

Json = dict[str, object]


def manifest(facts: BundleFacts, tables: Sequence[BundleTable], files: Sequence[BundleFile]) -> Json:
    """`files` are all of the bundle but this one."""
    rows = {table.csv.path: table.rows for table in tables}
    return {
        "software": facts.software,
        "project": facts.slug,
        "title": facts.title,
        "last_event": plain(facts.last) if facts.last else None,
        "rounds": [plain(one) for one in facts.rounds],
        "counts": dict(facts.counts),
        "publishing": plain(facts.publishing),
        "checked": [_checked(table) for table in tables],
        "files": [plain(file) | ({"rows": rows[file.path]} if file.path in rows else {}) for file in files],
    }


def _checked(table: BundleTable) -> Json:
    found: Json = {"table": table.name, "rows": table.rows}
    return found if table.expected is None else found | {"counted_apart": table.expected, "how": table.counted}
