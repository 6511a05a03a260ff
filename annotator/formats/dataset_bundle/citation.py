"""CITATION.cff: how to cite the dataset, as GitHub and Zenodo read it (Citation File Format 1.2.0).

Written as YAML whose values are JSON, which YAML 1.2 contains.
"""

import json
from collections.abc import Iterator

from annotator.core.dataset_bundle import BundleFacts


def citation(facts: BundleFacts) -> str:
    return "".join(f"{line}\n" for line in _lines(facts))


def _lines(facts: BundleFacts) -> Iterator[str]:
    yield "cff-version: 1.2.0"
    yield f"message: {quoted(facts.publishing.citation or 'If you use this dataset, please cite it as below.')}"
    yield "type: dataset"
    yield f"title: {quoted(facts.title)}"
    if facts.publishing.version:
        yield f"version: {quoted(facts.publishing.version)}"
    yield "authors:"
    for name in facts.publishing.creators:
        family, comma, given = name.partition(",")
        if comma:
            yield f"  - family-names: {quoted(family.strip())}"
            yield f"    given-names: {quoted(given.strip())}"
        else:
            yield f"  - name: {quoted(name)}"
    if facts.publishing.known_licence:
        yield f"license: {facts.publishing.known_licence.key}"


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
