"""Names that every tool and every file system takes, made from keys and external ids; the same name each time."""

import hashlib
import re

_NOT_ASCII_WORD = re.compile(r"[^A-Za-z0-9_]+")
_NOT_IN_FILE_NAMES = re.compile(r"[^\w.@-]+|^[.-]+|[.]+$")
_LONGEST = 100


def identifier(key: str) -> str:
    """A name of ASCII letters, digits and underscores; a digest after two of them, which no key has, keeps keys apart.

    >>> identifier("stance"), identifier("who's there")
    ('stance', 'who_s_there__9388e9')
    """
    clean = _NOT_ASCII_WORD.sub("_", key)
    clean = clean if clean[:1].isalpha() else f"v_{clean}"
    return clean if clean == key else f"{clean}__{_digest(key)}"


def file_stem(name: str) -> str:
    """A file name without an ending; what can't stand in one is replaced, and a digest keeps two names apart.

    >>> file_stem("bridge-3"), file_stem("a/b c")
    ('bridge-3', 'a_b_c~0af99a')
    """
    clean = _NOT_IN_FILE_NAMES.sub("_", name)
    short = clean.encode()[:_LONGEST].decode(errors="ignore")
    return short if short == name and short else f"{short or '_'}~{_digest(name)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]
