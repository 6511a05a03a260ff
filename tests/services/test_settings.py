"""What a lead says of a project as a whole, and what it does to the articles that come in."""

import pytest

from annotator.core.errors import InvalidError, NotAllowedError
from annotator.core.sentences import SplitOptions, options_from, prove, split, written
from projects.models import Article, AuditEntry, Membership, Project
from projects.services.settings import OFFERED, add_kind_rule, change_settings, remove_kind_rule, rules_of
from tests import make

pytestmark = pytest.mark.django_db
TEXT = "Ferry waits\nKpt. Reed spoke. “We wait. Nobody comes,” she said; it rained.\nTIDES: see page four\n"
PROMO = {"match": "begins", "words": "tides", "kind": "promo"}


def change(member: Membership, **other: object) -> bool:
    said = {"title": "A study", "description": "", "language": "en", "codable_kinds": OFFERED, "wishes": {}} | other
    return change_settings(member=member, **said)  # type: ignore[arg-type]


def kinds_of(article: Article) -> list[tuple[str, str, bool]]:
    version = article.text_versions.get()
    units = version.units.filter(index__gt=0)
    return [(version.text[unit.start : unit.end], unit.kind, unit.codable) for unit in units]


def test_articles_are_split_as_the_project_asks() -> None:
    lead = make.project()
    changed = change(lead, wishes={"never_split_after": [" Kpt "], "keep_quotations_whole": True})
    assert changed
    assert kinds_of(make.article(lead, TEXT))[1:3] == [
        ("Kpt. Reed spoke.", "sentence", True),
        ("“We wait. Nobody comes,” she said; it rained.", "sentence", True),
    ]


def test_a_text_version_says_enough_to_get_its_units_again() -> None:
    lead = make.project()
    change(lead, codable_kinds=["sentence"], wishes={"never_split_after": ["Kpt"], "soft_maximum_length": 30})
    add_kind_rule(member=lead, rule=PROMO)
    version = make.article(lead, TEXT).text_versions.get()
    assert version.options["codable_kinds"] == ["sentence"]
    again = split(version.text, "en", options=options_from(version.options))
    stored = version.units.filter(index__gt=0).values_list("start", "end", "kind")
    assert [(unit.start, unit.end, unit.kind) for unit in again] == list(stored)
    assert prove(version.text, again).covered == version.proof["covered"]


def test_a_project_that_asks_for_nothing_records_nothing() -> None:
    lead = make.project()
    assert not change(lead, title="Another title")
    assert make.article(lead).text_versions.get().options is None
    assert Project.objects.get().split_options is None


def test_the_projects_choice_of_kinds_holds_for_headlines_too() -> None:
    lead = make.project()
    change(lead, codable_kinds=["sentence", "promo"])
    offered = {kind: codable for _, kind, codable in kinds_of(make.article(lead, TEXT))}
    assert offered["headline"] is False
    assert offered["sentence"] is True


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"title": " "}, "Title: give the project one."),
        ({"title": "x\0"}, "Title: "),
        ({"language": "English"}, "Language: write a code"),
        ({"codable_kinds": ["nonsense"]}, "Offered for labelling: choose at least one"),
        ({"wishes": {"minimum_length": "abc"}}, "Minimum length: write a whole number from 0 to 500"),
        ({"wishes": {"minimum_length": 50, "soft_maximum_length": 50}}, "Longest length: it has to be more"),
        ({"wishes": {"never_split_after": ["x" * 61]}}, "Never split after, word 1"),
        ({"wishes": {"never_split_after": ["a"] * 201}}, "Never split after: these are 201 words"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_nothing_is_stored(said: dict[str, object], problem: str) -> None:
    lead = make.project("Harbours")
    with pytest.raises(InvalidError) as refused:
        change(lead, **said)
    assert [text for text in refused.value.problems if text.startswith(problem)]
    assert Project.objects.get().title == "Harbours"


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InvalidError) as refused:
        change(make.project(), title="", language="?", codable_kinds=[], wishes={"minimum_length": True})
    assert len(refused.value.problems) == 4


def test_a_change_is_written_down_with_what_was_before() -> None:
    lead = make.project("Harbours")
    change(lead, title="Ferries", wishes={"minimum_length": 5})
    entry = AuditEntry.objects.get(act="change settings")
    assert entry.detail["before"] == {"title": "Harbours", "split_options": None}
    assert entry.detail["after"] == {"title": "Ferries", "split_options": {"minimum_length": 5}}


def test_rules_for_kinds_stay_when_the_other_wishes_change() -> None:
    lead = make.project()
    add_kind_rule(member=lead, rule=PROMO)
    change(lead, wishes={"minimum_length": 5})
    change(lead, wishes={})
    assert rules_of(Project.objects.get()) == [PROMO]


def test_a_rule_gives_its_kind_and_is_taken_back() -> None:
    lead = make.project()
    add_kind_rule(member=lead, rule=PROMO)
    assert kinds_of(make.article(lead, TEXT))[-1] == ("TIDES: see page four", "promo", False)
    remove_kind_rule(member=lead, rule=PROMO)
    assert Project.objects.get().split_options is None


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [({"words": " \u0301"}, "Words"), ({"match": "like"}, "Where"), ({"kind": "article"}, "Kind")],
)
def test_a_rule_that_means_nothing_is_refused(wrong: dict[str, str], problem: str) -> None:
    with pytest.raises(InvalidError) as refused:
        add_kind_rule(member=make.project(), rule=PROMO | wrong)
    assert refused.value.problems[0].startswith(problem)


def test_a_rule_is_kept_once() -> None:
    lead = make.project()
    add_kind_rule(member=lead, rule=PROMO)
    with pytest.raises(InvalidError, match="already"):
        add_kind_rule(member=lead, rule=PROMO)


def test_only_a_lead_changes_settings() -> None:
    annotator = make.member(make.project().project)
    for act in (lambda: change(annotator), lambda: add_kind_rule(member=annotator, rule=PROMO)):
        with pytest.raises(NotAllowedError):
            act()


def test_options_come_back_as_they_were_written() -> None:
    options = options_from({"never_split_after": ["Kpt.", "St"], "minimum_length": 3, "kind_rules": [PROMO]})
    assert options_from(written(options)) == options
    assert written(SplitOptions()) == {}
