"""The pages of sources and lexicons: who gets in, what a form does, and what stands there after a refusal."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotator.models import HintEvent, Label
from projects.models import CodebookVersion, Lexicon, Role, Round
from tests import make
from tests.services.test_hints import CUES, WORDS, act, hinted
from tests.web.test_coding import signed_in

pytestmark = pytest.mark.django_db
PAGES = ["codebook/sources/", "settings/lexicons/", "settings/lexicons/words/"]
LEAD_ONLY = [*PAGES, "export/hints/"]


@pytest.fixture
def study() -> make.Study:
    return hinted(2)


@pytest.fixture
def lead(study: make.Study) -> Client:
    return signed_in(study.lead.user)


def path(study: make.Study, end: str) -> str:
    return f"/p/{study.slug}/{end}"


def form(
    *rows: tuple[str, str, str], base: int = 1, names: dict[str, str] | None = None, **into: str
) -> dict[str, object]:
    """What the page of sources sends: rows of key, name and aliases."""
    keys = [key for key, _, _ in rows]
    return {
        "base": base,
        "key": keys,
        "label": [label for _, label, _ in rows],
        "aliases": [aliases for _, _, aliases in rows],
        "side": [""] * len(rows),
        "actor_type": [""] * len(rows),
        "into": [into.get(key, "") for key in keys],
        "name": [*(names or {})],
        "to": [*(names or {}).values()],
    }


def newest(study: make.Study) -> dict[str, dict[str, object]]:
    version = CodebookVersion.objects.filter(project=study.project).first()
    assert version is not None
    return {source["key"]: source for source in version.document["variables"][0]["sources"]}


@pytest.mark.parametrize("end", LEAD_ONLY)
def test_registry_lexicons_and_log_are_the_leads(study: make.Study, lead: Client, end: str) -> None:
    assert lead.get(path(study, end)).status_code == 200
    for role in (Role.ANNOTATOR, Role.ADJUDICATOR):
        other = make.member(study.project, role)
        assert signed_in(other.user).get(path(study, end)).status_code == 403
        assert signed_in(other.user).post(path(study, end), {}).status_code in {403, 405}
    assert signed_in(make.user()).get(path(study, end)).status_code == 404


def test_the_registry_shows_where_sources_occur(study: make.Study, lead: Client) -> None:
    page = lead.get(path(study, "codebook/sources/")).content.decode()
    assert "3 sources of “Attribution”" in page
    assert page.count("in one article") == 2
    assert page.count("in 0 articles") == 1
    assert path(study, "codebook/sources/") in lead.get(path(study, "codebook/")).content.decode()


def test_one_save_edits_adds_and_merges(study: make.Study, lead: Client) -> None:
    rows = [
        ("mayor", "The mayor", "the mayor\r\n Ms Ondo "),
        ("army", "Army", "soldiers"),
        ("", "Port", ""),
        ("", "", ""),
    ]
    sent = form(*rows, names={"Ferry Line": "+", "engineers": "residents", "nobody": ""}, army="mayor")
    assert lead.post(path(study, "codebook/sources/"), sent).status_code == 302
    sources = newest(study)
    assert sources["mayor"]["aliases"] == ["the mayor", "Ms Ondo", "soldiers"]
    assert sources["army"]["became"] == ["mayor"]
    assert sources["ferry_line"]["aliases"] == ["Ferry Line"]
    assert sources["port"]["label"] == "Port"


def test_open_rounds_are_moved_where_it_is_ticked(study: make.Study, lead: Client) -> None:
    unit = study.units()[1]
    said = {"source": "army", "manner": "indirect", "stance": "accusing", "spans": []}
    make.label(study.assignment(), unit, "attribution", [said])
    sent = form(("army", "Army", "soldiers"), army="mayor") | {"move": "1"}
    page = lead.post(path(study, "codebook/sources/"), sent, follow=True).content.decode()
    assert "These rounds use it now: Round 1." in page
    study.round.refresh_from_db()
    assert study.round.codebook_version.number == 2
    (answer,) = Label.objects.get(unit=unit, variable="attribution").value
    assert answer["source"] == "mayor"


def test_a_round_on_an_earlier_version_is_not_moved_from_here(study: make.Study, lead: Client) -> None:
    make.codebook(study.lead, make.CODEBOOK | {"title": "Reworded"})
    sent = form(("army", "Army", "soldiers"), base=2) | {"move": "1"}
    page = lead.post(path(study, "codebook/sources/"), sent, follow=True).content.decode()
    assert "These rounds use it now" not in page
    study.round.refresh_from_db()
    assert study.round.codebook_version.number == 1


def test_a_suggested_name_becomes_an_alias(study: make.Study, lead: Client) -> None:
    sent = form(("residents", "Residents", "residents"), names={"people of the quay": "residents"})
    lead.post(path(study, "codebook/sources/"), sent)
    assert newest(study)["residents"]["aliases"] == ["residents", "people of the quay"]


def test_what_was_typed_stands_there_after_a_refusal(study: make.Study, lead: Client) -> None:
    answer = lead.post(path(study, "codebook/sources/"), form(("mayor", "A new mayor", "boss"), base=9))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="A new mayor"' in page
    assert 'name="base" value="9"' in page
    assert lead.post(path(study, "codebook/sources/"), {"base": "1", "key": ["mayor"]}).status_code == 400
    assert CodebookVersion.objects.count() == 1


def test_a_lexicon_is_imported_aimed_and_switched_off(study: make.Study, lead: Client) -> None:
    changed = json.dumps(WORDS | {"title": "Other words"}).encode()
    lead.post(path(study, "settings/lexicons/"), {"file": SimpleUploadedFile("words.json", changed)})
    assert "Other words" in lead.get(path(study, "settings/lexicons/")).content.decode()
    lead.post(path(study, "settings/lexicons/words/"), {"variable": "framing", "group.elsewhere": "praise"})
    lead.post(path(study, "settings/lexicons/words/switch/"), {})
    numbers = Lexicon.objects.filter(key="words").order_by("number").values_list("document", flat=True)
    assert [document.get("in_use", True) for document in numbers] == [True, True, True, False]
    assert numbers[2]["maps"] == {"elsewhere": "praise"}


def test_a_faulty_lexicon_is_named_on_the_page(study: make.Study, lead: Client) -> None:
    sent = {"file": SimpleUploadedFile("words.json", json.dumps(CUES | {"kind": "tone"}).encode())}
    answer = lead.post(path(study, "settings/lexicons/"), sent)
    assert answer.status_code == 400
    assert "use one of: framing, cue" in answer.content.decode()


def acts(study: make.Study, **other: object) -> dict[str, str]:
    made = act(study, **other)
    row = [made.uuid, made.unit, made.lexicon, made.number, made.value, made.start, made.end, made.act]
    return {"acts": json.dumps([[str(row[0]), *row[1:], "2026-05-01T10:00:00Z"]])}


def log_of(study: make.Study, member: int = 0) -> str:
    return path(study, f"code/{study.assignment(member).pk}/hints/")


def test_acts_on_hints_are_stored_for_their_annotator_alone(study: make.Study) -> None:
    annotator, other = (signed_in(member.user) for member in study.members)
    assert other.post(log_of(study), acts(study)).status_code == 404
    assert annotator.post(log_of(study), acts(study)).status_code == 204
    assert HintEvent.objects.get().client_time is not None


@pytest.mark.parametrize("sent", ["", "[]]", "[[1]]", '[["x",1,"w",1,"v",0,1,"shown",""]]', '{"a": 1}', "[" * 20_000])
def test_acts_that_cannot_be_read_are_refused(study: make.Study, sent: str) -> None:
    assert signed_in(study.members[0].user).post(log_of(study), {"acts": sent}).status_code == 400


def test_the_log_is_a_download_with_pseudonyms(study: make.Study, lead: Client) -> None:
    signed_in(study.members[0].user).post(log_of(study), acts(study))
    answer = lead.get(path(study, "export/hints/"))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert study.members[0].pseudonym in lines[1]


def test_a_new_round_has_hints_where_they_are_ticked(study: make.Study, lead: Client) -> None:
    sent = {"purpose": "main", "articles": [study.articles[0].pk], "members": [study.members[0].pk]}
    lead.post(path(study, "rounds/new/"), sent | {"name": "With", "hints": "1"})
    lead.post(path(study, "rounds/new/"), sent | {"name": "Without"})
    assert [Round.objects.get(name=name).hints for name in ("With", "Without")] == [True, False]


def test_the_page_carries_hints_only_where_the_round_has_them(study: make.Study) -> None:
    annotator = signed_in(study.members[0].user)
    address = path(study, f"code/{study.assignment().pk}/")
    assert "[0,9,&quot;alias&quot;,&quot;mayor&quot;,0]" in annotator.get(address).content.decode()
    Round.objects.update(hints=False)
    assert "data-hints" not in annotator.get(address).content.decode()
