"""Settings of the portal, read from the environment (and from `.env` beside manage.py).

Safe by default: without a variable set, DEBUG and DEMO are off, a secret key is demanded,
cookies are for HTTPS only. `make run` sets what an embedded installation needs.
"""

import logging
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
GALLERY = env.bool("GALLERY", default=DEBUG)  # the page of components, for developers
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)  # holds rows and files of people

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "Set SECRET_KEY: a long random string. `make run` makes one and keeps it in var/."
    )

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "auditlog",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_fsm",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "django_tables2",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials",
    "core",
    "network",
    "communities",
    "events",
    "diagnostics",
    "monitoring",
    "config.apps.PortalConfig",
    "django.contrib.admin",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "network.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.too_large.TooLargeMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "config.tasks_count.TasksCountMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.context.portal",
            ],
            "builtins": ["core.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database: SQLite embedded, PostgreSQL with DATABASE_URL.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers take turns in the order they came: SQLite alone lets newcomers go before who waits.
    DATABASES["default"]["ENGINE"] = "core.sqlite"
    # Without IMMEDIATE, transactions that begin with a read fail at once with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
            "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;"
        ),
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Broker and cache: files embedded, Redis with REDIS_URL.
REDIS_URL = env.str("REDIS_URL", default="")
# Two portals may share a Redis when their queues are named apart.
CELERY_TASK_DEFAULT_QUEUE = env.str("QUEUE_NAME", default="metodset")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str | float] = {
        "socket_connect_timeout": 3,
        "socket_timeout": 10,
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": CELERY_TASK_DEFAULT_QUEUE,
        }
    }
else:
    QUEUE_DIR = VAR_DIR / "queue"
    for folder in ("messages", "processed", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "processed_folder": str(QUEUE_DIR / "processed"),
        "control_folder": str(QUEUE_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.3,
    }
    # Rate limits of sign-in must hold across web processes, so the cache is in files, not in memory.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
        }
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # the job row is the truth, a message is only a doorbell (docs/adr/0003)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TASK_TIME_LIMIT = 2 * 60 * 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "core.tasks.sweep_jobs", "schedule": env.float("SWEEP_SECONDS", default=15.0)},
    "send-letters": {"task": "core.tasks.send_letters", "schedule": 60.0},
    "forget-uploads": {"task": "core.tasks.forget_uploads", "schedule": 86400.0},
    "know-tables": {"task": "core.tasks.know_tables", "schedule": crontab(minute=40)},
    "forget-letters": {"task": "core.tasks.forget_letters", "schedule": 24 * 3600.0},
    "community-terms": {"task": "communities.tasks.watch_terms", "schedule": crontab(minute=10)},
    "community-digests": {"task": "communities.tasks.send_digests", "schedule": crontab(minute=20)},
    "applications": {"task": "communities.tasks.remind_of_applications", "schedule": 3600.0},
    "heartbeat": {"task": "core.tasks.heartbeat", "schedule": 20.0},
    "campaigns": {"task": "diagnostics.tasks.advance_campaigns", "schedule": 300.0},
    "event-letters": {"task": "events.tasks.write_to_participants", "schedule": crontab(minute="*/20")},
    "event-places": {"task": "events.tasks.release_places", "schedule": 300.0},
    "tallies": {"task": "diagnostics.tasks.tally_due", "schedule": 120.0},
    "coverage": {"task": "diagnostics.tasks.count_coverage", "schedule": crontab(minute="*/10")},
    "indicators": {"task": "monitoring.tasks.refresh_indicators", "schedule": crontab(hour=1, minute=30)},
}
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=30)

# People and sign-in.
AUTH_USER_MODEL = "network.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "network.backends.EmploymentBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "network.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letters to whoever is typed in
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
SOCIALACCOUNT_ONLY = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "МетодСеть"
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO)

# Language and time.
LANGUAGE_CODE = "ru"
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Moscow")
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# Static and uploaded files: everything is served by the portal itself.
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "core.assets.NodeModulesFinder",
]
MEDIA_ROOT = VAR_DIR / "files"
MEDIA_URL = "/files/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "core.assets.HashedStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
UPLOAD_KEEP_DAYS = env.int("UPLOAD_KEEP_DAYS", default=30)
UPLOAD_LIMIT_BYTES = env.int("UPLOAD_LIMIT_BYTES", default=20 * 1024 * 1024)
REQUEST_LIMIT_BYTES = 64 * 1024 * 1024  # of all fields and files; beyond it the page 413 answers
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Letters: into files or the console until a mail server is named.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail:///" + str(VAR_DIR / "mail"))
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="МетодСеть <noreply@localhost>")

# Security.
HTTPS = env.bool("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 12
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MAP_TILE_URL = env.str("MAP_TILE_URL", default="")
MAP_TILE_ATTRIBUTION = env.str("MAP_TILE_ATTRIBUTION", default="")
_tile_hosts = ["/".join(MAP_TILE_URL.split("/")[:3])] if MAP_TILE_URL.startswith("http") else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *_tile_hosts],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DJANGO_TABLES2_TEMPLATE = "core/table.html"
# Official records: every change is logged with who and when. Answers to surveys never are.
AUDITLOG_DISABLE_REMOTE_ADDR = True
AUDITLOG_INCLUDE_TRACKING_MODELS = (
    "network.Municipality",
    "network.Organisation",
    {"model": "network.Person", "exclude_fields": ["password", "last_login"]},
    "network.Employment",
    "network.Direction",
    "network.Consent",
    "network.Order",
    "network.OrderAnnex",
    "communities.Community",
    "communities.Membership",
    "communities.JoinRequest",
    "communities.CommunityChange",
    "communities.CommunityReport",
    {"model": "communities.CommunityApplication", "exclude_fields": ["updated_at", "turn_since"]},
    "communities.ApplicationMember",
    "communities.ApplicationOrganisation",
    "communities.ExpertOpinion",
    {"model": "events.Event", "exclude_fields": ["taken"]},
    "events.Registration",
    "events.Certificate",
    "diagnostics.Questionnaire",
    "diagnostics.Campaign",
    "diagnostics.Finding",
    "diagnostics.SupportMeasure",
    "diagnostics.EventCall",
    "events.EventPlan",
    "events.PlanItem",
    "monitoring.Assessment",
    "monitoring.Decision",
    "monitoring.Evidence",
    {"model": "monitoring.IndicatorValue", "exclude_fields": ["counted", "updated_at"]},
    "monitoring.Refusal",
    {"model": "monitoring.Report", "exclude_fields": ["snapshot"]},
    "monitoring.ReportText",
    "monitoring.Score",
)
DATA_OPERATOR = env.str("DATA_OPERATOR", default="")
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# What the log says of a request is in config/logs.py.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = BEHIND_PROXY
DJANGO_STRUCTLOG_TRUST_UPSTREAM_CORRELATION_ID = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None  # who opened a survey when would undo its anonymity
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.DEBUG

from config.logs import LOGGING  # noqa: F401  (needs nothing above, kept apart for its length)
