"""Django's settings of a site, made from the environment. Every variable is described in docs/settings.md.

Nothing has to be set: without any variable the site runs on SQLite in the data directory, for this machine only.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from seriatim.config.database import database_settings
from seriatim.config.environment import Environment
from seriatim.config.logs import FORMATS
from seriatim.config.storage import default_data_dir, kept_secret_key, make_data_dir

_env = Environment(os.environ)

# ------------------------------------------------------------------------------------------- the site's own data

DATA_DIR: Path = _env.folder("SERIATIM_DATA_DIR", default_data_dir(os.environ))
SECRET_KEY: str = _env.text("SERIATIM_SECRET_KEY") or kept_secret_key(DATA_DIR)
# The old key while a new one is brought in: sessions signed with it stay good until it is taken out.
SECRET_KEY_FALLBACKS: list[str] = _env.words("SERIATIM_SECRET_KEY_FALLBACKS")

_database_url = _env.text("SERIATIM_DATABASE_URL")
if not _database_url:
    make_data_dir(DATA_DIR)
    _database_url = f"sqlite:///{DATA_DIR / 'seriatim.sqlite3'}"
DATABASES: dict[str, dict[str, Any]] = {"default": database_settings(_database_url)}
# Rows are counted in hundreds of thousands and keys are never guessed from: 32 bits hold them, in half the index.
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

# ---------------------------------------------------------------------------------------------------- what runs

DEBUG: bool = _env.flag("SERIATIM_DEBUG", default=False)

INSTALLED_APPS = [
    # First: after migrating, the apps are told in this order, and ours build on the permissions that auth makes.
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "seriatim.accounts",
    "seriatim.catalog",
    "seriatim.series",
    "seriatim.ledger",
    "seriatim.files",
    "seriatim.documents",
    "seriatim.stocktakes",
    "seriatim.webhooks",
    "seriatim.labels",
    "seriatim.api",
    "seriatim.web",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # The widgets' own templates, beside ours (FORM_RENDERER).
    "django.forms",
    "django_htmx",
    "csp",
    "axes",
    # The second factor: codes of an app, and codes on paper for when the phone is gone.
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    # First: it measures all of the others.
    "seriatim.config.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "seriatim.config.health.Health",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before anything asks for a form's fields: Django's own check takes a form that broke off for an empty one.
    "seriatim.web.middleware.WholeForms",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    # Before anything asks who it is: a session without its second factor is nobody's, at whatever door.
    "seriatim.web.middleware.SecondFactor",
    # A view is closed unless it says `login_not_required`: what is forgotten is shut, not open.
    "seriatim.web.middleware.LogInFirst",
    "seriatim.web.middleware.Private",
    "seriatim.web.middleware.SiteTime",
    "seriatim.web.middleware.Friendly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last, as its documentation asks: it turns the refusal of a locked-out log-in into the answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "seriatim.config.urls"
FORM_RENDERER = "seriatim.web.forms.Renderer"
# The tones of the pages' notices.
MESSAGE_TAGS = {10: "info", 20: "info", 25: "good", 30: "warn", 40: "bad"}
WSGI_APPLICATION = "seriatim.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "seriatim.web.navigation.frame",
            ]
        },
    }
]

# ---------------------------------------------------------------------------------------------- what is remembered

# In the process's own memory: counts of how often somebody asks this process (`web.limits`; what all processes
# count together is in the database), nothing that must not be lost.
# Django's 300 entries would let whoever asks from many addresses push out what is counted.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000, "CULL_FREQUENCY": 10},
    }
}

# ---------------------------------------------------------------------------------------------- time and language

USE_TZ = True
# The site's own zone is one of its data (`catalog.Site`); the doors switch to it.
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
# Those that the pages speak. With more than one, everybody chooses theirs on their own page.
LANGUAGES = [("en", "English")]

# ------------------------------------------------------------------------------------------------- people, log-in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "seriatim.accounts.backend.RolesBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
CSRF_FAILURE_VIEW = "seriatim.web.views.errors.too_old"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"

# Links that set a password, by mail: long enough for an invitation to be found in the morning.
PASSWORD_RESET_TIMEOUT: int = _env.number("SERIATIM_LINK_HOURS", 24, minimum=1, maximum=168) * 3600

# Failed log-ins are counted in the database, so that several processes count together and no service is needed.
AXES_FAILURE_LIMIT: int = _env.number("SERIATIM_LOGIN_FAILURES", 10, minimum=1, maximum=1000)
AXES_COOLOFF_TIME: float = _env.number("SERIATIM_LOGIN_LOCK_MINUTES", 15, minimum=1, maximum=10_080) / 60
# Per user *and* address: else anybody could lock out a user by name, or a whole office by its one address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# One that knocks on while locked out does not lengthen the lock: a forgotten device would lock its user for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "seriatim.config.client_address.client_address"
# Log-ins and log-outs that went well are not kept by the guard.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "seriatim.web.views.people.locked_out"

# ----------------------------------------------------------------------------------------------------------- mail

# Without a host nothing is sent, and the pages say whom to ask instead.
EMAIL_HOST: str = _env.text("SERIATIM_EMAIL_HOST")
EMAIL_CONFIGURED: bool = bool(EMAIL_HOST)
_email_security = _env.choice("SERIATIM_EMAIL_SECURITY", "starttls", ("starttls", "tls", "none"))
EMAIL_USE_TLS: bool = _email_security == "starttls"
EMAIL_USE_SSL: bool = _email_security == "tls"
EMAIL_PORT: int = _env.number(
    "SERIATIM_EMAIL_PORT",
    {"starttls": 587, "tls": 465, "none": 25}[_email_security],
    minimum=1,
    maximum=65_535,
)
EMAIL_HOST_USER: str = _env.text("SERIATIM_EMAIL_USER")
EMAIL_HOST_PASSWORD: str = _env.text("SERIATIM_EMAIL_PASSWORD")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL: str = _env.text("SERIATIM_EMAIL_FROM", EMAIL_HOST_USER or "seriatim@localhost")

# ------------------------------------------------------------------------------------------------ hosts and HTTPS

ALLOWED_HOSTS: list[str] = _env.words("SERIATIM_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = _env.words("SERIATIM_TRUSTED_ORIGINS")

# How many proxies of ours stand in front. Only then are X-Forwarded-For and X-Forwarded-Proto believed.
PROXY_COUNT: int = _env.number("SERIATIM_PROXY_COUNT", 0, minimum=0, maximum=10)
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Where strangers and telephones find the site: printed into codes, so it never comes from a request.
PUBLIC_URL: str = _env.text("SERIATIM_PUBLIC_URL").rstrip("/")
if PUBLIC_URL and not PUBLIC_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(
        f"SERIATIM_PUBLIC_URL must begin with https:// or http://, not {PUBLIC_URL!r}."
    )

HTTPS: bool = _env.flag("SERIATIM_HTTPS", default=False)
SECURE_SSL_REDIRECT: bool = HTTPS
# Whoever watches the server asks it directly, not through the proxy that has the certificate.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS: int = (
    _env.number("SERIATIM_HSTS_SECONDS", 31_536_000, minimum=0, maximum=63_072_000) if HTTPS else 0
)
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = HTTPS
# The browsers' preload lists take whole domains only, and whose domain it is we can't know.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

SESSION_COOKIE_SECURE: bool = HTTPS
CSRF_COOKIE_SECURE: bool = HTTPS
# Pages hand the token to htmx by an attribute; no script needs to read the cookie.
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Everything comes from here and nothing is inline: what gets into a page as text can't run.
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Documents of many lines are one form; Django's own limit of 1,000 fields would refuse them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100_000
# 100,000 units with what is said of each; the API refuses what is larger by name.
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024

# ---------------------------------------------------------------------------------------------------- webhooks

# Whether they may go to addresses of private networks, and without HTTPS: for a site whose ERP stands beside it.
WEBHOOK_PRIVATE: bool = _env.flag("SERIATIM_WEBHOOK_PRIVATE", default=False)

# --------------------------------------------------------------------------------------------------- static files

STATIC_URL = "/static/"
# `seriatim serve` gathers them here, under names that change with their content, so browsers may keep them.
STATIC_ROOT: Path = DATA_DIR / "static"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
# TrueType files for scripts that the packaged fonts lack; asked after them, in this order.
LABEL_FONTS: list[str] = _env.words("SERIATIM_LABEL_FONTS")
# What is uploaded to units, items, documents and parties, by its content's hash. Nothing is served from here as it is.
MEDIA_ROOT: Path = DATA_DIR / "files"
FILE_LIMIT_MB: int = _env.number("SERIATIM_FILE_LIMIT_MB", 20, minimum=1, maximum=1000)
# What a browser goes on sending beyond this is thrown away as it comes, and never fills the disk.
UPLOAD_LIMIT_MB = max(FILE_LIMIT_MB, 50)
FILE_UPLOAD_HANDLERS = [
    "seriatim.files.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --------------------------------------------------------------------------------------------------------- logging

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "logfmt": {"()": "seriatim.config.logs.Logfmt"},
        "json": {"()": "seriatim.config.logs.Json"},
    },
    "filters": {"sentence": {"()": "seriatim.config.logs.Sentence"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": _env.choice("SERIATIM_LOG_FORMAT", "logfmt", FORMATS),
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "seriatim": {"level": _env.text("SERIATIM_LOG_LEVEL", "INFO").upper()},
        # Its own handlers write to stderr only under DEBUG and send mail otherwise: ours does both jobs.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # What was refused stands in the line of its request already.
        "django.request": {"level": "ERROR"},
        # Strangers ask for hosts that we are not all day long: the sentence says it, the way there does not help.
        "django.security.DisallowedHost": {"filters": ["sentence"]},
    },
}
