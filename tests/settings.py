"""The site's settings, in a data directory of their own for each test process, and with costly extras off."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA_DIR_OF_TESTS = Path(tempfile.mkdtemp(prefix="annotator-tests-"))
atexit.register(shutil.rmtree, DATA_DIR_OF_TESTS, ignore_errors=True)

# Nothing of the caller's own site may reach the tests. PostgreSQL comes from `python -m tests.postgres`.
OF_A_SITE = ("DATABASE_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "HTTPS", "TIME_ZONE", "EMAIL_URL", "SITE_URL")
for name in (*OF_A_SITE, "SECOND_FACTOR_FOR_LEADS", "OIDC_URL", "SAML_METADATA_URL"):
    os.environ.pop(name, None)
(DATA_DIR_OF_TESTS / "static").mkdir()  # WhiteNoise warns where it is absent
os.environ["DATA_DIR"] = str(DATA_DIR_OF_TESTS)
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from annotator.settings import *  # noqa: E402, F403
from annotator.settings import DATABASES, STORAGES  # noqa: E402

if "TEST_DATABASE_URL" not in os.environ:
    # A file, as on a real site: a database in memory has neither WAL nor a connection a thread.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR_OF_TESTS / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Tests ask thousands of times a minute.
API_REQUESTS_A_MINUTE = 0
