"""The registry of sources, edited in a document, and names that are missing in it."""

import copy
from time import monotonic

import pytest

from annotator.core.codebook import Json, changes, parse
from annotator.core.codebook.editing import EditError
from annotator.core.codebook.registry import Actor, distinct, shared_aliases, with_actors
from annotator.core.terms import Form, Terms
from annotator.core.unknown_sources import beside_cues, candidates
from tests.make import CODEBOOK

CUES = Terms([Form(cue, cue) for cue in ("said", "denied", "told", "according to", "قال")])


def sources(document):
    return {source["key"]: source for source in document["variables"][0]["sources"]}


def test_actors_are_edited_added_and_merged_in_one_act() -> None:
    before = copy.deepcopy(CODEBOOK)
    mayor = Actor("The mayor", ("the mayor", "Ms Ondo"), "town", "official", "mayor")
    army = Actor("Army", ("the army", "THE MAYOR"), key="army")
    changed = with_actors(CODEBOOK, "attribution", [mayor, army, Actor("Harbour office", ("port",))], {"army": "mayor"})

    now = sources(changed)
    assert now["mayor"] == {
        "key": "mayor",
        "label": "The mayor",
        "aliases": ["the mayor", "Ms Ondo", "the army"],
        "side": "town",
        "actor_type": "official",
    }
    assert (now["army"]["retired"], now["army"]["became"]) == (True, ["mayor"])
    assert now["harbour_office"]["aliases"] == ["port"]
    assert now["residents"] == sources(before)["residents"]
    assert before == CODEBOOK
    parse(changed)
    assert changes(before, changed)


def test_nothing_changed_is_the_same_document() -> None:
    actors = [Actor.of(source) for source in parse(CODEBOOK).variable("attribution").sources]
    assert with_actors(CODEBOOK, "attribution", actors) == CODEBOOK


@pytest.mark.parametrize(
    ("variable", "actors", "merges"),
    [
        ("stance", [], {}),
        ("attribution", [Actor("Nobody", key="nobody")], {}),
        ("attribution", [Actor(" ", key="mayor")], {}),
        ("attribution", [], {"mayor": "mayor"}),
        ("attribution", [], {"mayor": "nobody"}),
        ("attribution", [], {"mayor": "army", "army": "residents"}),
    ],
)
def test_what_makes_no_registry_is_refused(variable: str, actors: list[Actor], merges: dict[str, str]) -> None:
    with pytest.raises(EditError):
        with_actors(CODEBOOK, variable, actors, merges)


def test_aliases_that_are_found_in_the_same_places_are_one() -> None:
    assert distinct(["The  Mayor", "the mayor", "Café", "cafe", "…"]) == ["The Mayor", "Café"]


def test_an_alias_of_two_sources_is_told() -> None:
    actors = [Actor("Mayor", ("town hall",), key="mayor"), Actor("Army", ("Town Hall", "barracks"), key="army")]
    assert shared_aliases(parse(with_actors(CODEBOOK, "attribution", actors))) == {"town hall": ["Mayor", "Army"]}


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The interior ministry denied it.", ["interior ministry"]),
        ("Lantern Watch has repeatedly said so.", ["Lantern Watch"]),
        ("“Go,” said Colonel Idris Halm, who stayed.", ["Colonel Idris Halm"]),
        ("Two died, according to the Ministry of Defence in Ostrel.", ["Ministry of Defence"]),
        ("She said the army left.", []),
        ("But it said that nobody came.", []),
        ("The mayor said no.", []),
        ("قال المجلس إن الهدنة انتهت", ["المجلس"]),
    ],
)
def test_names_stand_beside_a_cue(sentence: str, names: list[str]) -> None:
    assert list(beside_cues(sentence, CUES, Terms([Form("the mayor", 1)]))) == names


def test_the_most_frequent_name_comes_first_with_two_different_examples() -> None:
    said = [
        (1, "The Port Office said so."),
        (5, "The Port Office said so."),
        (2, "Rosa Field said no."),
        (3, "The port office denied it."),
        (4, "The Port Office said more."),
    ]
    first, second = candidates(said, CUES, Terms([]))
    assert (first.phrase, first.count, [example.where for example in first.examples]) == ("Port Office", 4, [1, 3])
    assert second.phrase == "Rosa Field"


def test_the_time_grows_with_the_cues_of_a_sentence_and_no_faster() -> None:
    begun = monotonic()
    assert sum(1 for _ in beside_cues("Lantern said " * 5_000, CUES, Terms([]))) == 5_000
    assert monotonic() - begun < 4


def test_a_thousand_sources_are_edited_and_merged_without_copying_all_for_each() -> None:
    sources = [{"key": f"s{n}", "label": f"Source {n}"} for n in range(1_000)]
    document: dict[str, Json] = {"variables": [{"key": "a", "type": "attribution", "sources": sources}]}
    actors = [Actor(f"Source {n}", (f"name {n}",), key=f"s{n}") for n in range(1_000)]
    begun = monotonic()
    changed = with_actors(document, "a", actors, {f"s{n}": f"s{n + 500}" for n in range(500)})
    assert monotonic() - begun < 4
    assert changed["variables"][0]["sources"][500]["aliases"] == ["name 500", "name 0"]  # type: ignore[index]
