"""The registry of sources: one save, one version; what the articles say of it."""

import pytest

from annotator.core.codebook.registry import Actor
from annotator.core.errors import ConflictError, InvalidError, NotAllowedError
from projects.models import AuditEntry, CodebookVersion
from projects.queries.registry import occurrences
from projects.services.codebook_drafts import start_draft
from projects.services.lexicons import take_ready_lexicon
from projects.services.sources import publish_sources
from tests import make
from tests.services.test_hints import hinted

pytestmark = pytest.mark.django_db
MAYOR = Actor("The mayor", ("the mayor", "her worship"), "town", "official", "mayor")


@pytest.fixture
def study() -> make.Study:
    return make.study(1)


def save(study: make.Study, *actors: Actor, base: int = 1, **merges: str) -> CodebookVersion:
    return publish_sources(member=study.lead, base=base, variable="attribution", actors=actors, merges=merges)


def test_one_save_publishes_one_version_and_leaves_the_round_on_its_own(study: make.Study) -> None:
    made = save(study, MAYOR, Actor("Harbour office"), army="mayor")
    assert (made.number, CodebookVersion.objects.count()) == (2, 2)
    assert AuditEntry.objects.get(act="edit sources").detail == {"number": 2, "merged": {"army": "mayor"}}
    study.round.refresh_from_db()
    assert study.round.codebook_version.number == 1


def test_a_save_without_a_change_publishes_nothing(study: make.Study) -> None:
    assert save(study).number == 1
    assert CodebookVersion.objects.count() == 1


def test_what_was_published_meanwhile_is_not_overwritten(study: make.Study) -> None:
    save(study, MAYOR)
    with pytest.raises(ConflictError, match="Version 2"):
        save(study, Actor("Mayor of the town", key="mayor"))


def test_a_draft_is_not_overtaken(study: make.Study) -> None:
    start_draft(member=study.lead)
    with pytest.raises(ConflictError, match="Draft 2"):
        save(study, MAYOR)


def test_a_registry_that_is_none_is_refused_with_its_problems(study: make.Study) -> None:
    with pytest.raises(InvalidError):
        save(study, Actor("Nobody", key="nobody"))
    with pytest.raises(InvalidError) as refused:
        save(study, Actor("Mayor", side="x" * 300, key="mayor"))
    assert refused.value.problems


def test_only_leads_change_the_registry(study: make.Study) -> None:
    with pytest.raises(NotAllowedError):
        publish_sources(member=study.members[0], base=1, variable="attribution", actors=[MAYOR], merges={})


def test_articles_are_counted_by_source_and_new_names_are_found() -> None:
    study = hinted()
    make.article(study.lead, "Ferry\n\nThe Port Office said residents had waited. The Port Office said more.\n")
    take_ready_lexicon(member=study.lead, name="reporting_cues")
    found = occurrences(study.project.pk, study.round.codebook_version_id)
    assert found.texts == 2
    assert found.articles == {("attribution", "mayor"): 1, ("attribution", "residents"): 2}
    (name,) = [candidate for candidate in found.unknown if candidate.count == 2]
    assert name.phrase == "Port Office"
    assert [example.where.number for example in name.examples] == [2, 3]


def test_without_a_lexicon_of_cues_no_name_is_looked_for(study: make.Study) -> None:
    found = occurrences(study.project.pk, study.round.codebook_version_id)
    assert (found.has_cues, list(found.unknown)) == (False, [])
