"""The YAML at the head of README.md, by which Hugging Face shows and loads the folder.

Every value is written as JSON, which YAML 1.2 contains.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from annotator.core.dataset_bundle import BundleFacts, BundleTable
from annotator.core.publishing import Publishing

# Its own names for licences; everything else is "other".
LICENCES: Mapping[str, str] = {
    "CC-BY-4.0": "cc-by-4.0",
    "CC-BY-SA-4.0": "cc-by-sa-4.0",
    "CC-BY-NC-4.0": "cc-by-nc-4.0",
    "CC0-1.0": "cc0-1.0",
    "ODbL-1.0": "odbl",
    "PDDL-1.0": "pddl",
}
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
NAMES = ("1K", "10K", "100K", "1M", "10M")
FIRST = "long"
"""The table that is loaded when none is named."""


def front_matter(facts: BundleFacts, tables: Sequence[BundleTable]) -> str:
    rows = next((table.rows for table in tables if table.name == FIRST), 0)
    found: dict[str, object] = {
        "pretty_name": facts.title,
        "language": _codes(facts.languages),
        **_licence(facts.publishing),
        "task_categories": ["text-classification", "token-classification"],
        "annotations_creators": ["expert-generated"],
        "tags": ["content analysis", "news", "stance", "attribution"],
        "size_categories": [size(rows)],
        "configs": [*_configs(tables)],
    }
    lines = (f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in found.items() if value)
    return f"---\n{''.join(lines)}---\n"


def size(rows: int) -> str:
    """
    >>> size(999), size(1_000), size(20_000_000)
    ('n<1K', '1K<n<10K', 'n>10M')
    """
    below = next((place for place, limit in enumerate(SIZES) if rows < limit), len(SIZES))
    if below == 0:
        return f"n<{NAMES[0]}"
    return f"n>{NAMES[-1]}" if below == len(SIZES) else f"{NAMES[below - 1]}<n<{NAMES[below]}"


def _codes(languages: Sequence[str]) -> list[str]:
    """Codes alone, without the region: what a file calls its language may be anything.

    >>> _codes(["ar", "en-GB", "en-US", "English"])
    ['ar', 'en']
    """
    codes = (language.partition("-")[0].lower() for language in languages)
    return list(dict.fromkeys(code for code in codes if code.isalpha() and len(code) in (2, 3)))


def _licence(publishing: Publishing) -> dict[str, object]:
    if publishing.licence in LICENCES:
        return {"license": LICENCES[publishing.licence]}
    return {"license": "other", "license_name": publishing.licence} if publishing.licence else {}


def _configs(tables: Sequence[BundleTable]) -> Iterator[dict[str, object]]:
    for table in tables:
        if table.parquet:
            files = [{"split": part, "path": file.path} for part, file in table.parquet.items()]
            yield {"config_name": table.name, "data_files": files} | ({"default": True} if table.name == FIRST else {})
