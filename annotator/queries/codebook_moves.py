"""What moving a round to a later version of its codebook would do, counted and without changing anything."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from annotator.core.codebook import Codebook, Json, Used, Variable, all_ends, ends, lists_of, moved, unknown, used_in
from annotator.models import CodebookMove, Label
from annotator.queries.standing import standing
from projects.models import CodebookVersion, Round
from projects.queries.codebooks import codebook

CHUNK = 5000


@dataclass(frozen=True)
class ValueLine:
    """A value that is no longer offered: what it became, and how many answers name it."""

    label: str
    became: Sequence[str]
    answers: int


@dataclass
class VariableLine:
    """A question with answers, and what becomes of them. `smaller` are sets in which two values became one."""

    variable: Variable
    answers: int
    changed: int = 0
    asked: int = 0
    smaller: int = 0
    values: Sequence[ValueLine] = ()
    _used: Counter[Used] = field(default_factory=Counter)

    @property
    def kept(self) -> int:
        return self.answers - self.changed - self.asked

    def add(self, answer: Json) -> None:
        after = moved(self.variable, answer)
        self._used.update(set(used_in(self.variable.kind, answer)))
        if after.asked:
            self.asked += 1
        elif after.value != answer:
            self.changed += 1
        if isinstance(answer, list) and isinstance(after.value, list):
            self.smaller += len(after.value) < len(answer)

    def finish(self) -> None:
        self.values = [*_retired_values(self.variable, self._used)]


@dataclass(frozen=True)
class Outlook:
    """What a move would do. `problems` say why it can't be made; `new` are the questions that nobody was asked yet."""

    lines: Sequence[VariableLine]
    new: Sequence[Variable]
    problems: Sequence[str]

    @property
    def changed(self) -> int:
        return sum(line.changed for line in self.lines)

    @property
    def asked(self) -> int:
        return sum(line.asked for line in self.lines)


def outlook(round: Round, version: CodebookVersion) -> Outlook:
    """Count the answers of a round that a move to `version` keeps, changes and asks again."""
    old, new = codebook(round.codebook_version_id), codebook(version.pk)
    answers = standing(Label.objects.filter(round=round, value__isnull=False))
    counts = _by_variable(answers)
    lines = {v.key: VariableLine(v, counts[v.key]) for v in new.variables if counts.get(v.key)}
    read = [key for key, line in lines.items() if _has_retired(line.variable)]
    for key, value in answers.filter(variable__in=read).values_list("variable", "value").iterator(chunk_size=CHUNK):
        lines[key].add(value)
    for line in lines.values():
        line.finish()
    known = {variable.key for variable in old.variables if not variable.retired}
    added = [variable for variable in new.variables if variable.key not in known and not variable.retired]
    return Outlook([*lines.values()], added, problems(round, version))


def problems(round: Round, version: CodebookVersion) -> list[str]:
    """Why the labels of a round can't stand under `version`: an import may have left out what they are about."""
    old, new = codebook(round.codebook_version_id), codebook(version.pk)
    answers = Label.objects.filter(round=round, value__isnull=False)
    labelled = _by_variable(answers)
    about = [variable for variable in old.variables if variable.key in labelled]
    return [problem for variable in about for problem in _problems_of(variable, new, answers)]


def _problems_of(old: Variable, book: Codebook, answers: QuerySet[Label]) -> Iterator[str]:
    back = "Bring it back, retired, in the next version of the codebook."
    new = book.find(old.key)
    if new is None:
        yield f"The question “{old.label}” is gone, and labels hang on it. {back}"
    elif (new.kind, new.scope) != (old.kind, old.scope):
        yield f"The question “{old.label}” has another kind or scope now; add a new question instead."
    elif _leaves_out(old, new):
        values = answers.filter(variable=old.key).values_list("value", flat=True)
        gone = {used for value in values.iterator(chunk_size=CHUNK) for used in unknown(new, value)}
        for key in sorted(used.key for used in gone):
            yield f"The value “{key}” of “{old.label}” is gone, and labels name it. {back}"


def _leaves_out(old: Variable, new: Variable) -> bool:
    now = {name: {value.key for value in values} for name, values in lists_of(new).items()}
    return any({value.key for value in values} - now.get(name, set()) for name, values in lists_of(old).items())


def movable(book: Codebook) -> list[Variable]:
    """The questions of whose answers some may be moved."""
    return [variable for variable in book.variables if all_ends(variable)]


def later_versions(round: Round) -> list[CodebookVersion]:
    """The published versions that the round could be moved to, newest first."""
    published = CodebookVersion.objects.filter(project_id=round.project_id, published_at__isnull=False)
    return list(published.filter(number__gt=round.codebook_version.number).defer("document"))


def moves_of(round: Round) -> QuerySet[CodebookMove]:
    """The moves of a round, newest first."""
    found = CodebookMove.objects.filter(round=round).select_related("from_version", "to_version", "member__user")
    return found.defer("from_version__document", "to_version__document")


def move_to_undo(round: Round) -> CodebookMove | None:
    """The move by which the round came to its version."""
    return moves_of(round).filter(undone_at=None, to_version=round.codebook_version_id).first()


def _has_retired(variable: Variable) -> bool:
    return any(value.retired for values in lists_of(variable).values() for value in values)


def _by_variable(answers: QuerySet[Label]) -> Mapping[str, int]:
    return dict(answers.order_by().values_list("variable").annotate(n=Count("pk")))


def _retired_values(variable: Variable, used: Mapping[Used, int]) -> Iterator[ValueLine]:
    for name, values in lists_of(variable).items():
        labels = {value.key: value.label for value in values}
        leads = ends(values)
        for value in values:
            if value.retired:
                became = [labels[key] for key in leads.get(value.key, ())]
                yield ValueLine(value.label, became, used.get(Used(name, value.key), 0))
