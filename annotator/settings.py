"""Settings. Everything that a site may change comes from the environment; the defaults are safe on a laptop."""

import os
from pathlib import Path

import dj_database_url
from django.core.management.utils import get_random_secret_key

from annotator.mail import BACKENDS, MailServer, mail_server
from annotator.sso import single_sign_on

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / "var"))
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = os.environ.get("DEBUG", "") in {"1", "true", "yes"}
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")


def stored_secret() -> str:
    """The key of this installation, made at the first start and kept beside its database."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        # Two processes may start at once: link() lets one of them win without a half-written file being read.
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(get_random_secret_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


SECRET_KEY = os.environ.get("SECRET_KEY") or stored_secret()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "rest_framework",
    "drf_spectacular",
    "django_tasks",
    "django_tasks_db",
    "projects",
    "annotator",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "annotator.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Django masks the CSRF token and pads the answer, so that compression gives nothing away (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "annotator.middleware.never_stored",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "annotator.middleware.DomainErrors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "annotator.urls"
WSGI_APPLICATION = "annotator.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["annotator.web.tags"],
        },
    }
]

DATABASES = {
    "default": dj_database_url.config(default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}", conn_max_age=600),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # BEGIN takes the write lock at once, so that a transaction never fails half-way with SQLITE_BUSY.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: an acknowledged save is on the disk. NORMAL lost 2.3 % of them at a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728;"
        " PRAGMA cache_size=-16000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "projects.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
# What is kept of a failed try, these fields left out.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "new_password", "code", "email"]
# A link that sets a password lives for a day.
PASSWORD_RESET_TIMEOUT = 24 * 3600
OTP_TOTP_ISSUER = "Annotator"
# Whether leads have to have a second factor before they may open their projects.
SECOND_FACTOR_FOR_LEADS = os.environ.get("SECOND_FACTOR_FOR_LEADS", "") in {"1", "true", "yes"}

# Other services that sign people in: an extra, see requirements-sso.txt.
SSO = single_sign_on(os.environ)
if SSO.services:
    INSTALLED_APPS += SSO.apps
    MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]
SOCIALACCOUNT_PROVIDERS = SSO.providers
SOCIALACCOUNT_ADAPTER = "projects.web.sso.ServiceAdapter"
ACCOUNT_ADAPTER = "projects.web.sso.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False

_mail = mail_server(os.environ.get("EMAIL_URL", ""), debug=DEBUG)
EMAIL_CONFIGURED = _mail is not None
_sends = _mail or MailServer(f"{BACKENDS}dummy.EmailBackend")
EMAIL_BACKEND = _sends.backend
EMAIL_HOST, EMAIL_PORT = _sends.host, _sends.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _sends.user, _sends.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _sends.starts_tls, _sends.is_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "annotator@localhost")
# The address under which the site is open, for links in e-mail; else the one that was asked for.
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "UTC")

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "uploads"},
    },
    "staticfiles": {"BACKEND": "annotator.storage.ModuleStaticFilesStorage"},
}

# A site behind TLS sets HTTPS=1; loopback is served without it.
HTTPS = os.environ.get("HTTPS", "") in {"1", "true", "yes"}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# A pasted text may be as long as a file.
DATA_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "projects.web.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Of each token; a user may send twice as many, an unknown address a tenth. 0 = any number.
API_REQUESTS_A_MINUTE = int(os.environ.get("API_REQUESTS_A_MINUTE", "1200"))
# Where webhooks may be sent to: hosts, or hosts with a port; `private:` before one lets it be of the own network.
WEBHOOK_HOSTS = frozenset(filter(None, os.environ.get("WEBHOOK_HOSTS", "").lower().replace(" ", "").split(",")))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "projects.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "projects.api.authentication.WithinScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["projects.api.throttling.Throttle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["projects.api.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "projects.api.pagination.IdPagination",
    # What OPTIONS would tell stands in the schema.
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "annotator.api.errors.answer_error",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Annotator",
    "DESCRIPTION": "What a script needs of the projects of which you are a member. Lists come in pages: follow"
    " `next` until it is null.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "ENUM_NAME_OVERRIDES": {
        "AssignmentState": "projects.models.Assignment.State",
        "CodebookState": "projects.models.CodebookVersion.State",
        "JobState": "annotator.models.Job.State",
        "Purpose": "projects.models.Round.Purpose",
        "Role": "projects.models.Role",
        "UnitKind": "annotator.core.sentences.KINDS",
    },
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "annotator.api.problems.with_problems",
    ],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
