"""Copies: found, kept apart, linked, dropped, and every one of it undone; none counted twice."""

import random
from collections.abc import Sequence

import pytest
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from annotator.queries.coding import next_assignment, place
from annotator.queries.editions import now
from annotator.queries.ratings import compared_shares
from annotator.queries.tables.long import long_rows
from projects.models import Article, Assignment, AuditEntry, CopyPair, Membership, Role, TextVersion
from projects.queries.duplicates import change, copy_groups, exact_copies, looked
from projects.queries.overview import round_lines, work_in
from projects.services.duplicates import keep_apart, look_for_copies, note_wording
from projects.services.linking import drop, link, link_same_wording, restore, undo, unlink
from projects.services.rounds import open_round
from tests import make

pytestmark = pytest.mark.django_db

WORDS = [first + rest for first in "bdfgklmnprst" for rest in ("ar", "el", "im", "on", "ust", "ay")]


def story(seed: int, length: int = 80) -> str:
    """An invented report of sentences of eight words that no other seed has."""
    words = random.Random(seed).choices(WORDS, k=length)
    lines = [" ".join(words[start : start + 8]).capitalize() + "." for start in range(0, length, 8)]
    return f"Report {seed}\n\n" + "\n\n".join(lines) + "\n"


def cut(text: str) -> str:
    return "\n\n".join(text.split("\n\n")[:6]) + "\n"


@pytest.fixture
def lead() -> Membership:
    return make.project()


def bring(lead: Membership, *texts: str) -> list[int]:
    return [make.article(lead, text).pk for text in texts]


def found_groups(lead: Membership) -> list[tuple[int, list[int]]]:
    return [(group.original, list(group.others)) for group in copy_groups(lead.project_id)]


def standing(articles: Sequence[int]) -> list[tuple[int | None, bool]]:
    rows = Article.objects.in_bulk(articles)
    return [(rows[i].linked_to_id, rows[i].deleted_at is not None) for i in articles]


def test_copies_are_found_with_their_kind_and_numbers(lead: Membership) -> None:
    whole, other, short, same = bring(lead, story(1), story(2), cut(story(1)), story(1))
    assert look_for_copies(member=lead).articles == 4
    assert found_groups(lead) == [(whole, [short, same])]
    pairs = {(p.article_id, p.other_id): (p.kind, p.containment) for p in CopyPair.objects.all()}
    assert pairs == {(whole, short): ("near", 1.0), (whole, same): ("file", 1.0)}
    assert CopyPair.objects.get(kind="near").jaccard < 0.7
    assert other not in {i for pair in pairs for i in pair}


def test_a_second_look_finds_the_same_and_leaves_what_was_kept_apart(lead: Membership) -> None:
    one, two, three, four = bring(lead, story(1), story(1), story(2), story(2))
    look_for_copies(member=lead)
    keep_apart(member=lead, articles=[two])
    look_for_copies(member=lead)
    assert found_groups(lead) == [(three, [four])]
    assert CopyPair.objects.filter(article=one, other=two, kept_at__isnull=False).exists()


def test_what_hung_together_by_the_one_that_is_kept_stays_a_group(lead: Membership) -> None:
    first, second, third = bring(lead, story(1), story(1), story(1).upper())
    look_for_copies(member=lead)
    entry = keep_apart(member=lead, articles=[first])
    assert found_groups(lead) == [(second, [third])]
    undo(member=lead, entry=entry)
    assert found_groups(lead) == [(first, [second, third])]


def test_what_hung_together_by_a_dropped_one_stays_a_group(lead: Membership) -> None:
    first, second, third = bring(lead, story(1), story(1), story(1))
    look_for_copies(member=lead)
    drop(member=lead, articles=[first])
    assert found_groups(lead) == [(second, [third])]


def test_a_lead_chooses_another_original(lead: Membership) -> None:
    whole, short = bring(lead, story(1), cut(story(1)))
    look_for_copies(member=lead)
    (group,) = copy_groups(lead.project_id, original=short)
    assert (group.original, group.others) == (short, [whole])


def test_linked_copies_leave_the_groups_and_come_back_when_undone(lead: Membership) -> None:
    one, two, three = bring(lead, story(1), story(1), story(1))
    look_for_copies(member=lead)
    changed = link(member=lead, original=one, copies=[two, three])
    assert standing([one, two, three]) == [(None, False), (one, False), (one, False)]
    assert found_groups(lead) == []
    undo(member=lead, entry=changed.entry)
    assert standing([one, two, three]) == [(None, False)] * 3
    assert found_groups(lead) == [(one, [two, three])]


def test_a_copy_is_never_the_original_of_another(lead: Membership) -> None:
    one, two, three, four = bring(lead, *(story(seed) for seed in range(4)))
    link(member=lead, original=two, copies=[three])
    link(member=lead, original=one, copies=[two])
    link(member=lead, original=three, copies=[four])
    assert [linked for linked, _ in standing([two, three, four])] == [one, one, one]


def test_undoing_a_link_gives_the_copy_its_own_copies_back(lead: Membership) -> None:
    one, two, three = bring(lead, *(story(seed) for seed in range(3)))
    link(member=lead, original=two, copies=[three])
    changed = link(member=lead, original=one, copies=[two])
    undo(member=lead, entry=changed.entry)
    assert [linked for linked, _ in standing([two, three])] == [None, two]


def test_what_was_changed_again_since_is_not_undone(lead: Membership) -> None:
    one, two, three = bring(lead, *(story(seed) for seed in range(3)))
    first = link(member=lead, original=one, copies=[two])
    link(member=lead, original=three, copies=[two])
    with pytest.raises(ConflictError, match="changed again"):
        undo(member=lead, entry=first.entry)
    assert standing([two]) == [(three, False)]


def test_an_undo_never_links_to_what_is_a_copy_by_now(lead: Membership) -> None:
    one, two, three = bring(lead, *(story(seed) for seed in range(3)))
    link(member=lead, original=one, copies=[two])
    taken_off = unlink(member=lead, articles=[two])
    link(member=lead, original=three, copies=[one])
    with pytest.raises(ConflictError, match="linked to another"):
        undo(member=lead, entry=taken_off.entry)


def test_all_of_the_same_wording_are_linked_at_once_and_near_copies_are_not(lead: Membership) -> None:
    one, same, short, two, also = bring(lead, story(1), story(1), cut(story(1)), story(2), story(2).lower())
    look_for_copies(member=lead)
    changed = link_same_wording(member=lead)
    assert [linked for linked, _ in standing([one, same, short, two, also])] == [None, one, None, None, two]
    assert changed.articles == 2
    with pytest.raises(ConflictError):
        link_same_wording(member=lead)


def test_a_dropped_article_goes_to_the_trash_and_comes_back(lead: Membership) -> None:
    (one,) = bring(lead, story(1))
    drop(member=lead, articles=[one])
    assert standing([one]) == [(None, True)]
    restore(member=lead, articles=[one])
    assert standing([one]) == [(None, False)]


def test_an_original_is_not_dropped_from_under_its_copies(lead: Membership) -> None:
    one, two = bring(lead, story(1), story(1))
    link(member=lead, original=one, copies=[two])
    with pytest.raises(InvalidError, match="Nothing was dropped") as refused:
        drop(member=lead, articles=[one])
    assert "Report 1" in refused.value.problems[0]
    drop(member=lead, articles=[one, two])
    restore(member=lead, articles=[two])
    assert standing([one, two]) == [(None, True), (None, False)]


def test_an_article_cannot_be_linked_to_itself_or_to_the_trash(lead: Membership) -> None:
    one, two = bring(lead, story(1), story(2))
    with pytest.raises(InvalidError):
        link(member=lead, original=one, copies=[one])
    drop(member=lead, articles=[one])
    with pytest.raises(InvalidError):
        link(member=lead, original=one, copies=[two])


def test_articles_of_another_project_do_not_exist(lead: Membership) -> None:
    (own,), (foreign,) = bring(lead, story(1)), bring(make.project(), story(1))
    with pytest.raises(NotFoundError):
        link(member=lead, original=own, copies=[foreign])
    with pytest.raises(NotFoundError):
        drop(member=lead, articles=[foreign])
    look_for_copies(member=lead)
    assert not CopyPair.objects.exists()


@pytest.mark.parametrize("role", [Role.ADJUDICATOR, Role.ANNOTATOR, Role.VIEWER])
def test_only_a_lead_decides_on_copies(lead: Membership, role: str) -> None:
    one, two = bring(lead, story(1), story(1))
    entry = link(member=lead, original=one, copies=[two]).entry
    other = make.member(lead.project, role)
    acts = [
        lambda: look_for_copies(member=other),
        lambda: keep_apart(member=other, articles=[one]),
        lambda: link(member=other, original=one, copies=[two]),
        lambda: link_same_wording(member=other),
        lambda: unlink(member=other, articles=[two]),
        lambda: drop(member=other, articles=[one]),
        lambda: restore(member=other, articles=[one]),
        lambda: undo(member=other, entry=entry),
        lambda: note_wording(member=other),
    ]
    for act in acts:
        with pytest.raises(NotAllowedError):
            act()
    assert standing([one, two]) == [(None, False), (one, False)]


def test_another_projects_change_cannot_be_undone(lead: Membership) -> None:
    one, two = bring(lead, story(1), story(1))
    entry = link(member=lead, original=one, copies=[two]).entry
    with pytest.raises(NotFoundError):
        undo(member=make.project(), entry=entry)


def test_what_changed_no_article_cannot_be_undone(lead: Membership) -> None:
    bring(lead, story(1), story(1))
    look_for_copies(member=lead)
    for entry in AuditEntry.objects.all():
        assert change(lead.project_id, entry.pk) is None
        with pytest.raises(NotFoundError):
            undo(member=lead, entry=entry.pk)


def test_equal_wording_is_known_without_a_look(lead: Membership, django_assert_max_num_queries) -> None:
    one, two, three = bring(lead, story(1), story(1).upper(), story(2))
    assert exact_copies(lead.project_id, [one, two, three]) == {}
    assert note_wording(member=lead) == 3
    assert note_wording(member=lead) == 0
    with django_assert_max_num_queries(3):
        assert exact_copies(lead.project_id, [one, two, three]) == {one: 1, two: 1}
    link(member=lead, original=one, copies=[two])
    assert exact_copies(lead.project_id, [one, two, three]) == {}


def test_a_round_draws_nothing_that_was_dropped_linked_or_held_since_its_page_was_read(lead: Membership) -> None:
    make.codebook(lead)
    read = [make.article(lead) for _ in range(4)]
    Article.objects.filter(pk=read[3].pk).update(review_wanted_at=timezone.now())
    link(member=lead, original=read[0].pk, copies=[read[1].pk])
    drop(member=lead, articles=[read[2].pk])
    members = [make.member(lead.project)]
    open_round(lead=lead, name="R", purpose="main", articles=read, members=members)
    assert [share.text_version.article for share in Assignment.objects.all()] == [read[0]]
    with pytest.raises(InvalidError, match="not opened"):
        open_round(lead=lead, name="S", purpose="main", articles=read[1:], members=members)


def test_only_the_newest_text_of_an_article_is_compared(lead: Membership) -> None:
    one, two = bring(lead, story(1), story(1))
    TextVersion.objects.create(article_id=two, number=2, text=story(5), sha256="0", splitter="s", splitter_version="1")
    note_wording(member=lead)
    assert exact_copies(lead.project_id, [one, two]) == {}
    look_for_copies(member=lead)
    assert found_groups(lead) == []


def test_the_page_can_say_that_more_came_in_since_the_look(lead: Membership) -> None:
    assert looked(lead.project_id) is None
    bring(lead, story(1))
    look_for_copies(member=lead)
    first = looked(lead.project_id)
    assert first is not None
    assert (first.articles, first.more_since) == (1, False)
    bring(lead, story(2))
    again = looked(lead.project_id)
    assert again is not None
    assert again.more_since


def test_a_round_leaves_linked_copies_and_the_trash_out(lead: Membership) -> None:
    make.codebook(lead)
    one, two, three = bring(lead, story(1), story(1), story(3))
    link(member=lead, original=one, copies=[two])
    drop(member=lead, articles=[three])
    everything = list(Article.objects.order_by("pk"))
    made = open_round(lead=lead, name="R", purpose="main", articles=everything, members=[make.member(lead.project)])
    assert [share.text_version.article_id for share in made.assignments.all()] == [one]
    assert AuditEntry.objects.get(act="open round").detail["left_out"] == 2


def test_a_round_of_copies_alone_is_refused(lead: Membership) -> None:
    make.codebook(lead)
    one, two = bring(lead, story(1), story(1))
    link(member=lead, original=one, copies=[two])
    with pytest.raises(InvalidError):
        open_round(lead=lead, name="R", purpose="main", articles=list(Article.objects.filter(pk=two)), members=[lead])


def labelled(study: make.Study, article: int, *members: int) -> None:
    for member in members:
        unit = study.units(article)[0]
        make.label(study.assignment(member, article), unit, "attribution", [])


def counted(study: make.Study) -> list[int]:
    """Numbers of the articles whose labels are compared, which are those that are exported."""
    shares = compared_shares(study.round).values_list("text_version__article", flat=True)
    numbers = sorted({[article.pk for article in study.articles].index(i) for i in shares})
    exported = {row.article for row in long_rows([now(study.round)])}
    assert exported == {study.articles[number].external_id for number in numbers}
    return numbers


def test_a_linked_copy_beside_its_original_counts_neither_in_agreement_nor_in_exports() -> None:
    study = make.study(annotators=2, texts=[story(1), story(1), story(2)])
    labelled(study, 0, 0, 1)
    labelled(study, 1, 0, 1)
    assert counted(study) == [0, 1, 2]
    changed = link(member=study.lead, original=study.articles[0].pk, copies=[study.articles[1].pk])
    assert counted(study) == [0, 2]
    undo(member=study.lead, entry=changed.entry)
    assert counted(study) == [0, 1, 2]


def test_labels_that_stand_on_a_copy_alone_still_count() -> None:
    study = make.study(annotators=1, texts=[story(1), story(1)])
    labelled(study, 1, 0)
    link(member=study.lead, original=study.articles[0].pk, copies=[study.articles[1].pk])
    assert counted(study) == [0, 1]


def test_of_two_copies_without_their_original_one_counts() -> None:
    study = make.study(annotators=1, texts=[story(1), story(1)])
    labelled(study, 0, 0)
    labelled(study, 1, 0)
    (original,) = bring(study.lead, story(1))
    link(member=study.lead, original=original, copies=[article.pk for article in study.articles])
    assert counted(study) == [0]


def test_shares_nobody_has_begun_are_withdrawn_and_an_undo_gives_them_back() -> None:
    study = make.study(annotators=2, texts=[story(1), story(1)])
    labelled(study, 1, 0)
    changed = link(member=study.lead, original=study.articles[0].pk, copies=[study.articles[1].pk])
    states = Assignment.objects.filter(text_version__article=study.articles[1]).order_by("member")
    assert changed.withdrawn == 1
    assert place(study.assignment(1, 0)).total == 1
    assert [share.state for share in states] == ["started", "released"]
    undo(member=study.lead, entry=changed.entry)
    assert [share.state for share in states.all()] == ["started", "waiting"]


def test_shares_of_a_copy_stay_where_its_original_is_not_in_the_round() -> None:
    study = make.study(annotators=1, texts=[story(1)])
    (original,) = bring(study.lead, story(1))
    assert link(member=study.lead, original=original, copies=[study.articles[0].pk]).withdrawn == 0


def test_looking_takes_as_many_queries_for_many_articles_as_for_few(
    lead: Membership, django_assert_max_num_queries
) -> None:
    bring(lead, *(story(seed // 2) for seed in range(24)))
    with django_assert_max_num_queries(20):
        look_for_copies(member=lead)
    with django_assert_max_num_queries(2):
        assert len(copy_groups(lead.project_id)) == 12


def test_too_many_articles_are_not_compared_in_a_request(lead: Membership) -> None:
    bring(lead, story(1), story(2))
    with pytest.raises(InvalidError, match="1 are the most"):
        look_for_copies(member=lead, most=1)


def test_an_article_that_somebody_labelled_is_not_dropped_and_the_reason_is_told() -> None:
    study = make.study(annotators=2, texts=[story(1), story(2)])
    labelled(study, 0, 0)
    with pytest.raises(InvalidError) as refused:
        drop(member=study.lead, articles=[article.pk for article in study.articles])
    assert "labelled in the round “Round 1”" in refused.value.problems[0]
    assert counted(study) == [0, 1]
    assert drop(member=study.lead, articles=[study.articles[1].pk]).withdrawn == 2
    assert counted(study) == [0]


def test_what_was_labelled_since_it_came_back_from_the_trash_does_not_go_there_again() -> None:
    study = make.study(annotators=1, texts=[story(1)])
    drop(member=study.lead, articles=[study.articles[0].pk])
    back = restore(member=study.lead, articles=[study.articles[0].pk])
    Assignment.objects.update(state=Assignment.State.STARTED)
    with pytest.raises(ConflictError, match="labelled since"):
        undo(member=study.lead, entry=back.entry)


def test_progress_and_the_next_article_leave_out_a_copy_beside_its_labelled_original() -> None:
    study = make.study(annotators=2, texts=[story(1), story(1), story(2)])
    labelled(study, 0, 0)
    labelled(study, 1, 1)
    whole = round_lines(study.project)[0].progress.total
    link(member=study.lead, original=study.articles[0].pk, copies=[study.articles[1].pk])
    (line,) = round_lines(study.project)
    assert (line.articles, line.progress.total) == (2, whole * 2 // 3)
    assert [work.progress.total for work in work_in(study.round)] == [whole // 3] * 2
    assert next_assignment(study.members[1]) == study.assignment(1, 0).pk
