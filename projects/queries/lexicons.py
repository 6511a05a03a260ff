"""The lexicons of a project. A number of one never changes, so each process reads each once."""

from functools import lru_cache

from annotator.core.codebook import Codebook
from annotator.core.lexicons import ARABIC_PREFIXES, Term, parse
from annotator.core.lexicons import Lexicon as Parsed
from annotator.core.terms import Form, Terms
from projects.models import Lexicon
from projects.queries.codebooks import codebook


@lru_cache(maxsize=64)
def lexicon(lexicon_id: int) -> Parsed:
    return parse(Lexicon.objects.get(pk=lexicon_id).document)


@lru_cache(maxsize=64)
def terms(lexicon_id: int) -> Terms[Term]:
    return lexicon(lexicon_id).compiled()


@lru_cache(maxsize=64)
def aliases(version_id: int) -> Terms[tuple[str, str]]:
    """The aliases of all sources in a published version of the codebook: variable and source of each."""
    return Terms(alias_forms(codebook(version_id)), prefixes=ARABIC_PREFIXES)


def alias_forms(book: Codebook) -> list[Form[tuple[str, str]]]:
    """An alias with a word in capitals is told from the same word without: the US is not us."""
    return [
        Form(alias, (variable.key, source.key), any(word.isupper() and len(word) > 1 for word in alias.split()))
        for variable in book.variables
        if variable.kind == "attribution" and not variable.retired
        for source in variable.sources
        if not source.retired
        for alias in source.aliases
    ]


def newest(project_id: int) -> list[Lexicon]:
    """The newest number of each lexicon of the project, in the order in which they came; documents are left out."""
    found: dict[str, Lexicon] = {}
    for row in Lexicon.objects.filter(project_id=project_id).defer("document").order_by("number"):
        found[row.key] = row
    return sorted(found.values(), key=lambda row: row.pk)


def in_use(project_id: int) -> list[tuple[Lexicon, Parsed]]:
    """Those whose terms are shown as hints."""
    read = [(row, lexicon(row.pk)) for row in newest(project_id)]
    return [(row, parsed) for row, parsed in read if parsed.in_use]
