"""All settings, from the environment. ``docs/operations.md`` lists the variables."""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = env.home(BASE_DIR)

DEBUG = env.flag("DEBUG", False)
COMPONENT_GALLERY = env.flag("COMPONENT_GALLERY", DEBUG)
SECRET_KEY = env.secret(HOME)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# Links in mails and on paper never come from the Host header.
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
# How many proxies in front are ours; 0 means X-Forwarded-For is not believed at all.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "linsheng.core",
    "linsheng.jobs",
    "linsheng.audit",
    "linsheng.accounts",
    "linsheng.messaging",
    "linsheng.communities",
    "linsheng.standards",
    "linsheng.feedback",
    "linsheng.intake",
    "linsheng.surveys",
    "linsheng.reports",
    "linsheng.simulate",
    "linsheng.api",
    "linsheng.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linsheng.core.middleware.keep_private",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "linsheng.api.middleware.api_answers",
    "linsheng.core.middleware.refuse_nul",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linsheng.core.middleware.edge_clock",
    "linsheng.core.middleware.vary_on_htmx",
    "linsheng.accounts.middleware.required_steps",
    "linsheng.web.middleware.current_community",
    "linsheng.web.middleware.domain_errors",
    "axes.middleware.AxesMiddleware",
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
                "django.template.context_processors.i18n",
                "linsheng.web.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "linsheng.core.templatetags.ui"],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Django's database settings for a URL, with what each engine needs to be safe and quick."""
    parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
    if "sqlite" in parsed["ENGINE"]:
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
        parsed["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
    return parsed


DATABASES = {"default": database(env.text("DATABASE_URL") or f"sqlite:///{HOME / 'linsheng.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "linsheng.accounts.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "linsheng.accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "linsheng.core.network.client_ip"
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Linsheng 邻声"

SESSION_ENGINE = "linsheng.accounts.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# For paper only; `make setup` brings them.
FONTS = BASE_DIR / "vendor" / "fonts"
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.text("STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage")},
}
MEDIA_ROOT = HOME / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Mail goes to the console until a server is named.
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "linsheng@localhost")
SMS_SENDER = env.text("SMS_SENDER", "linsheng.messaging.senders.ChannelSender")
# The code of the company whose provider carries sign-in codes; needed only where there are several companies.
SMS_CODES_COMPANY = env.text("SMS_CODES_COMPANY")
# Hosts inside our own network that channels and webhooks may reach (name, or name:port), and the authority they trust.
OUTGOING_PRIVATE_HOSTS = env.words("OUTGOING_PRIVATE_HOSTS")
OUTGOING_CA_FILE = env.text("OUTGOING_CA_FILE")
# Where the providers are; other addresses for private installations of theirs.
PROVIDER_URLS = {
    "aliyun": env.text("ALIYUN_SMS_URL", "https://dysmsapi.aliyuncs.com"),
    "tencent": env.text("TENCENT_SMS_URL", "https://sms.tencentcloudapi.com"),
    "wecom": env.text("WECOM_URL", "https://qyapi.weixin.qq.com"),
    "wechat": env.text("WECHAT_URL", "https://api.weixin.qq.com"),
    "wechat_open": env.text("WECHAT_OPEN_URL", "https://open.weixin.qq.com"),
    "dingtalk": env.text("DINGTALK_URL", "https://oapi.dingtalk.com"),
}

# A public form that comes back sooner was filled in by no person.
PUBLIC_FORM_SECONDS = env.number("PUBLIC_FORM_SECONDS", 3)
# Mail that comes in: larger ones are archived unread; the caps stop programmes that answer each other.
MAIL_MAX_BYTES = env.number("MAIL_MAX_BYTES", 25 * 1024 * 1024)
MAIL_PER_SENDER_HOUR = env.number("MAIL_PER_SENDER_HOUR", 20)
MAIL_PER_CASE_DAY = env.number("MAIL_PER_CASE_DAY", 30)
# How many days raw mails are kept: those that became part of a case, and the others.
MAIL_KEEP_DAYS = env.number("MAIL_KEEP_DAYS", 730)
MAIL_KEEP_OTHER_DAYS = env.number("MAIL_KEEP_OTHER_DAYS", 90)
# How many days the numbers and notes of calls are kept; that somebody called stays.
CALLS_KEEP_DAYS = env.number("CALLS_KEEP_DAYS", 730)

# How long a worker may be silent before another takes over what it was doing.
JOBS_LEASE_SECONDS = env.number("JOBS_LEASE_SECONDS", 60)
# Only for tests: LINSHENG_FAULT=name then kills the worker at that point.
FAULT_POINTS = env.flag("FAULT_POINTS", False)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {"linsheng": {"level": env.text("LOG_LEVEL", "INFO")}},
}

WEB_WORKERS = env.number("WEB_WORKERS", 2)
WEB_THREADS = env.number("WEB_THREADS", 4)
