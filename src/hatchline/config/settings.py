"""Django's settings, all of them derived from config/env.py."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from hatchline.config import env as environment

PACKAGE = Path(__file__).resolve().parent.parent
ENV = environment.read()
HOME: Path = ENV.home
try:
    HOME.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise environment.SettingProblem(f"HATCHLINE_HOME={HOME} cannot be made: {error.strerror}.") from error

# The district
DEMONSTRATION: bool = ENV.demonstration
BUSINESS_DATE = ENV.today
DISTRICT: str = ENV.district
DISTRICT_NAME: str = ENV.district_name
DISTRICT_NAME_EN: str = ENV.district_name_en
TILES: str = ENV.tiles
KEYS: Path = ENV.keys

# The server
DEBUG: bool = ENV.debug
SECRET_KEY: str = ENV.secret_key
ALLOWED_HOSTS: list[str] = ENV.hosts
ADDRESS: str = ENV.address
OVER_TLS: bool = ADDRESS.startswith("https://")
BIND: str = ENV.bind
WORKERS: int = ENV.workers
ROOT_URLCONF = "hatchline.config.urls"
WSGI_APPLICATION = "hatchline.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

INSTALLED_APPS = [
    "hatchline.apps.guards",
    "hatchline.apps.columns",
    "hatchline.apps.ledger",
    "hatchline.apps.outbox",
    "hatchline.apps.files",
    "hatchline.apps.search",
    "hatchline.apps.bodies",
    "hatchline.apps.people",
    "hatchline.apps.tokens",
    "hatchline.apps.messages",
    "hatchline.apps.shelf",
    "hatchline.apps.rulebooks",
    "hatchline.apps.imports",
    "hatchline.apps.observations",
    "hatchline.apps.institutions",
    "hatchline.apps.premises",
    "hatchline.apps.ventures",
    "hatchline.apps.titles",
    "hatchline.apps.indicators",
    "hatchline.sites.components",
    "hatchline.sites.lists",
    "hatchline.sites.inbox",
    "hatchline.sites.rooms",
    "hatchline.sites.team",
    "hatchline.sites.judged",
    "hatchline.sites.library",
    "hatchline.sites.console",
    "hatchline.sites.desk",
    "hatchline.sites.portal",
    "hatchline.sites.accounts",
    "hatchline.sites.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hatchline.sites.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "hatchline.sites.middleware.standing",
    "axes.middleware.AxesMiddleware",
]

NAVIGATION = {site: f"hatchline.sites.{site}.nav.NAV" for site in ("console", "desk", "portal")}

_SITES = PACKAGE / "sites"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            _SITES / site / "templates"
            for site in (
                "components",
                "lists",
                "inbox",
                "rooms",
                "team",
                "judged",
                "library",
                "console",
                "desk",
                "portal",
                "accounts",
                "api",
            )
        ],
        "OPTIONS": {
            "environment": "hatchline.config.jinja.environment",
            "context_processors": ["hatchline.sites.shell.context"],
        },
    },
    {  # for Django's own admin only
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

# Data
DATABASES = {"default": environment.database(ENV.database_url, HOME)}
CACHES = {  # shared by all workers: lock-outs and rate limits must not be per process
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "hatchline_cache"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process"},
}
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_LIMIT: int = ENV.upload_limit
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / name / "locale" for name in ("journeys", "config", "sites")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH: list[str] = []

# Sign-in
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/go/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "hatchline.sites.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "hatchline.sites.accounts.adapter.display"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # a person is a key; addresses are contact points
SOCIALACCOUNT_ADAPTER = "hatchline.sites.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
if ENV.oidc_issuer:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": ENV.oidc_name,
                "client_id": ENV.oidc_client,
                "secret": ENV.oidc_secret,
                # the identity token names issuer and subject; names and addresses are not asked for
                "settings": {"server_url": ENV.oidc_issuer, "fetch_userinfo": False},
            }
        ],
        "SCOPE": ["openid"],
        "OAUTH_PKCE_ENABLED": True,
    }
MFA_ADAPTER = "hatchline.sites.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Hatchline"
USERSESSIONS_TRACK_ACTIVITY = False
AXES_FAILURE_LIMIT = ENV.lockout_failures
AXES_COOLOFF_TIME = ENV.lockout_minutes / 60
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # nobody keeps another locked for ever by trying on
AXES_USERNAME_CALLABLE = "hatchline.sites.accounts.adapter.client_username"
AXES_LOCKOUT_CALLABLE = "hatchline.sites.accounts.adapter.locked_out"
SESSION_COOKIE_AGE = 8 * 60 * 60

# Mail
EMAIL_FROM = DEFAULT_FROM_EMAIL = ENV.email_from
_mail = environment.mail(ENV.email_url, HOME)
EMAIL_BACKEND = _mail.pop("EMAIL_BACKEND")
globals().update(_mail)

# Safety
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [ADDRESS] if "://" in ADDRESS else []
CSRF_FAILURE_VIEW = "hatchline.sites.errors.csrf"
SECURE_HSTS_SECONDS = 31_536_000 if OVER_TLS else 0
SECURE_SSL_REDIRECT = OVER_TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.behind_tls:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # floods are counted by the browser's address, not by our own proxy's
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *([ENV.oidc_issuer] if ENV.oidc_issuer else [])],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
    "EXCLUDE_URL_PREFIXES": [],
}

API_RATE: int = ENV.api_rate

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"secrets": {"()": "hatchline.config.logs.WithoutSecrets"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"hatchline": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = ["axes.W006"]  # a username is locked wherever the failures come from
