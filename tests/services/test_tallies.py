"""Tallies: what saves add up to by round, member, question and day."""

from datetime import date
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.test import Client

from annotator.core.mending import Split
from annotator.models import Tally
from annotator.queries.pace import pace
from annotator.services.label_imports import import_labels
from annotator.services.labels import save_label
from annotator.services.late_labels import save_choice
from annotator.services.tallies import fill, wrong_tallies
from projects.services.rounds import open_round
from projects.services.shares import release_shares, undo_shares
from tests import make, mended

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2)


def tallied(study: make.Study) -> dict[str, tuple[int, int, int]]:
    rows = Tally.objects.filter(round=study.round).values_list("variable").order_by("variable")
    return {
        key: (answers, units, active)
        for key, answers, units, active in rows.annotate(Sum("answers"), Sum("units_done"), Sum("active_ms"))
    }


def test_each_save_is_added_with_its_sign_on_the_day_of_the_site(study: make.Study, settings, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    share, (unit, *_) = study.assignment(), study.units()
    make.label(share, unit, "attribution", [])
    make.label(share, unit, "stance", "for")
    make.label(share, unit, "stance", "against", 1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2031, 1, 2))
    make.label(share, unit, "attribution", None, 1)
    assert tallied(study) == {"attribution": (0, 0, 0), "stance": (1, 0, 0)}
    assert Tally.objects.get(day=date(2031, 1, 2)).units_done == -1
    assert not list(wrong_tallies())


def test_a_repeat_adds_nothing_and_time_is_added_though_nothing_changed(study: make.Study) -> None:
    client, (unit, *_) = Client(), study.units()
    assert study.members[0].user is not None
    client.force_login(study.members[0].user)
    form = {"unit": unit.pk, "variable": "stance", "value": '"for"', "active_ms": "900", "elsewhere_ms": "100"}
    for event, base in ((uuid4(), 0), (uuid4(), 1)):
        for _ in range(2):
            sent = form | {"event": str(event), "base_version": base}
            assert client.post(f"/p/{study.slug}/code/{study.assignment().pk}/save/", sent).status_code == 200
    assert tallied(study) == {"stance": (1, 0, 2000)}


def test_what_changes_many_labels_at_once_is_added_too(study: make.Study) -> None:
    share, units = study.assignment(), study.units()
    for unit in units:
        make.label(share, unit, "attribution", [])
        make.label(study.assignment(1), unit, "attribution", [])
    mended.mend(study, Split(units[1].start + 4))
    assert tallied(study) == {"": (0, -2, 0), "attribution": (2 * len(units) - 2, 2 * len(units), 0)}
    late = make.choice(units[1], "attribution", [], 1)
    save_choice(assignment=study.assignment(), choice=late)
    mended.undo(study)
    assert not list(wrong_tallies())


def test_imported_labels_are_added(study: make.Study) -> None:
    article, (first, *_) = study.articles[0], study.units()
    save_label(assignment=study.assignment(1), choice=make.choice(first, "stance", "for"))
    rows = f"{article.external_id},{first.index},{study.members[0].pseudonym},stance,for"
    data = f"article,sentence,annotator,variable,value\n{rows}\n".encode()
    import_labels(member=study.lead, data=data, into=study.round)
    assert tallied(study)["stance"][0] == 2
    assert not list(wrong_tallies())


def test_tallies_made_anew_hold_the_same_sums(study: make.Study) -> None:
    """What the migration does with the labels there are."""
    more = open_round(
        lead=study.lead, name="More", purpose="main", articles=study.articles, members=study.members[:1]
    ).assignments.get()
    for share in (study.assignment(0), study.assignment(1), more):
        for unit in study.units()[: 2 + share.pk % 2]:
            make.label(share, unit, "attribution", [])
            make.label(share, unit, "stance", "for")
            make.label(share, unit, "stance", None, 1)
    kept = set(Tally.objects.filter(answers__gt=0).values_list("round", "member", "variable", "day", "answers"))
    Tally.objects.all().delete()
    fill()
    assert set(Tally.objects.values_list("round", "member", "variable", "day", "answers")) == kept
    assert not list(wrong_tallies())


def test_answers_in_shares_that_were_taken_back_are_none_of_the_rounds() -> None:
    study = make.study(annotators=2)
    for member in range(2):
        make.label(study.assignment(member), study.units()[0], "attribution", [])
    done = release_shares(lead=study.lead, member=study.members[1], begun=True)
    assert (pace(study.round).answers["attribution"], [*wrong_tallies()]) == (1, [])
    undo_shares(lead=study.lead, entry=done.entry)
    assert pace(study.round).answers["attribution"] == 2
