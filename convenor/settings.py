"""The one settings file, driven by the environment. A missing variable is an error that names the remedy.

| variable | meaning | default |
| --- | --- | --- |
| CONVENOR_DATA_DIR | where the database, the editions and the secret key live | `var` beside the code |
| CONVENOR_DATABASE_URL | `sqlite:////path` or `postgres://user@host/name` | SQLite in the data directory |
| CONVENOR_SECRET_KEY | signs sessions and links; at least 50 characters | the file `secret-key` in the data directory |
| CONVENOR_HOSTS | host names served, separated by commas | localhost,127.0.0.1 |
| CONVENOR_DEMONSTRATION | 1 shows the demonstration's banner and its sign-in page | 0 |
| CONVENOR_HTTPS | 1 when a proxy serves the site over HTTPS | 0 |
| CONVENOR_EMAIL_URL | `smtp://user:password@host:25`, `consolemail://`, `filemail:///path` | messages kept as files in the data directory |
| CONVENOR_FROM_EMAIL | whom our letters come from | Convenor <no-reply@convenor.example> |
| CONVENOR_SERVICE_EMAIL | whom readers may write to about access, privacy or a fault | nobody is named |
| CONVENOR_HOSTED_BY | who runs the server, as pages say it wherever confidence is promised | nobody is named |
| CONVENOR_POST | how letters leave: `now`, `beside` (a thread, so that pages need not wait; what `serve` uses) or `worker` | now |
| CONVENOR_OIDC | services by which people may sign in over OpenID Connect: their keys, separated by commas, as in `dfe,council` | none |
| CONVENOR_OIDC_`KEY`_CLIENT, _SECRET | what the service of that key (in capitals, `_` for `-`) gave this site | needed for each |
| CONVENOR_OIDC_`KEY`_SERVER | its address, which begins with `https://` | needed; that of DfE Sign-in for its kind |
| CONVENOR_OIDC_`KEY`_KIND | `plain`, or `dfe-sign-in`: its organisation leads to the post held there | plain |
| CONVENOR_OIDC_`KEY`_NAME, _SCOPES | what its button says; what is asked of it | the key; `openid profile email`, or as DfE Sign-in needs |
| CONVENOR_OIDC_`KEY`_VOUCHES | 1 when its e-mail addresses may be believed though it does not say `email_verified` | 0 |
| CONVENOR_PROXIES | how many proxies of ours stand before the site and are believed about readers' addresses | 1 with HTTPS, else 0 |
| CONVENOR_DEBUG | 1 for developers | 0 |
"""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from convenor.accounts.rules import LINK_LASTS, LINK_LIMITS
from convenor.accounts.rules.providers import ProvidersRefused, providers_of

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
DATA_DIR = Path(env("CONVENOR_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
EDITIONS_DIR = DATA_DIR / "editions"
PAPERS_DIR = DATA_DIR / "papers"
STATIC_BUILT = BASE_DIR / "convenor" / "web" / "static"

DEBUG = env.bool("CONVENOR_DEBUG", default=False)
DEMONSTRATION = env.bool("CONVENOR_DEMONSTRATION", default=False)
HTTPS = env.bool("CONVENOR_HTTPS", default=False)


def _secret_key() -> str:
    """The key that signs sessions and links, from the environment or from the data directory."""
    given = env("CONVENOR_SECRET_KEY", default="")
    if given:
        return str(given)
    kept = DATA_DIR / "secret-key"
    if kept.exists():
        return kept.read_text().strip()
    raise ImproperlyConfigured(
        "There is no secret key yet. Run ./start, which makes one in the data directory, or set CONVENOR_SECRET_KEY "
        "to at least 50 random characters (python -c 'import secrets; print(secrets.token_urlsafe(50))')."
    )


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("CONVENOR_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

#: The order of the house, lowest first: nothing imports, and no foreign key points, upward.
LAYERS = [
    "england",
    "accounts",
    "journal",
    "post",
    "papers",
    "registers",
    "partnership",
    "contacts",
    "agreements",
    "governance",
    "funding",
    "intelligence",
    "conditions",
    "consultation",
    "peer_review",
    "support",
    "archive",
    "records",
    "moving_in",
    "web",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "simple_history",
    *(f"convenor.{name}" for name in LAYERS if name != "england"),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "convenor.web.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "convenor.web.uploads.UploadsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "convenor.web.middleware.ReadableMiddleware",
    "convenor.web.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "convenor.web.urls"
WSGI_APPLICATION = "convenor.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [*(str(BASE_DIR / "convenor" / name / "templates") for name in LAYERS if name != "england")],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "convenor.web.jinja.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "convenor.web.context.page",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASES = {"default": env.db_url("CONVENOR_DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'convenor.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; "
        "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
    }
CONN_MAX_AGE = 600
DATABASES["default"]["CONN_MAX_AGE"] = CONN_MAX_AGE
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: Rate limits are counted across worker processes, so they live in the database. A full table drops counts that still matter, and
#: it is full at 300 unless told otherwise: whoever made many counts could make it forget how often a password had been tried.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_counts",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
#: The longest file that is taken, all files of one request, and the longest request that is read at all, in bytes.
UPLOAD_AT_MOST_BYTES = 20 * 1024 * 1024
FILES_AT_MOST_BYTES = 6 * UPLOAD_AT_MOST_BYTES
REQUEST_AT_MOST_BYTES = 300 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["convenor.web.uploads.Measured"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    # The browser itself then refuses a cookie that another host of the same domain tries to plant.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
CSRF_FAILURE_VIEW = "convenor.web.views.frame.form_went_stale"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "sesame.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
]
SESAME_MAX_AGE = LINK_LASTS
SESAME_ONE_TIME = True
#: A letter that went to a mistaken address opens nothing once the address is put right.
SESAME_INVALIDATE_ON_EMAIL_CHANGE = True
SESAME_TOKENS = ["sesame.tokens_v2"]
ACCOUNT_ADAPTER = "convenor.web.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {"sign_in_link": LINK_LIMITS, "spend_link": "60/10m/ip", "consultation_view": "200/h/ip,600/d/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("CONVENOR_PROXIES", default=1 if HTTPS else 0)
MFA_ADAPTER = "convenor.web.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RATE_LIMITS = {"webauthn_login": "120/10m/ip"}
MFA_TOTP_ISSUER = "Convenor"
MFA_TOTP_TOLERANCE = 1
#: When somebody was last at their desk is nobody's business here, and a page that only reads should not write.
USERSESSIONS_TRACK_ACTIVITY = False
LOGIN_URL = "/sign-in/"
try:
    OIDC_PROVIDERS = providers_of(os.environ)
except ProvidersRefused as refused:
    raise ImproperlyConfigured(str(refused)) from refused
SOCIALACCOUNT_ADAPTER = "convenor.web.views.exchange.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8  # seconds
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": one.key, "name": one.name, "client_id": one.client, "secret": one.secret,
                "settings": {"server_url": one.server, "scope": list(one.scopes)},
            }
            for one in OIDC_PROVIDERS
        ],
    }
}  # fmt: skip
#: Where somebody who began by a mailed link shows, before a confidential page, that it is they.
PROVE_URL = "/account/prove/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

_email = env.email_url("CONVENOR_EMAIL_URL", default=f"filemail://{DATA_DIR / 'letters'}")
if _email.get("EMAIL_FILE_PATH"):
    _email["EMAIL_FILE_PATH"] = f"/{_email['EMAIL_FILE_PATH'].lstrip('/')}"  # the reader of such addresses drops the first stroke
vars().update(_email)
EMAIL_TIMEOUT = 20  # seconds
POST_LEAVES = env("CONVENOR_POST", default="now")
SERVICE_EMAIL = env("CONVENOR_SERVICE_EMAIL", default="")
HOSTED_BY = env("CONVENOR_HOSTED_BY", default="")
DEFAULT_FROM_EMAIL = env("CONVENOR_FROM_EMAIL", default="Convenor <no-reply@convenor.example>")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
#: Our own files and nothing else: what the libraries bring for pages that are not mounted here is never served.
STATICFILES_DIRS = [STATIC_BUILT]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Scanners ask for hosts that are not ours all day; each is refused, and none is worth a trace.
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}, "django.request": {"level": "ERROR"}},
}
