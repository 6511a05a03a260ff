"""Dawid and Skene's own example: five anaesthetists on 45 patients, the first of them three times."""

import numpy as np
import pytest

from annotator.core.dawid_skene import DawidSkene, dawid_skene

# Their table 1, a word a patient: three answers of the first anaesthetist, then one of each other.
PATIENTS = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343 1111111 2223212 1211111
1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121
1111111 3333233 1111111 2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
"""


@pytest.fixture(scope="module")
def found() -> DawidSkene:
    slots = np.array([[int(answer) - 1 for answer in patient] for patient in PATIENTS.split()])
    assert slots.shape == (45, 7)
    return dawid_skene(slots, 4, rater_of=[0, 0, 0, 1, 2, 3, 4])


def test_the_published_estimates_come_out(found: DawidSkene) -> None:
    """Prevalence, the error rates of the first and second anaesthetist, and the three patients that stay in doubt."""
    assert found.converged
    assert found.prevalence.round(2).tolist() == [0.40, 0.42, 0.11, 0.07]
    first, second = found.confusion[:2].round(2).tolist()
    assert first == [[0.89, 0.11, 0, 0], [0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0], [0, 0, 0.56, 0.44]]
    assert second == [[0.83, 0.17, 0, 0], [0.05, 0.63, 0.31, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    doubtful = {patient + 1: own.round(2).tolist() for patient, own in enumerate(found.probability) if own.max() < 0.99}
    assert doubtful == {7: [0.98, 0.02, 0, 0], 35: [0, 0.95, 0.05, 0], 38: [0, 0.02, 0.98, 0]}


def test_patterns_count_as_often_as_units_show_them() -> None:
    slots = np.array([[0, 0, 1], [0, 0, 0], [1, 1, 1], [1, 0, 1]])
    each = dawid_skene(slots[[0, 0, 0, 1, 1, 2, 2, 3]], 2)
    together = dawid_skene(slots, 2, repeats=np.array([3, 2, 2, 1]))
    assert np.allclose(each.confusion, together.confusion)
    assert np.allclose(each.probability[[0, 3, 5, 7]], together.probability)
