"""Decisions and consensus as datasets beside the labels."""

import csv
import json
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command

from annotator.core.errors import InvalidError, NotAllowedError
from annotator.core.tables import Selection
from annotator.services.agreed import accept_agreed
from annotator.services.decisions import decide, undo_last
from annotator.services.exports import export_dataset
from projects.models import Membership, Role
from tests import make
from tests.services.test_decisions import ruling, study

__all__ = ["study"]
pytestmark = pytest.mark.django_db


def table(study: make.Study, layer: str, kind: str = "csv") -> list[dict[str, str]]:
    dataset = export_dataset(member=study.lead, format="long", kind=kind, layer=layer)
    assert layer in dataset.file_name
    return list(csv.DictReader(StringIO(b"".join(dataset.chunks).decode())))


def test_decisions_say_who_why_and_what_the_answers_were(study: make.Study) -> None:
    decide(member=study.lead, ruling=ruling(study, reason="=Rule 3"))
    accept_agreed(member=study.lead, round=study.round, variable="stance", batch=uuid4())
    make.label(study.assignment(0), study.units()[1], "stance", "neutral", 1)
    first, second = table(study, "decisions")
    assert (first["variable"], first["value"], first["how"], first["state"]) == ("stance", "for", "decided", "answered")
    assert (first["reason"], first["adjudicator"]) == ("=Rule 3", study.lead.pseudonym)
    assert (first["answers"], first["alike"], first["changed_since"], first["to_confirm"]) == ("3", "2", "yes", "no")
    decide(member=study.lead, ruling=ruling(study, "neutral", base=1, reason="No."))
    undo_last(member=study.lead, round=study.round)
    assert [row["reason"] for row in table(study, "decisions")] == ["=Rule 3", ""]
    assert (second["how"], second["alike"], second["changed_since"]) == ("agreed", "3", "no")
    unit = study.units()[1]
    assert first["text"] == unit.text_version.text[unit.start : unit.end]
    spreadsheet = export_dataset(member=study.lead, format="decisions", kind="spreadsheet")
    (guarded, _) = b"".join(spreadsheet.chunks).decode().splitlines()[1:]
    assert ",'=Rule 3," in guarded


def test_consensus_tells_ties_shares_and_the_estimate(study: make.Study) -> None:
    first, second, third = [row for row in table(study, "consensus") if row["variable"] == "stance"]
    assert (first["value"], first["votes"], first["share"]) == ("for", "3", "0.666667")
    assert json.loads(first["shares"]) == {"for": 0.666667, "against": 0.333333}
    assert (second["value"], second["ds_converged"]) == ("for", "yes")
    assert (third["value"], json.loads(third["tie"])) == ("", ["against", "neutral", "for"])
    assert float(first["ds_probability"]) > 0.5


def test_an_attribution_has_a_row_a_part(study: make.Study) -> None:
    unit = study.units()[1]
    for number, source in enumerate(("mayor", "mayor", "army")):
        said = [{"source": source, "manner": "direct", "stance": "neutral", "spans": []}]
        make.label(study.assignment(number), unit, "attribution", said)
    rows = {row["variable"]: row for row in table(study, "consensus") if row["sentence"] == str(unit.index)}
    assert json.loads(rows["attribution.source"]["value"]) == ["mayor"]
    assert json.loads(rows["attribution.source"]["ds_shares"]).keys() == {"mayor", "residents", "army"}
    assert rows["attribution.spans"]["value"] == "[]"


def test_the_command_writes_them_and_each_refusal_says_why(study: make.Study, tmp_path: Path) -> None:
    decide(member=study.lead, ruling=ruling(study))
    call_command("export", study.slug, out=tmp_path / "d.jsonl", layer="decisions")
    (line,) = (tmp_path / "d.jsonl").read_text().splitlines()
    assert json.loads(line)["value"] == "for"
    with pytest.raises(InvalidError, match="no layer"):
        export_dataset(member=study.lead, format="long", layer="gold")
    with pytest.raises(InvalidError, match="as it is now"):
        export_dataset(member=study.lead, format="consensus", selection=Selection(rounds=(study.round.pk,), under=1))
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.LEAD)
    own = Membership.objects.get(pk=study.members[0].pk)
    with pytest.raises(NotAllowedError):
        export_dataset(member=own, format="decisions", selection=Selection(rounds=(study.round.pk,)))
