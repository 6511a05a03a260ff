import pytest

from tests import make


@pytest.fixture
def study(db: None) -> make.Study:
    return make.study()
