"""README.md: the data card that people read, below the YAML that Hugging Face reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from annotator.core.dataset_bundle import BundleFacts, BundleRound, BundleTable, SplitFacts
from annotator.core.splits import LEAST_WORDS
from annotator.formats.dataset_bundle.front_matter import front_matter
from annotator.formats.methods import NAMES
from annotator.formats.reports import short

Lines = Iterator[str]


def card(facts: BundleFacts, tables: Sequence[BundleTable]) -> str:
    parts = (
        _head(facts),
        _files(facts, tables),
        _rounds(facts),
        _agreement(facts),
        _split(facts),
        _limits(facts),
        _licence(facts),
        _reading(facts),
    )
    return front_matter(facts, tables) + "\n".join("".join(f"{line}\n" for line in part) for part in parts)


def _head(facts: BundleFacts) -> Lines:
    version = facts.publishing.version
    yield f"# {_text(facts.title)}{f', version {_text(version)}' if version else ''}"
    yield ""
    if facts.description:
        yield facts.description
        yield ""
    yield ", ".join(f"{number:,} {what}" for what, number in facts.counts.items()) + "."
    if facts.last:
        yield ""
        yield f"As of {facts.last.at}; the last event is `{facts.last.event}`. Made with {facts.software}."


def _files(facts: BundleFacts, tables: Sequence[BundleTable]) -> Lines:
    yield "## Files"
    yield ""
    yield from _table(
        ("file", "rows", "what"),
        ((f"`{table.csv.path}`", f"{table.rows:,}", table.title) for table in tables),
    )
    yield ""
    numbers = ", ".join(map(str, facts.codebooks))
    yield f"- `data/`, `parquet/`: the same rows as Parquet, for {_join(t.name for t in tables if t.parquet)}."
    yield f"- `codebook/`: the questions and rules that annotators worked by, version {numbers}: JSON, and a page."
    yield "- `agreement/`: for each round the report, a paragraph for a paper, the ratings, and scripts in R and Python"
    yield "  that compute the figures again."
    yield "- `manifest.json`: sha256, size and rows of every file."
    yield "- `datapackage.json`, `croissant.json`: what each column holds, for programs."
    yield ""
    yield "Offsets are Unicode code points in the article's text, the end exclusive."
    if not facts.publishing.texts:
        yield "The texts of the articles are not included. Who has them checks each by its `sha256` in `articles.csv`,"
        yield "and cuts sentences and spans out by `start` and `end`."


def _rounds(facts: BundleFacts) -> Lines:
    yield "## Who labelled what, and how"
    yield ""
    yield from _table(
        ("round", "purpose", "annotators", "articles", "labels", "codebook", "blind", "state"),
        (
            (
                _text(one.name),
                one.purpose,
                _join(map(_text, one.annotators)),
                f"{one.articles:,}",
                f"{one.labels:,}",
                str(one.codebook),
                "yes" if one.blind else "no",
                "open" if one.is_open else "closed",
            )
            for one in facts.rounds
        ),
    )
    yield ""
    yield "Annotators are known by pseudonyms."
    for one in facts.rounds:
        yield from (f"- **{_text(one.name)}**: {told}" for told in _told(one))


def _told(one: BundleRound) -> Lines:
    if one.drawn:
        yield one.drawn
    if one.hidden:
        who = "some annotators, by random arms," if one.arms else "annotators"
        yield f"{who} were not shown: {_join(one.hidden)}."
    if one.hints:
        yield "terms of a lexicon were underlined as hints."
    if one.feedback:
        yield "a training round: the right answer was shown after each answer."


def _agreement(facts: BundleFacts) -> Lines:
    yield "## Agreement"
    yield ""
    if not facts.reports:
        yield "No round has answers of two annotators to the same sentence."
    for one in facts.rounds:
        report: Mapping[str, Any] | None = facts.reports.get(one.folder)
        if report is not None:
            yield f"**{_text(one.name)}** (`{one.folder}/`)"
            yield ""
            yield from _table(("question", "measure", "value", "95 % interval", "units", "verdict"), _figures(report))
            yield ""
            yield from _early(report)


def _figures(report: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for variable in report["variables"]:
        found = variable["measures"][variable["headline"]]
        value = "not defined" if found["value"] is None else short(found["value"])
        ends = "" if found["low"] is None else f"{short(found['low'])} to {short(found['high'])}"
        name = NAMES.get(variable["headline"], variable["headline"])
        yield _text(variable["label"]), name, value, ends, f"{variable['pairable_units']:,}", variable["verdict"]


def _early(report: Mapping[str, Any]) -> Lines:
    """Who saw others' answers before he had given the last of his own."""
    for seen in report.get("served_early") or ():
        who, what = _text(seen["annotator"]), seen["what"]
        yield f"- Exception: {who} was served others' answers ({what}), from {seen['since']} on."


def _split(facts: BundleFacts) -> Lines:
    yield "## Split"
    yield ""
    split = facts.split
    if split is None:
        yield "The articles are not parted into train, validation and test."
        return
    parts = _join(f"{split.articles.get(name, 0):,} {name}" for name in split.shares.parts)
    asked = _join(f"{share} %" for share in split.shares.parts.values())
    by = ", stratified by outlet" if split.shares.by_outlet else ""
    yield f"By article: {parts} (asked for: {asked}; seed {split.shares.seed}{by}). Every table has the column `split`."
    yield f"Articles that share text stay together: copies, and those with a sentence of {LEAST_WORDS} words or more in"
    yield f"common. There are {split.groups:,} such groups; the largest has {split.largest:,} of the articles."
    if split.repeated:
        yield f"{split.repeated:,} short or common sentences stand in several parts: `data/repeats.csv` names them."


def _limits(facts: BundleFacts) -> Lines:
    yield "## Known limits"
    yield ""
    if facts.publishing.limits:
        yield facts.publishing.limits
        yield ""
    for one in facts.rounds:
        if one.is_open:
            yield f"- The round {_text(one.name)} is open: its labels may still change."
        if len(one.annotators) == 1:
            yield f"- One annotator labelled the round {_text(one.name)}: its agreement can't be known."
        if not one.blind:
            yield f"- The round {_text(one.name)} was not blind."
    if facts.split:
        yield from _limits_of(facts.split)
    yield "- The consensus is computed, nobody decided it; decisions are an adjudicator's."


def _limits_of(split: SplitFacts) -> Lines:
    if not split.copies_looked:
        yield "- Nobody looked for near copies among the articles before the split."
    for part, share in split.shares.parts.items():
        if share and not split.articles.get(part):
            yield f"- The part {part} is empty: there are too few articles."


def _licence(facts: BundleFacts) -> Lines:
    publishing = facts.publishing
    yield "## Licence and citation"
    yield ""
    known = publishing.known_licence
    if known:
        yield f"[{known.name}]({known.url})."
    else:
        yield f"{publishing.licence or 'No licence is given: all rights are reserved.'}"
    yield "The articles belong to their publishers; the licence is that of the annotations."
    if facts.citation:
        yield ""
        yield f"Cite it as: {facts.citation}"


def _reading(facts: BundleFacts) -> Lines:
    yield "## Reading it"
    yield ""
    yield "```python"
    yield 'pandas.read_csv("data/long.csv", dtype=str, keep_default_na=False)'
    yield 'datasets.load_dataset("path/to/this/folder")  # or load_dataset(path, "spans") for another table'
    yield "```"
    yield ""
    yield "```r"
    yield 'read.csv("data/long.csv", colClasses = "character", na.strings = character())'
    yield "```"


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> Lines:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _text(text: str) -> str:
    """On one line, and nothing that ends the cell of a table."""
    return " ".join(text.replace("|", "\\|").split())


def _join(words: Iterable[str], sign: str = ", ") -> str:
    return sign.join(words)
