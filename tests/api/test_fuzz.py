"""Every operation of the schema, asked by everybody what the schema allows, and a little beside it.

No answer is a fault of ours, and each is one that the schema tells of: its status, media type and content. In CI a few
examples are tried; many by hand: `FUZZ_EXAMPLES=200 pytest tests/api/test_fuzz.py`.
"""

import logging
import os
from collections.abc import Iterator
from random import Random

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, openapi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from projects.models import Assignment, User
from projects.services.tokens import make_token
from tests.web.askers import undone
from tests.web.bodies import bodies
from tests.web.routes import ADJUDICATOR, ANNOTATOR, ANONYMOUS, LEAD, STRANGER, VIEWER, named_routes
from tests.web.scene import Scene, scene

pytestmark = [pytest.mark.django_db, pytest.mark.once]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
ROLES = (ANONYMOUS, STRANGER, VIEWER, ANNOTATOR, ADJUDICATOR, LEAD)
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES < 10,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
NAMES = {path.replace("<int:", "{").replace("<slug:", "{").replace(">", "}"): name for name, path, _ in named_routes()}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """No line in a log for each refusal; and the connection stays open, as it does with Django's own test client."""
    ends = (request_started, request_finished)
    logging.disable(logging.ERROR)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)
    logging.disable(logging.NOTSET)


def headers_of(user: User | None) -> dict[str, str]:
    plain = {"Accept-Encoding": "identity"}
    if user is None:
        return plain
    made = make_token(user=user, name="fuzz", scope="write", days=1)
    user.tokens.update(last_used_at=timezone.now())
    return plain | {"Authorization": f"Bearer {made.key}"}


def nearer(case: Case, here: Scene, role: str, random: Random) -> Case:
    """As it was generated nothing would be found: most get real places, and some a body that is nearly right."""
    share = here.shares.get(role, here.shares[ANNOTATOR])
    if random.random() < 0.8:
        case.path_parameters |= here.places_of(NAMES[case.path], case.path_parameters, role)
    real = bodies(here.study, Assignment.objects.get(pk=share.pk)).get(NAMES[case.path])
    if real is not None and random.random() < 0.6:
        one = random.choice([*case.body.items()]) if isinstance(case.body, dict) and case.body else None
        case.body = real | (dict([one]) if one and random.random() < 0.7 else {})
    return case


def test_no_answer_is_a_fault_or_undocumented() -> None:
    here = scene()
    sent = {role: headers_of(here.people.get(role)) for role in ROLES}
    schema = openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application(), headers=sent[LEAD])
    operations = [found.ok() for found in schema.get_all_operations()]
    random, seen = Random(7), set()

    def ask(case: Case) -> None:
        for role in ROLES:
            with undone():
                asked = nearer(case, here, role, random)
                answer = asked.call(headers=sent[role])
            seen.add((case.operation.label, answer.status_code))
            asked.validate_response(answer, checks=CHECKS)

    for operation in operations:
        FEW(given(case=operation.as_strategy())(ask))()
    assert len({label for label, _status in seen}) == len(operations)
    succeeded = {label for label, status in seen if status < 300}
    assert len(succeeded) > 0.8 * len(operations), "Too few are asked what they can do."
