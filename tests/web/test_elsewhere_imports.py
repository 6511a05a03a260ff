"""The mapping screen: a preview stores nothing, the choices come back, an import is whole or refused whole."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from annotator.models import Event, Label
from projects.models import Article, CodebookVersion, Membership, Round
from tests import annotated_files as files
from tests import hostile, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client: Client) -> Membership:
    made = make.project()
    assert made.user
    client.force_login(made.user, backend="django.contrib.auth.backends.ModelBackend")
    return made


def address(lead: Membership) -> str:
    return reverse("elsewhere_import", args=[lead.project.slug])


def upload(sample: files.Sample) -> SimpleUploadedFile:
    return SimpleUploadedFile(sample.name, sample.data)


def test_from_upload_to_labels_with_choices_kept_and_a_mapping_saved(client: Client, lead: Membership) -> None:
    """One upload: looked at, chosen anew, saved as a file, brought in; the child process reads it each time."""
    looked = client.post(address(lead), {"file": upload(files.label_studio()), "preview": "1"})
    assert (looked.status_code, Article.objects.count(), CodebookVersion.objects.count()) == (200, 0, 0)
    chosen = {
        "upload": looked.context["token"],
        "each": "article",
        "to": ["new:span", ""],
        "was": ["new:span", "new:single"],
        "name": ["Words", ""],
        "value-0": ["Naming", ""],
        "pseudonym": ["north", "south"],
        "unmarked": "1",
    }
    again = client.post(address(lead), {**chosen, "preview": "1"})
    assert [line.becomes for line in again.context["layers"][0].values] == ["Naming", ""]
    assert dict(again.context["lost"]) == {
        "marks of layers that are left out": 2,
        "marks with values that are left out": 2,
    }
    saved = client.post(address(lead), {**chosen, "mapping": "download"})
    mapping = SimpleUploadedFile("mapping.json", saved.content)
    assert not Article.objects.exists()
    done = client.post(address(lead), {"file": upload(files.label_studio()), "mapping": mapping})
    assert done.status_code == 302
    labels = Label.objects.filter(round=Round.objects.get(name="imported"))
    assert {label.assignment.member.pseudonym for label in labels} == {"north", "south"}
    marked = [span for label in labels for span in label.value]
    assert [(span["quote"], span["value"]) for span in marked] == [("الجسر", "Naming")] * 2


def test_another_question_gets_its_own_values_proposed(client: Client, lead: Membership) -> None:
    values = [{"key": "naming", "label": "Naming"}]
    make.codebook(lead, make.CODEBOOK | {"variables": [{"key": "x", "label": "X", "type": "span", "values": values}]})
    sent = {"file": upload(files.prodigy()), "each": "article", "to": "x", "was": "new:span", "value-0": ["a", "b"]}
    (line,) = client.post(address(lead), {**sent, "preview": "1"}).context["layers"]
    assert {item.value: item.becomes for item in line.values} == {"naming": "naming", "praise": ""}


def test_problems_are_told_by_place_and_nothing_is_stored(client: Client, lead: Membership) -> None:
    data = files.lines({"id": 1, "text": "Short.", "label": [[2, 99, "x"]]})
    for preview in ({"preview": "1"}, {}):
        sent = {"file": SimpleUploadedFile("a.jsonl", data), **preview}
        answer = client.post(address(lead), sent)
        assert answer.status_code == 400
        assert "a.jsonl, line 1, label 1: 2 to 99 is no stretch" in answer.content.decode()
    assert not Event.objects.exists()
    assert not Article.objects.exists()


@pytest.mark.parametrize("case", hostile.cases("label_import"), ids=lambda case: case.id)
def test_tables_that_are_hostile_to_the_other_import_do_no_harm_here(
    case: hostile.Case, client: Client, lead: Membership
) -> None:
    """They are labels onto articles and no coded tables, so each is refused, by the column that is missing."""
    answer = client.post(address(lead), {"file": SimpleUploadedFile(case.filename, case.content())})
    assert answer.status_code == 400
    assert "item_id" in answer.content.decode()
    case.check_leaks(answer.content.decode())
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "said",
    [b"", b"[]", b"{", b'{"format": "annotation-import", "format_version": 1, "layers": 3}', b'{"layers": {}}'],
    ids=["empty", "list", "broken", "wrong type", "another file"],
)
def test_a_mapping_that_is_none_is_refused(said: bytes, client: Client, lead: Membership) -> None:
    mapping = SimpleUploadedFile("mapping.json", said)
    answer = client.post(address(lead), {"file": upload(files.prodigy()), "mapping": mapping, "preview": "1"})
    assert answer.status_code == 400
    assert "apping" in answer.content.decode()


def test_odd_choices_are_refused_without_a_fault(client: Client, lead: Membership) -> None:
    sent = {"each": "zebra", "to": ["new:zebra", "x"], "was": "y", "pseudonym": ["\0", "a@b"], "upload": ""}
    looked = client.post(address(lead), {**sent, "file": upload(files.brat()), "preview": "1"})
    assert looked.status_code == 400
    assert json.loads(client.post(address(lead), {**sent, "file": upload(files.brat()), "mapping": "download"}).content)
