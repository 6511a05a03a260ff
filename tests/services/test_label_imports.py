"""Labels from a file: whole or not at all, also while others work."""

import pytest

from annotator.core.errors import InvalidError
from annotator.models import Event
from annotator.services import label_imports
from projects.models import Assignment, Round
from tests import make

pytestmark = pytest.mark.django_db


def rows(study: make.Study, *labels: tuple[int, int, str]) -> bytes:
    """A file with the stance that a member (by number) gives on a sentence (by number)."""
    lines = [
        f"{study.articles[0].external_id},{sentence},{study.members[member].pseudonym},stance,{value}"
        for member, sentence, value in labels
    ]
    return "\n".join(["article,sentence,annotator,variable,value", *lines]).encode()


def test_a_label_that_was_saved_meanwhile_refuses_the_file_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make.study()
    make.label(study.assignment(), study.units()[0], "stance", "for")
    monkeypatch.setattr(label_imports, "_refuse_labelled", lambda into, checked: None)
    number = study.units()[0].index
    data = rows(study, (1, number, "for"), (0, number, "against"))
    with pytest.raises(InvalidError, match="meanwhile"):
        label_imports.import_labels(member=study.lead, data=data, into=study.round)
    assert Event.objects.count() == 1


def test_an_import_counts_what_the_annotator_has_done_himself() -> None:
    study = make.study()
    first, second = study.units()[:2]
    make.label(study.assignment(), first, "attribution", [])
    data = rows(study, (0, second.index, "for")).decode() + (
        f"\n{study.articles[0].external_id},{second.index},{study.members[0].pseudonym},attribution,[]"
    )
    label_imports.import_labels(member=study.lead, data=data.encode(), into=study.round)
    assert Assignment.objects.get(pk=study.assignment().pk).units_done == 2


def test_imported_labels_keep_the_codebook_that_they_were_checked_against(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version published while the file is read is not theirs."""
    study = make.study()
    check = label_imports._check

    def publish_meanwhile(*given: object) -> object:
        make.codebook(study.lead)
        return check(*given)

    monkeypatch.setattr(label_imports, "_check", publish_meanwhile)
    data = rows(study, (0, study.units()[0].index, "for"))
    label_imports.import_labels(member=study.lead, data=data)
    assert Round.objects.get(name="imported").codebook_version == study.round.codebook_version


def test_no_import_brings_back_a_share_that_was_taken_back() -> None:
    study = make.study()
    Assignment.objects.filter(pk=study.assignment().pk).update(state=Assignment.State.RELEASED)
    data = rows(study, (0, study.units()[0].index, "for"))
    with pytest.raises(InvalidError, match="taken back"):
        label_imports.import_labels(member=study.lead, data=data, into=study.round)
    assert not Event.objects.exists()
