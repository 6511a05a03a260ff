"""Training and gold in the browser's terms: what a save tells, what a page shows, and what none shows too early."""

import json

import pytest
from django.test import Client

from annotator.models import AccessEntry, Decision, GoldAnswer, Label, TrainingResult
from annotator.services.gold import gold_from_decisions
from projects.models import Assignment, Round
from projects.services.rounds import open_round
from tests import make
from tests.web.test_coding import form, save, signed_in

pytestmark = pytest.mark.django_db
SECRET = "Because-the-mayor-hesitates"
SHORT = "Head\n\nThe mayor spoke. The army left.\n"


@pytest.fixture
def study() -> make.Study:
    """A training with feedback; gold says "against" on every sentence, explained."""
    made = make.study(annotators=2, texts=[SHORT], purpose="training", document=BOOK)
    for unit in made.units():
        Decision.objects.create(round=made.round, unit=unit, variable="stance", value="against", version=1)
    gold_from_decisions(lead=made.lead, round=made.round)
    GoldAnswer.objects.update(explanation=SECRET)
    Round.objects.update(feedback=True, pass_mark=0.5, tries=2)
    return made


BOOK = make.CODEBOOK | {"variables": [make.closed("stance", against="a", neutral="n") | {"label": "Stance"}]}


def page(client: Client, study: make.Study, path: str) -> str:
    answer = client.get(f"/p/{study.slug}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def answer_all(client: Client, study: make.Study, value: str, member: int = 0) -> list[str]:
    return [save(client, study, form(u, "stance", value), member).content.decode() for u in study.units()]


def test_a_save_tells_what_is_right_and_nothing_tells_it_before(study: make.Study) -> None:
    client = signed_in(study.members[0].user)
    shown = [
        page(client, study, f"code/{study.assignment().pk}/"),
        page(client, study, ""),
        page(client, study, "notes/"),
    ]
    assert not any(SECRET in text for text in shown)
    unit = study.units()[0]
    told = save(client, study, form(unit, "stance", "neutral")).content.decode()
    assert 'id="told"' in told
    assert SECRET in told
    assert told.count("Stance") == 1
    # The gold is of another round as a rule; here it is a decision of this one.
    assert AccessEntry.objects.get(member=study.members[0]).round == study.round
    again = save(client, study, form(unit, "stance", "against", 1)).content.decode()
    assert "right." in again
    assert SECRET not in again
    api = signed_in(study.members[0].user).post(
        "/api/v1/labels/",
        json.dumps(
            {
                "event": form(unit)["event"],
                "unit": study.units()[1].pk,
                "variable": "stance",
                "value": "neutral",
                "base_version": 0,
            }
        ),
        "application/json",
    )
    assert api.status_code == 200
    assert SECRET not in api.content.decode()


def test_without_feedback_and_in_any_other_round_nothing_is_told(study: make.Study) -> None:
    Round.objects.update(feedback=False)
    told = answer_all(signed_in(study.members[0].user), study, "neutral")
    Round.objects.update(purpose="main")
    Assignment.objects.update(why="gold")
    told += answer_all(signed_in(study.members[1].user), study, "neutral", 1)
    assert not any(SECRET in text or "told" in text for text in told)


def test_the_result_shows_what_was_missed_and_offers_another_try(study: make.Study) -> None:
    client = signed_in(study.members[0].user)
    where = f"training/{study.round.pk}/"
    assert SECRET not in page(client, study, where)
    answer_all(client, study, "neutral")
    assert client.get(f"/p/{study.slug}/code/").url == f"/p/{study.slug}/{where}"
    shown = page(client, study, where)
    for told in ("is not passed yet", "0 of 3 answers (0 %) were right", SECRET, "The army left.", "Try again"):
        assert told in shown
    assert SECRET not in page(signed_in(study.members[1].user), study, where)
    assert client.post(f"/p/{study.slug}/{where}").url == f"/p/{study.slug}/code/"
    second = Assignment.objects.get(occasion=2)
    assert client.get(f"/p/{study.slug}/code/").url == f"/p/{study.slug}/code/{second.pk}/"
    assert SECRET not in page(client, study, f"code/{second.pk}/")
    assert client.post(f"/p/{study.slug}/{where}").status_code == 200


def test_who_is_barred_reads_what_to_do_first(study: make.Study) -> None:
    client, lead = signed_in(study.members[0].user), signed_in(study.lead.user)
    sent = {"name": "Main", "purpose": "main", "all_articles": "1", "deal": "everybody", "seed": "1", "blind": "1"}
    sent |= {"members": study.members[0].pk, "requires": study.round.pk}
    assert lead.post(f"/p/{study.slug}/rounds/new/", sent).status_code == 302
    main = Round.objects.get(name="Main")
    assert main.requires == study.round
    share = Assignment.objects.get(round=main)
    Assignment.objects.filter(round=study.round).update(state="done")
    TrainingResult.objects.create(round=study.round, member=study.members[0], occasion=1, passed=False)
    assert "First the training" in page(client, study, "code/")
    assert client.get(f"/p/{study.slug}/code/{share.pk}/").url == f"/p/{study.slug}/code/"
    refused = client.post(f"/p/{study.slug}/code/{share.pk}/save/", form(study.units()[0], "stance", "neutral"))
    assert refused.status_code == 403
    assert not Label.objects.exists()
    lead.post(f"/p/{study.slug}/rounds/{study.round.pk}/training/", {"member": study.members[0].pk, "act": "let"})
    assert client.get(f"/p/{study.slug}/code/").url == f"/p/{study.slug}/code/{share.pk}/"
    assert "let through by" in page(lead, study, f"rounds/{study.round.pk}/training/")


def test_what_a_round_cannot_ask_is_refused(study: make.Study) -> None:
    lead = signed_in(study.lead.user)
    wrong = [
        ("pass_mark", "0"),
        ("pass_mark", "101"),
        ("tries", "0"),
        ("tries", "x"),
        ("gold", "9"),
        ("requires", "99"),
    ]
    for field, value in wrong:
        sent = {"name": "R", "purpose": "main" if field in ("gold", "requires") else "training", "from": "all"}
        sent |= {"members": str(study.members[0].pk), "deal": "everybody", "seed": "1", field: value}
        assert lead.post(f"/p/{study.slug}/rounds/new/", sent).status_code == 400, field
    GoldAnswer.objects.all().delete()
    refused = lead.post(f"/p/{study.slug}/rounds/new/", sent | {"purpose": "training", "only_gold": "1"})
    assert "None of these articles has gold answers" in refused.content.decode()


def test_a_training_is_opened_on_articles_with_gold_and_gold_is_hidden_in_work(study: make.Study) -> None:
    lead = signed_in(study.lead.user)
    plain, fresh = (make.article(study.lead, SHORT.replace("army", word)) for word in ("crew", "fleet"))
    somebody, unit = make.member(study.project), fresh.text_versions.get().units.get(index=1)
    pilot = open_round(lead=study.lead, name="Pilot", purpose="pilot", articles=[fresh], members=[somebody])
    Decision.objects.create(round=pilot, unit=unit, variable="stance", value="against", version=1)
    gold_from_decisions(lead=study.lead, round=pilot)
    sent = {"deal": "everybody", "seed": "1", "members": study.members[0].pk, "from": "all", "blind": "1"}
    training = {"name": "T", "purpose": "training", "only_gold": "1", "feedback": "1", "pass_mark": "80", "tries": "3"}
    hidden = {"name": "M", "purpose": "main", "gold": "1"}
    assert lead.post(f"/p/{study.slug}/rounds/new/", sent | hidden).status_code == 302
    assert lead.post(f"/p/{study.slug}/rounds/new/", sent | training).status_code == 302
    made = Round.objects.get(name="T")
    assert (made.feedback, made.pass_mark, made.tries) == (True, 0.8, 3)
    drawn = Assignment.objects.filter(round__name__in="TM")
    # What is hidden in the open round is not told by the training.
    given = {(share.round.name, share.text_version.article_id): share.why for share in drawn}
    assert given == {
        ("T", study.articles[0].pk): "work",
        ("M", study.articles[0].pk): "work",
        ("M", plain.pk): "work",
        ("M", fresh.pk): "gold",
    }


def test_a_lead_reads_how_hidden_gold_was_met_unless_he_annotates_there_blind(study: make.Study) -> None:
    Round.objects.update(purpose="main", feedback=False)
    Assignment.objects.update(why="gold")
    answer_all(signed_in(study.members[0].user), study, "against")
    lead, where = signed_in(study.lead.user), f"rounds/{study.round.pk}/gold/"
    assert "100 % (44 to 100), 3 of 3" in page(lead, study, where)
    assert where in page(lead, study, "gold/")
    Assignment.objects.create(round=study.round, text_version=study.assignment().text_version, member=study.lead)
    assert "3 of 3" not in page(lead, study, where)


def test_the_pages_of_gold_for_leads(study: make.Study) -> None:
    answer_all(signed_in(study.members[0].user), study, "neutral")
    signed_in(study.members[0].user).get(f"/p/{study.slug}/code/")
    lead = signed_in(study.lead.user)
    assert "0 of 3" in page(lead, study, "gold/")
    where = f"gold/{study.articles[0].pk}/"
    assert page(lead, study, where).count("met by 0 of 1") == 3
    lead.post(f"/p/{study.slug}/{where}", {"act": "take back"})
    assert "3 were taken back" in page(lead, study, where)
    lead.post(f"/p/{study.slug}/{where}", {"act": "bring back"})
    assert page(lead, study, where).count(SECRET) == 3
    assert lead.post(f"/p/{study.slug}/gold/", {"act": "own", "share": "1"}).status_code == 404
    GoldAnswer.objects.all().delete()
    decision = Decision.objects.all()[1]
    assert "Make it gold" in page(lead, study, f"gold/?decision={decision.pk}")
    sent = {"act": "decisions", "round": study.round.pk, "decision": decision.pk}
    assert lead.post(f"/p/{study.slug}/gold/", sent).url == f"/p/{study.slug}/{where}"
    assert GoldAnswer.objects.get().decision == decision
    assert signed_in(study.members[0].user).get(f"/p/{study.slug}/{where}").status_code == 403
