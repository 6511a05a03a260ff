"""The text of an article, unit by unit."""

from dataclasses import dataclass

from projects.models import Article, Project, TextVersion, Unit


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


def newest_article(project: Project) -> Article | None:
    """The one that came in last."""
    return Article.objects.filter(project=project, deleted_at=None).order_by("-pk").first()


def beginning(article: Article, characters: int = 1200) -> str:
    """Whole lines from the beginning of an article."""
    text = newest_text(article).text
    if len(text) <= characters:
        return text
    return text[:characters].rpartition("\n")[0] or text[:characters]
