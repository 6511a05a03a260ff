"""What we give out for other tools comes back from their formats: every answer that they keep, to the character."""

import json
from dataclasses import replace

import pytest

from annotator.models import Label
from annotator.services.elsewhere_reviews import proposed_plan, read_export, storable
from annotator.services.elsewhere_storing import store
from projects.models import Round
from projects.readers.annotated import read_here
from tests import documents, make

pytestmark = pytest.mark.django_db
Answers = set[tuple[str, str, int, str, str]]


def answers(target: Round) -> Answers:
    """Article, annotator, unit, variable and value."""
    found = Label.objects.filter(round=target).exclude(value=None)
    columns = ("unit__text_version__article__external_id", "assignment__member__pseudonym", "unit__index", "variable")
    return {(*row[:4], json.dumps(row[4], sort_keys=True)) for row in found.values_list(*columns, "value")}


def brought_back(study: make.Study, format: str, monkeypatch: pytest.MonkeyPatch) -> Round:
    monkeypatch.setattr("projects.readers.contained.read_annotated", read_here)
    data = documents.exported(study.lead, format)
    export = read_export(member=study.lead, name=f"{format}.zip", data=data)
    plan = proposed_plan(member=study.lead, export=export)
    if format == "doccano":
        # Which of its pieces belong together doccano can't tell.
        kept = {name: layer for name, layer in plan.layers.items() if not name.startswith("attribution")}
        plan = replace(plan, layers=kept)
    found = storable(member=study.lead, export=export, plan=replace(plan, unmarked_is_none=False))
    assert found.questions == {}
    assert found.homes.new == 0
    return store(member=study.lead, review=found).round


@pytest.mark.parametrize("format", ["uima", "label_studio", "brat", "webanno_tsv"])
def test_every_answer_comes_back(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    study = documents.study()
    back = answers(brought_back(study, format, monkeypatch))
    bell = "\\ufffd" if format == "uima" else "\\u0007"
    assert back == {(*row[:4], row[4].replace("\\u0007", bell)) for row in answers(study.round)}


def test_marks_come_back_from_doccano(monkeypatch: pytest.MonkeyPatch) -> None:
    study = documents.study()

    def marks(target: Round) -> list[tuple[str, str, str]]:
        found = Label.objects.filter(round=target, variable="framing").select_related("assignment__member")
        spans = [(label.assignment.member.pseudonym, span) for label in found for span in label.value]
        return sorted((who, span["quote"], span["value"]) for who, span in spans)

    assert marks(brought_back(study, "doccano", monkeypatch)) == marks(study.round) != []
