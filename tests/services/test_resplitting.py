"""Articles that nobody was assigned are split again as the project asks; all others stay as they are."""

from dataclasses import replace

import pytest

from annotator.core.errors import ConflictError, InvalidError, NotAllowedError
from annotator.core.sentences import KindRule
from annotator.models import Job
from annotator.services import jobs, resplitting
from projects.models import Article, Assignment, Membership, TextVersion, Unit
from projects.queries.patterns import matches
from projects.services.articles import import_articles
from projects.services.reviews import hold_article, release_article
from projects.services.rounds import open_round
from projects.services.settings import OFFERED, add_kind_rule, change_settings, remove_kind_rule
from tests import make
from tests.services.test_settings import PROMO, TEXT, kinds_of

pytestmark = pytest.mark.django_db


def ask(lead: Membership, **wishes: object) -> None:
    title = lead.project.title
    change_settings(member=lead, title=title, description="", language="en", codable_kinds=OFFERED, wishes=wishes)


def assigned(lead: Membership, article: Article) -> None:
    make.codebook(lead)
    open_round(lead=lead, name="R", purpose="main", articles=[article], members=[make.member(lead.project)])


def texts_of(article: Article) -> list[str]:
    return [text for text, _, _ in kinds_of(article)]


def test_only_articles_that_come_out_otherwise_are_touched() -> None:
    lead = make.project()
    other, plain = make.article(lead, TEXT), make.article(lead, "Quiet day\nNothing came.\n")
    kept = list(Unit.objects.filter(text_version__article=plain).values_list("pk", flat=True))
    ask(lead, never_split_after=["Kpt"])
    outlook = resplitting.look(member=lead)
    assert (outlook.changing, outlook.standing.free) == (1, 2)
    assert [(one.version.article, one.before, one.after) for one in outlook.first] == [(other, 6, 5)]

    job = resplitting.split_again(member=lead)

    assert (job.state, job.result["changed"]) == (Job.State.DONE, 1)
    assert texts_of(other)[1] == "Kpt. Reed spoke."
    assert list(Unit.objects.filter(text_version__article=plain).values_list("pk", flat=True)) == kept
    assert resplitting.look(member=lead).changing == 0


def test_the_proof_and_the_wishes_follow_the_units() -> None:
    lead = make.project()
    article = make.article(lead, TEXT)
    ask(lead, minimum_length=30)
    resplitting.split_again(member=lead)
    version = article.text_versions.get()
    assert version.options == {"minimum_length": 30}
    assert version.proof["units"] == version.units.filter(index__gt=0).count()
    assert version.units.get(index=0).kind == "article"


def test_assigned_and_mended_articles_are_left_alone_and_counted() -> None:
    lead = make.project()
    given, mended = make.article(lead, TEXT), make.article(lead, TEXT)
    assigned(lead, given)
    first = mended.text_versions.get()
    second = TextVersion.objects.create(article=mended, number=2, text=first.text, sha256=first.sha256)
    Unit.objects.create(text_version=second, index=1, kind="sentence", start=0, end=len(first.text.rstrip()))
    before = kinds_of(given)
    ask(lead, never_split_after=["Kpt"])
    add_kind_rule(member=lead, rule=PROMO)
    job = resplitting.split_again(member=lead)
    assert {name: job.result[name] for name in ("free", "assigned", "mended", "changed")} == {
        "free": 0,
        "assigned": 1,
        "mended": 1,
        "changed": 0,
    }
    assert kinds_of(given) == before
    assert second.units.count() == 1


def test_an_article_assigned_between_the_look_and_the_write_is_left_alone() -> None:
    lead = make.project()
    article = make.article(lead, TEXT)
    ask(lead, never_split_after=["Kpt"])
    again = list(resplitting._changed(lead.project, [article.text_versions.get()]))
    assigned(lead, article)
    assert resplitting._store(lead.project, again) == 0
    assert len(texts_of(article)) == 6


def test_many_articles_become_a_job_that_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resplitting, "SHORT_ARTICLES", 1)
    monkeypatch.setattr(resplitting, "AT_ONCE", 1)
    lead = make.project()
    articles = [make.article(lead, TEXT) for _ in range(2)]
    ask(lead, never_split_after=["Kpt"])
    assert resplitting.look(member=lead).changing is None
    job = resplitting.split_again(member=lead)
    assert job.state == Job.State.WAITING
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.result["changed"]) == (Job.State.DONE, 2, 2)
    assert all(len(texts_of(article)) == 5 for article in articles)


def test_a_job_that_breaks_says_what_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = make.project()
    make.article(lead, TEXT)

    def breaks(*given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(resplitting, "_changed", breaks)
    job = resplitting.split_again(member=lead)
    assert job.state == Job.State.FAILED
    assert "Nothing was stored" not in job.message
    assert "Start it once more" in job.message


def test_a_rule_changes_all_units_of_its_pattern_and_taking_it_back_restores_them() -> None:
    lead = make.project()
    article = make.article(lead, TEXT)
    before = kinds_of(article)
    add_kind_rule(member=lead, rule=PROMO)
    resplitting.split_again(member=lead)
    assert kinds_of(article)[-1] == ("TIDES: see page four", "promo", False)
    assert kinds_of(article)[:-1] == before[:-1]
    remove_kind_rule(member=lead, rule=PROMO)
    resplitting.split_again(member=lead)
    assert kinds_of(article) == before


def test_what_a_rule_would_change_is_counted_before() -> None:
    lead = make.project()
    free, given = make.article(lead, f"{TEXT}It rained.\nTides and ferries."), make.article(lead, TEXT)
    assigned(lead, given)
    found = matches(lead.project_id, KindRule(**PROMO))
    assert (found.units, found.articles, found.left_alone) == (2, 1, 1)
    assert (found.first[0].article, found.first[0].text) == (free, "TIDES: see page four")


def test_a_round_never_draws_an_article_that_waits_for_review() -> None:
    lead = make.project()
    make.codebook(lead)
    plain, scan = import_articles(
        member=lead, documents=[make.document(TEXT), replace(make.document(TEXT), needs_review=True)]
    )
    someone = make.member(lead.project)
    with pytest.raises(InvalidError) as refused:
        open_round(lead=lead, name="R", purpose="main", articles=[scan], members=[someone])
    assert "wait for review" in refused.value.problems[0]
    made = open_round(lead=lead, name="R", purpose="main", articles=[plain, scan], members=[someone])
    assert [share.text_version.article for share in made.assignments.all()] == [plain]

    release_article(member=lead, article=scan)
    scan.refresh_from_db()
    later = open_round(lead=lead, name="Later", purpose="main", articles=[scan], members=[someone])
    assert later.assignments.count() == 1
    with pytest.raises(ConflictError, match="drawn this article already"):
        hold_article(member=lead, article=scan)


def test_a_release_is_taken_back_as_long_as_no_round_has_the_article() -> None:
    lead = make.project()
    (scan,) = import_articles(member=lead, documents=[replace(make.document(TEXT), needs_review=True)])
    release_article(member=lead, article=scan)
    release_article(member=lead, article=scan)
    hold_article(member=lead, article=scan)
    scan.refresh_from_db()
    assert scan.waits_for_review
    assert not Assignment.objects.exists()


def test_only_a_lead_splits_again_and_releases() -> None:
    lead = make.project()
    article, viewer = make.article(lead), make.member(lead.project, "viewer")
    for act in (
        lambda: resplitting.split_again(member=viewer),
        lambda: resplitting.look(member=viewer),
        lambda: release_article(member=viewer, article=article),
        lambda: hold_article(member=viewer, article=article),
    ):
        with pytest.raises(NotAllowedError):
            act()


def test_a_job_of_one_who_may_change_settings_no_more_changes_nothing() -> None:
    lead = make.project()
    article = make.article(lead, TEXT)
    before = texts_of(article)
    ask(lead, minimum_length=30)
    job = jobs.start(member=lead, kind=resplitting.KIND, spec={})
    Membership.objects.filter(pk=lead.pk).update(role="annotator")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, texts_of(article)) == (Job.State.FAILED, before)
