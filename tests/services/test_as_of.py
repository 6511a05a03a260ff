"""An export as of a moment is, to the byte, the export that was made then."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError
from annotator.core.moments import read_moment
from annotator.core.tables import Selection
from annotator.queries.reports import frozen_report
from annotator.services.exports import export_dataset
from projects.models import Round
from projects.services.linking import drop, link, restore, unlink
from projects.services.linking import undo as undo_change
from projects.services.member_changes import remove_member, undo_member_change
from tests import make
from tests.random_seeds import each
from tests.services.test_datasets import label_all
from tests.services.test_mended_and_moved import Walk

pytestmark = pytest.mark.django_db
STEPS = 30
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Dated(Walk):
    """Exports are kept as it goes on, and articles that nobody has labelled come and go."""

    def __init__(self, study: make.Study, chance: random.Random) -> None:
        super().__init__(study, chance)
        self.kept: list[tuple[datetime, str, str]] = []
        self.entries: list[int] = []

    def change_articles(self) -> None:
        act = self.chance.choice([drop, restore, unlink])
        spare = [article.pk for article in self.study.articles[1:]]
        self.entries.append(act(member=self.study.lead, articles=self.chance.sample(spare, 1)).entry)

    def link(self) -> None:
        first, second = (article.pk for article in self.study.articles[1:])
        self.entries.append(link(member=self.study.lead, original=first, copies=[second]).entry)

    def undo_change(self) -> None:
        if self.entries:
            undo_change(member=self.study.lead, entry=self.chance.choice(self.entries))

    def keep(self) -> None:
        text, figures = export(self.study), ratings(self.study)
        self.kept.append((timezone.now(), text, figures))

    def check_exports(self) -> None:
        for at, text, figures in self.kept:
            assert export(self.study, at) == text
            assert ratings(self.study, at) == figures


def export(study: make.Study, at: datetime | None = None) -> str:
    selection = Selection(rounds=(study.round.pk,), at=at)
    return b"".join(export_dataset(member=study.lead, selection=selection, operator=True).chunks).decode()


def ratings(study: make.Study, at: datetime | None = None) -> str:
    """The hash of all that the agreement report rests on."""
    round = Round.objects.select_related("project", "codebook_version").get(pk=study.round.pk)
    return frozen_report(round, replicates=0, at=at).report.input_sha256


@pytest.mark.parametrize("seed", each(range(4)))
def test_an_export_as_of_then_is_the_one_made_then(seed: int) -> None:
    chance = random.Random(seed)
    walk = Dated(make.study(annotators=2, texts=[make.TEXT, "One.\n\nIt rained.", "Two.\n\nIt snowed."]), chance)
    walk.open()
    walk.keep()
    acts = [walk.save, walk.open, walk.mend, walk.undo_mending, walk.move, walk.undo_move, walk.close]
    acts += [walk.change_articles, walk.link, walk.undo_change, walk.keep]
    for act in chance.choices(acts, weights=[10, 3, 2, 2, 2, 2, 1, 3, 1, 2, 6], k=STEPS):
        try:
            act()
        except (InvalidError, ConflictError):
            assert act != walk.keep
    assert len({text for _, text, _ in walk.kept}) > 1
    walk.check_exports()


def test_a_round_of_many_labels_is_read_in_windows_then_too() -> None:
    study = make.study(annotators=3, texts=["Rain.\n\n" + "It rained. " * 900])
    label_all(study)
    before, at = export(study), timezone.now()
    make.label(study.assignment(), study.units()[700], "stance", "against", 1)
    assert export(study) != before
    assert export(study, at) == before


def test_before_a_round_there_was_nothing(tmp_path: Path) -> None:
    study = make.study(annotators=1)
    assert export(study, study.round.created_at - timedelta(seconds=1)).count("\n") == 1
    with pytest.raises(InvalidError, match="not both"):
        export_dataset(member=study.lead, selection=Selection(rounds=(study.round.pk,), at=timezone.now(), under=1))
    out = tmp_path / "then.csv"
    call_command("export", study.slug, out=out, as_of="2026-01-01")
    assert out.read_text().count("\n") == 1
    with pytest.raises(CommandError, match="no moment"):
        call_command("export", study.slug, out=out, as_of="yesterday")


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [("2026-11-01T11:30Z", 11, 30), (" 2026-11-01 12:30 ", 11, 30), ("2026-11-01T06:30-05:00", 11, 30)],
)
def test_a_moment_is_meant_in_the_time_zone_of_the_site(written: str, hour: int, minute: int) -> None:
    found = read_moment(written, zone=ZoneInfo("Europe/Berlin"), now=NOON)
    assert found == datetime(2026, 11, 1, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["", "now", "2026-13-01", "0001-01-01T00:00+14:00", "9999-12-31", "2026-11-01T12:00:01Z"]
)
def test_what_is_no_moment_of_the_past_is_refused(written: str) -> None:
    with pytest.raises(InvalidError, match=r"can be read|future"):
        read_moment(written, zone=UTC, now=NOON)


def test_a_day_ends_at_its_midnight() -> None:
    assert read_moment("2026-10-24", zone=ZoneInfo("Europe/Berlin"), now=NOON) == datetime(2026, 10, 24, 22, tzinfo=UTC)


def test_shares_of_who_left_since_are_there_as_of_before() -> None:
    study = make.study(annotators=2)
    make.label(study.assignment(), study.units()[0], "stance", "for")
    all_of_them, at = export(study), timezone.now()
    removed = remove_member(lead=study.lead, member_id=study.members[1].pk)
    without, between = export(study), timezone.now()
    assert (export(study, at), without != all_of_them) == (all_of_them, True)
    undo_member_change(lead=study.lead, entry=removed.entry)
    assert [export(study, moment) for moment in (at, between, None)] == [all_of_them, without, all_of_them]
