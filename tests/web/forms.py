"""Every form of the site: its address, and what a browser would send."""

import json
from collections.abc import Callable
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from annotator.models import Decision, GoldAnswer, Note, Webhook
from annotator.services.gold import gold_from_decisions
from projects.models import CodebookVersion
from projects.services.codebook_drafts import start_draft
from projects.services.rounds import open_round
from tests import make, moved
from tests.services.test_hints import WORDS
from tests.web.hostile_values import TABLE

Fields = dict[str, object]
BUNDLE: Fields = {
    "version": "1.0",
    "licence": "CC-BY-4.0",
    "creators": "Doe, Jo",
    "citation": "",
    "limits": "Two papers.",
    "texts": "1",
    "events": "",
    "split": "1",
    "train": "80",
    "validation": "10",
    "test": "10",
    "seed": "1",
    "by_outlet": "1",
}


def _edit_sent(draft: CodebookVersion) -> Fields:
    """The form of the codebook editor, on a scale, in view of what the draft has become."""
    draft.refresh_from_db()
    return {
        "base": draft.document_sha256,
        "at": "3",
        "focus": "label",
        "label": "Tone",
        "required": "1",
        "act": "up values 1",
        "values.1.into": "-1",
        "values.1.half": "Even",
        "values.new": "",
        "variables.new": "",
        "values.0.shortcut": "c",
        "values.0.colour": "1",
        "values.0.code": "-1",
        "measurement": "interval",
        "default": "0",
        "cannot_tell": "",
        "if.need": "all",
        "if.0.variable": "stance",
        "if.0.test": "any_of",
        "if.0.operand": '"for"',
        "if.0.number": "2",
        "if.0.numbers": "2, 3",
    }


def forms(study: make.Study) -> dict[str, tuple[list[object], Callable[[], Fields]]]:
    """For each form its address and what a browser would send."""
    slug, unit = study.slug, study.units()[1]
    draft = start_draft(member=study.lead)
    people, articles = [member.pk for member in study.members], [study.articles[0].pk]
    note = Note.objects.create(round=study.round, unit=unit, member=study.members[0], text="Who?")
    Decision.objects.create(round=study.round, unit=unit, variable="tone", value="1", version=1)
    gold_from_decisions(lead=study.lead, round=study.round)
    webhook = Webhook.objects.create(
        project=study.project, member=study.lead, url="https://hooks.example.org/", events=[], nonce=str(uuid4())
    )
    trained = open_round(
        lead=study.lead,
        name=f"Training {uuid4()}",
        purpose="training",
        articles=study.articles,
        members=[study.lead, *study.members],
    )
    return {
        "home": ([], lambda: {"title": f"Study {uuid4()}"}),
        "import_project": ([], lambda: {"slug": "", "lead": "", "file": file("old.zip", "no ZIP")}),
        "account": ([], lambda: {"name": str(uuid4()), "scope": "read", "days": "9"}),
        "profile": (
            [],
            lambda: {"shown_name": "R. Lane", "username": study.lead.user.username, "email": "", "password": ""},
        ),
        "change_password": ([], lambda: {"password": "no", "new_password": "tides and weather"}),
        "second_factor": ([], lambda: {"code": "123456"}),
        "begin_second_factor": ([], lambda: {"password": "no"}),
        "recovery_codes": ([], lambda: {"code": "abcd1234"}),
        "second_factor_off": ([], lambda: {"code": "123456"}),
        "forgotten": ([], lambda: {"email": "nobody@example.org"}),
        "calculator": ([], lambda: dict(TABLE)),
        "calculator_project": ([], lambda: TABLE | {"title": str(uuid4())}),
        "members": ([slug], lambda: {"role": "annotator", "note": "the new one"}),
        "member": ([slug, people[1]], lambda: {"role": "annotator", "pseudonym": str(uuid4()), "group": "experts"}),
        "transfer_project": ([slug, people[1]], lambda: {"giver": "lead"}),
        "snapshots": ([slug], lambda: {"round": study.round.pk, "variables": "stance", "outlets": ""}),
        "compute_report": ([slug], lambda: {"round": study.round.pk, "articles": articles, "kinds": "sentence"}),
        "start_export": ([slug], lambda: {"format": "wide", "as": "xlsx", "round": study.round.pk, "kind": "sentence"}),
        "new_round": (
            [slug],
            lambda: {
                "name": str(uuid4()),
                "purpose": "training",
                "articles": articles,
                "members": people,
                f"capacity.{people[0]}": "9",
                "deal": "each",
                "overlap": "2",
                "retest_of": study.round.pk,
                "retest_days": "3",
                "retest_number": "2",
                "seed": "7",
                "due_on": "2027-03-31",
                "feedback": "1",
                "pass_mark": "80",
                "tries": "2",
            },
        ),
        "restore_labels": (
            [slug, study.round.pk],
            lambda: {"annotator": people[0], "as_of": "2026-01-01T12:00", "article": articles[0]},
        ),
        "gold": ([slug], lambda: {"act": "decisions", "round": study.round.pk, "variable": "", "share": ""}),
        "gold_article": (
            [slug, articles[0]],
            lambda: {"act": "explain", "answer": GoldAnswer.objects.latest("pk").pk, "explanation": "He says so."},
        ),
        "trained": ([slug, trained.pk], lambda: {"member": people[0], "act": "let"}),
        "delete_project": ([slug], lambda: {"typed": "Another title"}),
        "close_round": ([slug, study.round.pk], lambda: {"state": "open"}),
        "freeze_round": ([slug, study.round.pk], dict),
        "move_shares": (
            [slug, study.round.pk],
            lambda: {
                "act": "give",
                "member": people[0],
                "to": people[1],
                "shares": [study.assignment().pk],
                "single": "1",
                "number": "2",
                "entry": "1",
                "back": "shares",
            },
        ),
        "codebook_import": ([slug], lambda: {"draft": "1", "preview": "1", "file": file("c.json", json.dumps({}))}),
        "codebook_edit": ([slug, draft.number], lambda: _edit_sent(draft)),
        "codebook_ready": ([slug], lambda: {"ready": "short"}),
        "elsewhere_import": ([slug], lambda: _elsewhere_sent()),
        "label_import": ([slug], lambda: {"round": "", "file": file("l.csv", "article,sentence\n")}),
        "article_import": (
            [slug],
            lambda: {"text": "One line.\n\nIt rained.", "title": str(uuid4()), "encoding": "", "codable": "sentence"},
        ),
        "change_articles": (
            [slug],
            lambda: {
                "act": "set",
                "articles": articles,
                "shown": articles,
                "set_column": "desk",
                "set_value": "home",
                "back": f"/p/{slug}/articles/?q=rain",
            },
        ),
        "article_metadata": (
            [slug, study.articles[0].pk],
            lambda: {"title": "A day", "language": "en", "outlet": "Wire", "name": "desk", "value": "home"},
        ),
        "decide_copies": (
            [slug],
            lambda: {"act": "link", "original": articles[0], "article": articles[0], "back": "/"},
        ),
        "settings": (
            [slug],
            lambda: {
                "title": "A study",
                "description": "",
                "language": "en",
                "codable": "sentence",
                "never_split_after": "Kpt.",
                "keep_quotations_whole": "1",
                "minimum_length": "5",
                "soft_maximum_length": "500",
                "text": "It rained. Nobody came.",
                "tried_language": "en",
                "try": "1",
            },
        ),
        "bundle": ([slug], lambda: BUNDLE | {"round": study.round.pk, "download": "1"}),
        "key_table": ([slug], dict),
        "webhooks": ([slug], lambda: {"url": "https://hooks.example.org/", "event": "round.closed"}),
        "change_webhook": ([slug, webhook.pk], lambda: {"act": "off"}),
        "lexicons": ([slug], lambda: {"file": file("l.json", json.dumps(WORDS))}),
        "lexicon": ([slug, "words"], lambda: {"variable": "framing", "group.elsewhere": "praise"}),
        "switch_lexicon": ([slug, "words"], lambda: {"in_use": "1"}),
        "sources": (
            [slug],
            lambda: {
                "base": "1",
                "variable": "attribution",
                "key": "mayor",
                "label": "The mayor",
                "aliases": "the mayor",
                "side": "town",
                "actor_type": "official",
                "into": "",
                "name": "Port Office",
                "to": "+",
            },
        ),
        "log_hints": (
            [slug, study.assignment().pk],
            lambda: {"acts": json.dumps([[str(uuid4()), unit.pk, "words", 1, "", unit.start, unit.end, "shown", ""]])},
        ),
        "kinds": ([slug], lambda: {"match": "begins", "words": "It", "kind": "promo", "look": "1"}),
        "split_again": ([slug], lambda: {"again": "1"}),
        "release_article": ([slug, study.articles[0].pk], lambda: {"state": "hold"}),
        "boundaries": (
            [slug, articles[0]],
            lambda: {
                "base": "1",
                "at": "0",
                "edits": '[["offer", 0, false]]',
                "edit": '["kind", 0, "dek"]',
                "reword": "0",
                "words": "Bridge opens",
                "split": "1",
                "offset": "7",
                "leave": "5",
            },
        ),
        "apply_boundaries": ([slug, articles[0]], lambda: {"base": "1", "edits": '[["kind", 0, "dek"]]'}),
        "undo_boundaries": ([slug, articles[0]], lambda: {"base": "1"}),
        "move_round": ([slug, study.round.pk], lambda: {"to": make.codebook(study.lead).number}),
        "undo_move": ([slug, study.round.pk], lambda: {"move": moved.move(study, moved.later({})).pk}),
        "login": ([], lambda: {"username": "nobody", "password": "no", "next": "/"}),
        "save_label": (
            [slug, study.assignment().pk],
            lambda: {
                "event": str(uuid4()),
                "unit": unit.pk,
                "variable": "remark",
                "value": '"words"',
                "base_version": "0",
                "client_time": "2026-01-01T00:00:00Z",
                "active_ms": "1200",
                "elsewhere_ms": "0",
                "codebook": "1",
            },
        ),
        "act_on_sentence": (
            [slug],
            lambda: {
                "round": study.round.pk,
                "variable": "stance",
                "unit": unit.pk,
                "act": "example",
                "value": "for",
                "text": "Mind rule 3.",
                "first": "for",
            },
        ),
        "decide_case": (
            [slug],
            lambda: {
                "round": study.round.pk,
                "question": "tone",
                "order": "alpha",
                "show": "open",
                "at": f"{unit.pk}-tone",
                "base": "1",
                "event": str(uuid4()),
                "value": '"1"',
                "accept": '"0"',
                "reason": "Because.",
                "act": "",
            },
        ),
        "accept_agreed": (
            [slug],
            lambda: {"round": study.round.pk, "question": "stance", "batch": str(uuid4())},
        ),
        "undo_agreed": ([slug], lambda: {"round": study.round.pk, "batch": str(uuid4())}),
        "undo_decision": (
            [slug],
            lambda: {"round": study.round.pk, "question": "stance", "at": f"{unit.pk}-stance", "base": "1"},
        ),
        "start_merge": ([slug], lambda: {"round": study.round.pk, "variable": "stance", "value": ["for", "against"]}),
        "answer_note": ([slug, note.pk], lambda: {"text": "The mayor.", "state": ""}),
        "notices": ([], lambda: {"wish": "daily"}),
        "leave_note": (
            [slug, study.assignment().pk],
            lambda: {"event": str(uuid4()), "unit": unit.pk, "value": '{"text": "Who?"}', "base_version": "0"},
        ),
    }


def _elsewhere_sent() -> dict[str, object]:
    """A small export of doccano with a choice of each kind."""
    export = json.dumps({"id": str(uuid4()), "text": "It rained.", "label": [[0, 2, "weather"]]})
    return {
        "file": file("coder-1.jsonl", export),
        "each": "article",
        "to": "new:span",
        "was": "new:span",
        "name": "Weather",
        "value-0": "weather",
        "pseudonym": "coder-1",
        "leave_out": "1",
        "unmarked": "1",
        "preview": "1",
    }


def file(name: str, content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


FORMS = ["home", "account", "members", "new_round", "close_round", "codebook_import", "label_import", "article_import"]
FORMS += ["elsewhere_import"]
FORMS += ["change_articles", "article_metadata", "decide_copies", "login", "save_label", "leave_note", "answer_note"]
FORMS += ["codebook_edit", "codebook_ready", "calculator", "calculator_project", "snapshots", "compute_report"]
FORMS += ["start_export"]
FORMS += [
    "act_on_sentence",
    "start_merge",
    "decide_case",
    "undo_decision",
    "accept_agreed",
    "undo_agreed",
    "settings",
    "kinds",
    "split_again",
    "release_article",
]
FORMS += ["lexicons", "lexicon", "switch_lexicon", "sources", "log_hints"]
FORMS += ["profile", "change_password", "second_factor", "begin_second_factor", "recovery_codes"]
FORMS += ["import_project", "second_factor_off", "forgotten", "member", "transfer_project"]
FORMS += ["webhooks", "change_webhook"]
FORMS += ["delete_project", "restore_labels"]
FORMS += ["notices", "bundle", "key_table"]
FORMS += ["gold", "gold_article", "trained"]
FORMS += ["move_shares", "freeze_round"]
FORMS += ["boundaries", "apply_boundaries", "undo_boundaries", "move_round", "undo_move"]
