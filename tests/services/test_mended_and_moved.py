"""Mendings, moves of the codebook, their undos, and saves of old and new pages, in any order: no label goes astray."""

import random
from dataclasses import dataclass, field

import pytest

from annotator.core.codebook import CANNOT_TELL, Json
from annotator.core.dataset import Row
from annotator.core.errors import ConflictError, InvalidError, NotAllowedError
from annotator.models import CodebookMove, Event, Label
from annotator.queries.boundaries import to_settle, units_of
from annotator.queries.codebook_moves import move_to_undo
from annotator.queries.coding import coding_units
from annotator.queries.editions import earlier_moves, edition_under, now
from annotator.queries.tables.long import long_rows
from annotator.services.codebook_moves import undo_move
from annotator.services.labels import Choice, StaleError
from annotator.services.late_labels import save_choice
from projects.models import Assignment, Unit
from projects.queries.codebooks import codebook
from projects.services.rounds import set_closed
from tests import make, mended, moved
from tests.random_seeds import each
from tests.services.test_codebook_moves_random import later_at_random

pytestmark = pytest.mark.django_db
TEXT = "The mayor blamed the regime. Engineers checked it. Nobody was hurt. Two shops closed.\n"
STEPS = 40


@dataclass
class Page:
    """A coding screen as it was when it was opened: its units, and the versions of their labels."""

    share: int
    text: str
    units: list[Unit]
    versions: dict[tuple[int, str], int]

    @classmethod
    def opened(cls, assignment: Assignment) -> "Page":
        units = [unit for unit in units_of(assignment.text_version)[1:] if unit.codable]
        labels = Label.objects.filter(assignment=assignment, unit__in=units)
        versions = {(label.unit_id, label.variable): label.version for label in labels}
        return cls(assignment.pk, assignment.text_version.text, units, versions)


@dataclass
class Walk:
    study: make.Study
    chance: random.Random
    pages: list[Page] = field(default_factory=list)
    sent: list[tuple[int, Choice]] = field(default_factory=list)
    events: list[tuple[object, ...]] = field(default_factory=list)
    datasets: dict[int, list[Row]] = field(default_factory=dict)

    def open(self) -> None:
        self.pages = self.pages[-3:] + [Page.opened(self.study.assignment(member)) for member in range(2)]

    def save(self) -> None:
        page = self.chance.choice(self.pages)
        unit = self.chance.choice(page.units)
        variable, value = self.answer(unit, page.text)
        choice = make.choice(unit, variable, value, page.versions.get((unit.pk, variable), 0))
        try:
            saved = save_choice(assignment=share(page.share), choice=choice)
        except StaleError as error:
            page.versions[unit.pk, variable] = error.version
        except (InvalidError, NotAllowedError):
            assert not Event.objects.filter(uuid=choice.event).exists()
        else:
            page.versions[unit.pk, variable] = saved.version
            self.sent.append((page.share, choice))

    def answer(self, unit: Unit, text: str) -> tuple[str, Json]:
        said: dict[str, Json] = {"source": self.chance.choice(["mayor", "army", "new_one"]), "spans": []}
        said |= {"manner": "direct", "stance": "neutral"}
        if unit.start and self.chance.random() < 0.3:
            said["same_as"] = 0
        start, end = unit.start, unit.start + 2
        mark: Json = {"start": start, "end": end, "quote": text[start:end], "value": "praise"}
        answers: dict[str, list[Json]] = {
            "attribution": [[said], [], CANNOT_TELL],
            "stance": ["for", "against", "neutral", "new_one", None],
            "side": [["town"], ["town", "army"], [], CANNOT_TELL],
            "framing": [[mark], []],
        }
        variable = self.chance.choice([*answers])
        return variable, self.chance.choice(answers[variable])

    def repeat(self) -> None:
        for owner, choice in self.chance.sample(self.sent, min(1, len(self.sent))):
            assert save_choice(assignment=share(owner), choice=choice).replayed

    def mend(self) -> None:
        text = mended.version(self.study)
        mended.mend(self.study, mended.edit_at_random(units_of(text)[1:], text.text, self.chance))

    def undo_mending(self) -> None:
        mended.undo(self.study)

    def move(self) -> None:
        document = later_at_random(self.chance)
        if self.chance.random() < 0.3:
            document["variables"] = [entry for entry in document["variables"] if entry["key"] != "stance"]  # type: ignore
        self.study.round.refresh_from_db()
        dataset = list(long_rows([now(self.study.round)]))
        self.datasets[moved.move(self.study, document).from_version_id] = dataset

    def undo_move(self) -> None:
        self.study.round.refresh_from_db()
        if newest := move_to_undo(self.study.round):
            move = CodebookMove.objects.select_related("round", "from_version").get(pk=newest.pk)
            undo_move(member=self.study.lead, move=move)

    def close(self) -> None:
        self.study.round.refresh_from_db()
        set_closed(lead=self.study.lead, round=self.study.round, closed=self.study.round.closed_at is None)

    def check(self) -> None:
        before, self.events = self.events, moved.events()
        assert self.events[: len(before)] == before
        assert moved.is_sound()
        for member in range(2):
            assignment = self.study.assignment(member)
            units = coding_units(assignment, codebook(assignment.round.codebook_version_id))
            assert assignment.units_done == sum(unit.done for unit in units if unit.codable)
            to_settle(assignment)

    def check_datasets(self) -> None:
        """Under each earlier version the round is exported as it stood when it was moved on from it."""
        self.study.round.refresh_from_db()
        for move in earlier_moves([self.study.round]):
            edition = edition_under(self.study.round, move.from_version.number)
            assert list(long_rows([edition])) == self.datasets[move.from_version_id]


def share(pk: int) -> Assignment:
    """As a request reads it."""
    return Assignment.objects.select_related("round", "member__project", "text_version__article").get(pk=pk)


@pytest.mark.parametrize("seed", each(range(5)))
def test_no_order_of_acts_loses_a_choice(seed: int) -> None:
    chance = random.Random(seed)
    walk = Walk(make.study(annotators=2, texts=[TEXT]), chance)
    walk.open()
    acts = [walk.save, walk.repeat, walk.open, walk.mend, walk.undo_mending, walk.move, walk.undo_move, walk.close]
    for act in chance.choices(acts, weights=[12, 3, 3, 3, 2, 2, 2, 1], k=STEPS):
        try:
            act()
        except (InvalidError, ConflictError):
            assert act in (walk.mend, walk.undo_mending, walk.move)
        walk.check()
    walk.check_datasets()
