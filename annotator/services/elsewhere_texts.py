"""Where the documents of another tool's file belong: articles that the project has, or new ones cut into units."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.core.annotated import AnnotatedDocument, Plan, Spot
from annotator.core.text import sha256_text
from projects.models import Article, Membership, TextVersion, Unit
from projects.readers import Document, ReadError, contained
from projects.readers.base import Source, document
from projects.readers.language import with_languages
from projects.services.articles import SplitDocument, is_codable, split_document, taken_ids
from projects.services.bulk import in_batches
from projects.services.rounds import newest_texts

ITEM = "item"


@dataclass(frozen=True)
class Home:
    """The text that a document's labels are of, and its units: stored already as `version`, or new."""

    text: str
    spots: Sequence[Spot]
    version: TextVersion | None = None
    new: SplitDocument | None = None
    """Of a new article; a new item has none."""
    given: bool = True


@dataclass
class Homes:
    """By number of the document in the file; those with a problem have none."""

    found: dict[int, Home] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def new(self) -> int:
        return sum(home.version is None for home in self.found.values())


def homes(member: Membership, documents: Sequence[AnnotatedDocument], plan: Plan, file_sha256: str) -> Homes:
    """The home of each document: the article of its id, else one with just its text, else a new one."""
    made = Homes()
    by_id, by_text = _known(member, documents)
    new: dict[int, AnnotatedDocument] = {}
    for number, one in enumerate(documents):
        version = by_id.get(one.external_id) or by_text.get(sha256_text(one.text) if one.text else "")
        if version is None:
            new[number] = one
        elif one.text is not None and not _alike(one, version.text):
            made.problems.append(
                f"{one.where}: the project has another text for “{one.external_id}”. Give the document another id in"
                " the file."
            )
        else:
            made.found[number] = Home(version.text, (), version)
    _add_units(made)
    taken = set(taken_ids(member.project_id, {one.external_id for one in new.values()}))
    made.problems += [
        f"{one.where}: the id “{one.external_id}” is taken by an article in the trash, or by an import that still runs."
        for one in new.values()
        if one.external_id in taken
    ]
    _add_new(made, member, new, plan, file_sha256)
    return made


def _known(
    member: Membership, documents: Sequence[AnnotatedDocument]
) -> tuple[dict[str, TextVersion], dict[str, TextVersion]]:
    """The newest texts of the project's articles with these ids, and with these texts."""
    articles = Article.objects.filter(project_id=member.project_id, deleted_at=None)
    by_id: dict[str, TextVersion] = {}
    for some in in_batches(iter({one.external_id for one in documents})):
        by_id |= {v.article.external_id: v for v in _newest(list(articles.filter(external_id__in=some)))}
    by_text: dict[str, TextVersion] = {}
    hashes = {sha256_text(one.text) for one in documents if one.text and one.external_id not in by_id}
    for some in in_batches(iter(hashes)):
        alike = articles.filter(text_versions__sha256__in=some).distinct().order_by("-pk")
        by_text |= {v.sha256: v for v in _newest(list(alike))}
    return by_id, by_text


def _newest(articles: list[Article]) -> Iterator[TextVersion]:
    ids = [version.pk for version in newest_texts(articles)]
    return iter(TextVersion.objects.select_related("article").filter(pk__in=ids))


def _alike(one: AnnotatedDocument, stored: str) -> bool:
    """The same text; where a format doesn't know its white space, any of the same length."""
    if one.text == stored:
        return True
    return not one.spaces_known and one.text is not None and _spaced(one.text) == _spaced(stored)


def _spaced(text: str) -> str:
    return "".join(" " if character.isspace() else character for character in text).rstrip()


def _add_units(made: Homes) -> None:
    versions = {home.version.pk: home.version for home in made.found.values() if home.version}
    spots: dict[int, list[Spot]] = {pk: [] for pk in versions}
    for some in in_batches(iter(versions)):
        units = Unit.objects.filter(text_version__in=some).order_by("text_version", "index")
        for unit in units.only("text_version_id", "index", "start", "end", "kind", "codable"):
            spots[unit.text_version_id].append(Spot(unit.index, unit.start, unit.end, unit.kind, unit.codable))
    for number, home in made.found.items():
        if home.version:
            made.found[number] = Home(home.text, spots[home.version.pk], home.version)


def _add_new(
    made: Homes, member: Membership, new: Mapping[int, AnnotatedDocument], plan: Plan, file_sha256: str
) -> None:
    if plan.each == ITEM:
        for number, one in new.items():
            made.found[number] = _item(one)
        return
    texts: dict[int, Document] = {}
    for number, one in new.items():
        if one.text is None:
            made.problems.append(
                f"{one.where}: the file has no text for “{one.external_id}”, and the project has no article of this id."
                " Import the articles first."
            )
            continue
        record = {"external_id": one.external_id, "title": one.title, "text": one.text}
        try:
            texts[number] = document(Source("", file_sha256, "utf-8"), record, one.where)
        except ReadError as error:
            made.problems.append(f"{error}.")
    offered = member.project.codable_kinds or None
    named = with_languages(list(texts.values()), contained.likely_languages)
    for number, text in zip(texts, named, strict=True):
        split = split_document(text, member.project)
        made.found[number] = Home(text.text, _spots(split, offered), new=split)


def _item(one: AnnotatedDocument) -> Home:
    """One unit: the text without white space at its ends; an item without a text shows its id."""
    text = one.text or f"[{one.external_id}]"
    start = len(text) - len(text.lstrip())
    spots = (
        Spot(0, 0, len(text), "article", codable=True),
        Spot(1, start, len(text.rstrip()), "sentence", codable=True),
    )
    return Home(text, spots, given=one.text is not None)


def _spots(split: SplitDocument, offered: Collection[str] | None) -> list[Spot]:
    units = (
        Spot(index, unit.start, unit.end, unit.kind, is_codable(unit.kind, offered))
        for index, unit in enumerate(split.units, start=1)
    )
    return [Spot(0, 0, len(split.document.text), "article", codable=True), *units]
