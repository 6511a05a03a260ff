"""What every test stands on. The settings of the tests are in tests/settings.py."""

import pytest
from django.db import connection
from django.test import TransactionTestCase

from projects import immutable
from projects.queries import lexicons
from projects.queries.codebooks import codebook
from tests import absent

_flush = TransactionTestCase._fixture_teardown


def _flush_without_guards(case: TransactionTestCase) -> None:
    """The flush after a transactional test has to delete what nobody else may."""
    with immutable.lifted(connection):
        _flush(case)


TransactionTestCase._fixture_teardown = _flush_without_guards


@pytest.fixture(autouse=True)
def _nothing_read_in_the_test_before() -> None:
    """Ids come back after a rollback, and the process keeps parsed codebooks and lexicons by id."""
    for kept in (codebook, lexicons.lexicon, lexicons.terms, lexicons.aliases):
        kept.cache_clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in absent.lines():
        terminalreporter.write_line(f"NOT RUN: {line}", yellow=True)
