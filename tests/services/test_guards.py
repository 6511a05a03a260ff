"""What must never change is refused by the database itself, whoever asks: events, texts, published codebooks."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from annotator.models import Decision, DecisionEvent, Event, Snapshot
from projects import immutable
from projects.models import CodebookVersion, TextVersion
from tests import make

pytestmark = pytest.mark.django_db
Change = Callable[[], object]


@pytest.fixture
def study() -> make.Study:
    made = make.study(annotators=1)
    make.label(made.assignment(), made.units()[0], "stance", "for")
    return made


@pytest.fixture
def decision_event(study: make.Study) -> DecisionEvent:
    decision = Decision.objects.create(
        round=study.round, unit=study.units()[0], variable="stance", value="for", version=1
    )
    member = study.lead
    return DecisionEvent.objects.create(
        uuid="7b0f7a52-7f0b-4a53-9d0f-3a4cf8d1a001", decision=decision, member=member, value="for", sequence=1
    )


def refused(change: Change) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def test_the_triggers_are_there_after_the_migrations() -> None:
    names = {
        name for guard in immutable.OF_PROJECTS + immutable.OF_ANNOTATOR for name in guard.names(connection.vendor)
    }
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert {name for (name,) in cursor.fetchall()} >= names


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("fields", [{"value": "against"}, {"sequence": 9}, {"variable": "tone"}])
def test_an_event_is_never_changed(fields: dict[str, object]) -> None:
    assert refused(lambda: Event.objects.update(**fields))


@pytest.mark.usefixtures("study")
def test_an_event_is_never_deleted() -> None:
    assert refused(lambda: raw_delete(Event))
    assert Event.objects.count() == 1


@pytest.mark.usefixtures("decision_event")
def test_an_event_of_a_decision_is_never_changed_or_deleted() -> None:
    assert refused(lambda: DecisionEvent.objects.update(reason="another"))
    assert refused(lambda: raw_delete(DecisionEvent))


def test_a_snapshot_is_never_changed_or_deleted(study: make.Study) -> None:
    Snapshot.objects.create(project=study.project, spec={}, spec_sha256="a", input_sha256="b", result={})
    assert refused(lambda: Snapshot.objects.update(result={"alpha": 1}))
    assert refused(lambda: raw_delete(Snapshot))


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("fields", [{"text": "Another text."}, {"sha256": "0"}, {"number": 2}])
def test_a_text_version_is_never_changed(fields: dict[str, object]) -> None:
    assert refused(lambda: TextVersion.objects.update(**fields))


@pytest.mark.usefixtures("study")
def test_a_text_version_is_never_deleted() -> None:
    assert refused(lambda: raw_delete(TextVersion))


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("fields", [{"document": {}}, {"state": "draft"}, {"number": 2}])
def test_a_published_codebook_is_never_changed(fields: dict[str, object]) -> None:
    assert refused(lambda: CodebookVersion.objects.update(**fields))


def test_a_draft_of_a_codebook_may_change(study: make.Study) -> None:
    draft = CodebookVersion.objects.create(project=study.project, number=2, document={}, document_sha256="")
    CodebookVersion.objects.filter(pk=draft.pk).update(document={"title": "Next"})
    assert CodebookVersion.objects.get(pk=draft.pk).document == {"title": "Next"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("study")
def test_lifted_guards_are_back_afterwards() -> None:
    with immutable.lifted(connection):
        assert not refused(lambda: Event.objects.update(client_time=None))
    assert refused(lambda: Event.objects.update(client_time=None))


def raw_delete(model: type[Model]) -> None:
    """Past Django's own protection, as a script with a cursor would do it."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
