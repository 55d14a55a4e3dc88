"""Django settings; everything an installation may change comes from GUANXI_* variables (docs/operations)."""

from pathlib import Path

from csp.constants import NONE, SELF

from guanxi.project import env

BASE_DIR = Path(__file__).resolve().parents[2]
HOME = env.path("HOME", BASE_DIR / "var")  # everything that must survive: database, files, keys, backups
HTTPS = env.flag("HTTPS")
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY", HOME / "secret.key")
ALLOWED_HOSTS = env.words("HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("ORIGINS")
EXPORT_ROOT, BACKUP_ROOT = HOME / "exports", HOME / "backups"
AUDIT_KEY, AUDIT_ANCHOR = env.text("AUDIT_KEY"), env.text("AUDIT_ANCHOR")
AUDIT_SIGHTINGS = env.flag("AUDIT_SIGHTINGS", True)  # write down who opened which record
BACKUP_PASSPHRASE, BACKUPS_KEPT = env.text("BACKUP_PASSPHRASE"), env.number("BACKUPS_KEPT", 7, 1)

ROOT_URLCONF = "guanxi.project.urls"
WSGI_APPLICATION = "guanxi.project.wsgi.application"
AUTH_USER_MODEL = "org.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "template_partials",
    "csp",
    "guanxi.kernel",
    "guanxi.audit",
    "guanxi.org",
    "guanxi.worktime",
    "guanxi.channels",
    "guanxi.web",
    "guanxi.approvals",
    "guanxi.exchange",
    "guanxi.corrections",
    "guanxi.customers",
    "guanxi.catalog",
    "guanxi.rulebook",
    "guanxi.meetings",
    "guanxi.interactions",
    "guanxi.mail",
    "guanxi.incentives",
    "guanxi.learning",
    "guanxi.pool",
    "guanxi.duplicates",
    "guanxi.deals",
    "guanxi.offers",
    "guanxi.contracts",
    "guanxi.sales",
    "guanxi.billing",
    "guanxi.erp",
    "guanxi.targets",
    "guanxi.filing",
    "guanxi.handover",
    "guanxi.custody",
    "guanxi.insight",
    "guanxi.desk",
    "guanxi.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "guanxi.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "guanxi.project.accounts.Person",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "guanxi.project.accounts.SessionLimits",
    "guanxi.web.middleware.SessionActivity",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "guanxi.web.middleware.Origin",
    "guanxi.web.middleware.PersonalSettings",
    "guanxi.duplicates.middleware.Merged",
    "guanxi.web.middleware.Refusals",
    "guanxi.project.busy.Busy",
]

DATABASES = {"default": env.database("DATABASE_URL", HOME / "db.sqlite3")}
# Shared by all processes: with a cache per process a used second factor works again next door, and every process
# counts its own failed sign-ins. The limit is high so that nobody can flush the counters by filling the table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000, "CULL_FREQUENCY": 20},
    },
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "guanxi/web/templates"],  # before the apps, so that our sign-in pages win
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guanxi.web.context.shell",
            ]
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "guanxi/locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
STATICFILES_FINDERS = [
    "guanxi.project.assets.VendorFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_ROOT = HOME / "media"  # no MEDIA_URL: uploads are served by a view that asks who is reading
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "guanxi.project.assets.Storage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
]
AUTHENTICATION_BACKENDS = ["guanxi.project.accounts.People"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "guanxi.project.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "guanxi.project.forgotten.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays, every other one ends (usersessions)
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# Per account 5 failures in 15 minutes; the limit per address is wider, because an office shares one address.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/15m/key", "login": "120/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PROXIES", 0)
MFA_ADAPTER = "guanxi.project.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Guanxi"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people sign in by name; a mail address is optional
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it on this very machine only
USERSESSIONS_TRACK_ACTIVITY = True

SESSION_ENGINE = "guanxi.project.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # at most; SESSION_IDLE_MINUTES without a request end a session sooner
SESSION_IDLE_MINUTES = env.number("IDLE_MINUTES", 30, 1)
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "data:"],  # the check marks and arrows of form controls are data images
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

EMAIL_HOST = env.text("SMTP_HOST")
EMAIL_PORT = env.number("SMTP_PORT", 587)
EMAIL_HOST_USER = env.text("SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("SMTP_TLS", True)
PUBLIC_URL = env.text("PUBLIC_URL")  # where people open the system: links in mails and of robots
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "guanxi@localhost")
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "guanxi.project.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
