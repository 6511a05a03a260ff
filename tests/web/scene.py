"""A study with something at each place that an address or a form can name, and everybody who might ask for it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from annotator.models import LabelRestore, Note, Notice, QueuedUnit, Webhook
from annotator.queries.selections import EVERYTHING
from annotator.services.long_reports import start_report
from annotator.services.snapshots import keep_report
from annotator.services.trash import delete_project, trash_round
from projects.models import Assignment, AuditEntry, CodebookVersion, Invitation, Membership, Role, Round, Token, User
from projects.services.article_metadata import set_column
from projects.services.lexicons import import_lexicon
from projects.services.member_changes import change_member
from projects.services.members import invite
from projects.services.passwords import link_key
from projects.services.rounds import open_round
from projects.services.tokens import make_token
from tests import make
from tests.services.test_hints import WORDS
from tests.web.bodies import bodies
from tests.web.forms import Fields, forms
from tests.web.routes import ADJUDICATOR, ADMIN, ANNOTATOR, LEAD, LEFT, STRANGER


@dataclass(frozen=True)
class Scene:
    """`people` by role; the second annotator of the study is nobody's role. `keys` of the invitations, by id."""

    study: make.Study
    people: Mapping[str, User]
    shares: Mapping[str, Assignment]
    places: Mapping[str, object]
    tokens: Mapping[str, int]
    notices: Mapping[str, int]
    forms: Mapping[str, Callable[[], Fields]]

    def places_of(self, name: str, wanted: Iterable[str], role: str) -> dict[str, object]:
        """What stands in the address of a route where the asker means his own."""
        share, token = self.shares.get(role, self.shares[ANNOTATOR]).pk, self.tokens.get(role, 0)
        own = {**self.places, "assignment_id": share, "token_id": token, "notice_id": self.notices.get(role, 0)}
        return {place: own.get(f"{name} {place}", own.get(place)) for place in wanted}

    def sent(self, name: str, role: str) -> Fields:
        """What a browser or a program sends; of the acts on a sentence the one that most roles may do."""
        if name.startswith("api_"):
            return bodies(self.study, self.shares.get(role, self.shares[ANNOTATOR])).get(name, {})
        fields = self.forms[name]() if name in self.forms else {}
        return fields | {"act": "queue"} if name == "act_on_sentence" else fields


def scene(*, lexicon: Mapping[str, object] = WORDS) -> Scene:
    """An open round of two annotators with labels, and one of lead and adjudicator."""
    study = make.study(annotators=2)
    for number, value in enumerate(("for", "against")):
        make.label(study.assignment(number), study.units()[0], "stance", value)
    Round.objects.update(hints=True)
    import_lexicon(member=study.lead, data=json.dumps(lexicon).encode())
    more = {role: make.member(study.project, role) for role in (Role.ADJUDICATOR, Role.VIEWER)}
    left = make.member(study.project)
    own = open_round(
        lead=study.lead,
        name="Round 2",
        purpose="pilot",
        articles=study.articles,
        members=[study.lead, more[ADJUDICATOR]],
        hints=True,
    )
    Membership.objects.filter(pk=left.pk).update(left_at=timezone.now())
    members = {LEAD: study.lead, ANNOTATOR: study.members[0], **more, LEFT: left}
    shares = {share.member.role: share for share in Assignment.objects.filter(round=own).select_related("member")}
    admin = make.user()
    User.objects.filter(pk=admin.pk).update(is_superuser=True, is_staff=True)
    people = {role: _user(member) for role, member in members.items()}
    people |= {STRANGER: _user(make.project()), ADMIN: User.objects.get(pk=admin.pk)}
    sent = {name: fields for name, (_where, fields) in forms(study).items()}
    shares[ANNOTATOR] = study.assignment()
    tokens = {role: _token(people[role]) for role in people}
    notices = {role: _notice(people[role], study) for role in members}
    return Scene(study, people, shares, _places(study, lexicon), tokens, notices, sent)


def _user(member: Membership) -> User:
    assert member.user is not None
    return member.user


def _notice(user: User, study: make.Study) -> int:
    told = Notice.objects.create(user=user, project=study.project, kind="new note", parts={"project": "it"}, link="/")
    return told.pk


def _token(user: User) -> int:
    make_token(user=user, name="mine", scope="read", days=9)
    return Token.objects.get(user=user).pk


def _places(study: make.Study, lexicon: Mapping[str, object]) -> dict[str, object]:
    lead, unit = study.lead, study.units()[0]
    set_column(member=lead, articles=[study.articles[0].pk], name="desk", value="home")
    queued = QueuedUnit.objects.create(round=study.round, unit=unit, variable="stance", member=lead)
    job = start_report(member=lead, round=study.round, selection=EVERYTHING)
    invited = invite(lead=lead, role="annotator")
    person, role = study.members[1], Role.ANNOTATOR
    holder = Membership.objects.create(project=study.project, role=role, pseudonym="coder 1")
    changed = change_member(lead=lead, member_id=person.pk, role=role, pseudonym=person.pseudonym, group="experts")
    assert changed is not None
    newest = CodebookVersion.objects.filter(project=study.project).latest("number")
    thrown = open_round(lead=lead, name="Thrown", purpose="pilot", articles=study.articles, members=study.members)
    trash_round(lead=lead, round=thrown)
    deleted = make.project(lead=lead.user)
    delete_project(lead=deleted, typed=deleted.project.slug)
    return {
        "slug": study.slug,
        "article_id": study.articles[0].pk,
        "round_id": study.round.pk,
        **dict.fromkeys(
            ("training round_id", "trained round_id"), Round.objects.get(purpose="training", project=study.project).pk
        ),
        "entry": AuditEntry.objects.filter(act="set a column").latest("pk").pk,
        "snapshot_id": keep_report(member=lead, round=study.round).pk,
        "queued_id": queued.pk,
        "job_id": job.pk,
        "unit_id": unit.pk,
        "note_id": Note.objects.filter(round=study.round).latest("pk").pk,
        "invitation_id": Invitation.objects.latest("pk").pk,
        "join key": invited,
        "reset key": link_key(_user(person)),
        "member_id": person.pk,
        "invite_holder member_id": holder.pk,
        "api_codebook number": 1,
        "webhook_id": Webhook.objects.latest("pk").pk,
        "undo_member_change entry": changed.entry,
        "key": lexicon["key"],
        "number": newest.number,
        "codebook_changes number": 1,
        "restore_round round_id": thrown.pk,
        "share_id": study.assignment().pk,
        "restore_id": LabelRestore.objects.create(
            round=study.round, annotator=study.members[0], member=lead, as_of=timezone.now()
        ).pk,
        "project_id": deleted.project_id,
    }
