"""The codebook editor, as its forms send it."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from annotator.core.codebook import Json, parse
from projects.models import CodebookVersion, Membership
from projects.services.codebook_drafts import start_draft
from projects.services.codebooks import READY, import_codebook, take_ready_codebook
from tests import make
from tests.shared import SHARED, needs_shared

pytestmark = pytest.mark.django_db
STANCE, SIDE, WEIGHT, REMARK, FRAMING = 1, 2, 4, 5, 6


class Editor:
    """A lead before a draft of the small codebook."""

    def __init__(self, *, published: bool = True) -> None:
        self.lead = make.project()
        if published:
            make.codebook(self.lead)
        self.number = start_draft(member=self.lead).number
        self.client, self.address = client_of(self.lead), f"/p/{self.lead.project.slug}/codebook/{self.number}/edit/"

    @property
    def version(self) -> CodebookVersion:
        return CodebookVersion.objects.get(project=self.lead.project, number=self.number)

    def question(self, at: int) -> dict[str, Json]:
        found: dict[str, Json] = self.version.document["variables"][at]
        return found

    def page(self, at: int | str = "") -> str:
        return self.client.get(f"{self.address}?at={at}").content.decode()

    def send(self, at: int | str, **fields: object) -> str:
        """Save some fields; the address that the page goes on with."""
        sent = {"base": self.version.document_sha256, "at": at} | {k.replace("__", "."): v for k, v in fields.items()}
        answer = self.client.post(self.address, sent)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"]).removeprefix(self.address)


def client_of(member: Membership) -> Client:
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    return client


@pytest.fixture
def editor() -> Iterator[Editor]:
    return Editor()


def form_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the middle form if nothing was changed."""
    found: dict[str, list[str]] = {}
    form = page[page.index('<form id="edit"') : page.index("</form>", page.index('<form id="edit"'))]
    for tag, attributes, rest in re.findall(r"<(input|textarea|select)\b([^>]*)>([^<]*(?:<option.*?</select>)?)", form):
        name = re.search(r'\bname="([^"]+)"', attributes)
        ticked = 'type="checkbox"' in attributes or 'type="radio"' in attributes
        if not name or (ticked and "checked" not in attributes):
            continue
        value = re.search(r'\bvalue="([^"]*)"', attributes)
        if tag == "select":
            value = re.search(r'value="([^"]*)" selected', rest) or re.search(r'value="([^"]*)"', rest)
        text = rest.removeprefix("\n") if tag == "textarea" else value[1] if value else ""
        found.setdefault(name[1], []).append(unescaped(text))
    return found


def unescaped(text: str) -> str:
    for mark, char in (("&quot;", '"'), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(mark, char)
    return text


def check_saving_what_is_shown(lead: Membership) -> None:
    """Question by question: a form that dropped or rewrote a field would be seen."""
    draft = start_draft(member=lead)
    address = f"/p/{lead.project.slug}/codebook/{draft.number}/edit/"
    for at in ["", *map(str, range(len(draft.document["variables"])))]:
        sent = form_of(client_of(lead).get(f"{address}?at={at}").content.decode())
        assert client_of(lead).post(address, sent).status_code == 302
    assert CodebookVersion.objects.get(pk=draft.pk).document == draft.document


@pytest.mark.parametrize("ready", READY)
def test_saving_what_the_page_shows_changes_nothing(ready: str) -> None:
    lead = make.project()
    take_ready_codebook(member=lead, name=ready)
    check_saving_what_is_shown(lead)


@needs_shared
def test_saving_the_reference_codebook_changes_nothing() -> None:
    lead = make.project()
    data = (SHARED / "reference" / "science" / "codebook_conflict_news.json").read_bytes()
    import_codebook(member=lead, data=data)
    check_saving_what_is_shown(lead)


def test_fields_are_saved_and_an_emptied_one_goes(editor: Editor) -> None:
    assert editor.send(STANCE, label="Position", definition="Whose side\r\nit takes.", required=["", "1"]) == "?at=1"
    assert editor.question(STANCE)["definition"] == "Whose side\nit takes."
    assert editor.question(STANCE)["required"] is True
    editor.send(STANCE, definition=" ", required="")
    assert not {"definition", "required"} & editor.question(STANCE).keys()
    editor.send(STANCE, values__0__shortcut="c", values__0__colour="3", values__0__use_when="It says no.")
    assert editor.version.document["variables"][STANCE]["values"][0]["colour"] == 3
    assert "<kbd>c</kbd>" in editor.page(STANCE)


def test_a_question_and_a_value_are_added_by_their_names(editor: Editor) -> None:
    assert editor.send(STANCE, variables__new="لمن الكلام") == "?at=8#label"
    assert editor.question(8) | {"type": "single"} == editor.question(8)
    assert editor.question(8)["key"] == "v1"
    assert editor.send(8, values__new="City council") == "?at=8#values.new"
    assert editor.question(8)["values"] == [{"key": "city_council", "label": "City council"}]
    assert "لمن الكلام" in editor.page(8)


def test_values_move_retire_and_come_back(editor: Editor) -> None:
    assert editor.send(STANCE, act="down values 0") == "?at=1#values.1.down"
    assert [v["key"] for v in editor.version.document["variables"][STANCE]["values"]] == ["neutral", "against", "for"]
    assert "Retire</button>" in editor.page(STANCE)
    editor.send(STANCE, act="remove values 1")
    assert editor.version.document["variables"][STANCE]["values"][1]["retired"] is True
    editor.send(STANCE, act="back values 1")
    assert "retired" not in editor.version.document["variables"][STANCE]["values"][1]
    assert editor.send(STANCE, act="up") == "?at=0#act-down"
    assert editor.send(0, act="remove") == "?at=0"
    assert "retired: not asked any more" in editor.page(0)


def test_rows_are_put_beside_others(editor: Editor) -> None:
    editor.send(STANCE, act="move values 0 after 2")
    assert [v["key"] for v in editor.version.document["variables"][STANCE]["values"]] == ["neutral", "for", "against"]
    assert editor.send(STANCE, act="move variables 1 before 0") == "?at=0"
    assert editor.send(0, act="move variables 7 before 0") == "?at=1"
    assert [editor.question(at)["key"] for at in range(3)] == ["frame", "stance", "attribution"]
    for wrong in ("move values 0 on 2", "move values 0 before 99", "move label 0 before 1", "move values 0 before"):
        sent = {"base": editor.version.document_sha256, "at": 1, "act": wrong}
        assert editor.client.post(editor.address, sent).status_code == 400


def test_ask_only_if_is_chosen_step_by_step(editor: Editor) -> None:
    editor.send(REMARK, **{"if.need": "all", "if.0.variable": "stance"})
    assert "has to be a list of value keys" in editor.page(REMARK)
    editor.send(REMARK, **{"if.need": "all", "if.0.variable": "stance", "if.0.test": "any_of", "if.0.operand": '"for"'})
    assert editor.question(REMARK)["visible_if"] == {"variable": "stance", "any_of": ["for"]}
    kept = {"if.0.variable": "stance", "if.0.test": "not_in", "if.0.operand": ['"for"', "null"]}
    editor.send(REMARK, **kept | {"if.need": "any", "if.1.variable": "weight"})
    assert editor.question(REMARK)["visible_if"] == {
        "any": [{"variable": "stance", "not_in": ["for", None]}, {"variable": "weight", "at_least": 1}]
    }
    editor.send(REMARK, **{"if.need": "any", "if.0.variable": "", "if.1.variable": ""})
    assert "visible_if" not in editor.question(REMARK)


def test_a_deep_condition_is_shown_and_kept(editor: Editor) -> None:
    deep = {"all": [{"any": [{"variable": "stance", "any_of": ["for"]}]}]}
    draft = editor.version
    draft.document["variables"][REMARK]["visible_if"] = deep
    draft.save()
    page = editor.page(REMARK)
    assert "nests deeper" in page
    editor.send(REMARK, **{"if.need": "all", "if.0.variable": "tone", "label": "Note"})
    assert editor.question(REMARK)["visible_if"] == deep


def test_a_problem_stands_at_its_field_and_publishing_is_refused(editor: Editor) -> None:
    editor.send(STANCE, values__0__shortcut="x", values__1__shortcut="x")
    editor.send(WEIGHT, min="ten", max="٣")
    page = editor.page(STANCE)
    assert re.search(r'id="values.1.shortcut-wrong" data-fresh><p>the shortcut .*already', page)
    assert re.search(r'<details id="values.1"[^>]* open', page)
    assert "3 things to mend" in page
    assert 'value="ten"' in editor.page(WEIGHT)
    answer = editor.client.post(editor.address.replace("/edit/", "/publish/"), follow=True)
    assert "This draft was not published." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == editor.address
    assert editor.version.published_at is None
    assert editor.client.get(editor.address.replace("2/edit/", "?version=2")).status_code == 302


def test_the_preview_is_the_question_of_the_coding_screen(editor: Editor) -> None:
    editor.send(STANCE, question="Whose side does it take?")
    preview = editor.page(STANCE).split('id="preview"')[1]
    assert "Whose side does it take?" in preview
    assert 'data-value="against"' in preview
    editor.send(STANCE, label="", values__0__shortcut="##", values__1__label="")
    preview = editor.page(STANCE).split('id="preview"')[1]
    assert 'data-value="against"' in preview
    assert "<bdi>…</bdi>" in preview
    editor.send(WEIGHT, min="9", max="1")
    editor.send("", variables__new="Mood")
    assert "The preview comes back" in editor.page(8)


def test_an_old_page_is_told_that_somebody_else_was_quicker(editor: Editor) -> None:
    base = editor.version.document_sha256
    editor.send(STANCE, label="Position")
    answer = editor.client.post(editor.address, {"base": base, "at": STANCE, "label": "Mine"})
    assert answer.status_code == 409
    assert "has changed this draft meanwhile" in answer.content.decode()
    assert editor.question(STANCE)["label"] == "Position"


def test_an_autosave_answers_with_the_base_of_the_next(editor: Editor) -> None:
    sent = {"base": editor.version.document_sha256, "at": STANCE, "label": "Position", "autosave": "1"}
    page = editor.client.post(editor.address, sent).content.decode()
    assert f'id="base" value="{editor.version.document_sha256}"' in page
    assert "<bdi>Position</bdi>" in page


def test_the_key_of_a_published_question_stays_and_of_a_new_one_does_not(editor: Editor) -> None:
    sent = {"base": editor.version.document_sha256, "at": STANCE, "key": "other"}
    assert editor.client.post(editor.address, sent).status_code == 400
    editor.send("", variables__new="Mood")
    editor.send(8, key="feeling", type="number")
    assert (editor.question(8)["key"], editor.question(8)["type"]) == ("feeling", "number")


def test_only_leads_open_the_editor(editor: Editor) -> None:
    for role in ("annotator", "adjudicator", "viewer"):
        other = client_of(make.member(editor.lead.project, role))
        assert other.get(editor.address).status_code == 403
        assert other.post(editor.address, {"at": "0", "label": "Mine"}).status_code == 403
        for act in ("start/", f"{editor.number}/discard/"):
            assert other.post(f"/p/{editor.lead.project.slug}/codebook/{act}").status_code == 403
        assert "/edit/" not in other.get(f"/p/{editor.lead.project.slug}/codebook/").content.decode()


def test_a_draft_is_started_and_discarded_from_the_pages() -> None:
    lead = make.project()
    address, client = f"/p/{lead.project.slug}/codebook/", client_of(lead)
    page = client.get(address).content.decode()
    assert page.count("Take this codebook") == 3
    assert "Start a draft" in page
    assert client.post(f"{address}start/")["Location"] == f"{address}1/edit/"
    assert "Edit draft 1" in client.get(address).content.decode()
    assert "The draft is gone." in client.post(f"{address}1/discard/", follow=True).content.decode()
    assert client.get(f"{address}1/edit/").status_code == 404
    assert client.post(f"{address}ready/", {"ready": "other"}).status_code == 400
    assert client.post(f"{address}ready/", {"ready": "short"}).status_code == 302


def test_rules_of_spans_and_questions_on_them_are_fields(editor: Editor) -> None:
    editor.send(FRAMING, **{"span.overlap": "none", "span.snap": "token", "span.discontinuous": ""})
    assert editor.question(FRAMING)["span"] == {"overlap": "none", "discontinuous": False}
    editor.send(FRAMING, **{"span.overlap": "any", "span.discontinuous": ["", "1"]})
    assert editor.question(FRAMING)["span"] == {"overlap": "any"}
    editor.send(FRAMING, **{"relation.from": "praise", "relation.to": ["", "naming_state"]})
    assert editor.question(FRAMING)["relations"] == [{"key": "joined", "from": "praise", "to": ["naming_state"]}]
    editor.send(FRAMING, **{"relation.from": "", "relation.to": ""})
    assert "relations" not in editor.question(FRAMING)
    assert editor.send(FRAMING, **{"span_attributes.new": "Valence"}) == "?at=6#span_attributes.new"
    assert "a span attribute with choices needs values" in editor.page(FRAMING)
    for label in ("Cold", "Warm"):
        editor.send(FRAMING, **{"span_attributes.0.values.new": label, "span_attributes.0.type": "ordinal"})
    assert editor.send(FRAMING, act="up span_attributes.0.values 1") == "?at=6#span_attributes.0.values.0.down"
    (attribute,) = parse(editor.version.document).variable("framing").span_attributes
    assert (attribute.kind, [value.key for value in attribute.values]) == ("ordinal", ["warm", "cold"])


def test_what_is_rarely_needed_is_under_more(editor: Editor) -> None:
    editor.send(SIDE, max_choices="2", exclusive=["", "army"], default=["", "army", "town"], measurement="jaccard")
    wanted = {"max_choices": 2, "exclusive": ["army"], "default": ["army", "town"], "measurement": "jaccard"}
    assert editor.question(SIDE) | wanted == editor.question(SIDE)
    more = editor.page(SIDE).split('id="more-told"')[1].split("</summary>")[0]
    assert re.findall(r": <bdi>(.*?)</bdi>", more) == ["sets (Jaccard)", "2", "Army", "Town, Army"]
    editor.send(SIDE, cannot_tell="")
    assert editor.question(SIDE)["cannot_tell"] is False
    assert re.search("cannot tell”: <bdi>no", editor.page(SIDE))
    editor.send(SIDE, cannot_tell=["", "1"])
    assert "cannot_tell" not in editor.question(SIDE)
    editor.send(SIDE, exclusive="", default="", measurement="masi", max_choices="")
    assert not {"max_choices", "exclusive", "default"} & editor.question(SIDE).keys()


def test_a_question_takes_its_values_from_another(editor: Editor) -> None:
    editor.send("", variables__new="Main side")
    assert 'name="values_from"' not in editor.page(STANCE), "it has values of its own"
    editor.send(8, values_from="side")
    editor.send(8, values_without=["", "army"], values_limited_to_chosen_in="side")
    assert parse(editor.version.document).variable("main_side").limited_to == "side"
    assert "The values are those of the question side" in editor.page(8)
    editor.send(REMARK, **{"if.need": "all", "if.0.variable": "main_side"})
    tested = editor.page(REMARK)
    assert "Town</bdi>" in tested
    assert "Army</bdi>" not in tested


def test_a_test_on_a_number_compares_it(editor: Editor) -> None:
    row = {"if.need": "all", "if.0.variable": "weight"}
    editor.send(REMARK, **row)
    editor.send(REMARK, **row | {"if.0.test": "at_most", "if.0.number": "2.5"})
    assert editor.question(REMARK)["visible_if"] == {"variable": "weight", "at_most": 2.5}
    editor.send(REMARK, **row | {"if.0.test": "any_of"})
    editor.send(REMARK, **row | {"if.0.test": "any_of", "if.0.numbers": "3, 4.5", "if.0.operand": "null"})
    assert editor.question(REMARK)["visible_if"] == {"variable": "weight", "any_of": [3, 4.5, None]}
    editor.send(REMARK, **row | {"if.0.test": "any_of", "if.0.numbers": "three"})
    assert "&#x27;three&#x27; is none" in editor.page(REMARK)


def test_a_value_is_merged_split_and_offered_again(editor: Editor) -> None:
    editor.send(STANCE, act="merge values 2", **{"values.2.into": "against"})
    assert editor.question(STANCE)["values"][2]["became"] == ["against"]  # type: ignore[index, call-overload]
    assert "Merged into:" in editor.page(STANCE)
    assert "merged into “Against”" in editor.page(STANCE)
    editor.send(STANCE, act="back values 2")
    editor.send(STANCE, act="split values 2", **{"values.2.half": ["Mildly for", "Strongly for"]})
    keys = [value["key"] for value in editor.question(STANCE)["values"]]  # type: ignore[index, call-overload, union-attr]
    assert keys == ["against", "neutral", "for", "mildly_for", "strongly_for"]
    assert "Split into:" in editor.page(STANCE)
    editor.send(STANCE, act="back values 2")
    assert len(editor.question(STANCE)["values"]) == 3  # type: ignore[arg-type]


def test_a_merge_without_a_choice_is_refused_and_changes_nothing(editor: Editor) -> None:
    sent = {"base": editor.version.document_sha256, "at": STANCE, "act": "merge values 2", "values.2.into": ""}
    answer = editor.client.post(editor.address, sent)
    assert answer.status_code == 400
    assert "still offered" in answer.content.decode()
    assert "retired" not in editor.question(STANCE)["values"][2]  # type: ignore[index, call-overload, operator]
