"""The word lists of a language. They are data, one TOML file a language, read once and kept."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from annotator.core.markers import LayoutWords, fold

_FOLDER = Path(__file__).parent
_SHORT = ("titles", "never_end", "number_signs", "may_end", "measures", "before_numbers", "clock")


@dataclass(frozen=True, slots=True)
class Language:
    """What the splitter knows about a language. Abbreviations are written without their last full stop."""

    code: str
    titles: frozenset[str] = frozenset()
    """Stand before a name: their full stop never ends a sentence."""
    never_end: frozenset[str] = frozenset()
    """Always go on: e.g., i.e."""
    number_signs: frozenset[str] = frozenset()
    """Go on before a figure only: No. 5."""
    number_endings: frozenset[str] = frozenset()
    """Ends of compounds that go on before a figure: Hafenstr. 12."""
    measures: frozenset[str] = frozenset()
    """End a sentence before a capital where they follow a figure: in 1998 г. The bridge."""
    may_end: frozenset[str] = frozenset()
    """End a sentence where an opener follows: flew to the U.S. It rained."""
    ordinals: frozenset[str] = frozenset()
    """How ordinals are written that end in a full stop: "figures" (3.), "roman" (II.)."""
    before_numbers: frozenset[str] = frozenset()
    """Months and days: go on before a figure, else end."""
    clock: frozenset[str] = frozenset()
    after_clock: frozenset[str] = frozenset()
    """Go on after a time of day: 9 a.m. Friday."""
    openers: frozenset[str] = frozenset()
    """Words that, with a capital, open a sentence rather than go on with a name."""
    reporting_verbs: frozenset[str] = frozenset()
    marks_in_names: frozenset[str] = frozenset()
    closing_quotes: str = ""
    short: frozenset[str] = frozenset()
    """All of the abbreviations above; not written in the files."""
    layout: LayoutWords = field(default_factory=LayoutWords)


@cache
def language(code: str) -> Language:
    """Return the words of the language with this code ("en", "en-GB"), else those that hold in any language.

    >>> "Gov" in language("en-GB").titles, "Gov" in language("tlh").titles
    (True, False)
    """
    general = _read("general")
    primary = code.replace("_", "-").partition("-")[0].lower()
    own = _read(primary) if primary in known_languages() else {}
    words = {key: general.get(key, frozenset()) | own.get(key, frozenset()) for key in {*general, *own}}
    layout = {key.removeprefix("layout."): words.pop(key) for key in list(words) if key.startswith("layout.")}
    quotes = "".join(sorted(words.pop("closing_quotes")))
    short = frozenset().union(*(words.get(key, frozenset()) for key in _SHORT))
    return Language(
        code=primary if own else "general",
        closing_quotes=quotes,
        short=short,
        layout=LayoutWords(**{key: frozenset(map(fold, layout[key])) for key in layout}),
        **words,
    )


@cache
def known_languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a file of their own."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml") if path.stem != "general"))


def _read(name: str) -> dict[str, frozenset[str]]:
    document = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    layout = document.pop("layout", {})
    flat = {**document, **{f"layout.{key}": words for key, words in layout.items()}}
    return {key: frozenset(words) for key, words in flat.items()}
