"""A project with something of everything in it: every table has rows, and each act that notes ids was done."""

import json
from uuid import uuid4

from annotator.core.mending import Merge, Split
from annotator.core.sampling import Annotator
from annotator.models import AccessEntry, GoldAnswer, Note
from annotator.services import access_log
from annotator.services.adjudication import queue_unit, take_off_queue
from annotator.services.agreed import accept_agreed
from annotator.services.decisions import Ruling, decide
from annotator.services.gold import bring_back, explain, gold_from_decisions, take_back
from annotator.services.gold_scores import keep_own_scores
from annotator.services.hints import HintAct, log_hints
from annotator.services.label_restores import restore_labels
from annotator.services.notes import Remark, answer_note, leave_remark
from annotator.services.snapshots import keep_report
from annotator.services.training import conclude_all, let_through
from annotator.services.trash import restore_round, trash_round
from projects.models import AuditEntry, Role, Round
from projects.queries.article_list import Wanted
from projects.services import audit
from projects.services.article_metadata import set_column
from projects.services.asks import Ask, Retest
from projects.services.draws import open_drawn_round
from projects.services.duplicates import keep_apart, look_for_copies
from projects.services.lexicons import import_lexicon
from projects.services.linking import drop, link, undo
from projects.services.member_changes import change_member, remove_member, undo_member_change
from projects.services.members import invite
from projects.services.passwords import make_password_link
from projects.services.rounds import open_round, set_closed
from projects.services.shares import reassign_shares, release_shares, undo_shares
from tests import make, mended, moved
from tests.services.test_training import MAYOR, SHORT, finish

ARABIC = "عودة الجسر\n\nألقى رئيس البلدية اللوم على الجيش 🌊. وقال السكان: «لم يأتِ أحد».\n"
WORDS = {
    "format": "lexicon",
    "key": "words",
    "title": "Words",
    "kind": "framing",
    "terms": [{"forms": ["regime"], "value": "naming_state"}],
}


def study() -> make.Study:
    """The round of the study is open, its first text mended and its codebook moved."""
    made = make.study(annotators=3, texts=[mended.TEXT, ARABIC])
    import_lexicon(member=made.lead, data=json.dumps(WORDS).encode())
    _label(made)
    _ask_and_decide(made)
    before = mended.version(made)
    mended.mend(made, Merge(made.units()[2].start), Split(before.text.index("and the lorries")))
    moved.move(made, moved.later({"stance": {"values.for": ["against"]}}))
    made.round.refresh_from_db()
    moment = AuditEntry.objects.filter(act="open round").get().at
    restore_labels(member=made.lead, round=made.round, annotator=made.members[2], at=moment)
    _train(made)
    _copy_and_drop(made)
    _draw(made)
    _change_members(made)
    return made


def _label(made: make.Study) -> None:
    text = made.units()[1].text_version.text
    start = text.index("regime")
    span = {"start": start, "end": start + 6, "quote": "regime", "value": "naming_state"}
    for number in range(3):
        share = made.assignment(number)
        for unit in made.units()[:4]:
            make.label(share, unit, "stance", ("for", "for", "against")[number])
            make.label(share, unit, "attribution", [])
        make.label(share, made.units()[1], "framing", [span, span | {"end": start + 4, "quote": "regi"}])
        make.label(share, made.units()[1], "weight", 12.5)
        make.label(made.assignment(number, 1), made.units(1)[1], "remark", "«لم يأتِ» 🌊")
    make.label(made.assignment(), made.units()[0], "stance", None, 1)
    Round.objects.update(hints=True)
    hint = HintAct(uuid4(), made.units()[1].pk, "words", 1, "naming_state", start, start + 6, "accepted", None)
    log_hints(assignment=made.assignment(), acts=[hint])


def _ask_and_decide(made: make.Study) -> None:
    lead, round, unit = made.lead, made.round, made.units()[1]
    leave_remark(assignment=made.assignment(), unit=unit, uuid=uuid4(), remark=Remark("Whose voice?", "stance"))
    answer_note(member=lead, note_id=Note.objects.get().pk, text="The mayor’s.")
    decide(member=lead, ruling=Ruling(uuid4(), round, unit, "stance", "for", 0, "By rule 3."))
    accept_agreed(member=lead, round=round, variable="attribution", batch=uuid4())
    queue_unit(member=lead, round=round, unit=made.units()[2], variable="tone")
    take_off_queue(member=lead, queued_id=queue_unit(member=lead, round=round, unit=unit, variable="tone").pk)
    set_closed(lead=lead, round=round, closed=True)
    keep_report(member=lead, round=round)
    set_closed(lead=lead, round=round, closed=False)
    access_log.note(member=lead, rounds=[round.pk], what=AccessEntry.What.DATASET)


def _train(made: make.Study) -> None:
    lead, article = made.lead, make.article(made.lead, SHORT)
    units = list(article.text_versions.get().units.filter(index__gt=0).order_by("index"))
    judged = open_round(lead=lead, name="Judged", purpose="pilot", articles=[article], members=made.members[:1])
    for unit in units:
        decide(member=lead, ruling=Ruling(uuid4(), judged, unit, "stance", "against", 0))
    gold_from_decisions(lead=lead, round=judged)
    explain(lead=lead, answer_id=GoldAnswer.objects.order_by("pk")[0].pk, explanation="See the rule.")
    take_back(lead=lead, article_id=article.pk)
    bring_back(lead=lead, article_id=article.pk)
    options = {"feedback": True, "pass_mark": 0.5}
    training = open_round(
        lead=lead, name="Training", purpose="training", articles=[article], members=made.members[:2], **options
    )
    share = training.assignments.order_by("pk")[0]
    finish(share, [[], [MAYOR], []], "against")
    keep_own_scores(made.members[0])
    conclude_all(lead=lead, round=training)
    let_through(lead=lead, round=training, member_id=made.members[1].pk, let=True)
    Round.objects.filter(pk=made.round.pk).update(requires=training)


def _copy_and_drop(made: make.Study) -> None:
    lead = made.lead
    copies = [make.article(lead).pk for _ in range(4)]
    look_for_copies(member=lead)
    undo(member=lead, entry=keep_apart(member=lead, articles=copies[3:]))
    keep_apart(member=lead, articles=copies[2:3])
    undo(member=lead, entry=link(member=lead, original=copies[0], copies=copies[1:2]).entry)
    link(member=lead, original=copies[1], copies=copies[:1])
    drop(member=lead, articles=copies[3:])
    set_column(member=lead, articles=copies[:2], name="desk", value="Foreign 🌍")


def _change_members(made: make.Study) -> None:
    lead, person = made.lead, make.member(made.project, Role.VIEWER)
    told = {"role": Role.ADJUDICATOR, "pseudonym": "Otter", "group": "expert"}
    changed = change_member(lead=lead, member_id=person.pk, **told)
    assert changed is not None
    undo_member_change(lead=lead, entry=changed.entry)
    remove_member(lead=lead, member_id=person.pk)
    make_password_link(lead=lead, member_id=made.members[0].pk)
    invite(lead=lead, role=Role.VIEWER, note="Somebody’s name")
    audit.record(lead, "make webhook", {"url": "https://hook.example/key", "events": []})


def _draw(made: make.Study) -> None:
    members = [Annotator(one.pk) for one in made.members[:2]]
    retest = Retest(made.round.pk, 1, 0)
    made_round = open_drawn_round(
        lead=made.lead,
        name="Drawn",
        purpose="main",
        ask=Ask(seed=11, members=members, wanted=Wanted(), number=1, retest=retest, overlap=2),
    )
    taken = made_round.assignments.filter(member=made.members[0]).values_list("pk", flat=True)
    undo_shares(lead=made.lead, entry=release_shares(lead=made.lead, member=made.members[1], round=made_round).entry)
    reassign_shares(lead=made.lead, shares=list(taken), to=made.members[2])
    for name in ("Thrown", "Back"):
        thrown = open_round(
            lead=made.lead, name=name, purpose="pilot", articles=made.articles[1:], members=made.members[:1]
        )
        trash_round(lead=made.lead, round=thrown)
    restore_round(lead=made.lead, round_id=thrown.pk)
