"""The examples in the docstrings of the package give what they say."""

import doctest
import importlib
import pkgutil

import pytest

from annotator.core import agreement

MODULES = [module.name for module in pkgutil.iter_modules(agreement.__path__, f"{agreement.__name__}.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_right(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) >= 8
