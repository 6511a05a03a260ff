"""What a project asks of the splitter, as JSON: read with every problem named, written without the defaults."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields

from annotator.core.errors import InvalidError
from annotator.core.sentences.kind_rules import MATCHES, KindRule, pattern_key
from annotator.core.sentences.units import KINDS
from annotator.core.sentences.wishes import NO_OPTIONS, SplitOptions
from annotator.core.text import TextError, clean_field

MOST_WORDS, LONGEST_WORD = 200, 60
MOST_RULES, LONGEST_PATTERN = 100, 200
LONGEST_MINIMUM, LONGEST_MAXIMUM = 500, 10_000


def options_from(document: Mapping[str, object] | None) -> SplitOptions:
    """Read stored or typed options; raises `InvalidError` with all that is wrong, each with its place.

    >>> options_from({"never_split_after": ["Kpt."], "minimum_length": 12}).minimum_length
    12
    """
    given = document or {}
    problems: list[str] = []
    options = SplitOptions(
        never_split_after=tuple(_words(_listed(given.get("never_split_after")), problems)),
        keep_quotations_whole=given.get("keep_quotations_whole") is True,
        minimum_length=_length(given.get("minimum_length", 0), "Minimum length", LONGEST_MINIMUM, problems),
        soft_maximum_length=_length(given.get("soft_maximum_length", 0), "Longest length", LONGEST_MAXIMUM, problems),
        kind_rules=tuple(_rules(_listed(given.get("kind_rules")), problems)),
    )
    if 0 < options.soft_maximum_length <= options.minimum_length:
        problems.append("Longest length: it has to be more than the minimum length. Raise it, or write 0 for none.")
    if problems:
        raise InvalidError("These wishes can’t be met.", tuple(problems))
    return options


def written(options: SplitOptions) -> dict[str, object]:
    """Return options as JSON; `{}` where nothing is asked for.

    >>> written(SplitOptions(never_split_after=("Kpt.",)))
    {'never_split_after': ['Kpt.']}
    """
    found = {name: getattr(options, name) for name in _NAMES if getattr(options, name) != getattr(NO_OPTIONS, name)}
    if "never_split_after" in found:
        found["never_split_after"] = list(options.never_split_after)
    if "kind_rules" in found:
        found["kind_rules"] = [asdict(rule) for rule in options.kind_rules]
    return found


_NAMES = tuple(field.name for field in fields(SplitOptions))


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _words(values: Sequence[object], problems: list[str]) -> Iterator[str]:
    where = "Never split after"
    if len(values) > MOST_WORDS:
        problems.append(f"{where}: these are {len(values):,} words, and {MOST_WORDS} are the most. Take some out.")
        return
    words = [_text(value, f"{where}, word {number}", LONGEST_WORD, problems) for number, value in enumerate(values, 1)]
    yield from dict.fromkeys(word for word in words if word)


def _rules(values: Sequence[object], problems: list[str]) -> Iterator[KindRule]:
    if len(values) > MOST_RULES:
        problems.append(f"Rules for kinds: {MOST_RULES} are the most. Take one back that is no longer needed.")
        return
    for value in values:
        given = value if isinstance(value, Mapping) else {}
        rule = KindRule(*(str(given.get(name, "")) for name in ("match", "words", "kind")))
        words = _text(rule.words, "Words", LONGEST_PATTERN, problems)
        if not pattern_key(words):
            problems.append("Words: write at least one letter or sign that the units have.")
        if rule.match not in MATCHES:
            problems.append(f"Where: choose one of {', '.join(MATCHES)}.")
        if rule.kind not in KINDS:
            problems.append(f"Kind: choose one of {', '.join(KINDS)}.")
        yield KindRule(rule.match, words, rule.kind)


def _text(value: object, where: str, longest: int, problems: list[str]) -> str:
    try:
        text = " ".join(clean_field(str(value)).text.split())
    except TextError as error:
        problems.append(f"{where}: {error}. Type it anew.")
        return ""
    if len(text) > longest:
        problems.append(
            f"{where}: “{text[:20]}…” has {len(text):,} characters, and {longest} are the most. Shorten it."
        )
    return text


def _length(value: object, where: str, longest: int, problems: list[str]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= longest:
        return value
    problems.append(f"{where}: write a whole number from 0 to {longest:,}; 0 asks for none.")
    return 0
