"""The bench: what it shows, what it keeps from view, and where a decision leads."""

import json
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from annotator.models import Decision
from annotator.queries.unit_answers import answers_on
from annotator.services.notes import leave_remark, remark_of
from projects.models import Membership, Role, Round, User
from projects.services.rounds import set_closed
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> make.Study:
    """Two annotators with names that nobody can mistake, apart on two sentences."""
    cache.clear()
    made = make.study(2)
    for number, member in enumerate(made.members):
        name = f"canary-{number}"
        User.objects.filter(pk=member.user_id).update(username=name, first_name=name, email=f"{name}@example.org")
        Membership.objects.filter(pk=member.pk).update(pseudonym=name)
        for unit in made.units()[1:3]:
            make.label(made.assignment(number), unit, "stance", ("for", "against")[number])
    return made


def client_of(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def bench(study: make.Study, **asked: object) -> HttpResponse:
    return client_of(study.lead).get(f"/p/{study.slug}/adjudication/", {"question": "stance"} | asked)


def sent(study: make.Study, at: int = 1, variable: str = "stance", **fields: object) -> HttpResponse:
    form = {"round": study.round.pk, "question": variable, "base": "0", "event": str(uuid4())}
    form |= {"at": f"{study.units()[at].pk}-{variable}"} | fields
    return client_of(study.lead).post(f"/p/{study.slug}/adjudication/decide/", form)


def test_nobody_is_named_and_the_answers_stand_behind_letters(study: make.Study) -> None:
    remark = remark_of({"text": "Whose words are these?"})
    leave_remark(assignment=study.assignment(), unit=study.units()[1], uuid=uuid4(), remark=remark)
    shown = bench(study).content.decode()
    assert "canary" not in shown
    assert {"Accept A", "Accept B", "Whose words are these?", "1 : 1", "2 to settle"} <= {
        part for part in ("Accept A", "Accept B", "Whose words are these?", "1 : 1", "2 to settle") if part in shown
    }


def test_a_decision_leads_on_to_the_next_and_can_be_taken_back(study: make.Study) -> None:
    answer = sent(study, value=json.dumps("neutral"), reason="Neither.")
    assert answer.status_code == 302
    assert f"at={study.units()[2].pk}-stance" in answer["Location"]
    assert Decision.objects.get().value == "neutral"
    back = client_of(study.lead).post(f"/p/{study.slug}/adjudication/undo/", {"round": study.round.pk})
    assert f"at={study.units()[1].pk}-stance" in back["Location"]
    assert Decision.objects.get().value is None
    sent(study, value=json.dumps("for"), base="2")
    assert "Take this decision back" in bench(study, at=f"{study.units()[1].pk}-stance").content.decode()
    taken = {"round": study.round.pk, "at": f"{study.units()[1].pk}-stance"}
    for base, value in (("1", "for"), ("3", None)):
        client_of(study.lead).post(f"/p/{study.slug}/adjudication/undo/", taken | {"base": base})
        assert Decision.objects.get().value == value


def test_a_stale_decision_shows_both_and_an_empty_one_says_what_is_missing(study: make.Study) -> None:
    sent(study, value=json.dumps("neutral"))
    late = sent(study, value=json.dumps("for"))
    assert late.status_code == 409
    shown = late.content.decode()
    assert "Neutral" in shown.partition("Stands there now")[2][:200]
    assert "Mine shall stand" in shown
    assert 'name="base" value="1"' in shown
    empty = sent(study, base="1", reason="typed in vain")
    assert empty.status_code == 400
    assert "typed in vain" in empty.content.decode()


@pytest.mark.parametrize(
    ("variable", "first", "second", "fields", "decided"),
    [
        ("side", ["town"], ["town", "army"], {"value": ['"army"', '"state"']}, ["state", "army"]),
        (
            "attribution",
            [],
            [{"source": "mayor", "manner": None, "stance": None, "spans": []}],
            {"source": "army", "manner": "direct"},
            [{"source": "army", "manner": "direct", "stance": None, "spans": []}],
        ),
        ("side", ["town"], ["army"], {"accept": "[]"}, []),
        ("tone", "-1", "1", {"accept": '{"cannot_tell": true}'}, {"cannot_tell": True}),
        ("weight", 3, 4, {"value": "3.5"}, 3.5),
        ("remark", "one", "two", {"value": "three"}, "three"),
    ],
)
def test_every_kind_can_be_overridden(
    study: make.Study, variable: str, first: object, second: object, fields: dict[str, object], decided: object
) -> None:
    unit = study.units()[1]
    for number, value in enumerate((first, second)):
        said = [{"source": "mayor", "manner": "direct", "stance": "neutral", "spans": []}]
        make.label(study.assignment(number), unit, "attribution", said)
        make.label(study.assignment(number), unit, variable, value, 1 if variable == "attribution" else 0)
    assert sent(study, variable=variable, **fields).status_code == 302
    assert Decision.objects.get().value == decided


def test_marks_are_shown_in_the_words_and_decided_piece_by_piece(study: make.Study) -> None:
    unit = study.units()[1]
    words = unit.text_version.text[unit.start : unit.end]
    places = [(words.index(word), len(word)) for word in ("mayor", "regime")]
    spans = [
        {"start": unit.start + at, "end": unit.start + at + length, "value": "naming_state"} for at, length in places
    ]
    make.label(study.assignment(0), unit, "framing", spans)
    make.label(study.assignment(1), unit, "framing", spans[1:])
    shown = bench(study, question="framing", at=f"{unit.pk}-framing").content.decode()
    assert shown.count(">mayor</mark>") == 1
    assert shown.count(">regime</mark>") == 2
    whole = next(answer.value for answer in answers_on(study.round, unit, "framing") if answer.value)
    assert isinstance(whole, list)
    assert sent(study, variable="framing", value=[json.dumps(whole[0])]).status_code == 302
    assert Decision.objects.get().value == whole[:1]
    wrong = sent(study, variable="framing", base="1", words="nowhere", **{"as": "praise"})
    assert "stand in the sentence" in wrong.content.decode()
    added = {"value": [json.dumps(whole[0])], "words": "the", "from": str(words.index("the delay")), "as": "praise"}
    assert sent(study, variable="framing", base="1", **added).status_code == 302
    value = Decision.objects.get().value
    assert [span["quote"] for span in value] == ["mayor", "the"]
    assert value[1]["start"] == unit.start + words.index("the delay")


def test_who_annotates_blind_sees_no_round_and_others_may_not_at_all(study: make.Study) -> None:
    assert client_of(study.members[0]).get(f"/p/{study.slug}/adjudication/").status_code == 403
    own = study.members[0]
    Membership.objects.filter(pk=own.pk).update(role=Role.ADJUDICATOR)
    client, address = client_of(own), f"/p/{study.slug}/adjudication/"
    assert "Nothing to settle" in client.get(address).content.decode()
    assert client.get(address, {"round": study.round.pk}).status_code == 200
    hidden = client.post(f"{address}decide/", {"round": study.round.pk, "at": f"{study.units()[1].pk}-stance"})
    assert hidden.status_code == 404
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert "2 to settle" in client.get(address, {"question": "stance"}).content.decode()


def test_a_frozen_round_can_be_read(study: make.Study) -> None:
    Round.objects.update(frozen_at=study.round.created_at)
    assert "frozen" in bench(study).content.decode()
    assert sent(study, value='"for"').status_code == 403
