"""Composition only: every value is read from the environment (``docs/reference/settings.md``) or fixed here."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.utils.csp import CSP

from rivet import environment
from rivet.mail import mailer
from rivet.observability import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
DEVELOPMENT = environment.mode() == environment.DEVELOPMENT
# Django's own error pages, with settings and code on them; the demo shows the pages that users get.
DEBUG = DEVELOPMENT and environment.choice("RIVET_DEBUG_PAGES", options=("on", "off")) == "on"

SECRET_KEY = environment.text("SECRET_KEY")
RIVET_BASE_URL = environment.root("RIVET_BASE_URL")
ALLOWED_HOSTS = environment.items("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [RIVET_BASE_URL]
SECURE = RIVET_BASE_URL.startswith("https://")

RIVET_VAULT_KEYS = environment.text("RIVET_VAULT_KEYS")
SANDBOX_PUBLIC_URL = environment.root("SANDBOX_PUBLIC_URL")
QUICKBOOKS_CLIENT_ID = environment.text("QUICKBOOKS_CLIENT_ID")
QUICKBOOKS_CLIENT_SECRET = environment.text("QUICKBOOKS_CLIENT_SECRET")
QUICKBOOKS_DISCOVERY_URL = environment.text("QUICKBOOKS_DISCOVERY_URL")
QUICKBOOKS_API_URL = environment.root("QUICKBOOKS_API_URL")
QUICKBOOKS_WEBHOOK_VERIFIER = environment.text("QUICKBOOKS_WEBHOOK_VERIFIER")
XERO_CLIENT_ID = environment.text("XERO_CLIENT_ID")
XERO_CLIENT_SECRET = environment.text("XERO_CLIENT_SECRET")
XERO_AUTHORIZE_URL = environment.text("XERO_AUTHORIZE_URL")
XERO_TOKEN_URL = environment.text("XERO_TOKEN_URL")
XERO_REVOKE_URL = environment.text("XERO_REVOKE_URL")
XERO_API_URL = environment.root("XERO_API_URL")
XERO_WEBHOOK_KEY = environment.text("XERO_WEBHOOK_KEY")

# ``fast`` shortens leases and waits and widens limits twentyfold; tests use it together with the sandbox.
RIVET_PROFILE = environment.choice("RIVET_PROFILE", options=("normal", "fast"))

# Off only in the test that proves row-level security holds without the ORM's filter.
RIVET_ORM_TENANT_FILTER = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "heroicons",
    "rivet.tenants",
    "rivet.ledger",
    "rivet.pages",
    "integrations.connections",
    "integrations.mappings",
    "sync",
    "exceptions_dashboard",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "rivet.tenants.middleware.RequestTransactionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "rivet.urls"
ASGI_APPLICATION = "rivet.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["heroicons.templatetags.heroicons"],
        },
    }
]

# A query that takes longer than this is a bug or a lock; the page says so instead of hanging.
_STATEMENT_TIMEOUT_MS = 15_000


def _database(name: str, *, pool: bool) -> dict[str, object]:
    parsed: dict[str, object] = dict(dj_database_url.parse(environment.text(name)))
    parsed["ENGINE"] = "django.db.backends.postgresql"
    # A pooled connection may have died with its server; asking costs a tenth of a millisecond.
    parsed["CONN_HEALTH_CHECKS"] = True
    options: dict[str, object] = {"connect_timeout": 5, "application_name": "rivet"}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 16, "timeout": 10}
        options["options"] = f"-c statement_timeout={_STATEMENT_TIMEOUT_MS}"
    parsed["OPTIONS"] = options
    return parsed


#: ``default`` is rivet_app, held by row-level security; ``owner`` runs migrations and nothing else.
DATABASES = {
    "default": _database("DATABASE_URL", pool=environment.choice("RIVET_DATABASE_POOL", options=("on", "off")) == "on"),
    "owner": _database("DATABASE_OWNER_URL", pool=False),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.text("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rivet.tenants.authentication.EmailBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "rivet.tenants.authentication.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
# The proxies in front, each of which adds to X-Forwarded-For the address it was called from. Counted from the right:
# what stands further left was written by whoever called. Without this all people would come from one address, the
# proxy's, and one of them could use up the tries of all.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.whole("RIVET_TRUSTED_PROXIES", unless_set=0 if DEVELOPMENT else 1)
AXES_CLIENT_IP_CALLABLE = "rivet.tenants.authentication.client_ip"
ACCOUNT_RATE_LIMITS = {
    # Wrong passwords by person are axes' part: allauth would count them from everywhere, and so lock the person out.
    "login_failed": "10/m/ip",
    # Each sign-up and each invitation mails somebody who may not have asked for it.
    "signup": "10/h/ip",
    "invite": "30/h/key",
    "invite_address": "3/h/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
# Five wrong passwords for one person from one address pause that pair for a quarter of an hour; never for good.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "errors/429.html"

SESSION_COOKIE_NAME = "__Host-rivet" if SECURE else "rivet"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "rivet.pages.errors.form_expired"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = SECURE
# Probes come from inside, over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


# Connect is a form that ends at the provider's consent page, and browsers hold redirects to form-action too.
_CONSENT_PAGES = {_origin(XERO_AUTHORIZE_URL), "https://appcenter.intuit.com"}
if DEVELOPMENT or environment.is_set("SANDBOX_PUBLIC_URL"):
    _CONSENT_PAGES.add(_origin(SANDBOX_PUBLIC_URL))
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "form-action": [CSP.SELF, *sorted(_CONSENT_PAGES)],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

STATIC_URL = "/static/"
# Development serves the files where they lie; only production collects them.
STATIC_ROOT = None if DEVELOPMENT else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEVELOPMENT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT
# An import file of 10 MB is about 100,000 rows; larger ones are refused with that sentence, not by the parser.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

MAILERS = {"default": mailer(environment.text("EMAIL_URL"), base=BASE_DIR)}
DEFAULT_FROM_EMAIL = "Rivet <rivet@localhost>"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = False

LOGGING_CONFIG = None
LOGGING = logging_settings(pretty=DEVELOPMENT)
SILENCED_SYSTEM_CHECKS = [
    # The address form has no username field and none is wanted.
    "axes.W003",
]
