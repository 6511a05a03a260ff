"""The text of an article, unit by unit."""

from dataclasses import dataclass

from projects.models import Article, TextVersion, Unit


@dataclass(frozen=True)
class UnitText:
    """A unit with its own piece of the text."""

    unit: Unit
    text: str


def newest_text(article: Article) -> TextVersion:
    return article.text_versions.order_by("-number")[0]


def unit_texts(version: TextVersion) -> list[UnitText]:
    """The sentences of a text version in order; the unit of the whole article is left out."""
    return [UnitText(unit, version.text[unit.start : unit.end]) for unit in version.units.filter(index__gt=0)]


def beginning_of_newest(project_id: int, characters: int = 1200) -> str:
    """Whole lines from the beginning of the article that came in last; empty where there is none."""
    found = TextVersion.objects.filter(article__project_id=project_id, article__deleted_at=None, pending=None)
    newest = found.order_by("-article_id", "-number").first()
    if newest is None or len(newest.text) <= characters:
        return newest.text if newest else ""
    return newest.text[:characters].rpartition("\n")[0] or newest.text[:characters]
