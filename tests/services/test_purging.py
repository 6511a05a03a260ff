"""A purged project leaves nothing but a line of a log, and every other project as it was."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from annotator.core.mending import Merge
from annotator.models import Event
from annotator.queries.belonging import OURS
from annotator.services import purging
from annotator.services.snapshots import keep_report
from annotator.services.trash import delete_project, trash_round
from projects.models import Project, Role
from projects.queries.trash import KEPT
from projects.services.linking import drop, link
from projects.services.members import invite
from projects.services.rounds import set_closed
from tests import make, mended, moved
from tests.services.test_guards import raw_delete, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    with override_settings(DATA_DIR=tmp_path):
        yield tmp_path / purging.LOG


def full_study() -> make.Study:
    """Something of everything hangs on it."""
    study = make.study(annotators=2, texts=[mended.TEXT, make.TEXT])
    for number in range(2):
        make.label(study.assignment(number), study.units()[0], "stance", "for")
    copies = [make.article(study.lead).pk for _ in range(2)]
    link(member=study.lead, original=copies[0], copies=copies[1:])
    drop(member=study.lead, articles=[make.article(study.lead).pk])
    set_closed(lead=study.lead, round=study.round, closed=True)
    keep_report(member=study.lead, round=study.round)
    set_closed(lead=study.lead, round=study.round, closed=False)
    mended.mend(study, Merge(study.units()[1].start))
    moved.move(study, moved.later({"stance": {"values.for": ["against"]}}))
    invite(lead=study.lead, role=Role.VIEWER)
    trash_round(lead=study.lead, round=study.round)
    return study


def rows() -> dict[str, int]:
    ours = [table for table in apps.get_models() if table._meta.app_label in OURS]
    counted = {table.__name__: table._base_manager.count() for table in ours}
    return {name: number for name, number in counted.items() if number and name != "User"}


def test_a_purge_leaves_other_projects_as_they_are_and_the_guards_in_place(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = full_study()
    before = rows()
    monkeypatch.setattr(purging, "BATCH", 3)
    study = full_study()
    assert len(before) > 15
    delete_project(lead=study.lead, typed=study.slug)
    told = StringIO()
    call_command("purge_project", study.slug, now=study.slug, stdout=told)
    assert rows() == before
    assert "gone" in told.getvalue()
    line = json.loads(log.read_text())
    assert (line["project"], line["rows"]["Membership"]) == (study.slug, 3)
    assert refused(lambda: raw_delete(Event))
    connection.check_constraints()
    assert Project.objects.get() == kept.project


def test_nothing_goes_before_its_time(log: Path) -> None:
    study = make.study(annotators=1)

    def purge(now: str = "") -> None:
        call_command("purge_project", study.slug, now=now, stdout=StringIO())

    with pytest.raises(CommandError, match="in use"):
        purge(now=study.slug)
    delete_project(lead=study.lead, typed=study.slug)
    with pytest.raises(CommandError, match="can restore"):
        purge()
    with pytest.raises(CommandError, match="is not the address"):
        purge(now="another")
    assert not log.exists()
    Project.objects.update(deleted_at=timezone.now() - KEPT - timedelta(hours=1))
    purge()
    assert not Project.objects.exists()


def test_the_operator_restores_what_is_there_for_long(log: Path) -> None:
    study = make.study(annotators=1)
    other = make.article(study.lead)
    drop(member=study.lead, articles=[other.pk])
    trash_round(lead=study.lead, round=study.round)
    delete_project(lead=study.lead, typed=study.slug)
    Project.objects.update(deleted_at=timezone.now() - 2 * KEPT)
    told = StringIO()
    for options in ({}, {"round": "Round 1"}, {"article": other.external_id}):
        call_command("restore_trash", study.slug, stdout=told, **options)
    assert told.getvalue().count("back") == 3
    with pytest.raises(CommandError, match="no deleted project"):
        call_command("restore_trash", study.slug)
