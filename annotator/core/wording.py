"""What the wording of a single line says about its kind, without a look at the lines around it."""

import re
from collections.abc import Callable

from annotator.core.markers import SIGNS, LayoutWords, Line, fold, marker

_DIGIT = re.compile(r"\d")
_CREDIT_TAIL = re.compile(r"([\[(])([^\[\]()]{2,60})[\])]\.?$")
_DATE_PART = re.compile(
    r"\d{1,4}(?:st|nd|rd|th|h)?|\d{1,2}h\d{2}|\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:am|pm)?|\d{1,2}(?:am|pm)|\+\d{1,2}"
)
_WHOLE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:t[\d:.]+(?:z|\+[\d:]+)?)?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")
_LONG_NAME = 5
"""Words; where a script has no capitals, a byline is told from a sentence by its length."""

Verdict = tuple[str, str]
"""A kind and the reason for it."""


def _may_tell(line: Line, words: LayoutWords) -> bool:
    """Whether any rule of this module can have an answer: nearly all lines of a text are told apart here."""
    text = line.text
    if text[-1] in "])." and text.rstrip(".")[-1:] in ("]", ")"):
        return True
    if line.folded[0].lstrip("([—–-").rstrip(SIGNS + ".)]") in words.first_words or text[0] == "©":
        return True
    if not words.promos and ":" in text[:60]:
        return True
    if len(text) <= 90 and _DIGIT.search(text):
        return True
    return line.last_word in words.last_words


def by_wording(line: Line, words: LayoutWords) -> Verdict | None:
    """Type a line that says itself what it is; None for all others.

    >>> from annotator.core.sentences.languages import language
    >>> by_wording(Line("3 May 2021"), language("en").layout)
    ('date', 'only a date')
    """
    if len(line.text) > 600 or not _may_tell(line, words):
        return None
    for rule in _RULES:
        if verdict := rule(line, words):
            return verdict
    return None


def _promo(line: Line, words: LayoutWords) -> Verdict | None:
    found = marker(line, words.promos)
    if found and (found.signed or found.alone or (found.length > 1 and line.ended != ".")):
        return "promo", f"begins with “{found.said}”"
    return None if words.promos else _shouted_promo(line)


def _shouted_promo(line: Line) -> Verdict | None:
    """In a language without a list of promos, two words in capitals and a colon before a title are one."""
    lead, colon, title = line.text[:60].partition(":")
    shouted = lead.isupper() and len(lead.split()) > 1
    return (
        ("promo", f"begins with “{lead.strip()}” in capitals")
        if colon and shouted and title and not line.ended
        else None
    )


def _correction(line: Line, words: LayoutWords) -> Verdict | None:
    found = marker(line, words.corrections)
    return ("correction", f"begins with “{found.said}”") if found and (found.signed or found.length > 3) else None


def _boilerplate(line: Line, words: LayoutWords) -> Verdict | None:
    if len(line.text) > 200:
        return None
    if line.text.startswith("©"):
        return "boilerplate", "begins with ©"
    closing = " ".join(fold(line.stem[-60:]).rstrip(".").split())
    if found := next(
        (phrase for phrase in words.boilerplate if " " in phrase and closing.endswith(f" {phrase}")), None
    ):
        return "boilerplate", f"ends with “{found}”"
    opening = marker(line, words.boilerplate)
    dated = opening and any(word.strip(",.").isdigit() or word == "©" for word in line.folded[1:3])
    fits = opening and (opening.alone or opening.length > 1 or opening.signed or dated)
    return ("boilerplate", f"begins with “{opening.said}”") if opening and fits else None


def _caption(line: Line, words: LayoutWords) -> Verdict | None:
    found = marker(line, words.captions)
    if found and (found.signed or (found.length > 2 and line.shorter_than(300, 50))) and not found.alone:
        return "caption", f"begins with “{found.said}”"
    tail = _CREDIT_TAIL.search(line.text[-70:])
    if not tail or len(line.text) > 400 or tail.group() == line.text:
        return None
    credited = _is_credit(line, tail.group(1), tail.group(2), words)
    return ("caption", f"ends with the credit {tail.group()}") if credited else None


def _is_credit(line: Line, bracket: str, inside: str, words: LayoutWords) -> bool:
    parts = inside.replace("/", " / ").split()
    named = all(_name_like(part, words) or _caseless(part) or part in {"/", "via"} for part in parts)
    if bracket == "[":
        return named and not inside.isdigit()
    agency = any(fold(part).strip(",.") in words.credits for part in parts)
    before = Line(line.text[: -len(inside) - 2].rstrip() or " ")
    return named and ("/" in parts or (agency and not before.ended))


def _credit(line: Line, words: LayoutWords) -> Verdict | None:
    found = marker(line, words.credits)
    if not found or len(line.text) > 250:
        return None
    bare = fold(line.text.strip("()[]—–- ."))
    after = line.words[found.length : found.length + 1]
    named = found.text.endswith((" by", " from")) and after and after[0][0].isupper()
    if bare in words.credits or named or (found.signed and not found.alone):
        return "credit", f"begins with “{found.said}”"
    return None


def _date(line: Line, words: LayoutWords) -> Verdict | None:
    if not line.shorter_than(90, 14):
        return None
    parts = [part.rstrip(".") for part in re.split(r"[\s,،|()•·–—]+", fold(line.text)) if part.strip(":.-")]
    parts = [part.rstrip(":") for part in parts]
    whole = any(_WHOLE_DATE.fullmatch(part) for part in parts)
    month = any(part in words.months for part in parts) and any(part[:1].isdigit() for part in parts)
    known = all(
        part in words.months | words.date_words or _DATE_PART.fullmatch(part) or _WHOLE_DATE.fullmatch(part)
        for part in parts
    )
    return ("date", "only a date") if known and (whole or month) else None


_RULES: tuple[Callable[[Line, LayoutWords], Verdict | None], ...] = (
    *(_date, _promo, _correction, _caption, _credit, _boilerplate),
)


def signed_byline(line: Line, words: LayoutWords) -> Verdict | None:
    """Type "By Rosa Field and Tom Reed"; "By Friday, rebels had left" goes on in lower case."""
    found = marker(line, words.bylines)
    if not found or found.alone or line.ended or not line.shorter_than(150, 20):
        return None
    names = line.words[found.length :]
    if _caseless(names[0]):
        fits = len(names) <= _LONG_NAME and (found.signed or found.length > 1 or len(names) > 1)
        return ("byline", f"begins with “{found.said}” and a name") if fits else None
    fits = names[0][0].isupper() and all(_name_like(name, words) or name in SIGNS for name in names)
    return ("byline", f"begins with “{found.said}” and names") if fits else None


def _caseless(word: str) -> bool:
    """Whether the word is of a script without capitals."""
    return word[0].isalpha() and word[0].lower() == word[0].upper()


def is_name(line: Line, words: LayoutWords) -> bool:
    """Whether the line is nothing but a name of two to five capitalised words."""
    names = line.words
    return 2 <= len(names) <= 5 and not line.ended and all(_name_like(name, words) for name in names)


def has_role(line: Line, words: LayoutWords) -> bool:
    """Whether the line is a name, a comma and what the person does: "Rosa Field, harbour correspondent"."""
    name, comma, role = line.text[:150].partition(",")
    known = any(word in words.roles for word in fold(role).split())
    return bool(comma) and known and not line.ended and is_name(Line(name), words)


def _name_like(word: str, words: LayoutWords) -> bool:
    bare = word.strip(",;.|&'’")
    if not bare or (bare[0].isupper() and bare[0].isalpha()):
        return True
    folded = fold(bare)
    return folded in words.name_particles or folded in words.roles
