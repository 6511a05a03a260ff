"""Documents out: only what the member may see, by pseudonym, as now, and the same bytes each time."""

import json
import re
import tracemalloc
from uuid import uuid4

import pytest

from annotator.core.errors import InvalidError, NotAllowedError
from annotator.core.tables import Selection
from annotator.models import Label
from annotator.services.decisions import Ruling, decide
from annotator.services.document_exports import DOCUMENT_FORMATS
from projects.models import Article, Assignment, Role, User
from projects.services.rounds import open_round, set_closed
from tests import documents, make

pytestmark = pytest.mark.django_db


def said(study: make.Study, **options: object) -> set[tuple[str, int, str]]:
    """Who said something of which unit to which question, read from the simplest of the formats."""
    lines = documents.files_of(documents.exported(study.lead, "doccano", **options))["sequence_labelling.jsonl"]
    found = [json.loads(line) for line in lines.splitlines()]
    return {(one["annotator"], answer["unit"], answer["variable"]) for one in found for answer in one["answers"]}


def test_the_same_state_gives_the_same_bytes_in_every_format_and_no_name_but_pseudonyms() -> None:
    study = documents.study()
    for number, member in enumerate(study.members):
        User.objects.filter(pk=member.user_id).update(username=f"Secret{number}", email=f"secret{number}@example.org")
    for format in DOCUMENT_FORMATS:
        first = documents.exported(study.lead, format)
        assert first == documents.exported(study.lead, format), format
        files = documents.files_of(first)
        whole = b"".join([*files.values(), *map(str.encode, files)])
        assert study.members[0].pseudonym.encode() in whole
        assert not re.search(rb"secret|@example", whole, re.IGNORECASE)


def test_several_rounds_have_a_folder_each_or_an_archive_each() -> None:
    study = make.study(1)
    open_round(lead=study.lead, name="Second", purpose="main", articles=study.articles, members=study.members)
    names = [
        {name.split("/")[0] for name in documents.files_of(documents.exported(study.lead, format))}
        for format in ("uima", "refi_qda")
    ]
    assert names == [{"01-round-1", "02-second"}, {"01-round-1.qdpx", "02-second.qdpx"}]
    one = documents.exported(study.lead, "refi_qda", selection=Selection(rounds=(study.round.pk,)))
    assert "project.qde" in documents.files_of(one)


def test_a_blind_round_in_which_the_member_annotates_is_left_out_while_it_is_open() -> None:
    study = make.study(1)
    made = open_round(
        lead=study.lead, name="Blind", purpose="reliability", articles=study.articles, members=[study.lead], blind=True
    )
    make.label(Assignment.objects.get(round=made), study.units()[0], "stance", "for")
    assert said(study) == set()
    with pytest.raises(NotAllowedError, match="blind round that is still open"):
        documents.exported(study.lead, "doccano", selection=Selection(rounds=(made.pk,)))
    set_closed(lead=study.lead, round=made, closed=True)
    assert {who for who, *_ in said(study, selection=Selection(rounds=(made.pk,)))} == {study.lead.pseudonym}
    with pytest.raises(NotAllowedError):
        documents.exported(make.member(study.project, Role.ANNOTATOR), "doccano")


def test_what_waits_to_be_confirmed_was_released_or_is_not_asked_is_nobodys_answer() -> None:
    study = make.study(3)
    unit, other = study.units()[:2]
    for number in range(3):
        make.label(study.assignment(number), unit, "stance", "for")
    make.label(study.assignment(0), other, "attribution", [])
    make.label(study.assignment(0), other, "side", ["town"])
    Label.objects.filter(assignment=study.assignment(1)).update(to_confirm=True)
    Assignment.objects.filter(pk=study.assignment(2).pk).update(state=Assignment.State.RELEASED)
    first = study.members[0].pseudonym
    assert said(study) == {(first, unit.index, "stance"), (first, other.index, "attribution")}


def test_decisions_are_the_reading_of_one_called_adjudicated() -> None:
    study = make.study(2)
    unit = study.units()[0]
    for number, value in enumerate(("for", "against")):
        make.label(study.assignment(number), unit, "stance", value)
    set_closed(lead=study.lead, round=study.round, closed=True)
    decide(member=study.lead, ruling=Ruling(uuid4(), study.round, unit, "stance", "for", 0, "By rule 3."))
    assert said(study, layer="decisions") == {("adjudicated", unit.index, "stance")}


def test_a_choice_that_documents_do_not_have_is_refused() -> None:
    study = make.study(1)
    for options in ({"layer": "consensus"}, {"selection": Selection(variables=("stance",))}, {"kind": "csv"}):
        with pytest.raises(InvalidError, match="Documents"):
            documents.exported(study.lead, "uima", **options)


def peak(study: make.Study) -> tuple[int, int]:
    tracemalloc.start()
    size = len(documents.exported(study.lead, "web_annotation"))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size, most


def test_memory_does_not_grow_with_the_number_of_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.queries.documents.WINDOW", 2000)
    small, large = make.study(1, [make.TEXT * 20] * 1), make.study(1, [make.TEXT * 20] * 10)
    for study in (small, large):
        for number in range(len(study.articles)):
            make.label(study.assignment(0, number), study.whole(number), "frame", "conflict")
    peak(small)
    (short, low), (long, high) = peak(small), peak(large)
    assert long > 4 * short
    assert high < 2 * low


def test_an_id_that_cannot_be_a_file_name_is_said_beside_the_files() -> None:
    study = make.study(1)
    Article.objects.filter(pk=study.articles[0].pk).update(external_id="../etc/a b")
    make.label(study.assignment(), study.units()[0], "stance", "for")
    for format in ("uima", "brat", "webanno_tsv", "conll"):
        files = documents.files_of(documents.exported(study.lead, format))
        (stem,) = [name for name, said in json.loads(files["names.json"]).items() if said == "../etc/a b"]
        assert any(stem in path for path in files)
        assert not any(".." in path.split("/") for path in files)
