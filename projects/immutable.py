"""Triggers by which the database itself refuses to change what must never change.

Migrations create them; the tests' flush lifts them and puts them back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


@dataclass(frozen=True)
class Guard:
    """Refuses UPDATE (of `columns`, where `when` holds) and, where asked, DELETE (but not where `may_go` holds)."""

    table: str
    columns: tuple[str, ...] = ()
    when: str = ""
    delete: bool = False
    may_go: str = ""

    def statements(self, vendor: str) -> Iterator[str]:
        acts = {f"UPDATE{' OF ' + ', '.join(self.columns) if self.columns else ''}": self.when}
        acts |= {"DELETE": f"NOT ({self.may_go})" if self.may_go else self.when} if self.delete else {}
        for act, when in acts.items():
            name = f"{self.table}_no_{act.split()[0].lower()}"
            condition = f"WHEN ({when})" if when else ""
            if vendor == "postgresql":
                yield (
                    f"CREATE TRIGGER {name} BEFORE {act} ON {self.table} FOR EACH ROW {condition}"
                    " EXECUTE FUNCTION refuse_change()"
                )
            else:
                yield (
                    f"CREATE TRIGGER {name} BEFORE {act} ON {self.table} {condition}"
                    f" BEGIN SELECT RAISE(ABORT, '{self.table} is append-only'); END"
                )
        if vendor == "postgresql" and self.delete:
            yield (
                f"CREATE TRIGGER {self.table}_no_truncate BEFORE TRUNCATE ON {self.table}"
                " EXECUTE FUNCTION refuse_change()"
            )

    def names(self, vendor: str) -> list[str]:
        acts = ["update", *(["delete"] if self.delete else [])]
        acts += ["truncate"] if vendor == "postgresql" and self.delete else []
        return [f"{self.table}_no_{act}" for act in acts]


REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""

_TEXT = Guard("projects_textversion", columns=("text", "sha256", "article_id", "number"), delete=True)
_CODEBOOK = Guard(
    "projects_codebookversion",
    columns=("document", "document_sha256", "number", "state"),
    when="OLD.state = 'published'",
    delete=True,
)
# What an import that failed has left behind, and nobody has ever seen, is cleared away. A condition on another table
# would stop SQLite from ever changing that table again.
_PUBLISHED_TEXT = replace(_TEXT, may_go="OLD.pending IS NOT NULL")
OF_PROJECTS = (_PUBLISHED_TEXT, _CODEBOOK)
_LABELLING = (
    Guard("annotator_event", delete=True),
    Guard("annotator_decisionevent", delete=True),
    Guard("annotator_snapshot", delete=True),
)
_HINTS = (Guard("annotator_hintevent", delete=True),)
OF_ANNOTATOR = _LABELLING + _HINTS


def install(connection: BaseDatabaseWrapper, guards: tuple[Guard, ...]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE_FUNCTION)
        for guard in guards:
            for statement in guard.statements(connection.vendor):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, guards: tuple[Guard, ...]) -> None:
    on = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for guard in guards:
            for name in guard.names(connection.vendor):
                cursor.execute(f"DROP TRIGGER {name}" + (f" ON {guard.table}" if on else ""))


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For the flush of a test database and the operator's purge, nothing else."""
    remove(connection, OF_PROJECTS + OF_ANNOTATOR)
    try:
        yield
    finally:
        install(connection, OF_PROJECTS + OF_ANNOTATOR)


def install_of_projects(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    install(editor.connection, (_TEXT, _CODEBOOK))


def remove_of_projects(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    remove(editor.connection, (_TEXT, _CODEBOOK))


def let_pending_texts_go(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    remove(editor.connection, (_TEXT,))
    install(editor.connection, (_PUBLISHED_TEXT,))


def keep_pending_texts(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    remove(editor.connection, (_PUBLISHED_TEXT,))
    install(editor.connection, (_TEXT,))


def install_of_annotator(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    install(editor.connection, _LABELLING)


def remove_of_annotator(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    remove(editor.connection, _LABELLING)


def install_of_hints(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    install(editor.connection, _HINTS)


def remove_of_hints(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    remove(editor.connection, _HINTS)
