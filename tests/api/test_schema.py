from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests import make
from tests.api.callers import bearer
from tests.web.routes import named_routes

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
REFRESH = "python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml"


def generated() -> str:
    """The schema; the command raises where it is not valid OpenAPI, and warns of what it had to guess."""
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    return out.getvalue()


def test_the_kept_schema_is_the_one_that_the_code_makes() -> None:
    assert generated().strip() == SNAPSHOT.read_text().strip(), f"The API changed. If that was meant: {REFRESH}"


@pytest.mark.django_db
def test_the_schema_is_served_as_openapi_3_1() -> None:
    schema = bearer(make.user()).get("/api/schema/", {"format": "json"}).json()
    assert schema["openapi"] == "3.1.0"
    served = [name for name, _path, _places in named_routes() if name.startswith("api_") and name != "api_schema"]
    assert len(schema["paths"]) == len(served)
