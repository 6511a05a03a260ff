"""The names that people give to projects and rounds, and to languages."""

import re

from annotator.core.errors import InvalidError
from annotator.core.text import TextError, clean_field

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", re.IGNORECASE | re.ASCII)


def is_language(code: str) -> bool:
    """Whether this may be a language code such as en, ar or pt-BR."""
    return bool(_LANGUAGE.fullmatch(code))


def one_line(given: str, *, most: int) -> str:
    """The name on one line. Raises InvalidError where no database could store it, or not the whole of it."""
    try:
        name = " ".join(clean_field(given).text.split())
    except TextError as error:
        raise InvalidError(f"This name can’t be taken: {error}.") from error
    if len(name) > most:
        raise InvalidError(f"This name is too long: it has {len(name):,} characters, and {most} are the most.")
    return name
