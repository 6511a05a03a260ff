"""What belongs to a project, found from the models' foreign keys, so that a new table is never forgotten."""

from collections.abc import Mapping, Sequence
from functools import cache
from graphlib import TopologicalSorter

from django.apps import apps
from django.db.models import ForeignKey, Model

from projects.models import Project

OURS = ("projects", "annotator")
Table = type[Model]


@cache
def hangs_on() -> Mapping[Table, Sequence[ForeignKey[Model, Model]]]:
    """For each table that belongs to projects its foreign keys to such tables, the nearest to the project first.

    One that can't be empty is nearer than one that can.
    """
    found: dict[Table, Sequence[ForeignKey[Model, Model]]] = {Project: ()}
    tables = [table for table in apps.get_models() if table._meta.app_label in OURS]
    keys = {table: [f for f in table._meta.concrete_fields if isinstance(f, ForeignKey)] for table in tables}
    for certain in (True, False):
        while new := [t for t in tables if t not in found and any(_leads(k, found, certain) for k in keys[t])]:
            found |= {t: [k for k in keys[t] if _leads(k, found, certain)] for t in new}
    return found | {
        table: [*first, *(key for key in keys[table] if key not in first and key.related_model in found)]
        for table, first in found.items()
    }


def _leads(key: ForeignKey[Model, Model], known: Mapping[Table, object], certain: bool) -> bool:
    return key.related_model in known and key.related_model != key.model and not (certain and key.null)


def children_first() -> list[Table]:
    """Every table but that of projects, those that hang on others before these."""
    hangs = {table: {k.related_model for k in keys if k.related_model != table} for table, keys in hangs_on().items()}
    parents_first = TopologicalSorter(hangs).static_order()
    return [table for table in reversed([*parents_first]) if table is not Project]


def path_to_project(table: Table) -> str:
    """How a filter gets from the table to the project."""
    key = hangs_on()[table][0]
    return key.name if key.related_model is Project else f"{key.name}__{path_to_project(key.related_model)}"
