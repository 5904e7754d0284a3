"""Settings, from the environment only. A missing secret stops the start with a sentence that names it."""

import json
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Exchange, Queue

from governance.environment import choice, database, env, mail_settings, number
from governance.provider_settings import PROVIDER  # noqa: F401
from governance.rest import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401 - read by their names
from networks.catalogue import NETWORKS

BASE_DIR = Path(__file__).resolve().parent.parent

# `production` unless something that starts Parvis for evaluation, tests or checks says otherwise.
MODE = env.str("PARVIS_MODE", default="production")
if MODE not in {"production", "demonstration", "test"}:
    raise ImproperlyConfigured("PARVIS_MODE is 'production', 'demonstration' or 'test'.")
PRODUCTION = MODE == "production"
DEBUG = False


def secret(name: str, outside_production: str) -> str:
    """The environment's value; outside production a fixed one will do, in production nothing will."""
    value = env.str(name, default="" if PRODUCTION else outside_production)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. See docs/production.md for what belongs in it.")
    return value


SECRET_KEY = secret("PARVIS_SECRET_KEY", "not-a-secret-for-tests-and-checks-only-0123456789abcdef")
# "id:base64 of 32 bytes", several separated by commas; the first encrypts, all decrypt.
VAULT_KEYS = secret("PARVIS_VAULT_KEYS", "test:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
# Signs the audit trail's checkpoints: 32 bytes in base64, an Ed25519 key. In production the worker alone has it, and
# does not start without; web processes need none.
AUDIT_KEY = env.str(
    "PARVIS_AUDIT_KEY", default="MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" if MODE == "test" else ""
)
# Public keys of earlier ones, after a change of key: base64, or paths of PEM files.
AUDIT_PUBLIC_KEYS = env.list("PARVIS_AUDIT_PUBLIC_KEYS", default=[])
# Where signed checkpoints are kept, out of the database's reach.
AUDIT_CHECKPOINTS = env.str("PARVIS_AUDIT_CHECKPOINTS", default="")
AUDIT_MAIL = env.list("PARVIS_AUDIT_MAIL", default=[])
AUDIT_PUT = env.str("PARVIS_AUDIT_PUT", default="")  # an address below which checkpoints are PUT
AUDIT_PUT_AUTHORIZATION = env.str("PARVIS_AUDIT_PUT_AUTHORIZATION", default="")
LOOPBACK = ["localhost", "127.0.0.1", "[::1]", "testserver"]
ALLOWED_HOSTS = env.list("PARVIS_HOSTS", default=[] if PRODUCTION else LOOPBACK)
CSRF_TRUSTED_ORIGINS = env.list("PARVIS_ORIGINS", default=[])
# Under which networks reach us that fetch the files of a message themselves.
PUBLIC_URL = env.str("PARVIS_PUBLIC_URL", default=(CSRF_TRUSTED_ORIGINS or ["http://127.0.0.1:8000"])[0])

# What egress may reach besides the public internet: hosts with ports, for the simulator and for servers under test.
EGRESS_ALLOW = frozenset(env.list("PARVIS_EGRESS_ALLOW", default=[]))
# As whom Parvis is registered at each network, and which server stands for the network itself: "" where the network's
# own does. An override is for tests, for training, and for an administration with a server of its own.
APP_FACTS = ("client_id", "client_secret", "webhook_secret", "token", "number")
# In the demonstration, as whom it registered itself at the training network.
APPS_FILE = BASE_DIR / ".parvis" / "apps.json"
REGISTERED = json.loads(APPS_FILE.read_text()) if MODE == "demonstration" and APPS_FILE.is_file() else {}


def known_as(key: str) -> dict[str, str]:
    """PARVIS_APP_X_ID, _SECRET, _WEBHOOK_SECRET, _TOKEN and _NUMBER for the network `x`."""
    named = {fact: f"PARVIS_APP_{key.upper()}_{fact.removeprefix('client_').upper()}" for fact in APP_FACTS}
    return {fact: env.str(name, default=REGISTERED.get(key, {}).get(fact, "")) for fact, name in named.items()}


NETWORK_APPS = {key: known_as(key) for key in NETWORKS}
SIMULATOR_URL = env.str("PARVIS_SIMULATOR_URL", default="")
SIMULATOR_KEY_FILE = env.str("PARVIS_SIMULATOR_KEY_FILE", default=str(BASE_DIR / ".parvis" / "simulator" / "key"))
# In the demonstration the training network stands for all of them.
EVERYWHERE = SIMULATOR_URL if MODE == "demonstration" else ""
NETWORK_SERVERS = {key: env.str(f"PARVIS_SERVER_{key.upper()}", default=EVERYWHERE) for key in NETWORKS}
# Where the demonstration leaves names and passwords for whoever tries it out.
PEOPLE_FILE = BASE_DIR / ".parvis" / "people.json"

INSTALLED_APPS = [
    "organisation",
    "notices",
    "accounts_registry",
    "approvals",
    "delivery",
    "monitoring",
    "publishing",
    "conversations",
    "crisis",
    "governance",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "treebeard",
    "csp",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "governance.health.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "governance.public.PublicPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organisation.middleware.KeyMiddleware",
    "organisation.middleware.PersonMiddleware",
    "organisation.session_keeping.SessionKeepingMiddleware",
    "organisation.middleware.SecondFactorMiddleware",
    "organisation.proof.ProofMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "organisation.middleware.PartsMiddleware",
]

ROOT_URLCONF = "governance.urls"
WSGI_APPLICATION = "governance.wsgi.application"
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
                "governance.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "governance.templatetags.frame",
                "governance.templatetags.rows",
                "organisation.templatetags.long_forms",
            ],
        },
    }
]
FORM_RENDERER = "governance.forms.Renderer"

# ---- Database -------------------------------------------------------------------------------------------------------
DATABASES = {"default": database("DATABASE_URL", "postgres:///parvis")}
# The role that owns the tables, for `migrate` alone. Afterwards it grants DATABASE_URL's role what that one needs.
APPLICATION_ROLE = APPLICATION_PASSWORD = ""
if env.str("PARVIS_MIGRATION_DATABASE_URL", default=""):
    APPLICATION_ROLE, APPLICATION_PASSWORD = (DATABASES["default"][fact] for fact in ("USER", "PASSWORD"))
    DATABASES["default"] = database("PARVIS_MIGRATION_DATABASE_URL")
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
)
# One for all processes: limits that each process counts for itself are no limits.
CACHES = {"default": {"BACKEND": "organisation.cache.SharedCache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- Workers --------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("PARVIS_BROKER_URL", default="redis://127.0.0.1:6379/0")
if CELERY_BROKER_URL.startswith("filesystem://"):
    # The embedded mode's broker: folders, made atomic (governance/filesystem_broker.py).
    CELERY_BROKER_TRANSPORT = "governance.filesystem_broker:Transport"
    CELERY_BROKER_FOLDER = CELERY_BROKER_URL.removeprefix("filesystem://")
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": f"{CELERY_BROKER_FOLDER}/messages",
        "data_folder_out": f"{CELERY_BROKER_FOLDER}/messages",
        "control_folder": f"{CELERY_BROKER_FOLDER}/control",
    }
CELERY_TASK_IGNORE_RESULT = True
# Each kind of work has a queue of its own, and in each worker process so many threads: whatever hangs, at a network or
# over a file, leaves the others theirs (docs/adr/0020-queues.md). A worker serves all queues, or those of `--queues`.
CELERY_TASK_DEFAULT_QUEUE = "celery"
QUEUE_THREADS = {
    "celery": 4,
    "sealing": 2,
    "sending": 4,
    "films": 2,
    "looking": 4,
    **dict.fromkeys(("telling", "reading", "connecting"), 4),
    "parsing": 2,
    "fetching": 2,
}
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in QUEUE_THREADS]
CELERY_TASK_ROUTES = {
    "organisation.tasks.seal_trail": {"queue": "sealing"},
    "delivery.tasks.send_due": {"queue": "sending"},
    "delivery.tasks.send_films": {"queue": "films"},
    "delivery.tasks.resolve_unknown": {"queue": "looking"},
    "monitoring.tasks.pull_streams": {"queue": "reading"},
    **{task: {"queue": "telling"} for task in ("notices.tasks.*", "organisation.tasks.send_passwords")},
    "accounts_registry.tasks.answer_lookups": {"queue": "looking"},  # somebody waits for it
    "accounts_registry.tasks.read_lists": {"queue": "parsing"},
    "accounts_registry.tasks.search_imitations": {"queue": "reading"},
    "accounts_registry.tasks.*": {"queue": "connecting"},
    "publishing.tasks.read_uploads": {"queue": "parsing"},
    **{task: {"queue": "fetching"} for task in ("publishing.tasks.read_cards", "monitoring.tasks.fetch_pictures")},
}
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = sum(QUEUE_THREADS.values())
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_DEFAULT_EXPIRES = 60  # a wake-up that is a minute old wakes nobody: the next one has come
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "seal-the-trail": {"task": "organisation.tasks.seal_trail", "schedule": 1.0},
    "tell-failed-sign-ins": {"task": "organisation.tasks.tell_failed_sign_ins", "schedule": 15.0},
    "send-passwords": {"task": "organisation.tasks.send_passwords", "schedule": 2.0},
    "end-access-reviews": {"task": "organisation.tasks.end_reviews", "schedule": 60.0},
    "forget-form-pages": {"task": "organisation.tasks.forget_form_pages", "schedule": 3600.0},
    "forget-training": {"task": "organisation.tasks.forget_training", "schedule": 3600.0},
    "forget-sessions": {"task": "organisation.tasks.forget_sessions", "schedule": 3600.0},
    "send-checkpoints": {"task": "organisation.tasks.send_checkpoints", "schedule": 60.0},
    "look-for-notices": {"task": "notices.tasks.look_around", "schedule": 5.0},
    "send-letters": {"task": "notices.tasks.send_letters", "schedule": 10.0},
    "call-webhooks": {"task": "notices.tasks.call_webhooks", "schedule": 10.0},
    "purge-notices": {"task": "notices.tasks.purge", "schedule": 3600.0},
    "renew-tokens": {"task": "accounts_registry.tasks.renew_due", "schedule": 30.0},
    "end-what-was-given-up": {"task": "accounts_registry.tasks.revoke_pending", "schedule": 60.0},
    "ask-to-be-told": {"task": "accounts_registry.tasks.subscribe_due", "schedule": 30.0},
    "ask-servers": {"task": "accounts_registry.tasks.ask_servers", "schedule": 300.0},
    "end-trials": {"task": "accounts_registry.tasks.expire_accounts", "schedule": 300.0},
    "end-votes-in-writing": {"task": "accounts_registry.tasks.end_written", "schedule": 300.0},
    "hold-what-is-overdue": {"task": "accounts_registry.tasks.hold_overdue", "schedule": 300.0},
    "look-for-imitations": {"task": "accounts_registry.tasks.search_imitations", "schedule": 60.0},
    "end-exceptions": {"task": "accounts_registry.tasks.expire_exceptions", "schedule": 300.0},
    "answer-lookups": {"task": "accounts_registry.tasks.answer_lookups", "schedule": 15.0},
    "read-lists": {"task": "accounts_registry.tasks.read_lists", "schedule": 5.0},
    "purge-sightings": {"task": "accounts_registry.tasks.purge_sightings", "schedule": 3600.0},
    "send-what-is-due": {"task": "delivery.tasks.send_due", "schedule": 1.0},
    "send-films": {"task": "delivery.tasks.send_films", "schedule": 5.0},
    "resolve-unknown": {"task": "delivery.tasks.resolve_unknown", "schedule": 15.0},
    "read-uploads": {"task": "publishing.tasks.read_uploads", "schedule": 5.0},
    "read-cards": {"task": "publishing.tasks.read_cards", "schedule": 5.0},
    "expire-uploads": {"task": "publishing.tasks.expire_uploads", "schedule": 600.0},
    "expire-approved": {"task": "publishing.tasks.expire_approved", "schedule": 60.0},
    "recount-approvals": {"task": "approvals.tasks.recount_open", "schedule": 60.0},
    "reopen-unbacked": {"task": "publishing.tasks.reopen_unbacked", "schedule": 60.0},
    "pull-mentions": {"task": "monitoring.tasks.pull_streams", "schedule": 15.0},
    "fetch-pictures": {"task": "monitoring.tasks.fetch_pictures", "schedule": 2.0},
    "recount-deadlines": {"task": "conversations.tasks.recount_deadlines", "schedule": 10.0},
    "purge-mentions": {"task": "monitoring.tasks.purge_mentions", "schedule": 3600.0},
}

# ---- Sending --------------------------------------------------------------------------------------------------------
# How long a call may take until its outcome is unknown: longer than egress waits; films: `networks.calls.preparation`.
DELIVERY_LEASE = timedelta(seconds=number("PARVIS_DELIVERY_LEASE", 120))
DELIVERY_LATENESS = timedelta(hours=2)  # what is older asks a person before it goes out
DELIVERY_THREADS = number("PARVIS_DELIVERY_THREADS", 8)  # calls at once in one worker process

# Where the record lies that tells a restored or copied database from the one that may send (delivery/witness.py).
WITNESS = env.str("PARVIS_WITNESS", default=(BASE_DIR / ".parvis" / "witness").as_uri())
WITNESS_TOKEN = env.str("PARVIS_WITNESS_TOKEN", default="")

# ---- People and sign-in ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisation.Person"
AUTHENTICATION_BACKENDS = ["organisation.backends.Backend"]
# Whether roles of weight demand a second factor. Whoever has one uses it, whatever this says.
SECOND_FACTOR = env.str("PARVIS_SECOND_FACTOR", default="off" if MODE == "demonstration" else "required") != "off"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "governance.sign_in.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "organisation.adapter.AccountAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "organisation.reset_tokens.ResetTokens"  # noqa: S105  a class
ACCOUNT_FORMS = {"login": "governance.sign_in.SignInForm", "reset_password": "governance.sign_in.ForgottenForm"}
# What would lock people out for what strangers do is counted by organisation/limits.py instead.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "", "reset_password": "", "reset_password_from_key": "60/m/ip"}
MFA_ADAPTER = "organisation.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Parvis"
MFA_TOTP_TOLERANCE = 1  # half a minute more or less: phones' clocks differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost, for trying it out
MFA_FORMS = {
    "authenticate": "governance.sign_in.CodeForm",
    "reauthenticate": "governance.sign_in.CodeAgainForm",
    "activate_totp": "governance.sign_in.FirstCodeForm",
    "add_webauthn": "governance.sign_in.NewKeyForm",
    "edit_webauthn": "governance.sign_in.RenameKeyForm",
    "authenticate_webauthn": "governance.sign_in.KeyForm",
    "reauthenticate_webauthn": "governance.sign_in.KeyAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # who has no business here gets no mail from us because a stranger typed it
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE: a working day
ALLAUTH_TRUSTED_PROXY_COUNT = number("PARVIS_PROXY_COUNT", 0)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
_MAILS_BY = {"production": "smtp", "demonstration": "filebased", "test": "console"}
EMAIL_BACKEND = f"django.core.mail.backends.{_MAILS_BY[MODE]}.EmailBackend"
EMAIL_FILE_PATH = str(BASE_DIR / ".parvis" / "mails")
# smtp://…, smtp+tls://user:password@host:587. Without it no mail leaves: administrators hand links over themselves.
MAIL_WORKS = bool(env.str("PARVIS_MAIL_URL", default=""))
if MAIL_WORKS:
    globals().update(mail_settings("PARVIS_MAIL_URL"))
NOTICES_BY_MAIL = MAIL_WORKS or not PRODUCTION
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("PARVIS_MAIL_FROM", default="Parvis <parvis@localhost>")
EMAIL_TIMEOUT = 10

# How old what the public register says may be: it is answered from memory. Tests see at once what they did.
PUBLIC_REGISTER_SECONDS = 0 if MODE == "test" else 30

# ---- Languages ------------------------------------------------------------------------------------------------------
LANGUAGES = [("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English")]
LANGUAGE_CODE = choice("PARVIS_LANGUAGE", "fr", dict(LANGUAGES))
FORMAT_MODULE_PATH = "governance.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Brussels"

# ---- Pages and files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [("dist", BASE_DIR / "static" / "dist")]  # the sources stay at home
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
MEDIA_ROOT = Path(env.str("PARVIS_MEDIA", default=str(BASE_DIR / ".parvis" / "media")))
MEDIA_URL = "/media/"  # never served from here: publishing serves a file to whoever may see its post
# Where an upload lies while it comes in. In a container /tmp is memory, which a film would fill.
FILE_UPLOAD_TEMP_DIR = env.str("PARVIS_UPLOADS", default="") or None
FFMPEG = env.str("PARVIS_FFMPEG", default="")  # the program that converts films; else that of imageio-ffmpeg
VIDEO_BYTES = number("PARVIS_VIDEO_BYTES", 512_000_000)  # what a person may upload as one video
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---- Security -------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
DEFAULT_EXCEPTION_REPORTER_FILTER = "governance.error_reports.DiscreetFilter"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("PARVIS_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if env.bool("PARVIS_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOG_LEVEL = choice("PARVIS_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # The clients of the networks log tokens at DEBUG.
    "loggers": {name: {"level": "WARNING"} for name in ("httpx", "httpcore", "urllib3", "mastodon", "atproto")},
}
