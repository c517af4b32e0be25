"""Settings, read top to bottom, from the environment: see .env.example for each variable."""

import shlex
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment, database, is_loopback, mail_server, sender, site_origin, strong_secret

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()

# Who we are on the network

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = strong_secret(env.required("SECRET_KEY"))
SITE_NAME = "Territoires Conseils"
SITE_URL, SCHEME, HOST = site_origin(env.str("SITE_URL", default="http://127.0.0.1:8000"))
IS_LOCAL = is_loopback(HOST.strip("[]"))
IS_DEMONSTRATION = IS_LOCAL and SCHEME == "http"
if DEBUG and not IS_LOCAL:
    raise ImproperlyConfigured(
        "DEBUG montre le code et les données à qui provoque une erreur : il n’est accepté que sur le poste lui-même."
    )
ALLOWED_HOSTS = [HOST, *env.hosts("ALLOWED_HOSTS")]
if IS_LOCAL:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", default=0)

# What the application is made of

INSTALLED_APPS = [
    "config.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # its form templates, ours going first
    "csp",
    "django_filters",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "simple_history",
    "typography",
    "design",
    "jobs",
    "search",
    "limits",
    "accounts",
    "territories",
    "roles",
    "experiences",
    "inquiries",
    "portal",
]

MIDDLEWARE = [
    "config.middleware.RequestLog",
    "config.middleware.HeadWithoutBody",
    "config.middleware.ContentSecurityPolicy",
    "config.middleware.PermissionsPolicy",
    "django.middleware.security.SecurityMiddleware",
    "config.page_cache.PageCache",
    "config.compression.CompressedPages",
    "config.middleware.ErrorPages",
    "config.middleware.ReadableRequest",
    "config.middleware.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.AllowedMethod",
    "config.middleware.BoundedRequest",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.ReadableForm",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.lost_forms.LoginRequired",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
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
                "config.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data

DATABASES = {
    "default": {**database(env.required("DATABASE_URL")), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PAGE_CACHE_MEGABYTES = env.whole("PAGE_CACHE_MEGABYTES", default=64)  # for each process; see config/page_cache.py
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media")))  # what people send; never served
ANTIVIRUS_COMMAND = shlex.split(env.str("ANTIVIRUS_COMMAND", default=""))

# Mails: put in a table by those who write them, sent by the worker, see jobs/outbox.py

EMAIL_BACKEND, MAIL_SERVER = mail_server(env.str("EMAIL_URL", default=""), required=not IS_DEMONSTRATION)
EMAIL_HOST, EMAIL_PORT = MAIL_SERVER["host"], MAIL_SERVER["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER["user"], MAIL_SERVER["password"]
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER["use_tls"], MAIL_SERVER["use_ssl"]
EMAIL_TIMEOUT = 20
OUR_DOMAIN = "localhost" if IS_LOCAL else HOST
DEFAULT_FROM_EMAIL = sender(env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <ne-pas-repondre@{OUR_DOMAIN}>"))

# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "accounts.backends.RightsBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# The admin: where it is, and what each right opens in it.
ADMIN_PATH = env.str("ADMIN_PATH", default="admin").strip("/")
EVERYTHING = {"view", "add", "change", "delete"}
ADMIN_RIGHTS = {
    "editer": {"experiences": EVERYTHING, "roles": EVERYTHING, "search": EVERYTHING, "territories": {"view"}},
    "gerer": {"accounts": EVERYTHING, "inquiries": EVERYTHING, "territories": EVERYTHING, "jobs": EVERYTHING},
}
# allauth leads the steps of signing in; its pages are not served, ours are: docs/decisions/0008.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is only made of an address already proved by a code
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

RETENTION_MONTHS = env.whole("RETENTION_MONTHS", default=6)  # after the end of a question, who asked is forgotten

# Language

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# Static files

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "design.static.StaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Security: what depends on https follows the scheme of SITE_URL

IS_HTTPS = SCHEME == "https"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_SSL_HOST = SITE_URL.removeprefix("https://") if IS_HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^sante/"]  # probes speak http to the process itself
# One year, for this host alone: its domain may carry other sites, which are not ours to close.
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # they ask for the whole domain
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]  # whatever host name the proxy passes on
CSRF_FAILURE_VIEW = "config.lost_forms.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "frame-src": ["'none'"],
        "worker-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Logs: one JSON line per request and per error, see config/logs.py

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # The line of the request already says 4xx.
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"level": "CRITICAL"},
        "django.server": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}

# Who answers for the portal: shown on its pages, hidden while empty

PUBLISHER_NAME = env.str("PUBLISHER_NAME", default="")
PUBLISHER_ADDRESS = env.str("PUBLISHER_ADDRESS", default="")
PUBLICATION_DIRECTOR = env.str("PUBLICATION_DIRECTOR", default="")
HOST_PROVIDER = env.str("HOST_PROVIDER", default="")
CONTACT_EMAIL = env.email("CONTACT_EMAIL")
DATA_PROTECTION_EMAIL = env.email("DATA_PROTECTION_EMAIL")
SECURITY_CONTACT = env.web_or_mail("SECURITY_CONTACT")
DESK_PHONE = env.phone("DESK_PHONE")
DESK_HOURS = env.str("DESK_HOURS", default="")
