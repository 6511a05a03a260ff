"""Hints: which are found, what is logged of them, and who may do so."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest

from annotator.core.codebook import Json
from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.models import HintEvent
from annotator.queries.coding import coding_units
from annotator.queries.hints import Hint, Hints, hints
from annotator.services.hints import HintAct, hint_log, log_hints
from projects.models import Lexicon, Round
from projects.queries.codebooks import codebook
from projects.services.lexicons import aim_lexicon, import_lexicon, set_in_use, take_ready_lexicon
from tests import make

pytestmark = pytest.mark.django_db
WORDS: dict[str, Json] = {
    "format": "lexicon",
    "key": "words",
    "title": "Words",
    "kind": "framing",
    "terms": [{"forms": ["regime"], "value": "naming_state"}, {"forms": ["dearly"], "value": "elsewhere"}],
}
CUES: dict[str, Json] = {
    "format": "lexicon",
    "key": "cues",
    "title": "Cues",
    "kind": "cue",
    "terms": [{"forms": ["blamed"], "stance": "accusing", "manner": "indirect"}, {"forms": ["said"], "stance": "open"}],
}


def hinted(annotators: int = 1) -> make.Study:
    """A study with hints on, its mayor and residents known by alias."""
    book = json.loads(json.dumps(make.CODEBOOK))
    for source, alias in zip(book["variables"][0]["sources"], ("the mayor", "residents"), strict=False):
        source["aliases"] = [alias]
    study = make.study(annotators, document=book)
    Round.objects.filter(pk=study.round.pk).update(hints=True)
    for document in (WORDS, CUES):
        import_lexicon(member=study.lead, data=json.dumps(document).encode())
    return study


@pytest.fixture
def study() -> make.Study:
    return hinted(2)


def found(study: make.Study, member: int = 0) -> Hints:
    assignment = study.assignment(member)
    book = codebook(study.round.codebook_version_id)
    return hints(assignment, book, coding_units(assignment, book))


def by_sentence(study: make.Study) -> list[list[Hint]]:
    of = found(study).of
    return [list(of.get(unit.pk, ())) for unit in study.units()]


def act(study: make.Study, **other: object) -> HintAct:
    """The dismissal of "regime" in the second unit."""
    unit = study.units()[1]
    start = unit.start + len("The mayor blamed the ")
    made = HintAct(uuid4(), unit.pk, "words", 1, "naming_state", start, start + len("regime"), "dismissed", None)
    return replace(made, **other)


def test_each_sentence_gets_its_aliases_cues_and_framing_words(study: make.Study) -> None:
    headline, blamed, _, residents, _ = by_sentence(study)
    assert headline == []
    assert blamed == [
        Hint(0, 9, "alias", "mayor", 0),
        Hint(10, 16, "cue", "accusing", 2, "indirect"),
        Hint(21, 27, "framing", "naming_state", 1),
    ]
    # A cue without a known stance is a cue; a framing word without a known value is none.
    assert residents == [Hint(0, 9, "alias", "residents", 0), Hint(10, 14, "cue", "", 2)]
    assert [origin.variable for origin in found(study).lexicons] == ["attribution", "framing", "attribution"]


def test_a_round_without_hints_gets_none(study: make.Study) -> None:
    Round.objects.update(hints=False)
    assert found(study) == Hints()


def test_a_lexicon_out_of_use_gives_no_hints_and_comes_back(study: make.Study) -> None:
    off = set_in_use(member=study.lead, key="words", in_use=False)
    assert (off.number, set_in_use(member=study.lead, key="words", in_use=False).number) == (2, 2)
    assert all(hint.kind != "framing" for hint in by_sentence(study)[1])
    set_in_use(member=study.lead, key="words", in_use=True)
    assert [hint.kind for hint in by_sentence(study)[1]] == ["alias", "cue", "framing"]
    assert Lexicon.objects.get(key="words", number=1).document == WORDS


def test_a_group_proposes_the_value_that_the_lead_chooses(study: make.Study) -> None:
    aim_lexicon(
        member=study.lead, key="words", variable="framing", maps={"elsewhere": "praise", "naming_state": "", "x": "y"}
    )
    assert [hint.value for hint in by_sentence(study)[3] if hint.kind == "framing"] == ["praise"]
    assert all(hint.kind != "framing" for hint in by_sentence(study)[1])


def test_the_ready_lexicons_are_taken_once(study: make.Study) -> None:
    for name in ("contrast_sets", "reporting_cues", "reporting_cues"):
        assert take_ready_lexicon(member=study.lead, name=name).number == 1
    with pytest.raises(InvalidError):
        take_ready_lexicon(member=study.lead, name="../settings")


@pytest.mark.parametrize(
    "wrong",
    [
        {"terms": []},
        {"key": "sources"},
        {"key": "a b"},
        {"terms": [{"forms": ["x"]}]},
        {"kind": "tone"},
        {"format": "contrast-sets", "sets": [{"key": "a", "label": "A", "terms": [{"term": "x", "pattern": "(a+)+"}]}]},
    ],
)
def test_a_faulty_lexicon_is_refused_with_its_problems(study: make.Study, wrong: dict[str, Json]) -> None:
    with pytest.raises(InvalidError) as refused:
        import_lexicon(member=study.lead, data=json.dumps(WORDS | wrong).encode())
    assert refused.value.problems


def test_only_leads_change_lexicons(study: make.Study) -> None:
    for change in (
        lambda who: take_ready_lexicon(member=who, name="contrast_sets"),
        lambda who: set_in_use(member=who, key="words", in_use=False),
        lambda who: aim_lexicon(member=who, key="words", variable="framing", maps={}),
    ):
        with pytest.raises(NotAllowedError):
            change(study.members[0])


def test_what_was_dismissed_is_not_shown_to_its_annotator_again(study: make.Study) -> None:
    log_hints(assignment=study.assignment(), acts=[act(study), act(study, act="shown")])
    assert [hint.kind for hint in by_sentence(study)[1]] == ["alias", "cue"]
    others = found(study, 1).of[study.units()[1].pk]
    assert [hint.kind for hint in others] == ["alias", "cue", "framing"]


def test_an_act_that_comes_twice_is_stored_once(study: make.Study) -> None:
    one = act(study)
    for _ in range(2):
        log_hints(assignment=study.assignment(), acts=[one, one])
    assert HintEvent.objects.count() == 1


WRONG: list[dict[str, object]] = [{"act": "liked"}, {"start": 0}, {"end": 3000}, {"lexicon": ""}, {"value": "x" * 101}]


@pytest.mark.parametrize("wrong", WRONG)
def test_an_act_that_makes_no_sense_is_refused_with_all_beside_it(study: make.Study, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidError):
        log_hints(assignment=study.assignment(), acts=[act(study), act(study, **wrong)])
    assert not HintEvent.objects.exists()


def test_an_act_on_another_article_is_refused(study: make.Study) -> None:
    elsewhere = make.study(1)
    with pytest.raises(NotFoundError):
        log_hints(assignment=study.assignment(), acts=[act(study, unit=elsewhere.units()[1].pk)])


def test_a_round_without_hints_logs_none(study: make.Study) -> None:
    Round.objects.update(hints=False)
    with pytest.raises(NotAllowedError):
        log_hints(assignment=study.assignment(), acts=[act(study)])


def test_the_log_names_annotators_by_pseudonym_and_quotes_the_words(study: make.Study) -> None:
    log_hints(assignment=study.assignment(1), acts=[act(study)])
    header, row = list(hint_log(member=study.lead))
    cells = dict(zip(header.strip().split(","), row.split(","), strict=True))
    assert cells["annotator"] == study.members[1].pseudonym
    assert (cells["act"], cells["words"], cells["lexicon"], cells["number"]) == ("dismissed", "regime", "words", "1")
    with pytest.raises(NotAllowedError):
        hint_log(member=study.members[0])


def test_the_log_of_a_blind_round_is_kept_from_those_who_annotate_in_it() -> None:
    study = hinted(1)
    log_hints(assignment=study.assignment(), acts=[act(study)])
    study.members[0].role = "lead"
    study.members[0].save()
    assert len(list(hint_log(member=study.members[0]))) == 1
